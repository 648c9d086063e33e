// After the history was lost: the first time a vault is opened that it knows no backup of, it learns the restore points.
import type { VaultId } from '../../shared/model/ids.ts';
import type { Vault } from '../engine/vault/vault.ts';
import { rebuildFromPoints } from '../history/rebuild-from-points.ts';
import { listRuns } from '../history/runs.ts';
import type { Engine } from './engine.ts';
import { listPoints } from './list-points.ts';

/** Learnt points count as copies of which nothing is proved yet. Costs a look at the history where there is nothing to do. */
export async function learnPoints(
  engine: Engine,
  vault: Vault,
  place: string,
  signal: AbortSignal,
): Promise<void> {
  if (isKnown(engine, vault.id)) return;
  const listing = await listPoints(engine, vault, signal);
  const points = listing.points.map(({ point }) => point);
  rebuildFromPoints(engine.history(), points, { vaultId: vault.id, path: place });
}

/** The run that asks is itself on record as running. */
function isKnown(engine: Engine, vaultId: VaultId): boolean {
  const newest = listRuns(engine.history(), { vaultId, kind: 'backup', limit: 8 });
  return newest.some(({ state }) => state !== 'running');
}
