// Reading objects of a folder. Promise: bytes come from a regular file below the root, never through a link, and a
// length from a hostile vault allocates nothing before the file is seen to be as long.
import { constants, type Stats } from 'node:fs';
import { lstat, open, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { BackupError } from '../../../shared/model/backup-error.ts';
import { retryWhileBlocked } from './blocked-retry.ts';
import { assertPlaceHere, nameOf, type FolderPlace } from './folder-place.ts';
import { explainRead, notAFile } from './place-failure.ts';
import { isGone } from './storage-failure.ts';
import { findFolder } from './sub-folders.ts';

// Windows knows neither; opening a named pipe for reading would wait for a writer.
const READ_FLAGS = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/** Chooses what to read once the size is known. */
export type ChooseRange = (size: number) => { readonly offset: number; readonly length: number };

/** Reads a range of the object `parts`; object-missing, or object-damaged when it ends before. */
export async function readRange(
  place: FolderPlace,
  parts: readonly [string, ...string[]],
  choose: ChooseRange,
): Promise<Buffer> {
  const folder = await findFolder(place, parts.slice(0, -1));
  if (folder === null) throw new BackupError({ code: 'object-missing', object: parts.join('/') });
  const path = join(folder, parts.at(-1) ?? '');
  try {
    const openObject = (): Promise<FileHandle> => open(path, READ_FLAGS);
    await using file = await retryWhileBlocked(place.clock, openObject);
    const found = await file.stat();
    if (!found.isFile()) throw notAFile(nameOf(place, path));
    const { offset, length } = choose(found.size);
    if (offset + length > found.size) throw tooShort(nameOf(place, path), found.size);
    return await fill(file, offset, length, nameOf(place, path));
  } catch (error) {
    throw await explainRead(place, error, path);
  }
}

/** The state of a regular file, or null when nothing is there. */
export async function findFile(place: FolderPlace, path: string): Promise<Stats | null> {
  try {
    const found = await lstat(path);
    if (!found.isFile()) throw notAFile(nameOf(place, path));
    return found;
  } catch (error) {
    if (!isGone(error)) throw await explainRead(place, error, path);
    await assertPlaceHere(place);
    return null;
  }
}

async function fill(
  file: FileHandle,
  offset: number,
  length: number,
  name: string,
): Promise<Buffer> {
  // Not from the shared pool: the caller may hand the memory to another thread.
  const bytes = Buffer.allocUnsafeSlow(length);
  for (let done = 0; done < length;) {
    const { bytesRead } = await file.read(bytes, done, length - done, offset + done);
    if (bytesRead === 0) throw tooShort(name, offset + done);
    done += bytesRead;
  }
  return bytes;
}

function tooShort(object: string, size: number): BackupError {
  return new BackupError({ code: 'object-damaged', object, detail: `ends after ${size} bytes` });
}
