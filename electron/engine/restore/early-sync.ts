// Sends what was written to the disk while the rest is still being fetched, so that the last sync has little left to do.
// Promise: a failure of any of them is thrown at the end; the system reports a lost write only once.
import type { FileHandle } from 'node:fs/promises';

/** Often enough to keep the disk busy, seldom enough to write long stretches. */
const SYNC_EVERY_BYTES = 128 * 1024 * 1024;

export interface EarlySync {
  /** So many bytes more were written. */
  add(bytes: number): void;
  /** Waits for what was begun. */
  finish(): Promise<void>;
}

/** One sync at a time, never waited for before the end. */
export function startEarlySync(file: FileHandle): EarlySync {
  let sinceLast = 0;
  let running: Promise<void> | null = null;
  const failures: unknown[] = [];
  return {
    add(bytes) {
      sinceLast += bytes;
      if (sinceLast < SYNC_EVERY_BYTES || running !== null) return;
      sinceLast = 0;
      running = file
        .datasync()
        .catch((error: unknown) => void failures.push(error))
        .finally(() => {
          running = null;
        });
    },
    async finish() {
      await running;
      if (failures.length > 0) throw failures[0];
    },
  };
}
