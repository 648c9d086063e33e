/** Clocks for tests: the computer's own, and one that is turned by hand and never waits. */
import { setImmediate as yieldToOthers, setTimeout as wait } from 'node:timers/promises';
import type { Clock } from '../../shared/model/clock.ts';

/** The computer's clock, in UTC. */
export const realClock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  zone: () => 'UTC',
  offsetMinutes: () => 0,
  sleep: async (ms, signal) => wait(ms, undefined, signal === undefined ? {} : { signal }),
};

export interface TestClock extends Clock {
  /** Lets time pass. */
  advance(ms: number): void;
  /** Turns the wall time only, as a user or a bad battery does. */
  setWallTime(ms: number): void;
  /** All that was slept so far. */
  readonly sleptMs: () => number;
}

/** A clock whose `sleep` takes no time and lets as much pass. */
export function createTestClock(startMs = Date.UTC(2026, 0, 5, 8)): TestClock {
  let [wallMs, monotonicMs, sleptMs] = [startMs, 0, 0];
  const advance = (ms: number): void => {
    wallMs += ms;
    monotonicMs += ms;
  };
  return {
    nowMs: () => wallMs,
    monotonicMs: () => monotonicMs,
    zone: () => 'UTC',
    offsetMinutes: () => 0,
    async sleep(ms, signal) {
      signal?.throwIfAborted();
      advance(ms);
      sleptMs += ms;
      await yieldToOthers();
      signal?.throwIfAborted();
    },
    advance,
    setWallTime(ms) {
      wallMs = ms;
    },
    sleptMs: () => sleptMs,
  };
}
