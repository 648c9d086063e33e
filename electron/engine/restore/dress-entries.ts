// Rights and times of what a restore has made. Folders get theirs when all is in them: their owner can write until then.
// Promise: nobody may look into a file or folder meanwhile who may not in the end; a disk that knows no rights, or no
// times, is no reason to leave a file out.
import { chmod, mkdir, utimes } from 'node:fs/promises';
import type { Problem } from '../../../shared/model/failure.ts';
import type { FolderEntry } from '../vault/folder-list.ts';
import type { PlacedEntry } from './place-entries.ts';

/** What disks say that cannot keep them: shares mounted by the desktop, FAT under some drivers, folders of another user. */
const NOT_KEPT = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'];

export interface MadeFolder {
  readonly path: string;
  readonly entry: Extract<FolderEntry, { kind: 'folder' }>;
}

/** As the entry has them. */
export async function dress(
  path: string,
  { mode, mtimeMs }: Pick<MadeFolder['entry'], 'mode' | 'mtimeMs'>,
): Promise<void> {
  await utimes(path, mtimeMs / 1000, mtimeMs / 1000).catch(onNotKept);
  await giveRights(path, mode);
}

async function giveRights(path: string, mode: number): Promise<void> {
  await chmod(path, mode & 0o777).catch(onNotKept);
}

function onNotKept(error: unknown): void {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (!NOT_KEPT.includes(code)) throw error;
}

/** Its owner can write into it until it is dressed, also where it was for reading only. */
export async function makeFolder(path: string, entry: MadeFolder['entry']): Promise<MadeFolder> {
  await mkdir(path, { recursive: true });
  await giveRights(path, entry.mode | 0o700);
  return { path, entry };
}

/** In the order in which they were made; the innermost is dressed first: a file that is made changes its folder's times. */
export async function dressFolders(made: readonly MadeFolder[]): Promise<void> {
  for (const { path, entry } of made.toReversed()) await dress(path, entry);
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
