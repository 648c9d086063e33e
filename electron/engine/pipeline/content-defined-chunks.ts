// Cutting content into chunks where the content itself says so, so that an insertion moves few borders.
// FastCDC (Xia et al., USENIX ATC 2016): gear hash, normalised chunking level 2, 64 KiB / 256 KiB / 1 MiB.
import { hash } from 'node:crypto';

export const MIN_CHUNK_BYTES = 64 * 1024;
const TARGET_CHUNK_BYTES = 256 * 1024;
export const MAX_CHUNK_BYTES = 1024 * 1024;
/** log2(256 KiB) = 18 bits, two more before the target size, two fewer after it; taken from the top of the hash. */
const MASK_BEFORE_TARGET = 0xfffff000 | 0;
const MASK_AFTER_TARGET = 0xffff0000 | 0;

/** 256 words fixed by the format of nothing: any table cuts well, this one is the same everywhere. */
const gear = Int32Array.from({ length: 256 }, (_, byte) =>
  hash('sha256', `holdfast gear ${byte}`, 'buffer').readInt32LE(0),
);

const zeros = Buffer.alloc(MAX_CHUNK_BYTES);
let cutOfZeros: number | null = null;

/** True for nothing but zeros, as holes of a sparse file are read: told forty times as fast as they are cut. */
export function isZeros(content: Uint8Array): boolean {
  for (let at = 0; at < content.length; at += zeros.length) {
    const part = content.subarray(at, at + zeros.length);
    if (part[0] !== 0 || zeros.compare(part, 0, part.length, 0, part.length) !== 0) return false;
  }
  return true;
}

/** Length of the chunk that begins at `start`; at most what is left. */
function cutLength(content: Uint8Array, start: number): number {
  if (content.length - start < MAX_CHUNK_BYTES) return cutByContent(content, start);
  if (!isZeros(content.subarray(start, start + MAX_CHUNK_BYTES)))
    return cutByContent(content, start);
  // The same for all zeros that are as long as the longest chunk.
  cutOfZeros ??= cutByContent(zeros, 0);
  return cutOfZeros;
}

function cutByContent(content: Uint8Array, start: number): number {
  const left = content.length - start;
  if (left <= MIN_CHUNK_BYTES) return left;
  const target = start + Math.min(left, TARGET_CHUNK_BYTES);
  const end = start + Math.min(left, MAX_CHUNK_BYTES);
  let sum = 0;
  let at = start + MIN_CHUNK_BYTES;
  for (; at < target; at++) {
    sum = ((sum << 1) + (gear[content[at] ?? 0] ?? 0)) | 0;
    if ((sum & MASK_BEFORE_TARGET) === 0) return at + 1 - start;
  }
  for (; at < end; at++) {
    sum = ((sum << 1) + (gear[content[at] ?? 0] ?? 0)) | 0;
    if ((sum & MASK_AFTER_TARGET) === 0) return at + 1 - start;
  }
  return end - start;
}

/** Lengths of the chunks of a window. Unless it ends the content, a last chunk that could still grow is left out. */
export function cutChunks(window: Uint8Array, isEnd: boolean): number[] {
  const lengths: number[] = [];
  let at = 0;
  while (at < window.length) {
    const length = cutLength(window, at);
    const couldGrow = at + length === window.length && length < MAX_CHUNK_BYTES;
    if (couldGrow && !isEnd) break;
    lengths.push(length);
    at += length;
  }
  return lengths;
}
