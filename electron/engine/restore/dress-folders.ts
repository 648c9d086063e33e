// Folders of a restore: made so that their files can be written, given their own rights and times when those are there.
// Promise: nobody else may look into one meanwhile who may not in the end.
import { chmod, mkdir, utimes } from 'node:fs/promises';
import type { Problem } from '../../../shared/model/failure.ts';
import type { FolderEntry } from '../vault/folder-list.ts';
import type { PlacedEntry } from './place-entries.ts';

export interface MadeFolder {
  readonly path: string;
  readonly entry: Extract<FolderEntry, { kind: 'folder' }>;
}

/** Its owner can write into it until it is dressed, also where it was for reading only. */
export async function makeFolder(path: string, entry: MadeFolder['entry']): Promise<MadeFolder> {
  await mkdir(path, { recursive: true });
  await chmod(path, (entry.mode & 0o777) | 0o700);
  return { path, entry };
}

/** In the order in which they were made; the innermost is dressed first: a file that is made changes its folder's times. */
export async function dressFolders(made: readonly MadeFolder[]): Promise<void> {
  for (const { path, entry } of made.toReversed()) {
    const seconds = entry.mtimeMs / 1000;
    await utimes(path, seconds, seconds);
    await chmod(path, entry.mode & 0o777);
  }
}

/** What somebody looking for an entry under its old name has to know; nothing for most. */
export function saidOf(
  { listedAs }: PlacedEntry,
  path: string,
  source: string,
): readonly Problem[] {
  if (listedAs === null) return [];
  return [{ failure: { code: 'target-renamed', path, name: listedAs }, source }];
}
