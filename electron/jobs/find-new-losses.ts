// Which tables lost rows in a restore point that was just made. Reads the few points before it, never the data.
import type { Plan } from '../../shared/model/plan.ts';
import type { RestorePoint } from '../../shared/model/restore-point.ts';
import { followRows, type TableLoss } from '../../shared/model/table-losses.ts';
import { peekManifest, readPointIndex } from '../engine/vault/point-index.ts';
import type { Vault } from '../engine/vault/vault.ts';
import type { Engine } from './engine.ts';
import { isOfPlan } from './is-of-plan.ts';
import { vaultAtPlan } from './plan-place.ts';
import type { JobContext } from './record-run.ts';
import { timelineJob } from './timeline-job.ts';
import { toCounted } from './to-counted.ts';
import { useVault } from './use-vault.ts';

/** Counted states of each source before the new one: enough for a table that one of them had no time for. */
const COUNTED_BEFORE = 3;
const MOST_READ = 50;

/** Losses that are seen in `point` first. */
export async function findNewLosses(
  engine: Engine,
  plan: Plan,
  point: RestorePoint,
  context: Pick<JobContext, 'signal'>,
): Promise<readonly TableLoss[]> {
  if (point.sources.every(({ counts }) => counts === null)) return [];
  const isNew = await useVault(engine, vaultAtPlan(plan), context, async ({ vault }) => {
    const before = await readBefore(engine, vault, plan, point);
    const oldestFirst = [...before.reverse(), point];
    const rows = followRows(oldestFirst.map((each) => toCounted(each, null)));
    return rows.at(-1)?.losses.some(({ since }) => since === point.id) === true;
  });
  if (!isNew) return [];
  // It happens once in a while: then all points are asked, for what was acknowledged and what a table is used to.
  const { losses } = await timelineJob(engine, plan, context);
  return losses.filter(({ since }) => since === point.id);
}

/** Newest first. */
async function readBefore(
  engine: Engine,
  vault: Vault,
  plan: Plan,
  point: RestorePoint,
): Promise<RestorePoint[]> {
  const { live } = await readPointIndex(vault, engine.vaults.report);
  const found: RestorePoint[] = [];
  const isEnough = (): boolean =>
    point.sources.every(
      ({ id, counts }) => counts === null || timesCounted(found, id) >= COUNTED_BEFORE,
    );
  for (const ref of live.toReversed().slice(0, MOST_READ)) {
    if (isEnough()) break;
    if (ref.id === point.id) continue;
    const peeked = await peekManifest(vault, ref, engine.vaults.report);
    if (peeked !== null && isOfPlan(plan, peeked.point)) found.push(peeked.point);
  }
  return found;
}

function timesCounted(points: readonly RestorePoint[], source: string): number {
  return points.filter(({ sources }) =>
    sources.some(({ id, counts }) => id === source && counts !== null),
  ).length;
}
