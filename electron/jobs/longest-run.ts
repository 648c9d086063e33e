// How long a run may take before the watchdog stops it. Generous: a stopped run is work lost, but one that never ends
// means that nothing is backed up any more, and nobody is told.
import { LONGEST_RUN_MS } from '../../shared/model/plan-status.ts';
import type { RunKind } from '../../shared/model/run.ts';

const HOUR_MS = 3_600_000;
/** Somebody waits for it and sees its progress; stopping it would be worse than any waiting. */
const LONGEST_RESTORE_MS = 72 * HOUR_MS;
/** Only notes and keys are written: after an hour the place does not answer. */
const LONGEST_SMALL_RUN_MS = HOUR_MS;

const limits: Readonly<Record<RunKind, number>> = {
  // As long as it excuses a missed slot: a first full copy of a large folder over a slow share fits in.
  backup: LONGEST_RUN_MS,
  verify: LONGEST_RUN_MS,
  drill: LONGEST_RUN_MS,
  export: LONGEST_RUN_MS,
  prune: LONGEST_RUN_MS,
  restore: LONGEST_RESTORE_MS,
  undo: LONGEST_RESTORE_MS,
  forget: LONGEST_SMALL_RUN_MS,
  key: LONGEST_SMALL_RUN_MS,
};

/** Milliseconds on the monotonic clock, from the run's start. */
export function longestRunMs(kind: RunKind): number {
  return limits[kind];
}
