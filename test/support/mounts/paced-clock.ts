/**
 * The computer's clock with a pace: at 40, two minutes of watching a dead computer's lease pass in three seconds. Runs
 * forward without a jump when the pace changes.
 */
import { systemClock } from '../../../electron/platform/system-clock.ts';
import type { Clock } from '../../../shared/model/clock.ts';

export interface PacedClock extends Clock {
  setPace(factor: number): void;
}

export function createPacedClock(): PacedClock {
  let [factor, sinceMs, passedMs] = [1, systemClock.monotonicMs(), 0];
  const monotonicMs = (): number => passedMs + (systemClock.monotonicMs() - sinceMs) * factor;
  return {
    ...systemClock,
    monotonicMs,
    sleep: async (ms, signal) => systemClock.sleep(Math.ceil(ms / factor), signal),
    setPace(next) {
      passedMs = monotonicMs();
      sinceMs = systemClock.monotonicMs();
      factor = next;
    },
  };
}
