/** restic as Debian brings it: default encryption, default compression. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand, type Command } from './measure-command.ts';
import type { Tool } from './tool.ts';

const command = (folder: string, args: readonly string[]): Command => ({
  program: 'restic',
  args,
  env: {
    RESTIC_REPOSITORY: join(folder, 'repository'),
    RESTIC_CACHE_DIR: join(folder, 'cache'),
    RESTIC_PASSWORD: 'benchmark',
  },
});

export const restic: Tool = {
  name: 'restic',
  version: async () => {
    const [, version = '?'] = (await runCommand({ program: 'restic', args: ['version'] })).split(
      ' ',
    );
    return `restic ${version}`;
  },
  async create(folder) {
    await mkdir(join(folder, 'cache'));
    await runCommand(command(folder, ['init']));
  },
  repository: (folder) => join(folder, 'repository'),
  backup: (folder, source) => command(folder, ['backup', source]),
  restore: (folder, into) => command(folder, ['restore', 'latest', '--target', into]),
};
