// Which restore points of a vault a plan speaks for.
import type { Plan } from '../../shared/model/plan.ts';
import type { RestorePoint } from '../../shared/model/restore-point.ts';

/** The plan's own, and what was kept of its data before restores. */
export function isOfPlan({ id, sources }: Plan, point: RestorePoint): boolean {
  if (point.planId !== null) return point.planId === id;
  return point.sources.some((source) => sources.some((own) => own.id === source.id));
}
