/** Runs the emergency reader as a person would, in a process of its own, and reads back what it restored. */
import { spawnSync } from 'node:child_process';
import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { SampleVault, Tree } from './format-sample.ts';

export const readerPath = fileURLToPath(
  new URL('../../electron/engine/vault/emergency/restore.mjs', import.meta.url),
);

export interface ReaderResult {
  readonly exitCode: number | null;
  readonly output: string;
  readonly errors: string;
}

export type Secrets = {
  readonly HOLDFAST_PASSPHRASE?: string;
  readonly HOLDFAST_RECOVERY_KEY?: string;
};

/** Runs `node restore.mjs args --vault FOLDER` with the vault's passphrase, or with the given secrets. */
export function runReader(
  vault: Pick<SampleVault, 'folder' | 'passphrase'>,
  args: readonly string[],
  secrets: Secrets = { HOLDFAST_PASSPHRASE: vault.passphrase },
  nodeArgs: readonly string[] = [],
): ReaderResult {
  return runScript(readerPath, [...args, '--vault', vault.folder], secrets, nodeArgs);
}

/** Runs a copy of the reader with nothing in its environment but the secrets. */
export function runScript(
  script: string,
  args: readonly string[],
  secrets: Secrets,
  nodeArgs: readonly string[] = [],
): ReaderResult {
  const { status, stdout, stderr } = spawnSync(process.execPath, [...nodeArgs, script, ...args], {
    env: { ...secrets },
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 30_000,
  });
  return { exitCode: status, output: stdout, errors: stderr };
}

/** Everything below a folder; links are not followed. */
export function readTree(folder: string): Tree {
  const tree = new Map<string, Buffer | string | null>();
  const visit = (path: string): void => {
    for (const name of readdirSync(join(folder, path))) {
      const below = path === '' ? name : `${path}/${name}`;
      const info = lstatSync(join(folder, below));
      if (info.isSymbolicLink()) tree.set(below, readlinkSync(join(folder, below)));
      else if (info.isDirectory()) {
        tree.set(below, null);
        visit(below);
      } else tree.set(below, info.isFile() ? readFileSync(join(folder, below)) : 'no plain file');
    }
  };
  visit('');
  return tree;
}
