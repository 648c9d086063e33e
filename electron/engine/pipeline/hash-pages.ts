// Hashing the pages of a buffer one after the other; zero pages are recognised without hashing.
import { writePageHash, zeroPageHash } from '../format/page-digest.ts';
import { HASH_BYTES } from '../format/page-segment.ts';

/** 16 bytes for each page of `content`, whose length is a multiple of `pageSize`. */
export function hashPages(content: Buffer, pageSize: number): Buffer {
  const pages = content.length / pageSize;
  const hashes = Buffer.alloc(pages * HASH_BYTES);
  const zeroPage = Buffer.alloc(pageSize);
  for (let page = 0; page < pages; page++) {
    const start = page * pageSize;
    const bytes = content.subarray(start, start + pageSize);
    const isZero = content[start] === 0 && bytes.equals(zeroPage);
    if (isZero) zeroPageHash(pageSize).copy(hashes, page * HASH_BYTES);
    else writePageHash(bytes, hashes, page * HASH_BYTES);
  }
  return hashes;
}
