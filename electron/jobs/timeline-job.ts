// The restore points of a plan as a person chooses among them. Reads lists and recorded counts; fetches no data.
import type { Plan } from '../../shared/model/plan.ts';
import type { PointId } from '../../shared/model/ids.ts';
import { chooseGoodPoint } from '../../shared/model/choose-good-point.ts';
import type { PointSource } from '../../shared/model/restore-point.ts';
import { followRows, type PointRows, type TableLoss } from '../../shared/model/table-losses.ts';
import type { Timeline, TimelinePoint, TimelineSource } from '../../shared/model/timeline.ts';
import type { Engine } from './engine.ts';
import { isOfPlan } from './is-of-plan.ts';
import { listPoints, type ListedPoint } from './list-points.ts';
import { readAcknowledgedUpTo } from './loss-acknowledgements.ts';
import { vaultAtPlan } from './plan-place.ts';
import { findProvedPoints } from './proved-points.ts';
import type { JobContext } from './record-run.ts';
import { toCounted } from './to-counted.ts';
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
