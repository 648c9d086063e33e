// Work that is waiting or under way, as every window shows it, whoever asked for it. When it ends it is a run in the history.
import type { JobId, PlanId } from './ids.ts';
import type { Progress } from './progress.ts';
import type { RunKind } from './run.ts';

/** Who asked for it. `catch-up`: a slot that passed while the computer was off, asleep or the place away. */
export type JobOrigin = 'user' | 'schedule' | 'catch-up';

export interface Job {
  readonly id: JobId;
  readonly kind: RunKind;
  readonly planId: PlanId | null;
  readonly planName: string | null;
  readonly origin: JobOrigin;
  readonly state: 'waiting' | 'running' | 'stopping';
  readonly startedAtMs: number | null;
  /** Null until the first report. */
  readonly progress: Progress | null;
}
