// Frees the space of what no restore point needs, in two phases days apart.
import type { PlanId, VaultId } from '../../shared/model/ids.ts';
import { runPrune, type PruneReport } from '../engine/retention/run-prune.ts';
import { takeLease } from '../engine/vault/lease.ts';
import type { Engine } from './engine.ts';
import { recordRun, type JobContext } from './record-run.ts';
import { recordSeen } from './sight-vault.ts';

export interface PruneJobRequest {
  readonly place: string;
  readonly planId: PlanId | null;
  readonly expectedVault: VaultId | null;
}

/** Throws prune-refused when anything is in doubt. */
export async function pruneJob(
  engine: Engine,
  { place, planId, expectedVault }: PruneJobRequest,
  context: JobContext,
): Promise<PruneReport> {
  const subject = { kind: 'prune', place, planId, expectedVault } as const;
  return recordRun(engine, subject, context, async ({ located, signal }) => {
    const { vault } = await engine.vaults.open(located, signal);
    const { owner } = engine;
    const { report } = engine.vaults;
    const turn = { purpose: 'prune', owner, report, waitMs: 0, signal, frees: true };
    await using lease = await takeLease(vault, turn);
    const pruned = await runPrune({ vault, lease, signal });
    await recordSeen(engine, located);
    return pruned;
  });
}
