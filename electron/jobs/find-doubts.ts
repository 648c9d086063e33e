// Reasons why nothing may be removed for now, as far as they can be seen from here.
import type { RestorePoint } from '../../shared/model/restore-point.ts';
import { AHEAD_TOLERANCE_MS, type Doubt } from '../../shared/model/retention.ts';
import { followRows } from '../../shared/model/table-losses.ts';
import type { Vault } from '../engine/vault/vault.ts';
import type { Engine } from './engine.ts';
import { listAllPlans } from './find-plan.ts';
import { isOfPlan } from './is-of-plan.ts';
import { readAcknowledgedUpTo } from './loss-acknowledgements.ts';
import { toCounted } from './to-counted.ts';

/** Clocks of one office differ by minutes; by more, one of them is wrong, and it may be ours. */
const CLOCKS_DIFFER_MS = 60 * 60_000;

/** `points`: all of the vault that can be read, oldest first. */
export async function findDoubts(
  engine: Engine,
  vault: Vault,
  points: readonly RestorePoint[],
): Promise<readonly Doubt[]> {
  return [
    ...(await findClockJump(vault, points.at(-1))),
    ...((await hasOpenLoss(engine, points)) ? (['anomaly'] as const) : []),
  ];
}

/** A clock that disagrees with the storage's, or runs behind the newest restore point, has jumped. */
async function findClockJump(
  vault: Vault,
  newest: RestorePoint | undefined,
): Promise<readonly Doubt[]> {
  const nowMs = vault.clock.nowMs();
  const storageMs = await vault.storage.clockMs();
  const isApart = Math.abs(nowMs - storageMs) > CLOCKS_DIFFER_MS;
  const isBehind = newest !== undefined && newest.takenAt.ms > nowMs + AHEAD_TOLERANCE_MS;
  return isApart || isBehind ? ['clock-jump'] : [];
}

/** Rows went, and nobody has said yet that they were meant to: what the rules would drop may be the last copy with them. */
async function hasOpenLoss(engine: Engine, points: readonly RestorePoint[]): Promise<boolean> {
  for (const plan of await listAllPlans(engine)) {
    const own = points.filter((point) => isOfPlan(plan, point));
    const acknowledged = await readAcknowledgedUpTo(engine, plan.id);
    const rows = followRows(own.map((point) => toCounted(point, acknowledged)));
    if ((rows.at(-1)?.losses.length ?? 0) > 0) return true;
  }
  return false;
}
