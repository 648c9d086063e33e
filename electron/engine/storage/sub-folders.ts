// Folders of a place: found, or made when the first object needs them.
// Promise: no symbolic link below the root is followed, so a path made here never leaves the place.
import { lstat, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { assertPlaceHere, nameOf, syncFolder, type FolderPlace } from './folder-place.ts';
import { explainWrite, notAFile } from './place-failure.ts';
import { errnoOf, explainErrno, isGone } from './storage-failure.ts';

/** Path of an existing folder below the root, or null. */
export async function findFolder(
  place: FolderPlace,
  parts: readonly string[],
): Promise<string | null> {
  let path = place.root;
  for (const part of parts) {
    path = join(path, part);
    if (await isFolderMissing(place, path)) {
      await assertPlaceHere(place);
      return null;
    }
  }
  return path;
}

/** Path of a folder below the root; makes what is missing, durably. */
export async function makeFolder(place: FolderPlace, parts: readonly string[]): Promise<string> {
  await assertPlaceHere(place);
  let path = place.root;
  for (const part of parts) {
    const parent = path;
    path = join(path, part);
    if (!(await isFolderMissing(place, path))) continue;
    await mkdir(path, { mode: 0o700 }).catch(async (error: unknown) => {
      if (errnoOf(error) !== 'EEXIST') throw await explainWrite(place, error, path);
    });
    // Another process may have put something else there.
    await isFolderMissing(place, path);
    if (place.abilities.folderSync) await syncFolder(parent);
  }
  return path;
}

async function isFolderMissing(place: FolderPlace, path: string): Promise<boolean> {
  try {
    const found = await lstat(path);
    if (!found.isDirectory()) throw notAFile(nameOf(place, path));
    return false;
  } catch (error) {
    if (isGone(error)) return true;
    throw explainErrno(error, place.root, path);
  }
}
