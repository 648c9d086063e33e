// Captures a database with a rollback journal: slices, each read while our connection holds SHARED.
// Promise: a page counts only if it was read under SHARED, and all slices saw the same commit; a hold ends after 20 ms.
// Why: a transaction larger than the page cache writes uncommitted pages into the file, and its rollback leaves the
// change counter as it was; copies read without the lock were torn, and integrity_check said ok to them.
import type { CaptureRequest, Slice } from './capture.ts';
import { isUnchanged, makeMarker, parseMarker, type SourceFacts } from './capture-marker.ts';
import type { CaptureEnvironment } from './capture-parts.ts';
import type { CaptureRoute, OpenedRoute, PassHistory, RouteEnd } from './capture-route.ts';
import { countTables } from './count-tables.ts';
import { countPages, fingerprintOf, HEADER_BYTES, parseDatabaseHeader } from './database-header.ts';
import { openConnection, openDescriptor } from './descriptors.ts';
import { imageOf, type PageRun, readRun } from './page-image.ts';
import { startPass, wholeRun } from './pass-cursor.ts';
import { refusalOf } from './route-refusal.ts';
import { type SharedLock, startSharedLock } from './shared-lock.ts';
import { isSameInode, type SourceLook, stampOf } from './source-look.ts';
import { readFully } from './wal-frames.ts';

/** A writer without any patience of its own must find the file free again before a person notices. */
export const LONGEST_HOLD_MS = 20;
/** Bytes read between two looks at the clock; warm, this takes well under a millisecond. */
const PIECE_BYTES = 512 * 1024;
/** Room left for the last piece of a hold. */
const HOLD_MARGIN_MS = 5;
/** Only a pass that is known to be shorter may be read under one single hold: the last resort. */
export const LONGEST_WHOLE_HOLD_MS = 1_000;
/** A shorter one is tried earlier: nobody notices it. */
const SHORT_WHOLE_HOLD_MS = 100;
/** After so many changed passes the single hold is tried, if it is short; after twice as many, up to the longest. */
const PASSES_BEFORE_WHOLE_HOLD = 3;
const MOST_PASSES = 12;
/** Page size of a file that has none yet. */
const EMPTY_FILE_PAGE_SIZE = 4_096;

interface Found {
  readonly facts: SourceFacts;
  readonly isWal: boolean;
}

/** Takes SHARED once, looks, and starts the pass. */
export async function openRollbackRoute(
  look: SourceLook,
  request: CaptureRequest,
  nowMs: number,
  history: PassHistory,
  environment: CaptureEnvironment,
): Promise<OpenedRoute> {
  const connection = openConnection(look.path, { isReadOnly: true, busyTimeoutMs: 0 });
  const file = openDescriptor(look.path);
  const lock = startSharedLock(connection.database, environment);
  const close = (): void => {
    lock.release();
    connection.close();
    file.close();
  };
  try {
    await lock.take();
    const found = findFacts(file.fd);
    const isSame = isSameInode(found.facts.stamp, look.stamp);
    const holdMs = planWholeHold(history);
    if (holdMs > 0) lock.keepFor(holdMs);
    else lock.release();
    if (found.isWal || !isSame) {
      close();
      return { kind: 'changed', detail: found.isWal ? 'it went into WAL mode' : 'it was replaced' };
    }
    const open = { database: connection.database, fd: file.fd, lock, close };
    const route = startRoute(open, look, found.facts, request, nowMs, history, environment);
    return { kind: 'open', route };
  } catch (error) {
    close();
    const reason = refusalOf(error);
    if (reason === null) throw error;
    return { kind: 'refused', reason };
  }
}

/** How long the whole pass may be held, milliseconds; 0 = slice by slice. */
function planWholeHold({ failed, lastPassMs }: PassHistory): number {
  if (lastPassMs === null || failed < PASSES_BEFORE_WHOLE_HOLD) return 0;
  const isLast = failed >= 2 * PASSES_BEFORE_WHOLE_HOLD;
  const mostMs = isLast ? LONGEST_WHOLE_HOLD_MS : SHORT_WHOLE_HOLD_MS;
  return lastPassMs < mostMs ? mostMs : 0;
}

/** Header, stamp and size; under SHARED they belong to one commit. */
function findFacts(fd: number): Found {
  const start = Buffer.alloc(HEADER_BYTES);
  const got = readFully(fd, start, HEADER_BYTES, 0);
  const header = got < HEADER_BYTES ? null : parseDatabaseHeader(start);
  const stamp = stampOf(fd);
  return {
    isWal: header?.readVersion === 2,
    facts: {
      stamp,
      fingerprint: got < HEADER_BYTES ? '' : fingerprintOf(start),
      pageSize: header?.pageSize ?? EMPTY_FILE_PAGE_SIZE,
      pageCount: header === null ? 0 : countPages(header, stamp.size),
      wal: null,
    },
  };
}

interface OpenSource {
  readonly database: Parameters<typeof countTables>[0];
  readonly fd: number;
  readonly lock: SharedLock;
  readonly close: () => void;
}

function startRoute(
  open: OpenSource,
  look: SourceLook,
  facts: SourceFacts,
  request: CaptureRequest,
  nowMs: number,
  history: PassHistory,
  environment: CaptureEnvironment,
): CaptureRoute {
  const { monotonicMs } = environment;
  const { lock, fd } = open;
  const { pageSize, pageCount } = facts;
  const parent = parseMarker(request.parentMarker);
  const isSameAsParent = parent !== null && isUnchanged(parent, facts);
  const isLeftOut = isSameAsParent && request.method === 'auto';
  const runs = isLeftOut ? [] : wholeRun(pageCount);
  const image = imageOf(fd, pageSize, pageCount, null);
  const cursor = startPass(runs);
  let changed: string | null = null;

  /** Under SHARED: true while the file is at the pass's commit. */
  const isAtCommit = (): boolean => {
    const now = findFacts(fd);
    const isSame =
      !now.isWal &&
      now.facts.fingerprint === facts.fingerprint &&
      now.facts.stamp.size === facts.stamp.size &&
      !lock.wasLost();
    if (!isSame) changed ??= now.isWal ? 'it went into WAL mode' : 'a commit came between';
    return isSame;
  };

  /** The first passes go on after a change, so that little is left to do for the last one. */
  const isWorthGoingOn = (): boolean => changed === null || history.failed < 2;

  const readUnderLock = async (pieces: readonly PieceOfSlice[], buffer: Uint8Array) => {
    let done = 0;
    while (done < pieces.length) {
      await lock.take();
      const until = monotonicMs() + LONGEST_HOLD_MS - HOLD_MARGIN_MS;
      try {
        isAtCommit();
        do {
          const piece = pieces[done] as PieceOfSlice;
          readRun(image, piece.run, buffer, piece.at);
          done += 1;
        } while (done < pieces.length && monotonicMs() < until);
      } finally {
        lock.release();
      }
    }
  };

  const nextSlice = async (buffer: Uint8Array): Promise<Slice | null> => {
    if (!isWorthGoingOn()) return null;
    const taken = cursor.take(Math.floor(buffer.length / pageSize));
    if (taken.length === 0) return null;
    const pieces = cutIntoPieces(taken, pageSize);
    // Warm the cache first: under the lock the disk must not be waited for.
    if (!lock.isKept()) for (const piece of pieces) readRun(image, piece.run, buffer, piece.at);
    try {
      await readUnderLock(pieces, buffer);
    } catch (error) {
      if (refusalOf(error) === null) throw error;
      changed ??= 'another program locked it';
      return null;
    }
    return { runs: taken, pageCount: pieces.reduce((sum, piece) => sum + piece.run[1], 0) };
  };

  const count = (): ReturnType<typeof countTables> =>
    countTables(open.database, {
      budgetMs: request.countBudgetMs,
      stepMs: LONGEST_HOLD_MS - HOLD_MARGIN_MS,
      wholeTableMs: LONGEST_HOLD_MS - HOLD_MARGIN_MS,
      monotonicMs,
      inState: async (step) => {
        await lock.take();
        try {
          const now = findFacts(fd);
          const isSame = now.facts.fingerprint === facts.fingerprint;
          return isSame && now.facts.stamp.size === facts.stamp.size ? step() : null;
        } finally {
          lock.release();
        }
      },
    });

  const endPass = async (): Promise<RouteEnd> => {
    if (lock.wasLost()) changed ??= 'reading it took longer than it may be held';
    lock.stopKeeping();
    if (changed !== null) return { kind: 'changed', detail: changed };
    const canCount = !isLeftOut && request.countBudgetMs > 0;
    const counted = canCount ? await count().catch(() => null) : null;
    const scannedAtMs = parent !== null && isLeftOut ? parent.lastScanAtMs : nowMs;
    const marker = makeMarker(facts, scannedAtMs);
    const counts = counted?.counts ?? null;
    const areAllCounted = counted?.isComplete ?? false;
    return { kind: 'consistent', label: 'transactional', counts, areAllCounted, marker };
  };

  return {
    state: {
      kind: 'sqlite',
      method: isLeftOut ? 'unchanged' : 'scanned',
      expectedChanges: isSameAsParent && !isLeftOut ? [] : null,
      pageSize,
      pageCount,
      size: pageCount * pageSize,
      mode: look.mode,
      pagesInPass: cursor.pages,
    },
    mostPasses: MOST_PASSES,
    nextSlice,
    endPass,
    close: open.close,
  };
}

/** A part of a slice, small enough for the clock. */
interface PieceOfSlice {
  readonly run: PageRun;
  /** Offset in the slice. */
  readonly at: number;
}

function cutIntoPieces(runs: readonly PageRun[], pageSize: number): readonly PieceOfSlice[] {
  const pagesPerPiece = Math.max(1, Math.floor(PIECE_BYTES / pageSize));
  const pieces: PieceOfSlice[] = [];
  let at = 0;
  for (const [first, count] of runs) {
    for (let done = 0; done < count; done += pagesPerPiece) {
      const pages = Math.min(pagesPerPiece, count - done);
      pieces.push({ run: [first + done, pages], at });
      at += pages * pageSize;
    }
  }
  return pieces;
}
