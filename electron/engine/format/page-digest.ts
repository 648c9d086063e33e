// The digest of a page file: a root over segment digests (FORMAT.md section 5), so that a changed page costs its segment only.
import { createHash, hash } from 'node:crypto';
import { HASH_BYTES } from './page-segment.ts';

const zeroHashes = new Map<number, Buffer>();

/** hash(x): the first 16 bytes of SHA-256. */
export function hashPage(page: Uint8Array): Buffer {
  return hash('sha256', page, 'buffer').subarray(0, HASH_BYTES);
}

/** Writes hash(page) into `target`: by way of hex, which crypto hands out a fifth faster than a buffer of its own. */
export function writePageHash(page: Uint8Array, target: Buffer, at: number): void {
  target.write(hash('sha256', page, 'hex'), at, HASH_BYTES, 'hex');
}

/** The hash of an all-zero page of this size. */
export function zeroPageHash(pageSize: number): Buffer {
  let known = zeroHashes.get(pageSize);
  if (known === undefined) {
    known = Buffer.from(hashPage(new Uint8Array(pageSize)));
    zeroHashes.set(pageSize, known);
  }
  return known;
}

/** 32 bytes over the hashes of up to 4,096 pages. */
export function segmentDigest(hashes: Uint8Array): Buffer {
  return hash('sha256', hashes, 'buffer');
}

export interface PageFileSize {
  readonly pageSize: number;
  readonly pageCount: number;
  readonly size: number;
}

/** Hex. `digests` is all segment digests, 32 bytes each, joined. */
export function rootDigest(file: PageFileSize, digests: Uint8Array): string {
  const sizes = Buffer.alloc(20);
  sizes.writeUInt32LE(file.pageSize, 0);
  sizes.writeBigUInt64LE(BigInt(file.pageCount), 4);
  sizes.writeBigUInt64LE(BigInt(file.size), 12);
  return createHash('sha256').update('holdfast pages').update(sizes).update(digests).digest('hex');
}
