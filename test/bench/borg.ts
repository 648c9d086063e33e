/** borg as Debian brings it: `repokey` encryption, with zstd 3 as the other tools use it, or with its default lz4. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand, type Command } from './measure-command.ts';
import type { Tool, ToolName } from './tool.ts';

export const createBorg = (name: ToolName, compression: string): Tool => {
  /** Archives are named in order; the last one is the newest. */
  let archives = 0;
  const command = (folder: string, args: readonly string[]): Command => ({
    program: 'borg',
    args,
    env: {
      BORG_REPO: join(folder, 'repository'),
      BORG_BASE_DIR: join(folder, 'base'),
      BORG_PASSPHRASE: 'benchmark',
    },
  });
  return {
    name,
    version: async () =>
      `${(await runCommand({ program: 'borg', args: ['--version'] })).trim()} (${compression})`,
    async create(folder) {
      archives = 0;
      await mkdir(join(folder, 'base'));
      await runCommand(command(folder, ['init', '--encryption', 'repokey']));
    },
    repository: (folder) => join(folder, 'repository'),
    backup: (folder, source) =>
      command(folder, ['create', '--compression', compression, `::${++archives}`, source]),
    restore: (folder, into) => ({ ...command(folder, ['extract', `::${archives}`]), cwd: into }),
  };
};
