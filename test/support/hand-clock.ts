/** A clock that stands still until a test turns it: who sleeps wakes up when enough time was let pass. */
import { setImmediate as yieldToOthers, setTimeout as yieldToDisk } from 'node:timers/promises';
import type { Clock } from '../../shared/model/clock.ts';

export interface HandClock extends Clock {
  /** Lets time pass on both clocks; sleepers whose time has come wake up. */
  advance(ms: number): Promise<void>;
  /** Turns the wall time only, as a user or a bad battery does. */
  setWallTime(ms: number): void;
  /** Lets time pass from one short sleep to the next until the work is done. */
  drive<T>(work: Promise<T>): Promise<T>;
}

interface Sleeper {
  readonly atMs: number;
  readonly wake: () => void;
}

/** Turns of the event loop that whoever woke up gets before time goes on. */
const TURNS = 20;
/** Whoever sleeps longer (a heartbeat) is not what the work waits for. */
const LONGEST_DRIVEN_MS = 15_000;

export function createHandClock(startMs = Date.UTC(2026, 0, 5, 8)): HandClock {
  let [wallMs, monotonicMs] = [startMs, 0];
  const sleepers = new Set<Sleeper>();
  const advance = async (ms: number): Promise<void> => {
    wallMs += ms;
    monotonicMs += ms;
    for (const sleeper of sleepers) if (sleeper.atMs <= monotonicMs) sleeper.wake();
    for (let turn = 0; turn < TURNS; turn++) await yieldToOthers();
  };
  return {
    nowMs: () => wallMs,
    monotonicMs: () => monotonicMs,
    zone: () => 'UTC',
    offsetMinutes: () => 0,
    async sleep(ms, signal) {
      signal?.throwIfAborted();
      await new Promise<void>((resolve, reject) => {
        const end = (settle: () => void) => (): void => {
          sleepers.delete(sleeper);
          settle();
        };
        const sleeper: Sleeper = { atMs: monotonicMs + ms, wake: end(resolve) };
        sleepers.add(sleeper);
        signal?.addEventListener(
          'abort',
          end(() => reject(signal.reason as Error)),
          {
            once: true,
          },
        );
      });
    },
    advance,
    setWallTime(ms) {
      wallMs = ms;
    },
    async drive(work) {
      const state = { isDone: false };
      const done = work.finally(() => (state.isDone = true));
      done.catch(() => undefined); // thrown below
      while (!state.isDone) {
        const waits = [...sleepers].map(({ atMs }) => atMs - monotonicMs);
        const nearest = Math.min(...waits.filter((ms) => ms <= LONGEST_DRIVEN_MS));
        // What waits for the disk, not for time, gets a moment of real time.
        await (Number.isFinite(nearest) ? advance(Math.max(0, nearest)) : yieldToDisk(1));
      }
      return done;
    },
  };
}
