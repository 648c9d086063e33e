// Objects as files below one folder: a disk, a network share, a synchronised folder.
// Promise: the storage's promises on any file system that has them to give; files 0600, folders 0700; nothing outside of
// the folder is ever read, written or removed. Whether the folder is the right one is for the vault to tell, by its marker.
import { open, stat, statfs, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { BackupError } from '../../../shared/model/backup-error.ts';
import { retryWhileBlocked } from './blocked-retry.ts';
import { listFiles } from './folder-listing.ts';
import { openFolderPlace, type FolderPlace, type FolderPlaceOptions } from './folder-place.ts';
import {
  parseFolderName,
  parseObjectName,
  parseTemporaryName,
  TAG_OF_NOBODY,
} from './object-name.ts';
import { giveFinalName, linkFinalName, makeNameDurable, openToSync } from './object-publishing.ts';
import { findFile, readRange } from './object-reading.ts';
import { explainWrite, isReadOnly } from './place-failure.ts';
import type { ObjectWriter, Storage } from './storage.ts';
import { errnoOf, explainErrno } from './storage-failure.ts';
import { findFolder, makeFolder } from './sub-folders.ts';
import { createTemporaryFile, removeFile, type TemporaryFile } from './temporary-file.ts';

/** Opens a folder that exists; throws place-missing or place-unreachable. */
export async function openFolderStorage(options: FolderPlaceOptions): Promise<Storage> {
  const place = await openFolderPlace(options);
  return {
    location: place.root,
    list: async (folder) => listFiles(place, parseFolderName(folder), 'objects'),
    listTemporary: async () => listFiles(place, [], 'temporary'),
    read: async (name, offset, length) =>
      readRange(place, parseObjectName(name), () => ({ offset, length })),
    readWhole: async (name, maxBytes) =>
      readRange(place, parseObjectName(name), (size) => wholeOf(name, size, maxBytes)),
    size: async (name) => sizeOf(place, parseObjectName(name)),
    put: async (name, bytes) => putObject(place, name, bytes),
    putExclusive: async (name, bytes) => putExclusive(place, name, bytes),
    startWriter: async (name, temporaryTag) => startWriter(place, name, temporaryTag),
    remove: async (name) => removeObject(place, parseObjectName(name)),
    removeTemporary: async (name) => removeObject(place, parseTemporaryName(name)),
    freeBytes: async () => freeBytesOf(place),
    clockMs: async () => readClock(place),
  };
}

async function putObject(place: FolderPlace, name: string, bytes: Uint8Array): Promise<void> {
  const path = await pathForWriting(place, name);
  await withTemporaryFile(place, path, bytes, async (temporary) => {
    if ((await giveFinalName(place, temporary, path)) === 'exists') {
      await assertEqual(place, name, bytes);
    }
    await makeNameDurable(place, path, temporary.written());
  });
}

async function putExclusive(place: FolderPlace, name: string, bytes: Uint8Array): Promise<boolean> {
  const path = await pathForWriting(place, name);
  const outcome = place.abilities.hardLinks
    ? await withTemporaryFile(place, path, bytes, async (temporary) => {
        const named = await linkFinalName(place, temporary, path);
        if (named === 'named') await makeNameDurable(place, path, temporary.written());
        return named;
      })
    : 'unsupported';
  return outcome === 'unsupported' ? createInPlace(place, path, bytes) : outcome === 'named';
}

/** O_EXCL under the final name: as exclusive as link(2), but a reader may see the object short for a moment. */
async function createInPlace(
  place: FolderPlace,
  path: string,
  bytes: Uint8Array,
): Promise<boolean> {
  const create = (): Promise<FileHandle> => open(path, 'wx', 0o600);
  let isOurs = false;
  try {
    const isHopeless = (): Promise<boolean> => isReadOnly(join(path, '..'));
    await using file = await retryWhileBlocked(place.clock, create, isHopeless);
    isOurs = true;
    await file.writeFile(bytes);
    await file.sync();
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') return false;
    // Half an object under a final name would hold that name for nobody.
    if (isOurs) await removeFile(place, path).catch(() => undefined);
    throw await explainWrite(place, error, path);
  }
  await makeNameDurable(place, path, { size: bytes.length, lastBlock: bytes.subarray(-4096) });
  return true;
}

async function startWriter(place: FolderPlace, name: string, tag: string): Promise<ObjectWriter> {
  const path = await pathForWriting(place, name);
  const temporary = await createTemporaryFile(place, join(path, '..'), tag);
  return {
    write: async (bytes) => temporary.write(bytes),
    async publish() {
      await temporary.seal();
      if ((await giveFinalName(place, temporary, path)) === 'exists') throw nameTaken(name);
      await makeNameDurable(place, path, temporary.written());
    },
    abandon: async () => temporary.remove(),
  };
}

/** Writes `bytes` to the disk under a temporary name in the folder of `path`; whatever `use` does, the name is gone after. */
async function withTemporaryFile<T>(
  place: FolderPlace,
  path: string,
  bytes: Uint8Array,
  use: (temporary: TemporaryFile) => Promise<T>,
): Promise<T> {
  const temporary = await createTemporaryFile(place, join(path, '..'), TAG_OF_NOBODY);
  try {
    await temporary.write(bytes);
    await temporary.seal();
    return await use(temporary);
  } finally {
    // What cannot be removed now is a dead writer's file later; the reason above is the one to tell.
    await temporary.remove().catch(() => undefined);
  }
}

async function pathForWriting(place: FolderPlace, name: string): Promise<string> {
  const parts = parseObjectName(name);
  return join(await makeFolder(place, parts.slice(0, -1)), parts.at(-1) ?? '');
}

async function assertEqual(place: FolderPlace, name: string, bytes: Uint8Array): Promise<void> {
  const parts = parseObjectName(name);
  const found = await readRange(place, parts, (size) => {
    if (size !== bytes.length) throw nameTaken(name);
    return { offset: 0, length: size };
  });
  if (!found.equals(bytes)) throw nameTaken(name);
  // Whoever wrote it may have been cut off before its bytes were safe.
  await using file = await openToSync(join(place.root, ...parts));
  await file.sync();
}

async function sizeOf(
  place: FolderPlace,
  parts: readonly [string, ...string[]],
): Promise<number | null> {
  const folder = await findFolder(place, parts.slice(0, -1));
  if (folder === null) return null;
  const found = await findFile(place, join(folder, parts.at(-1) ?? ''));
  return found?.size ?? null;
}

async function removeObject(
  place: FolderPlace,
  parts: readonly [string, ...string[]],
): Promise<void> {
  const folder = await findFolder(place, parts.slice(0, -1));
  if (folder === null) return;
  const path = join(folder, parts.at(-1) ?? '');
  if ((await findFile(place, path)) !== null) await removeFile(place, path);
}

async function freeBytesOf({ root }: FolderPlace): Promise<number | null> {
  try {
    const { bavail, bsize, blocks } = await statfs(root);
    // Some network file systems know nothing and say 0 of 0.
    return blocks === 0 ? null : bavail * bsize;
  } catch (error) {
    if (errnoOf(error) === 'ENOSYS') return null;
    throw explainErrno(error, root, root);
  }
}

async function readClock(place: FolderPlace): Promise<number> {
  const probe = await createTemporaryFile(place, await makeFolder(place, []), TAG_OF_NOBODY);
  try {
    // A network share stamps the time when the bytes arrive.
    await probe.write(Buffer.of(0));
    await probe.seal();
    return (await stat(probe.path)).mtimeMs;
  } catch (error) {
    throw await explainWrite(place, error, probe.path);
  } finally {
    await probe.remove().catch(() => undefined);
  }
}

function wholeOf(
  object: string,
  size: number,
  maxBytes: number,
): { readonly offset: number; readonly length: number } {
  if (size > maxBytes) {
    const detail = `${size} bytes, more than ${maxBytes}`;
    throw new BackupError({ code: 'object-damaged', object, detail });
  }
  return { offset: 0, length: size };
}

function nameTaken(object: string): BackupError {
  return new BackupError({ code: 'object-exists', object });
}
