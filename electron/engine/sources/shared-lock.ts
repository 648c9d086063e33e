// SHARED on a rollback-mode database, taken and let go many times, or kept for one short pass.
// Promise: waiting for a writer never blocks the thread, and a kept lock is let go when its time is over, whatever happens.
import type Database from 'better-sqlite3';
import type { CaptureEnvironment } from './capture-parts.ts';
import { codeOf, isBusy } from './source-failure.ts';

export interface SharedLock {
  /** Waits for a writer; throws SQLite's error when patience ends. Does nothing while it is kept. */
  take(): Promise<void>;
  /** Does nothing while it is kept. */
  release(): void;
  /** Keeps what was taken through `release`, for this long at most. */
  keepFor(ms: number): void;
  stopKeeping(): void;
  isKept(): boolean;
  /** True if keeping was asked for and its time ran out. */
  wasLost(): boolean;
}

/** A commit takes milliseconds; what holds the file longer than this holds it for good. */
export const LONGEST_WAIT_MS = 10_000;
/**
 * A connection that may not write takes a transaction that begins at the wrong moment for a cut one. One that a crash cut
 * stays cut, however often it is asked.
 */
export const LONGEST_DOUBT_MS = 300;
/** Short: a busy program leaves gaps of a few milliseconds. */
const RETRY_MS = 1;

/** A lock on the database of this connection, not yet taken. */
export function startSharedLock(
  database: Database.Database,
  environment: CaptureEnvironment,
  patienceMs = LONGEST_WAIT_MS,
): SharedLock {
  const { monotonicMs, sleep, parts } = environment;
  let timer: NodeJS.Timeout | null = null;
  let keptUntil: number | null = null;
  let isLost = false;

  const letGo = (): void => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    keptUntil = null;
    parts.endRead(database);
  };
  const isKept = (): boolean => {
    if (keptUntil !== null && monotonicMs() > keptUntil) {
      isLost = true;
      letGo();
    }
    return keptUntil !== null;
  };
  return {
    isKept,
    wasLost: () => isLost,
    take: async () => {
      if (isKept()) return;
      const startedAt = monotonicMs();
      for (;;) {
        try {
          parts.beginRead(database);
          return;
        } catch (error) {
          if (monotonicMs() - startedAt > patienceWith(error, patienceMs)) throw error;
        }
        await sleep(RETRY_MS);
      }
    },
    release: () => {
      if (!isKept()) parts.endRead(database);
    },
    keepFor: (ms) => {
      keptUntil = monotonicMs() + ms;
      timer = setTimeout(() => {
        isLost = true;
        letGo();
      }, ms);
    },
    stopKeeping: letGo,
  };
}

function patienceWith(error: unknown, patienceMs: number): number {
  if (isBusy(error)) return patienceMs;
  return codeOf(error) === 'SQLITE_READONLY_ROLLBACK' ? LONGEST_DOUBT_MS : 0;
}
