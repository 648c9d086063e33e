// The two things that make a capture one committed state, as parts that come in from the worker's entry.
// A test runs a worker of its own with one of them taken out and sees the copies break; the product has this set only.
import type Database from 'better-sqlite3';
import type { PageOverlay } from './page-image.ts';

export interface CaptureParts {
  /** Makes SQLite take its read lock (and in WAL mode its snapshot) and hold it until `endRead`. Throws SQLite's error. */
  readonly beginRead: (database: Database.Database) => void;
  readonly endRead: (database: Database.Database) => void;
  /** Lays the committed frames of the log over the file. */
  readonly layFramesOver: (fd: number, offsets: ReadonlyMap<number, number>) => PageOverlay | null;
}

export const sqliteParts: CaptureParts = {
  beginRead: (database) => {
    database.exec('BEGIN');
    try {
      // BEGIN alone locks nothing. This reads page 1 and, unlike a SELECT, needs no schema that this SQLite understands.
      database.pragma('user_version');
    } catch (error) {
      database.exec('ROLLBACK');
      throw error;
    }
  },
  endRead: (database) => {
    if (database.inTransaction) database.exec('COMMIT');
  },
  layFramesOver: (fd, offsets) => (offsets.size === 0 ? null : { fd, offsets }),
};

/** What a capture takes from its thread. */
export interface CaptureEnvironment {
  readonly parts: CaptureParts;
  /** Never runs backwards; only differences mean something. */
  readonly monotonicMs: () => number;
  readonly sleep: (ms: number) => Promise<void>;
}

/** The same, but what waits in it ends as cancelled once `signal` aborts: another program may hold the source for long. */
export function untilStopped(
  environment: CaptureEnvironment,
  signal: AbortSignal,
): CaptureEnvironment {
  const sleep = async (ms: number): Promise<void> => {
    signal.throwIfAborted();
    const stopped = Promise.withResolvers<never>();
    const stop = (): void => stopped.reject(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
    try {
      await Promise.race([environment.sleep(ms), stopped.promise]);
    } finally {
      signal.removeEventListener('abort', stop);
    }
  };
  return { ...environment, sleep };
}
