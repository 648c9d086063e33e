// Home on one sheet: every plan with its light, its evidence and its last days.
import type { PlanId, RunId, SourceId } from './ids.ts';
import type { Plan } from './plan.ts';
import type { Run } from './run.ts';
import type { PlanStatus } from './status-reason.ts';

/** One source of a plan, over all its places. */
export interface SourceOverview {
  readonly id: SourceId;
  readonly name: string;
  readonly path: string;
  /** When the newest copy's state was fixed; null: there is none. */
  readonly newestCopyAtMs: number | null;
  readonly newestProvedAtMs: number | null;
  /** When a restore test was passed last, and how long it took until the data was back. */
  readonly lastProvedDrillAtMs: number | null;
  readonly recoveryMs: number | null;
}

export interface PlaceOverview {
  readonly path: string;
  /** What people call it; null: its path is its name. */
  readonly name: string | null;
  /** The set that it takes turns in. */
  readonly set: string | null;
  /** The right vault is there now. */
  readonly isHere: boolean;
  /** For a disk that can be pulled out and is here: whether it may be now. Null: it cannot be, or is not here. */
  readonly unplug: 'safe' | 'busy' | null;
  readonly seenAtMs: number | null;
  /** Null: the place does not tell. */
  readonly freeBytes: number | null;
  readonly totalBytes: number | null;
}

/** What became of a day's backups; `missed`: slots were due and none was met; `none`: nothing was due or done. */
export type DayState = 'ok' | 'problems' | 'failed' | 'missed' | 'none';

export interface DayMark {
  /** `2026-11-21` in the plan's zone. */
  readonly day: string;
  readonly state: DayState;
  readonly backups: number;
  readonly failures: number;
}

export interface PlanOverview {
  readonly plan: Plan;
  readonly status: PlanStatus;
  readonly sources: readonly SourceOverview[];
  readonly places: readonly PlaceOverview[];
  /** Null: paused without an end. */
  readonly nextSlotMs: number | null;
  /** The oldest due slot without a backup; null: not overdue. */
  readonly overdueSinceMs: number | null;
  readonly lastRun: Run | null;
  /** The last 30 days, oldest first. */
  readonly days: readonly DayMark[];
}

/** A restore in place that can still be taken back. */
export interface OpenUndo {
  readonly run: RunId;
  readonly target: string;
  readonly restoredAtMs: number;
  readonly kind: 'file' | 'rows';
  readonly keptUntilMs: number | null;
  readonly planId: PlanId | null;
}

export interface Overview {
  readonly nowMs: number;
  /** By name. */
  readonly plans: readonly PlanOverview[];
  /** Newest first. */
  readonly undos: readonly OpenUndo[];
}
