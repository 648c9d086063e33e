// Tells of changes at most ten times a second: what comes too early is told together, a moment later.
import type { Clock } from '../../shared/model/clock.ts';

const TELL_EVERY_MS = 100;

export interface ThrottledChanges {
  /** Something begins or ends: told at once. */
  now(): void;
  /** Told within a tenth of a second. */
  soon(): void;
}

/** Calls `tell`, which reads the state as it is by then. */
export function throttleChanges(clock: Clock, tell: () => void): ThrottledChanges {
  let toldMs = -Infinity;
  let isComing = false;
  const now = (): void => {
    toldMs = clock.monotonicMs();
    isComing = false;
    tell();
  };
  return {
    now,
    soon() {
      if (isComing) return;
      const waitMs = toldMs + TELL_EVERY_MS - clock.monotonicMs();
      if (waitMs <= 0) return now();
      isComing = true;
      void clock.sleep(waitMs).then(() => {
        if (isComing) now();
      });
    },
  };
}
