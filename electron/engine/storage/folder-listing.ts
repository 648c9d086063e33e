// Everything that lies under a folder of a place: objects, or writers' temporary files.
// Promise: complete or it throws; foreign files (other names, links, special files) are left out; a symbolic link in the
// place of a folder is refused, since what lies behind it would be missing without a word.
import type { Dirent } from 'node:fs';
import { lstat, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { assertPlaceHere, nameOf, type FolderPlace } from './folder-place.ts';
import { isNamePart, isTemporaryPart } from './object-name.ts';
import { explainRead, notAFile } from './place-failure.ts';
import type { StoredObject } from './storage.ts';
import { errnoOf } from './storage-failure.ts';
import { findFolder } from './sub-folders.ts';

const AT_ONCE = 64;

/** The objects, or the temporary files, under a folder at any depth, by name. */
export async function listFiles(
  place: FolderPlace,
  parts: readonly string[],
  wanted: 'objects' | 'temporary',
): Promise<readonly StoredObject[]> {
  await assertPlaceHere(place);
  const isWanted = wanted === 'objects' ? isNamePart : isTemporaryPart;
  const found: StoredObject[] = [];
  const start = await findFolder(place, parts);
  const folders = start === null ? [] : [start];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    const entries = await readFolder(place, folder);
    folders.push(...(await subfoldersOf(place, folder, entries)));
    const files = entries.filter((entry) => entry.isFile() && isWanted(entry.name));
    found.push(...(await describeFiles(place, folder, files)));
  }
  // The place may have gone while it was read; an empty mount point lists as empty.
  await assertPlaceHere(place);
  return found.sort((a, b) => (a.name < b.name ? -1 : 1));
}

async function readFolder(place: FolderPlace, folder: string): Promise<Dirent[]> {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    throw await explainRead(place, error, folder);
  }
}

async function subfoldersOf(
  place: FolderPlace,
  folder: string,
  entries: readonly Dirent[],
): Promise<string[]> {
  for (const { name } of entries.filter((entry) => entry.isSymbolicLink())) {
    const path = join(folder, name);
    if (isNamePart(name) && (await leadsToFolder(path))) throw notAFile(nameOf(place, path));
  }
  return entries
    .filter((entry) => entry.isDirectory() && isNamePart(entry.name))
    .map((entry) => join(folder, entry.name));
}

async function describeFiles(
  place: FolderPlace,
  folder: string,
  files: readonly Dirent[],
): Promise<StoredObject[]> {
  const described: StoredObject[] = [];
  for (let first = 0; first < files.length; first += AT_ONCE) {
    const some = files.slice(first, first + AT_ONCE);
    const objects = await Promise.all(some.map(({ name }) => describeFile(place, folder, name)));
    described.push(...objects.filter((object) => object !== null));
  }
  return described;
}

/** Null when it was removed since the folder was read. */
async function describeFile(
  place: FolderPlace,
  folder: string,
  part: string,
): Promise<StoredObject | null> {
  const path = join(folder, part);
  try {
    const { size, mtimeMs } = await lstat(path);
    return { name: nameOf(place, path), size, modifiedAtMs: mtimeMs };
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return null;
    throw await explainRead(place, error, path);
  }
}

async function leadsToFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    // A link to nowhere is a foreign file.
    return false;
  }
}
