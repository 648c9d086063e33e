// Which restore point a person most likely wants: the newest one that is whole and from before the loss.
import type { PointId } from './ids.ts';
import type { RestorePoint } from './restore-point.ts';
import type { TimelinePoint } from './timeline.ts';

type PointMarks = Pick<TimelinePoint, 'id' | 'isDamaged' | 'isAfterLoss' | 'isSafetyPoint'>;

/** `points` newest first; null: there is none. */
export function chooseGoodPoint(points: readonly PointMarks[]): PointId | null {
  const good = points.find(
    ({ isDamaged, isAfterLoss, isSafetyPoint }) => !isDamaged && !isAfterLoss && !isSafetyPoint,
  );
  return good?.id ?? null;
}

/** What this computer's history knows of a vault's restore points. */
export interface PointsKnownHere {
  /** Kept before restores. */
  readonly kept: ReadonlySet<PointId>;
  /** Made by backups, also those without a plan. */
  readonly backedUp: ReadonlySet<PointId>;
}

type PointOrigin = Pick<RestorePoint, 'id' | 'planId' | 'sources'>;

/** Points that were kept before a restore in place. */
export function findSafetyPoints(
  oldestFirst: readonly PointOrigin[],
  known: PointsKnownHere,
): ReadonlySet<PointId> {
  const found = new Set<PointId>();
  let isPlanned = false;
  for (const point of oldestFirst) {
    isPlanned ||= point.planId !== null;
    if (isSafetyPoint(point, isPlanned, known)) found.add(point.id);
  }
  return found;
}

/**
 * Those of this computer are known from its history; of others it is told by what a restore leaves: no plan, one source, in
 * a vault that a plan had written to before (`isPlanned`).
 */
export function isSafetyPoint(
  { id, planId, sources }: PointOrigin,
  isPlanned: boolean,
  { kept, backedUp }: PointsKnownHere,
): boolean {
  // What a plan made may be kept for an undo as well: it stays a backup.
  if (planId !== null) return false;
  return kept.has(id) || (isPlanned && sources.length === 1 && !backedUp.has(id));
}
