// How much room a disk has for what a restore writes, as far as its system tells.
import { lstat, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { onMissing } from './safe-target.ts';

/** Free bytes of the disk that holds `folder`; null where the system does not know. */
export async function freeBytesOf(folder: string): Promise<number | null> {
  const found = await statfs(folder).catch(onMissing);
  // Some network file systems know nothing and say 0 of 0.
  return found === null || found.blocks === 0 ? null : found.bavail * found.bsize;
}

/** Of the disk that a folder will be on: it may be a mount of its own, or not be there yet. */
export async function freeBytesAbove(folder: string): Promise<number | null> {
  const isThere = (await lstat(folder).catch(onMissing)) !== null;
  const parent = dirname(folder);
  return isThere || parent === folder ? freeBytesOf(folder) : freeBytesAbove(parent);
}
