// Decides, from facts alone, what kind of restore point a backup makes and which point it builds on.
import type { BackupKind, RestorePoint } from '../../../shared/model/restore-point.ts';

/** A family older than this, or with more points, begins anew. */
const FAMILY_MAX_AGE_MS = 90 * 24 * 3600 * 1000;
const FAMILY_MAX_POINTS = 200;
/** Dead bytes of a family, as a share of its live ones, after which a new full frees more than it costs. */
const FAMILY_MAX_DEAD_SHARE = 0.5;

export interface BackupFacts {
  readonly wanted: BackupKind | 'auto';
  readonly nowMs: number;
  /** The newest live point and whether all it needs for an increment is there; null for an empty vault. */
  readonly newest: {
    readonly point: RestorePoint;
    readonly areLevelsThere: boolean;
    readonly areBytesThere: boolean;
  } | null;
  /** The newest live full and the same question. */
  readonly newestFull: { readonly point: RestorePoint; readonly areLevelsThere: boolean } | null;
  /** Points of the newest one's family, and when it began. */
  readonly family: { readonly points: number; readonly startedAtMs: number } | null;
  /** Whether a full fits into the place, as far as can be told. */
  readonly fullFits: boolean;
}

export type BackupPlan =
  | { readonly kind: 'full'; readonly reason: FullReason }
  | { readonly kind: 'incremental' | 'differential'; readonly parent: RestorePoint };

export type FullReason =
  | 'asked'
  | 'first'
  | 'parent-damaged'
  | 'source-replaced'
  | 'family-old'
  | 'family-long'
  | 'family-mostly-dead';

/** Never fails: where an increment is not possible, it is a full. */
export function planBackup(facts: BackupFacts): BackupPlan {
  const { wanted, newest, newestFull } = facts;
  if (wanted === 'full') return { kind: 'full', reason: 'asked' };
  if (newest === null) return { kind: 'full', reason: 'first' };
  if (wanted === 'differential') {
    if (newestFull?.areLevelsThere === true)
      return { kind: 'differential', parent: newestFull.point };
    return { kind: 'full', reason: newestFull === null ? 'first' : 'parent-damaged' };
  }
  if (!newest.areLevelsThere) return { kind: 'full', reason: 'parent-damaged' };
  const reason = wanted === 'auto' && facts.fullFits ? reasonForFull(facts, newest) : null;
  return reason === null ? { kind: 'incremental', parent: newest.point } : { kind: 'full', reason };
}

function reasonForFull(
  facts: BackupFacts,
  newest: NonNullable<BackupFacts['newest']>,
): FullReason | null {
  if (!newest.areBytesThere) return 'parent-damaged';
  if (facts.family !== null && facts.nowMs - facts.family.startedAtMs > FAMILY_MAX_AGE_MS)
    return 'family-old';
  if (facts.family !== null && facts.family.points >= FAMILY_MAX_POINTS) return 'family-long';
  const live = newest.point.packs.reduce((sum, pack) => sum + pack.liveBytes, 0);
  const all = newest.point.packs.reduce((sum, pack) => sum + pack.bytes, 0);
  return all - live > live * FAMILY_MAX_DEAD_SHARE ? 'family-mostly-dead' : null;
}
