/** Holdfast as a user has it: the built command line, one process for each command. */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readProveMs } from './holdfast-output.ts';
import { runCommand, type Command } from './measure-command.ts';
import type { Tool } from './tool.ts';

const builtCli = fileURLToPath(new URL('../../dist/electron/cli.js', import.meta.url));

/** A command of the built command line; its place is `folder/repository`. */
export const holdfastCommand = (folder: string, args: readonly string[]): Command => ({
  program: process.execPath,
  args: [builtCli, ...args, '--json'],
  env: { HOLDFAST_PASSPHRASE: 'benchmark passphrase', HOLDFAST_DATA_DIR: join(folder, 'data') },
});

const placeOf = (folder: string): string => join(folder, 'repository');

export const holdfast: Tool = {
  name: 'holdfast',
  version: async () =>
    `holdfast ${(await runCommand({ program: process.execPath, args: [builtCli, '--version'] })).trim()}`,
  async create(folder) {
    await runCommand(holdfastCommand(folder, ['vault', 'create', placeOf(folder)]));
  },
  repository: placeOf,
  backup: (folder, source) => holdfastCommand(folder, ['backup', '--to', placeOf(folder), source]),
  restore: (folder, into) =>
    holdfastCommand(folder, ['restore', 'latest', '--at', placeOf(folder), '--into', into]),
  proveMs: readProveMs,
};
