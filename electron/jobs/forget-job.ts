// Drops restore points by keep rules, or shows what would go. Space comes back with `prune`.
import type { PlanId, PointId, VaultId } from '../../shared/model/ids.ts';
import type { KeepRules } from '../../shared/model/keep-rules.ts';
import type { RestorePoint } from '../../shared/model/restore-point.ts';
import type { KeepReason } from '../../shared/model/retention.ts';
import { planForget, runForget, type ForgetPlan } from '../engine/retention/run-forget.ts';
import { takeLease } from '../engine/vault/lease.ts';
import { readPointIndex, tryLoadManifest, type PointIndex } from '../engine/vault/point-index.ts';
import type { Vault } from '../engine/vault/vault.ts';
import { dropEvidence } from '../history/evidence.ts';
import type { Engine } from './engine.ts';
import { findDoubts } from './find-doubts.ts';
import { findProvedPoints } from './proved-points.ts';
import { recordRun, type JobContext } from './record-run.ts';
import { pointsNeededForUndo } from './undo-store.ts';
import { useVault } from './use-vault.ts';

export interface ForgetJobRequest {
  readonly place: string;
  readonly rules: KeepRules;
  /** Calendar rules go by the days of this zone. */
  readonly zone: string;
  readonly isDryRun: boolean;
  readonly planId: PlanId | null;
  readonly expectedVault: VaultId | null;
}

export interface ForgetReport {
  readonly isDryRun: boolean;
  /** Newest first. */
  readonly keep: readonly {
    readonly point: RestorePoint;
    readonly reasons: readonly KeepReason[];
  }[];
  readonly remove: readonly RestorePoint[];
  /** Ids of points that cannot be read; they stay. */
  readonly unreadable: readonly string[];
}

/** A dry run changes nothing and is not on record. */
export async function forgetJob(
  engine: Engine,
  request: ForgetJobRequest,
  context: JobContext,
): Promise<ForgetReport> {
  const { place, planId, expectedVault } = request;
  if (request.isDryRun) {
    return useVault(engine, { place, expectedVault }, context, async ({ vault }) => {
      const index = await readPointIndex(vault, engine.vaults.report);
      return describe(await plan(engine, vault, request, index), true);
    });
  }
  const subject = { kind: 'forget', place, planId, expectedVault } as const;
  return recordRun(engine, subject, context, async ({ located, signal, onProgress }) => {
    const { vault } = await engine.vaults.open(located, signal);
    const { owner } = engine;
    const { report } = engine.vaults;
    const turn = { purpose: 'forget', owner, report, waitMs: 0, signal, frees: true };
    await using lease = await takeLease(vault, turn);
    const planned = await plan(engine, vault, request, lease.points);
    signal.throwIfAborted();
    onProgress({ ...removing, subject: vault.storage.location });
    const gone = await runForget(vault, lease, planned);
    const ids = gone.map(({ id }) => id as PointId);
    dropEvidence(engine.history(), vault.id, ids);
    return describe(planned, false);
  });
}

const removing = {
  phase: 'remove',
  bytesDone: 0,
  bytesTotal: null,
  bytesPerSecond: 0,
  secondsLeft: null,
} as const;

async function plan(
  engine: Engine,
  vault: Vault,
  { rules, zone }: ForgetJobRequest,
  index: PointIndex,
): Promise<ForgetPlan> {
  const { report } = engine.vaults;
  const points: RestorePoint[] = [];
  for (const ref of index.live) {
    const loaded = await tryLoadManifest(vault, ref, report);
    if (loaded !== null) points.push(loaded.point);
  }
  const proved = findProvedPoints(engine.history(), vault.id, points);
  const doubts = await findDoubts(engine, vault, { points, notes: index.notes });
  const needed = (await pointsNeededForUndo(engine, vault.id)).map((point) => ({
    point,
    reason: 'undo of a restore',
  }));
  return planForget({ vault, rules, zone, proved, needed, doubts, report }, index);
}

function describe(planned: ForgetPlan, isDryRun: boolean): ForgetReport {
  const byId = new Map(planned.points.map((point) => [point.id, point]));
  const pointsOf = <T extends { readonly id: PointId }>(list: readonly T[]) =>
    list.flatMap((entry) => {
      const point = byId.get(entry.id);
      return point === undefined ? [] : [{ ...entry, point }];
    });
  return {
    isDryRun,
    keep: pointsOf(planned.plan.keep).map(({ point, reasons }) => ({ point, reasons })),
    remove: pointsOf(planned.plan.remove).map(({ point }) => point),
    unreadable: planned.unreadable.map(({ id }) => id),
  };
}
