// Writing without the zeros: a file that was sparse must not fill the disk when it comes back.
// Promise: in a new file that is cut to its size at the end, what was left out reads as the zeros that it stands for.
import type { FileHandle } from 'node:fs/promises';
import { zeroPageHash } from '../format/page-digest.ts';
import type { ChunkPlace, FolderEntry } from '../vault/folder-list.ts';
import { writeFully } from './write-fully.ts';

/** Smaller holes are not worth a fragment. */
const HOLE_BYTES = 64 * 1024;
const zeros = Buffer.alloc(HOLE_BYTES);

/** Writes `bytes` at `position` of a new file, but for aligned stretches of zeros. */
export async function writeSparse(
  file: FileHandle,
  bytes: Uint8Array,
  position: number,
): Promise<void> {
  let from = 0;
  for (let at = 0; at < bytes.length;) {
    const end = Math.min(at + HOLE_BYTES - ((position + at) % HOLE_BYTES), bytes.length);
    if (isZero(bytes.subarray(at, end))) {
      await writeFully(file, bytes.subarray(from, at), position + from);
      from = end;
    }
    at = end;
  }
  await writeFully(file, bytes.subarray(from), position + from);
}

function isZero(bytes: Uint8Array): boolean {
  return bytes[0] === 0 && zeros.subarray(0, bytes.length).equals(bytes);
}

/** Told by its hash: nothing is read for it. Long holes are cut at such lengths only; others are found when written. */
export function isZeroChunk({ length, hash }: ChunkPlace): boolean {
  return length % HOLE_BYTES === 0 && hash === zeroPageHash(length).toString('hex');
}

/** Bytes that it takes on a disk that knows holes, at most. */
export function storedBytesOf({ chunks }: Extract<FolderEntry, { kind: 'file' }>): number {
  return chunks.reduce((sum, chunk) => sum + (isZeroChunk(chunk) ? 0 : chunk.length), 0);
}
