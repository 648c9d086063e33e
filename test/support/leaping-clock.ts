/**
 * The clock of an agent in tests: a file, `{"aheadMs": n}`, says how far it is ahead of the computer's. Wall and monotonic
 * time leap together, then run through the last minutes quickly, so that whoever waits for the network after a sleep has
 * waited by then. Set back, the wall clock alone goes back.
 */
import { readFileSync } from 'node:fs';
import { TICK_MS } from '../../electron/jobs/schedule/clock-watch.ts';
import type { Clock } from '../../shared/model/clock.ts';

type Moving = Pick<Clock, 'nowMs' | 'monotonicMs' | 'sleep'>;

const LOOK_MS = 20;
/** Settling, a tick before and after it, and one to spare. */
const RUN_UP_MS = 4 * 60_000;

interface Sleeper {
  readonly ms: number;
  readonly atMs: number;
  readonly wake: () => void;
}

/** `base` is the computer's own clock; where the file is at the start, it is at once. */
export function openLeapingClock(base: Moving, file: string): Moving {
  let [wallAheadMs, monotonicAheadMs] = [readAhead(file, 0), 0];
  const sleepers = new Set<Sleeper>();
  const monotonicMs = (): number => base.monotonicMs() + monotonicAheadMs;
  /** No faster than the scheduler looks: a look that is late counts as another sleep. */
  const untilTickMs = (): number => {
    const tick = [...sleepers].find(({ ms }) => ms === TICK_MS);
    return tick === undefined ? 0 : Math.max(0, Math.ceil(tick.atMs - monotonicMs()));
  };
  const look = (): void => {
    const missingMs = readAhead(file, wallAheadMs) - wallAheadMs;
    const stepMs =
      missingMs > RUN_UP_MS ? missingMs - RUN_UP_MS : Math.min(missingMs, untilTickMs());
    wallAheadMs += stepMs;
    monotonicAheadMs += Math.max(0, stepMs);
    for (const { atMs, wake } of sleepers) if (atMs <= monotonicMs()) wake();
  };
  setInterval(look, LOOK_MS).unref();
  return {
    nowMs: () => base.nowMs() + wallAheadMs,
    monotonicMs,
    async sleep(ms, signal) {
      const early = new AbortController();
      const sleeper = { ms, atMs: monotonicMs() + ms, wake: () => early.abort() };
      sleepers.add(sleeper);
      const signals = signal === undefined ? [early.signal] : [early.signal, signal];
      await base.sleep(ms, AbortSignal.any(signals)).catch(() => signal?.throwIfAborted());
      sleepers.delete(sleeper);
    },
  };
}

/** A file that is not there yet or just being written moves nothing. */
function readAhead(file: string, otherwise: number): number {
  try {
    return (JSON.parse(readFileSync(file, 'utf8')) as { aheadMs: number }).aheadMs;
  } catch {
    return otherwise;
  }
}
