// Restore points as a person chooses among them: when, what changed, whether it is good, and whether the loss had happened.
import type { PlanId, PointId, SourceId } from './ids.ts';
import type { BackupKind, CaptureLabel, PointSource, TableCount } from './restore-point.ts';

/** Rows of one table against the restore point before, by what was counted at the backups. */
export interface TableDelta {
  readonly source: SourceId;
  readonly table: string;
  readonly rowsBefore: number;
  /** Null: the table is gone. */
  readonly rowsAfter: number | null;
}

export interface TimelineSource {
  readonly id: SourceId;
  readonly kind: PointSource['kind'];
  readonly name: string;
  readonly path: string;
  readonly label: CaptureLabel;
  readonly bytes: number;
  readonly counts: readonly TableCount[] | null;
}

export interface TimelinePoint {
  readonly id: PointId;
  readonly takenAtMs: number;
  readonly kind: BackupKind;
  readonly sources: readonly TimelineSource[];
  /** Largest first; empty also when nothing was counted. */
  readonly deltas: readonly TableDelta[];
  readonly isDamaged: boolean;
  /** Its restore test was passed, or a newer one of the same family. */
  readonly isProved: boolean;
  /** Kept before a restore in place, not by a backup of the plan. */
  readonly isSafetyPoint: boolean;
  /** Rows fell or a table vanished at or before it, and nobody has said that this was meant. */
  readonly isAfterLoss: boolean;
  readonly holds: readonly string[];
}

export interface Timeline {
  readonly plan: PlanId;
  readonly place: string;
  /** Newest first. */
  readonly points: readonly TimelinePoint[];
  /** The newest good one: not damaged, not after a loss, no safety point; null: there is none. */
  readonly preselected: PointId | null;
}
