// The write-ahead log (sqlite.org/fileformat.html, section 4): its header, its frames, the chain of checksums over them.
// Promise: only frames whose whole chain from the header on is right are handed out.
// Checksums run over 32-bit words of whole chunks: byte-wise reads were four times slower.
import { readSync } from 'node:fs';
import { endianness } from 'node:os';
import { isPageSize } from './database-header.ts';

export const WAL_HEADER_BYTES = 32;
export const FRAME_HEADER_BYTES = 24;
const MAGIC_LITTLE_ENDIAN = 0x377f_0682;
const MAGIC_BIG_ENDIAN = 0x377f_0683;
const WAL_VERSION = 3_007_000;
const CHUNK_BYTES = 4 * 1024 * 1024;
const isHostLittleEndian = endianness() === 'LE';

export interface WalHeader {
  readonly pageSize: number;
  readonly isBigEndianChecksum: boolean;
  /** The two salts as they stand in the file, 16 hex digits. */
  readonly salts: string;
  readonly checkpointSequence: number;
  readonly checksum: Checksum;
}

/** A pair of 32-bit sums. */
export type Checksum = readonly [first: number, second: number];

/** What one frame says. Frames count from 1. */
export interface WalFrame {
  readonly number: number;
  /** Page number from 0. */
  readonly page: number;
  /** Pages of the database after this commit; 0 in the middle of a transaction. */
  readonly commitPages: number;
}

/** The header, or null when it is none or its own checksum is wrong. */
export function parseWalHeader(bytes: Buffer): WalHeader | null {
  if (bytes.length < WAL_HEADER_BYTES) return null;
  const magic = bytes.readUInt32BE(0);
  const pageSize = bytes.readUInt32BE(8);
  if (magic !== MAGIC_LITTLE_ENDIAN && magic !== MAGIC_BIG_ENDIAN) return null;
  if (bytes.readUInt32BE(4) !== WAL_VERSION || !isPageSize(pageSize)) return null;
  const isBigEndianChecksum = magic === MAGIC_BIG_ENDIAN;
  const checksum: Checksum = [bytes.readUInt32BE(24), bytes.readUInt32BE(28)];
  const words = wordsOf(Buffer.from(bytes.subarray(0, 24)), isBigEndianChecksum);
  const actual = addWords(words, 0, 6, [0, 0]);
  if (!isSameChecksum(actual, checksum)) return null;
  return {
    pageSize,
    isBigEndianChecksum,
    salts: bytes.toString('hex', 16, 24),
    checkpointSequence: bytes.readUInt32BE(12),
    checksum,
  };
}

/** True if both sums are equal. */
export function isSameChecksum(a: Checksum, b: Checksum): boolean {
  return a[0] === b[0] && a[1] === b[1];
}

/** Byte offset of a frame's page content. */
export function frameContentOffset(frame: number, pageSize: number): number {
  return WAL_HEADER_BYTES + (frame - 1) * (FRAME_HEADER_BYTES + pageSize) + FRAME_HEADER_BYTES;
}

/**
 * Walks the frames 1..`lastFrame` (or all that the file holds) as long as salts and checksums are right and gives each
 * to `visit`; returns how many there were and the running checksum after each visited frame's number in `wanted`.
 */
export function walkFrames(
  fd: number,
  header: WalHeader,
  lastFrame: number | null,
  visit: (frame: WalFrame, checksum: Checksum) => void,
): number {
  const frameBytes = FRAME_HEADER_BYTES + header.pageSize;
  const framesPerChunk = Math.max(1, Math.floor(CHUNK_BYTES / frameBytes));
  const chunk = Buffer.from(new ArrayBuffer(framesPerChunk * frameBytes));
  const salts = Buffer.from(header.salts, 'hex');
  let running = header.checksum;
  let frame = 0;
  for (;;) {
    const wanted = Math.min(framesPerChunk, (lastFrame ?? Infinity) - frame);
    if (wanted <= 0) return frame;
    const offset = WAL_HEADER_BYTES + frame * frameBytes;
    const got = Math.floor(readFully(fd, chunk, wanted * frameBytes, offset) / frameBytes);
    const bytes = chunk.subarray(0, got * frameBytes);
    const parsed = readFrameHeaders(bytes, frameBytes);
    const words = wordsOf(bytes, header.isBigEndianChecksum);
    for (const [index, raw] of parsed.entries()) {
      if (raw.page === 0 || !raw.salts.equals(salts)) return frame;
      const at = (index * frameBytes) / 4;
      running = addWords(words, at, at + 2, running);
      running = addWords(words, at + 6, at + frameBytes / 4, running);
      if (!isSameChecksum(running, raw.checksum)) return frame;
      frame += 1;
      visit({ number: frame, page: raw.page - 1, commitPages: raw.commitPages }, running);
    }
    if (got < wanted) return frame;
  }
}

interface RawFrameHeader {
  readonly page: number;
  readonly commitPages: number;
  readonly salts: Buffer;
  readonly checksum: Checksum;
}

/** Taken out before the words are swapped in place. */
function readFrameHeaders(bytes: Buffer, frameBytes: number): readonly RawFrameHeader[] {
  const headers: RawFrameHeader[] = [];
  for (let at = 0; at + frameBytes <= bytes.length; at += frameBytes) {
    headers.push({
      page: bytes.readUInt32BE(at),
      commitPages: bytes.readUInt32BE(at + 4),
      salts: Buffer.from(bytes.subarray(at + 8, at + 16)),
      checksum: [bytes.readUInt32BE(at + 16), bytes.readUInt32BE(at + 20)],
    });
  }
  return headers;
}

/** The bytes as 32-bit words of the log's byte order; swaps them in place where that is not the host's. */
function wordsOf(bytes: Buffer, isBigEndian: boolean): Int32Array {
  if (isBigEndian === isHostLittleEndian) bytes.swap32();
  return new Int32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
}

/** SQLite's checksum over an even number of words, continued from `start`. */
function addWords(words: Int32Array, from: number, to: number, start: Checksum): Checksum {
  let first = start[0] | 0;
  let second = start[1] | 0;
  for (let index = from; index < to; index += 2) {
    first = (first + (words[index] as number) + second) | 0;
    second = (second + (words[index + 1] as number) + first) | 0;
  }
  return [first >>> 0, second >>> 0];
}

/** Reads until `length` bytes or the end of the file; returns how many. */
export function readFully(fd: number, target: Uint8Array, length: number, offset: number): number {
  let done = 0;
  while (done < length) {
    const got = readSync(fd, target, done, length - done, offset + done);
    if (got === 0) break;
    done += got;
  }
  return done;
}
