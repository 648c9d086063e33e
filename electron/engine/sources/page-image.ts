// A database as pages at their positions: the file, and over it the pages that stand elsewhere (log or journal).
// Promise: a page beyond the file's end and the page of SQLite's lock bytes are zeros; the lock bytes are never read.
import { lockBytePage } from './database-header.ts';
import { readFully } from './wal-frames.ts';

export interface PageImage {
  readonly fd: number;
  readonly pageSize: number;
  readonly pageCount: number;
  /** Page of SQLite's lock bytes; null for files that are no SQLite databases. */
  readonly lockPage: number | null;
  readonly overlay: PageOverlay | null;
}

/** Pages whose content lies in another file. */
export interface PageOverlay {
  readonly fd: number;
  /** Page (from 0) -> byte offset of its content. */
  readonly offsets: ReadonlyMap<number, number>;
}

/** `[first page, count]`. */
export type PageRun = readonly [first: number, count: number];

/** An image of a SQLite database. */
export function imageOf(
  fd: number,
  pageSize: number,
  pageCount: number,
  overlay: PageOverlay | null,
): PageImage {
  return { fd, pageSize, pageCount, lockPage: lockBytePage(pageSize), overlay };
}

/** Reads a run of pages into `target` from `at` on; false when a page is cut short in the file that lies over. */
export function readRun(image: PageImage, run: PageRun, target: Uint8Array, at: number): boolean {
  const [first, count] = run;
  const { pageSize, lockPage } = image;
  if (lockPage !== null && lockPage >= first && lockPage < first + count) {
    const before = lockPage - first;
    const isWhole = readRun(image, [first, before], target, at);
    target.fill(0, at + before * pageSize, at + (before + 1) * pageSize);
    const rest: PageRun = [lockPage + 1, count - before - 1];
    return readRun(image, rest, target, at + (before + 1) * pageSize) && isWhole;
  }
  if (count === 0) return true;
  const length = count * pageSize;
  const bytes = target.subarray(at, at + length);
  const got = readFully(image.fd, bytes, length, first * pageSize);
  bytes.fill(0, got);
  return image.overlay === null || layOver(image.overlay, pageSize, run, bytes);
}

function layOver(overlay: PageOverlay, pageSize: number, run: PageRun, bytes: Uint8Array): boolean {
  const [first, count] = run;
  for (let index = 0; index < count; index += 1) {
    const offset = overlay.offsets.get(first + index);
    if (offset === undefined) continue;
    const page = bytes.subarray(index * pageSize, (index + 1) * pageSize);
    const got = readFully(overlay.fd, page, pageSize, offset);
    if (got < pageSize) return false;
  }
  return true;
}
