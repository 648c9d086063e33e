// Gives a finished scratch file its name, never over another file.
import { link, lstat, open, rename, unlink } from 'node:fs/promises';
import type { Clock } from '../../../shared/model/clock.ts';
import { BackupError } from '../../../shared/model/backup-error.ts';
import { retryWhileBlocked } from '../storage/blocked-retry.ts';
import { assertNothingThere } from './safe-target.ts';

/** Throws target-exists rather than overwrite anything. Durable once the folder is synced, too. */
export async function placeNewFile(clock: Clock, scratch: string, path: string): Promise<void> {
  // A link fails where the name exists; some file systems have no links.
  const placed = await retryWhileBlocked(clock, () => tryLink(scratch, path));
  if (placed === 'exists') throw new BackupError({ code: 'target-exists', path });
  if (placed === 'linked') await retryWhileBlocked(clock, () => unlink(scratch));
  else {
    await assertNothingThere(path);
    await retryWhileBlocked(clock, () => rename(scratch, path));
  }
}

async function tryLink(scratch: string, path: string): Promise<'linked' | 'exists' | 'no-links'> {
  try {
    await link(scratch, path);
    return 'linked';
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : '';
    if (code === 'EEXIST') return 'exists';
    const isThere = await lstat(scratch).then(
      () => true,
      () => false,
    );
    if (!isThere || code === 'EBUSY') throw error;
    return 'no-links';
  }
}

/**
 * On a share a folder fsync does nothing; one of the file through its new name reaches the server, with the name. A file that
 * may not be written has only the folder's.
 */
export async function syncName(path: string): Promise<void> {
  await syncWhereAble(path, 'r+', ['EPERM', 'EACCES', 'EROFS', 'EBUSY', 'ETXTBSY']);
}

/** Windows cannot open a folder, and some shares cannot sync one: there the rename is as durable as it gets. */
export async function syncFolder(folder: string): Promise<void> {
  await syncWhereAble(folder, 'r', ['EPERM', 'EACCES', 'EINVAL', 'EISDIR', 'ENOTSUP']);
}

async function syncWhereAble(
  path: string,
  flags: 'r' | 'r+',
  unable: readonly string[],
): Promise<void> {
  try {
    await using handle = await open(path, flags);
    await handle.sync();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (!unable.includes(code)) throw error;
  }
}
