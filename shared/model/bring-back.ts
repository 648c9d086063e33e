// Bringing something back from the window: what is wished for, what would happen, and what was seen to have happened.
import type { Failure } from './failure.ts';
import type { PlanId, PointId, RunId, SourceId } from './ids.ts';
import type { SourceComparison } from './comparison.ts';
import type { RowPage, RowRestorePlan, RowSelection } from './row-restore.ts';

/** How long a restore in place can be undone. */
export const UNDO_KEPT_DAYS = 30;

export type WhatToBringBack =
  | { readonly kind: 'everything' }
  | { readonly kind: 'source'; readonly source: SourceId }
  /** One file of a folder. */
  | { readonly kind: 'file'; readonly source: SourceId; readonly path: string }
  /** Whole tables, or chosen records of them. */
  | {
      readonly kind: 'rows';
      readonly source: SourceId;
      readonly rows: readonly RowSelection[];
      readonly addedSince: 'keep' | 'remove';
    };

export type WhereTo =
  | { readonly kind: 'in-place' }
  | { readonly kind: 'folder'; readonly path: string };

export interface BringBackRequest {
  readonly plan: PlanId;
  readonly point: PointId;
  readonly what: WhatToBringBack;
  readonly where: WhereTo;
  /** Goes on although the present state cannot be kept. */
  readonly goOnWithoutUndo: boolean;
}

/** One file or folder that would be written. */
export interface PlannedTarget {
  readonly source: SourceId;
  readonly name: string;
  /** Absolute, links resolved. */
  readonly path: string;
  readonly bytes: number;
  readonly neededBytes: number;
  readonly freeBytes: number | null;
  /** `through-sqlite`: the CRM may stay open. Null: into a folder. */
  readonly way: 'through-sqlite' | 'swap' | 'file-by-file' | 'rows' | null;
  /** Names of programs that have it open; null: it cannot be told. */
  readonly heldBy: readonly string[] | null;
  /** What will differ: the restore point against now. Null: not asked or not possible. */
  readonly comparison: SourceComparison | null;
  readonly rows: RowRestorePlan | null;
  /** What stands in the way, e.g. target-in-use, target-full; null: it can begin. */
  readonly obstacle: Failure | null;
}

export interface BringBackPreview {
  readonly point: PointId;
  readonly takenAtMs: number;
  readonly targets: readonly PlannedTarget[];
}

/** What came back, in evidence. */
export interface BroughtBack {
  /** Null: into a folder that did not exist before; nothing to undo. */
  readonly run: RunId | null;
  readonly name: string;
  readonly path: string;
  readonly bytes: number;
  readonly files: number;
  /** SQLite's check was run on it and found nothing. */
  readonly isIntegrityChecked: boolean;
  /** Rows written or removed; null: whole files. */
  readonly rowsTouched: number | null;
  readonly way: PlannedTarget['way'];
  /** Null: it cannot be undone. */
  readonly undoUntilMs: number | null;
}

export interface BringBackResult {
  readonly point: PointId;
  readonly takenAtMs: number;
  readonly durationMs: number;
  readonly restored: readonly BroughtBack[];
}

/** One plan's shortest way back; never guessed: shown, and confirmed once. */
export interface OneClickOffer {
  readonly plan: PlanId;
  readonly planName: string;
  /** Null: there is nothing good to bring back. */
  readonly preview: BringBackPreview | null;
  readonly obstacle: Failure | null;
}

/** What became of a record since the restore point. */
export type RowState = 'missing' | 'changed' | 'same';

/** A copy that was fetched to choose records from; closed by itself when it was not used for 15 minutes. */
export interface RowSession {
  /** 32 hex digits. */
  readonly session: string;
  readonly tables: readonly { readonly table: string; readonly rows: number }[];
}

export interface RowSearchPage extends RowPage {
  /** For each row of the page, in its order. */
  readonly states: readonly RowState[];
  /** For each row: the values now, or null when it is missing or the same. */
  readonly now: readonly (readonly (string | null)[] | null)[];
}
