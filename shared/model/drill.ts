// A restore test: what came back, whether the database engine finds it sound, and how long that took.
import type { Failure } from './failure.ts';
import type { PointId, SourceId } from './ids.ts';
import type { DrillOutcome } from './plan-facts.ts';
import type { Phase } from './progress.ts';

/** Rows of one table in the copy beside what was recorded when it was made. */
export interface DrilledCount {
  readonly table: string;
  /** Null: the copy has no such table. */
  readonly rows: number | null;
  /** Null: nothing was recorded; the figure was counted in the copy. */
  readonly recorded: number | null;
}

/** References that lead nowhere: told, not judged; many programs live with some. */
export interface DrilledLinks {
  readonly violations: number;
  readonly tables: readonly {
    readonly table: string;
    readonly parent: string;
    readonly rows: number;
  }[];
}

export interface DrilledSource {
  readonly source: SourceId;
  readonly name: string;
  readonly outcome: DrillOutcome;
  /** Why it is not `proved`. */
  readonly failure: Failure | null;
  readonly bytes: number;
  /** Files of a folder; 0 for a database. */
  readonly files: number;
  /** What SQLite's integrity check complains about; null: it was not run. */
  readonly complaints: readonly string[] | null;
  readonly links: DrilledLinks | null;
  readonly counts: readonly DrilledCount[];
  /** From the start of this source until its data was back and proved. */
  readonly recoveryMs: number;
}

export interface DrillResult {
  readonly point: PointId;
  /** The worst of its sources. */
  readonly outcome: DrillOutcome;
  readonly sources: readonly DrilledSource[];
  /** From the start until all data was back and proved. */
  readonly recoveryMs: number;
  readonly phases: readonly { readonly phase: Phase; readonly ms: number }[];
}
