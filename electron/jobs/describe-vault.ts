// A vault from outside: how much lies there, how many restore points, who is at work on it.
import type { VaultId } from '../../shared/model/ids.ts';
import { catalogueKey } from '../engine/format/catalogue.ts';
import { readPointIndex, type PointIndex } from '../engine/vault/point-index.ts';
import type { Engine } from './engine.ts';
import type { JobContext } from './record-run.ts';
import { useVault } from './use-vault.ts';

export interface VaultDescription {
  readonly vaultId: VaultId;
  readonly place: string;
  readonly points: number;
  readonly vanished: readonly string[];
  /** All that lies in the vault. */
  readonly bytes: number;
  readonly freeBytes: number | null;
  /** Who has the writer's turn and has not ended it; null when nobody has. */
  readonly holder: string | null;
}

/** Changes nothing. */
export async function describeVault(
  engine: Engine,
  place: string,
  context: JobContext,
): Promise<VaultDescription> {
  return useVault(engine, { place, expectedVault: null }, context, async ({ vault }) => {
    const index = await readPointIndex(vault, engine.vaults.report);
    const objects = await vault.storage.list('');
    return {
      vaultId: vault.id,
      place: vault.storage.location,
      points: index.live.length,
      vanished: index.vanished.map(catalogueKey),
      bytes: objects.reduce((sum, object) => sum + object.size, 0),
      freeBytes: await vault.storage.freeBytes(),
      holder: holderOf(index),
    };
  });
}

function holderOf({ leases, newestLease }: PointIndex): string | null {
  if (leases.highest === 0 || leases.ends.has(leases.highest)) return null;
  if (newestLease === null || newestLease.epoch !== leases.highest) return '?';
  const { user, host } = newestLease.owner;
  return `${newestLease.purpose}: ${user}@${host}`;
}
