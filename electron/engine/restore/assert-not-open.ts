// Whether a program has a database of another maker open, of which a file of a folder is a part.
// Promise: of an open one no file is exchanged: its program would go on writing into the one that was taken away.
import { open, readdir, realpath } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { isForeignFile, isForeignName, setKeyOf } from '../sources/foreign-files.ts';
import type { SourceHost } from '../sources/source-host.ts';
import { SAMPLE_BYTES } from '../sources/foreign-formats.ts';
import { inUse, isHeld } from './target-in-use.ts';

/** What Access keeps beside a database that is open. */
const LOCKS = ['.ldb', '.laccdb'];

/** Throws target-in-use. */
export async function assertNotOpen(host: SourceHost, path: string): Promise<void> {
  if (!isPartByName(path) && !(await isForeign(path))) return;
  // Holders are told by the path without links.
  const folder = await realpath(dirname(path));
  const name = basename(path);
  const key = setKeyOf(name);
  const names = await readdir(folder);
  const parts = names.filter((other) => isPartByName(other) && setKeyOf(other) === key);
  for (const part of new Set([name, ...parts])) {
    const partPath = join(folder, part);
    const look = await host.call('lookAtTarget', partPath, { path: partPath });
    if (isHeld(look)) throw inUse({ ...look, path });
  }
}

function isPartByName(path: string): boolean {
  return isForeignName(path) || LOCKS.includes(extname(path).toLowerCase());
}

async function isForeign(path: string): Promise<boolean> {
  const file = await open(path, 'r').catch(() => null);
  if (file === null) return false;
  try {
    const { size } = await file.stat();
    const { bytesRead, buffer } = await file.read(Buffer.alloc(SAMPLE_BYTES), 0, SAMPLE_BYTES, 0);
    return isForeignFile(path, buffer.subarray(0, bytesRead), size);
  } finally {
    await file.close();
  }
}
