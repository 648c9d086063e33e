// What is known about a plan's copies, collected from history and places. Each good fact is evidence that stands or is
// absent; not knowing is never counted as good. Times come from the same clock as `now` of planStatus.
import type { PointId, SourceId } from './ids.ts';

/** How a restore test ended. `proved` is good; `bytes-only` says less. */
export type DrillOutcome =
  | 'proved'
  | 'bytes-only' // every byte came back as it was captured; nothing here can open that kind of database
  | 'damaged-source' // a faithful copy of a database that was damaged already
  | 'damaged-copy'
  | 'not-possible'; // no room, no engine

/** The source lies in this restore point, whole. */
export interface CopyFact {
  readonly point: PointId;
  /** When the source's state was fixed. */
  readonly takenAtMs: number;
  /** When all bytes that the run wrote had been read back from the place and authenticated; null if they were not. */
  readonly readBackAtMs: number | null;
}

export interface DrillFact {
  readonly point: PointId;
  readonly atMs: number;
  readonly outcome: DrillOutcome;
}

/** The source's copy in this point is known to be bad and has not been healed since. */
export interface DamageFact {
  readonly point: PointId;
  readonly takenAtMs: number;
  readonly what: 'copy' | 'source';
}

/** One source at one place. */
export interface PairFacts {
  readonly source: SourceId;
  /** The place's path, as the plan has it. */
  readonly place: string;
  readonly copies: readonly CopyFact[];
  readonly drills: readonly DrillFact[];
  readonly damage: readonly DamageFact[];
  /** Whether the place lies on another disk than the source; null when it cannot be told. */
  readonly isOnOtherDisk: boolean | null;
}

export interface PlaceFacts {
  readonly place: string;
  /** When the right vault was last seen there, and the room it had (some storage does not tell). */
  readonly seen: {
    readonly atMs: number;
    readonly room: { readonly freeBytes: number; readonly totalBytes: number } | 'not-told';
  } | null;
}

export interface PlanFacts {
  readonly pairs: readonly PairFacts[];
  readonly places: readonly PlaceFacts[];
  readonly kitConfirmedAtMs: number | null;
  /** `not-used`: the passphrase is given otherwise, so that no store need be open. */
  readonly keyStore: 'open' | 'not-used' | 'locked' | 'unknown';
  /** Start of the backup that is running now. */
  readonly runningSinceMs: number | null;
}
