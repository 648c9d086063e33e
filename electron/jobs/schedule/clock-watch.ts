// Sees from the two clocks alone that the computer slept, was frozen, or had its clock turned; no power event is needed.
import type { Clock } from '../../../shared/model/clock.ts';

/** How often the scheduler looks. */
export const TICK_MS = 30_000;
/** Network, shares and USB disks come back after the computer does. */
export const SETTLE_MS = 60_000;
/** The wall clock may be put right by this much without anything having happened. */
const JUMP_MS = 10_000;
/** A tick that is later than this was not held up by work: the process stood still. */
const LATE_MS = 60_000;

export interface ClockWatch {
  /** At each tick: true when time was lost or the clock turned since the last one; settling then begins anew. */
  look(): boolean;
  /** Settling begins now. */
  settle(): void;
  isSettled(): boolean;
}

/** Settling begins at once: right after sign-in nothing is there yet either. */
export function createClockWatch(clock: Pick<Clock, 'nowMs' | 'monotonicMs'>): ClockWatch {
  let [wallMs, monotonicMs] = [clock.nowMs(), clock.monotonicMs()];
  let settledAtMs = monotonicMs + SETTLE_MS;
  const settle = (): void => void (settledAtMs = clock.monotonicMs() + SETTLE_MS);
  return {
    look() {
      const passedWallMs = clock.nowMs() - wallMs;
      const passedMs = clock.monotonicMs() - monotonicMs;
      [wallMs, monotonicMs] = [clock.nowMs(), clock.monotonicMs()];
      const isJump = Math.abs(passedWallMs - passedMs) > JUMP_MS || passedMs > TICK_MS + LATE_MS;
      if (isJump) settle();
      return isJump;
    },
    settle,
    isSettled: () => clock.monotonicMs() >= settledAtMs,
  };
}
