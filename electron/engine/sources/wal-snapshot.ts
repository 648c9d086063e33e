// Fixes the exact snapshot of an open read transaction in WAL mode, so that its pages can be read from file and log.
// Promise: what comes out is what the transaction itself would read. "Somewhere near" is not enough: when the log was
// fully backfilled, the next commit restarts it under the open transaction, and other frames stand where ours stood.
import {
  type Checksum,
  frameContentOffset,
  isSameChecksum,
  parseWalHeader,
  readFully,
  WAL_HEADER_BYTES,
  type WalHeader,
  walkFrames,
} from './wal-frames.ts';
import { readWalIndex, type WalIndexHeader } from './wal-index.ts';

/** What the log says about the frames of a snapshot. */
export interface WalReading {
  /** Page (from 0) -> offset in the log of its newest content. */
  readonly offsets: ReadonlyMap<number, number>;
  /** The running checksum after frame `after`; null if that is 0 or beyond the end. */
  readonly checksumAtAfter: Checksum | null;
  /** Pages in frames after `after`. */
  readonly pagesAfter: ReadonlySet<number>;
  /** Fewest pages that the database had at a commit after `after`; Infinity without one. */
  readonly fewestPagesAfter: number;
}

/**
 * Begins the transaction by `begin` and gives the index as it was at that moment, or null (transaction ended by `end`) when
 * a commit came between: the header before must equal the header after.
 */
export function fixSnapshot(
  shmFd: number,
  begin: () => void,
  end: () => void,
): WalIndexHeader | null {
  const before = readWalIndex(shmFd);
  begin();
  const after = readWalIndex(shmFd);
  if (before !== null && after !== null && before.raw === after.raw) return after;
  end();
  return null;
}

/** Reads exactly the frames of the snapshot; null when they are not the ones that the index means. */
export function readSnapshotFrames(
  walFd: number,
  index: WalIndexHeader,
  after: number,
): WalReading | null {
  const header = readWalHeader(walFd);
  if (header === null || header.salts !== index.salts || header.pageSize !== index.pageSize) {
    return null;
  }
  const reader = startReading(header.pageSize, after);
  const frames = walkFrames(walFd, header, index.lastFrame, reader.visit);
  const isWhole = frames === index.lastFrame && isSameChecksum(reader.last(), index.checksum);
  return isWhole ? reader.reading() : null;
}

/** What a recovery after a crash would take from a log that nobody has an index of. */
export interface RecoveredLog extends WalReading {
  readonly header: WalHeader;
  readonly pageCount: number;
  readonly lastFrame: number;
}

/** The committed frames of a log, found as SQLite's recovery does; null when it holds no commit. */
export function readCommittedFrames(walFd: number): RecoveredLog | null {
  const header = readWalHeader(walFd);
  if (header === null) return null;
  let lastFrame = 0;
  let pageCount = 0;
  walkFrames(walFd, header, null, (frame) => {
    if (frame.commitPages === 0) return;
    lastFrame = frame.number;
    pageCount = frame.commitPages;
  });
  if (lastFrame === 0) return null;
  const reader = startReading(header.pageSize, 0);
  const frames = walkFrames(walFd, header, lastFrame, reader.visit);
  return frames === lastFrame ? { ...reader.reading(), header, pageCount, lastFrame } : null;
}

interface Reader {
  readonly visit: Parameters<typeof walkFrames>[3];
  readonly last: () => Checksum;
  readonly reading: () => WalReading;
}

function startReading(pageSize: number, after: number): Reader {
  const offsets = new Map<number, number>();
  const pagesAfter = new Set<number>();
  let fewestPagesAfter = Infinity;
  let checksumAtAfter: Checksum | null = null;
  let last: Checksum = [0, 0];
  return {
    visit: ({ number, page, commitPages }, checksum) => {
      last = checksum;
      offsets.set(page, frameContentOffset(number, pageSize));
      if (number === after) checksumAtAfter = checksum;
      if (number <= after) return;
      pagesAfter.add(page);
      if (commitPages > 0) fewestPagesAfter = Math.min(fewestPagesAfter, commitPages);
    },
    last: () => last,
    reading: () => ({ offsets, checksumAtAfter, pagesAfter, fewestPagesAfter }),
  };
}

function readWalHeader(walFd: number): WalHeader | null {
  const bytes = Buffer.alloc(WAL_HEADER_BYTES);
  if (readFully(walFd, bytes, WAL_HEADER_BYTES, 0) < WAL_HEADER_BYTES) return null;
  return parseWalHeader(bytes);
}
