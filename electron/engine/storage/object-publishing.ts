// Giving a finished temporary file its final name, and making that name last.
// Promise: an existing name is never replaced; after `makeNameDurable` the object outlives a power cut, as far as the
// place can do that. Without hard links two writers of one name could both believe they won: object names are random.
import { constants, type BigIntStats } from 'node:fs';
import { link, lstat, open, readdir, rename, type FileHandle } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { BackupError, hasCode } from '../../../shared/model/backup-error.ts';
import { retryWhileBlocked } from './blocked-retry.ts';
import { nameOf, syncFolder, type FolderPlace } from './folder-place.ts';
import { explainRead, explainWrite, isReadOnly } from './place-failure.ts';
import { errnoOf, explainErrno } from './storage-failure.ts';
import type { TemporaryFile } from './temporary-file.ts';

const NO_HARD_LINKS = new Set([
  'EPERM',
  'ENOTSUP',
  'EOPNOTSUPP',
  'ENOSYS',
  'EINVAL',
  'EMLINK',
  'EISDIR',
]);

/** `exists`: somebody else has the name, the temporary file is still there. */
export async function giveFinalName(
  place: FolderPlace,
  temporary: TemporaryFile,
  path: string,
): Promise<'named' | 'exists'> {
  const linked = await linkFinalName(place, temporary, path);
  return linked === 'unsupported' ? renameIfFree(place, temporary.path, path) : linked;
}

/** The same through link(2) only, which is exclusive between all writers; `unsupported` where there are no hard links. */
export async function linkFinalName(
  place: FolderPlace,
  temporary: TemporaryFile,
  path: string,
): Promise<'named' | 'exists' | 'unsupported'> {
  if (!place.abilities.hardLinks) return 'unsupported';
  const error = await tryLink(place, temporary.path, path);
  if (error !== null) {
    const errno = errnoOf(error) ?? '';
    // NFS repeats a call whose answer was lost, and then finds its own link.
    if (errno === 'EEXIST') {
      if (!(await isSameFile(temporary.path, path))) return 'exists';
    } else if (NO_HARD_LINKS.has(errno)) {
      place.abilities.hardLinks = false;
      return 'unsupported';
    } else {
      throw await explainWrite(place, error, path);
    }
  }
  await temporary.remove().catch((error: unknown) => {
    // The object has its name; the second name is tidied up later like that of a dead writer.
    if (!hasCode(error, 'blocked-by-other-program')) throw error;
  });
  return 'named';
}

/** Null when done. A scanner that holds the file is waited for (EBUSY); EPERM may mean that there are no hard links. */
async function tryLink(place: FolderPlace, from: string, to: string): Promise<unknown> {
  const linkOnce = async (): Promise<unknown> => {
    try {
      await link(from, to);
      return null;
    } catch (error) {
      if (errnoOf(error) === 'EBUSY') throw error;
      return error;
    }
  };
  return retryWhileBlocked(place.clock, linkOnce).catch((error: unknown) => error);
}

/** Makes name and bytes outlive a power cut. `written` is what must be found there. */
export async function makeNameDurable(
  place: FolderPlace,
  path: string,
  written: { readonly size: number; readonly lastBlock: Uint8Array },
): Promise<void> {
  try {
    if (place.abilities.folderSync) await syncFolder(dirname(path));
    else await flushAndReadBack(place, path, written);
  } catch (error) {
    throw explainErrno(error, place.root, path);
  }
}

async function renameIfFree(
  place: FolderPlace,
  from: string,
  to: string,
): Promise<'named' | 'exists'> {
  const move = async (): Promise<'named' | 'exists'> => {
    if (await exists(to)) return 'exists';
    await rename(from, to);
    return 'named';
  };
  try {
    return await retryWhileBlocked(place.clock, move, () => isReadOnly(dirname(to)));
  } catch (error) {
    throw await explainWrite(place, error, to);
  }
}

/** Windows and SMB: no fsync for folders, but one through the final name reaches the server, and reading proves it. */
async function flushAndReadBack(
  place: FolderPlace,
  path: string,
  { size, lastBlock }: { readonly size: number; readonly lastBlock: Uint8Array },
): Promise<void> {
  const object = nameOf(place, path);
  const reopen = async (): Promise<Buffer> => {
    await using file = await openToSync(path);
    await file.sync();
    const { size: found } = await file.stat();
    if (found !== size) throw differs(object, `${found} bytes instead of ${size}`);
    const block = Buffer.alloc(lastBlock.length);
    await file.read(block, 0, block.length, size - block.length);
    return block;
  };
  const block = await retryWhileBlocked(place.clock, reopen).catch(async (error: unknown) => {
    throw await explainRead(place, error, path);
  });
  if (!block.equals(lastBlock)) throw differs(object, 'other bytes at its end');
  const names = await readdir(dirname(path));
  if (!names.includes(basename(path))) throw differs(object, 'not listed in its folder');
}

/** For an fsync of what is there already. GNOME's layer over SMB opens nothing for both, and has sent what was written. */
export async function openToSync(path: string): Promise<FileHandle> {
  try {
    return await open(path, constants.O_RDWR);
  } catch (error) {
    if (errnoOf(error) !== 'ENOTSUP') throw error;
    return open(path, constants.O_RDONLY);
  }
}

function differs(object: string, detail: string): BackupError {
  return new BackupError({ code: 'object-damaged', object, detail: `read back: ${detail}` });
}

async function exists(path: string): Promise<boolean> {
  return (await lstatOrNull(path)) !== null;
}

async function isSameFile(one: string, other: string): Promise<boolean> {
  const [a, b] = [await lstatOrNull(one), await lstatOrNull(other)];
  return a !== null && b !== null && a.ino !== 0n && a.ino === b.ino && a.dev === b.dev;
}

async function lstatOrNull(path: string): Promise<BigIntStats | null> {
  try {
    return await lstat(path, { bigint: true });
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return null;
    throw error;
  }
}
