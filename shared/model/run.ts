// A run: one execution of anything that Holdfast does, as it stands in the history. Codes and figures, no sentences.
import type { ActionRecord } from './actions.ts';
import type { Failure, Problem } from './failure.ts';
import type { PlanId, PointId, RunId, SourceId, VaultId } from './ids.ts';
import type { DrillOutcome } from './plan-facts.ts';
import type { Phase } from './progress.ts';

export const runKinds = [
  'backup',
  'verify',
  'drill',
  'restore',
  'undo',
  'forget',
  'prune',
  'export',
  'key',
] as const;
export type RunKind = (typeof runKinds)[number];

/** How a run ended. `partial`: finished, but not everything could be done; `interrupted`: its process died. */
export const runEnds = ['ok', 'partial', 'failed', 'cancelled', 'interrupted'] as const;
export type RunEndState = (typeof runEnds)[number];

export interface RunFigures {
  /** Read from the sources or, for kinds without sources, from the place. */
  readonly bytesRead: number;
  /** Written to the place. */
  readonly bytesStored: number;
  /** Milliseconds spent in each phase. */
  readonly phaseMs: Readonly<Partial<Record<Phase, number>>>;
}

export interface Run {
  readonly id: RunId;
  readonly kind: RunKind;
  readonly planId: PlanId | null;
  readonly vaultId: VaultId | null;
  /** Path of the place at that time. */
  readonly place: string | null;
  readonly startedAtMs: number;
  readonly endedAtMs: number | null;
  readonly state: 'running' | RunEndState;
  /** The restore point that was made, checked, restored or exported. */
  readonly point: PointId | null;
  readonly figures: RunFigures;
  readonly problems: readonly Problem[];
  readonly failure: Failure | null;
  /** Commands that were run around it, in the order of their ends. */
  readonly actions: readonly ActionRecord[];
  /** True when the run was not seen by this history but learnt from a restore point. */
  readonly isRebuilt: boolean;
}

/** What a run found out about one source's copy in a restore point; all that the light goes by. */
export type Evidence = { readonly source: SourceId; readonly point: PointId } & (
  | { readonly kind: 'copy'; readonly takenAtMs: number }
  | { readonly kind: 'read-back'; readonly atMs: number }
  | {
      readonly kind: 'drill';
      readonly atMs: number;
      readonly outcome: DrillOutcome;
      /** Time from the start until the data was back and proved. */
      readonly recoveryMs: number | null;
    }
  | {
      readonly kind: 'damage';
      readonly atMs: number;
      readonly takenAtMs: number;
      readonly what: 'copy' | 'source';
    }
);

/** Where the state before a restore in place lies, for as long as it can be taken back. */
export interface UndoRecord {
  /** The restore. */
  readonly run: RunId;
  readonly restoredAtMs: number;
  /** The file or folder that was restored. */
  readonly target: string;
  readonly safety:
    | {
        readonly kind: 'point';
        readonly vaultId: VaultId;
        readonly place: string;
        readonly point: PointId;
      }
    | { readonly kind: 'folder'; readonly path: string }
    /** The previous content of single rows, in a file of our own. */
    | { readonly kind: 'rows'; readonly path: string };
  /** What the target looked like right after the restore; opaque, compared by `undo`. */
  readonly targetMark: unknown;
  readonly keptUntilMs: number | null;
  readonly undoneAtMs: number | null;
}
