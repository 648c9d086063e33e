// What the light of a plan says: its kind, and every reason that it is not green, as codes with facts. The words are in
// shared/text/status-words.ts, the decision in plan-status.ts.
import type { PointId, SourceId } from './ids.ts';
import type { DrillOutcome } from './plan-facts.ts';

export type StatusKind = 'protected' | 'attention' | 'not-protected';

interface OfPair {
  readonly source: SourceId;
  readonly place: string;
}

/** Why the light is not green. */
export type StatusReason =
  // Not protected
  | { readonly code: 'plan-empty' }
  | (OfPair & {
      readonly code: 'nothing-proved';
      readonly lacks: 'copy' | 'read-back' | 'restore-test';
    })
  | (OfPair & {
      readonly code: 'proved-too-old';
      readonly takenAtMs: number;
      readonly limitMs: number;
    })
  | (OfPair & {
      readonly code: 'newest-damaged';
      readonly point: PointId;
      readonly takenAtMs: number;
      readonly what: 'copy' | 'source';
    })
  // Attention
  | (OfPair & { readonly code: 'slot-missed'; readonly slotMs: number; readonly isPaused: boolean })
  | (OfPair & {
      readonly code: 'restore-test-failed';
      readonly atMs: number;
      readonly outcome: Exclude<DrillOutcome, 'proved' | 'bytes-only'>;
    })
  | (OfPair & { readonly code: 'restore-test-old'; readonly atMs: number })
  /** The copies come back byte for byte, and nothing here can open them to see whether they are sound. */
  | (OfPair & { readonly code: 'bytes-compared-only' })
  | { readonly code: 'only-own-disk'; readonly source: SourceId }
  | { readonly code: 'kit-not-confirmed' }
  | { readonly code: 'key-store-locked' }
  | { readonly code: 'place-unseen'; readonly place: string; readonly seenAtMs: number | null }
  /** No member of a set that takes turns. */
  | { readonly code: 'set-unseen'; readonly set: string; readonly seenAtMs: number | null }
  | {
      readonly code: 'place-nearly-full';
      readonly place: string;
      readonly freeBytes: number;
      readonly totalBytes: number;
    };

/** The newest proved copy of one source at one place; members of a set are each told by themselves. */
export interface ProvedCopy extends OfPair {
  readonly point: PointId | null;
  readonly takenAtMs: number | null;
  /** Null when nothing is proved. */
  readonly ageMs: number | null;
}

export interface PlanStatus {
  readonly kind: StatusKind;
  /** Worst first; empty only when protected. */
  readonly reasons: readonly StatusReason[];
  /** One for every source and place of the plan. */
  readonly proved: readonly ProvedCopy[];
}
