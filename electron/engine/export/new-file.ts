// A file that appears whole or not at all: temporary name beside it, fsync, then its final name, never over another.
import { link, lstat, open, rename, rm, unlink, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { BackupError } from '../../../shared/model/backup-error.ts';

/**
 * Lets `fill` write and publishes the file when it is done. On any failure nothing is left behind. Throws target-exists,
 * place-full, target-refused.
 */
export async function writeNewFile(
  file: string,
  fill: (handle: FileHandle) => Promise<void>,
): Promise<void> {
  await refuseExisting(file);
  const temporary = join(dirname(file), `.${basename(file)}.${process.pid}.partial`);
  try {
    await rm(temporary, { force: true });
    await fillAndSync(temporary, fill);
    await publish(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw asFailure(error, file);
  }
  await syncFolder(dirname(file));
}

async function fillAndSync(
  path: string,
  fill: (handle: FileHandle) => Promise<void>,
): Promise<void> {
  await using handle = await open(path, 'wx', 0o600);
  await fill(handle);
  await handle.sync();
}

/** A link fails where the name exists, a rename would overwrite; some file systems have no links. */
async function publish(temporary: string, file: string): Promise<void> {
  try {
    await link(temporary, file);
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') throw error;
    await refuseExisting(file);
    await rename(temporary, file);
    return;
  }
  await unlink(temporary);
}

async function refuseExisting(file: string): Promise<void> {
  try {
    await lstat(file);
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return;
    throw asFailure(error, file);
  }
  throw new BackupError({ code: 'target-exists', path: file });
}

/** Windows cannot open a folder, and some shares cannot sync one: there the rename is as durable as it gets. */
async function syncFolder(folder: string): Promise<void> {
  try {
    await using handle = await open(folder, 'r');
    await handle.sync();
  } catch (error) {
    if (!['EPERM', 'EACCES', 'EINVAL', 'EISDIR', 'ENOTSUP'].includes(errnoOf(error) ?? ''))
      throw error;
  }
}

function asFailure(error: unknown, path: string): unknown {
  switch (errnoOf(error)) {
    case 'EEXIST':
      return new BackupError({ code: 'target-exists', path }, error);
    case 'ENOSPC':
    case 'EDQUOT':
    case 'EFBIG':
      return new BackupError({ code: 'place-full', place: dirname(path) }, error);
    case 'ENOENT':
    case 'ENOTDIR': {
      const detail = `there is no folder ${dirname(path)}`;
      return new BackupError({ code: 'target-refused', path, detail }, error);
    }
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return new BackupError({ code: 'target-refused', path, detail: messageOf(error) }, error);
    case null:
    default:
      return error;
  }
}

const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);

/** The code of a system error; none for our own. */
function errnoOf(error: unknown): string | null {
  if (!(error instanceof Error) || error instanceof BackupError || !('code' in error)) return null;
  return typeof error.code === 'string' ? error.code : null;
}
