// The restore points of a plan as a person chooses among them. Reads lists and recorded counts; fetches no data.
import type { Plan } from '../../shared/model/plan.ts';
import type { PointId } from '../../shared/model/ids.ts';
import { chooseGoodPoint } from '../../shared/model/choose-good-point.ts';
import {
  compareSequence,
  type PointSource,
  type RestorePoint,
  type Sequence,
} from '../../shared/model/restore-point.ts';
import {
  followRows,
  type CountedPoint,
  type PointRows,
  type TableLoss,
} from '../../shared/model/table-losses.ts';
import type { Timeline, TimelinePoint, TimelineSource } from '../../shared/model/timeline.ts';
import { readSourceMarker } from '../engine/backup/source-marker.ts';
import type { Engine } from './engine.ts';
import { listPoints, type ListedPoint } from './list-points.ts';
import { readAcknowledgedUpTo } from './loss-acknowledgements.ts';
import { vaultAtPlan } from './plan-place.ts';
import { findProvedPoints } from './proved-points.ts';
import type { JobContext } from './record-run.ts';
import { useVault } from './use-vault.ts';

export interface PlanTimeline extends Timeline {
  /** What stands at the newest point. */
  readonly losses: readonly TableLoss[];
}

/** Throws what prevents the vault from being read. */
export async function timelineJob(
  engine: Engine,
  plan: Plan,
  context: Pick<JobContext, 'signal'>,
): Promise<PlanTimeline> {
  const at = vaultAtPlan(plan);
  const acknowledged = await readAcknowledgedUpTo(engine, plan.id);
  return useVault(engine, at, context, async ({ vault }) => {
    const all = await listPoints(engine, vault, context.signal);
    const listed = all.points.filter(({ point }) => isOfPlan(plan, point));
    const oldestFirst = listed.map(({ point }) => point).reverse();
    const rows = followRows(oldestFirst.map((point) => toCounted(point, acknowledged)));
    const facts: TimelineFacts = {
      rows: new Map(rows.map((each) => [each.point, each])),
      proved: findProvedPoints(engine.history(), vault.id, oldestFirst),
    };
    const points = listed.map((each) => toTimelinePoint(each, facts));
    const losses = rows.at(-1)?.losses ?? [];
    return { plan: plan.id, place: at.place, points, preselected: chooseGoodPoint(points), losses };
  });
}

/** The plan's own, and what was kept of its data before restores. */
export function isOfPlan({ id, sources }: Plan, point: RestorePoint): boolean {
  if (point.planId !== null) return point.planId === id;
  return point.sources.some((source) => sources.some((own) => own.id === source.id));
}

/** A restore point as far as its rows go. */
export function toCounted(point: RestorePoint, acknowledged: Sequence | null): CountedPoint {
  return {
    id: point.id,
    isAcknowledged: acknowledged !== null && compareSequence(point, acknowledged) <= 0,
    sources: point.sources.map(({ id, counts, marker }) => ({
      id,
      counts,
      areAllCounted: counts !== null && readSourceMarker(marker)?.areAllCounted === true,
    })),
  };
}

interface TimelineFacts {
  readonly rows: ReadonlyMap<PointId, PointRows>;
  readonly proved: ReadonlySet<PointId>;
}

function toTimelinePoint(
  { point, isDamaged, isSafetyPoint, holds }: ListedPoint,
  { rows, proved }: TimelineFacts,
): TimelinePoint {
  const { id, kind, takenAt, sources } = point;
  const own = rows.get(id);
  return {
    id,
    takenAtMs: takenAt.ms,
    kind,
    sources: sources.map(toTimelineSource),
    deltas: own?.deltas ?? [],
    isDamaged,
    isProved: proved.has(id),
    isSafetyPoint,
    isAfterLoss: (own?.losses.length ?? 0) > 0,
    holds,
  };
}

function toTimelineSource(source: PointSource): TimelineSource {
  const { id, kind, name, path, label, counts, pages, list } = source;
  const bytes = pages?.size ?? list?.bytes ?? 0;
  return { id, kind, name, path, label, bytes, counts };
}
