/**
 * A folder of many small files, as attachments of a CRM pile up, and a day's changes in it. The same seed gives the same
 * bytes; half of each file compresses well.
 */
import { mkdir, open, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createSeededRandom, type SeededRandom } from '../seeded-random.ts';

const IN_ONE_FOLDER = 500;
const AT_ONCE = 64;
const LEAST_BYTES = 1024;
const MOST_BYTES = 12 * 1024;

export type ManyFiles = { readonly files: number; readonly bytes: number };

/** Path of a file by its number. */
type PathOf = (file: number) => string;

/** 500 in each folder, with names that are not ASCII alone. */
export const inFolders: PathOf = (file) =>
  join(`Kunde ${Math.floor(file / IN_ONE_FOLDER)} 客户`, `Beleg ${file % IN_ONE_FOLDER}.txt`);

/** All of them in one folder. */
export const inOneFolder: PathOf = (file) => `Beleg ${file}.txt`;

/** Makes `files` files below `folder`, which must not exist. */
export async function makeManyFiles(
  folder: string,
  files: number,
  pathOf: PathOf,
  seed: number,
): Promise<ManyFiles> {
  const random = createSeededRandom(seed);
  const folders = new Set(
    Array.from({ length: files }, (_, file) => join(folder, pathOf(file), '..')),
  );
  for (const path of folders) await mkdir(path, { recursive: true });
  let bytes = 0;
  for (let first = 0; first < files; first += AT_ONCE) {
    const group = Array.from({ length: Math.min(AT_ONCE, files - first) }, (_, index) => {
      const content = makeContent(random);
      bytes += content.length;
      return writeFile(join(folder, pathOf(first + index)), content);
    });
    await Promise.all(group);
  }
  return { files, bytes };
}

function makeContent(random: SeededRandom): Buffer {
  const content = Buffer.alloc(
    random.between(LEAST_BYTES, MOST_BYTES),
    'Sehr geehrte Damen und Herren, ',
  );
  for (let at = 0; at + 4 <= content.length / 2; at += 4)
    content.writeUInt32LE(random.uint32(), at);
  return content;
}

/** Appends to `count` files and moves as many others, evenly over all. */
export async function changeSome(
  folder: string,
  {
    files,
    pathOf,
    count,
  }: { readonly files: number; readonly pathOf: PathOf; readonly count: number },
): Promise<void> {
  const step = Math.floor(files / (2 * count));
  if (step < 1) throw new RangeError('more changes than files');
  for (let change = 0; change < count; change++) {
    const changed = join(folder, pathOf(2 * change * step));
    await using file = await open(changed, 'a');
    await file.write(`changed ${change}`);
    const moved = join(folder, pathOf((2 * change + 1) * step));
    await rename(moved, join(folder, `moved ${change}.txt`));
  }
}

/** The content of one file, for comparison. */
export const readOne = async (folder: string, path: string): Promise<Buffer> =>
  readFile(join(folder, path));
