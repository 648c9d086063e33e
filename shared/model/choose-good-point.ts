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

/**
 * Points that were kept before a restore in place. Those of this computer are `known` from its undo records; of others it
 * is told by what a restore leaves: no plan, one source, in a vault that a plan had written to before.
 */
export function findSafetyPoints(
  oldestFirst: readonly Pick<RestorePoint, 'id' | 'planId' | 'sources'>[],
  known: ReadonlySet<PointId>,
): ReadonlySet<PointId> {
  const found = new Set<PointId>();
  let isPlanned = false;
  for (const { id, planId, sources } of oldestFirst) {
    isPlanned ||= planId !== null;
    // What a plan made may be kept for an undo as well: it stays a backup.
    if (planId === null && (known.has(id) || (isPlanned && sources.length === 1))) found.add(id);
  }
  return found;
}
