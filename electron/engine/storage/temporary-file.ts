// A file that is being written under a temporary name in its final folder.
// Promise: after `seal` its bytes are on the disk in full, and nothing about it can fail later but its name.
import { open, unlink, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { BackupError } from '../../../shared/model/backup-error.ts';
import { retryWhileBlocked } from './blocked-retry.ts';
import { assertInside, type FolderPlace } from './folder-place.ts';
import { temporaryPart } from './object-name.ts';
import { explainWrite, isReadOnly } from './place-failure.ts';
import { errnoOf, explainErrno, isBlocked } from './storage-failure.ts';

/** What is compared when bytes are read back. */
export const LAST_BLOCK_BYTES = 4096;

const TRIES_FOR_A_NAME = 5;

export interface TemporaryFile {
  readonly path: string;
  /** Bytes written so far, and the last block of them. */
  written(): { readonly size: number; readonly lastBlock: Uint8Array };
  /** Appends, one after the other even if calls overlap; after a failure every further one fails. */
  write(bytes: Uint8Array): Promise<void>;
  /** Flushes to the disk and closes. */
  seal(): Promise<void>;
  /** Closes and removes the temporary name, if it is still there. */
  remove(): Promise<void>;
}

/** Creates an empty temporary file, mode 0600; place-read-only when the folder does not take one. */
export async function createTemporaryFile(
  place: FolderPlace,
  folder: string,
  tag: string,
): Promise<TemporaryFile> {
  for (let tries = 1; ; tries++) {
    const path = join(folder, temporaryPart(tag, place.random(8)));
    try {
      const isHopeless = (): Promise<boolean> => isReadOnly(folder);
      const create = (): Promise<FileHandle> => open(path, 'wx', 0o600);
      return fileOf(place, path, await retryWhileBlocked(place.clock, create, isHopeless));
    } catch (error) {
      if (errnoOf(error) === 'EEXIST' && tries < TRIES_FOR_A_NAME) continue;
      // Nobody can hold a name open that is new: it is the folder that refuses.
      if (isBlocked(error)) {
        throw new BackupError({ code: 'place-read-only', place: place.root }, error);
      }
      throw await explainWrite(place, error, path);
    }
  }
}

function fileOf(place: FolderPlace, path: string, handle: FileHandle): TemporaryFile {
  let size = 0;
  let lastBlock: Uint8Array = Buffer.alloc(0);
  let tail = Promise.resolve();
  let isClosed = false;

  const append = async (bytes: Uint8Array): Promise<void> => {
    for (let done = 0; done < bytes.length;) {
      const left = bytes.length - done;
      const { bytesWritten } = await handle.write(bytes, done, left, size + done);
      done += bytesWritten;
    }
    size += bytes.length;
    lastBlock = Buffer.concat([lastBlock, bytes.subarray(-LAST_BLOCK_BYTES)]).subarray(
      -LAST_BLOCK_BYTES,
    );
  };
  const close = async (): Promise<void> => {
    if (isClosed) return;
    isClosed = true;
    await handle.close();
  };

  return {
    path,
    written: () => ({ size, lastBlock }),
    write(bytes) {
      tail = tail
        .then(() => append(bytes))
        .catch((error: unknown) => {
          throw explainErrno(error, place.root, path);
        });
      return tail;
    },
    async seal() {
      try {
        await tail;
        await handle.sync();
        const { size: found } = await handle.stat();
        if (found !== size) throw new Error(`${path} has ${found} bytes instead of ${size}`);
        await close();
      } catch (error) {
        throw explainErrno(error, place.root, path);
      }
    },
    async remove() {
      await tail.catch(() => undefined);
      await close().catch(() => undefined);
      await removeFile(place, path);
    },
  };
}

/** Removes a file below the root; one that is not there is a success. */
export async function removeFile(place: FolderPlace, path: string): Promise<void> {
  assertInside(place, path);
  try {
    await retryWhileBlocked(
      place.clock,
      () => unlink(path),
      () => isReadOnly(dirname(path)),
    );
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') throw await explainWrite(place, error, path);
  }
}
