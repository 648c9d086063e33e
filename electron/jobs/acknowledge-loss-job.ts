// Somebody says that rows which went were meant to go, up to a restore point.
import type { PointId } from '../../shared/model/ids.ts';
import type { Plan } from '../../shared/model/plan.ts';
import type { Engine } from './engine.ts';
import { findPoint } from './find-point.ts';
import { acknowledgeUpTo } from './loss-acknowledgements.ts';
import { vaultAtPlan } from './plan-place.ts';
import type { JobContext } from './record-run.ts';
import { useVault } from './use-vault.ts';

/** Throws point-missing, and what is wrong with the place. */
export async function acknowledgeLossJob(
  engine: Engine,
  plan: Plan,
  id: PointId,
  context: Pick<JobContext, 'signal'>,
): Promise<void> {
  const point = await useVault(engine, vaultAtPlan(plan), context, async ({ vault }) => {
    return (await findPoint(engine, vault, { kind: 'id', id })).point;
  });
  await acknowledgeUpTo(engine, plan.id, point);
}
