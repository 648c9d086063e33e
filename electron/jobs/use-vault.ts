// Opens a vault for questions that change nothing, and for small changes that need the writer's turn.
import { BackupError } from '../../shared/model/backup-error.ts';
import type { VaultId } from '../../shared/model/ids.ts';
import { takeLease, type Lease } from '../engine/vault/lease.ts';
import { toEntry } from '../engine/vault/point-index.ts';
import type { Vault } from '../engine/vault/vault.ts';
import type { Engine } from './engine.ts';
import { learnPoints } from './learn-points.ts';
import { holdVault } from './locate-vault.ts';
import type { JobContext } from './record-run.ts';
import { recordSeen } from './sight-vault.ts';
import type { OpenedVault } from './vault-keeper.ts';

export interface VaultAt {
  readonly place: string;
  readonly expectedVault: VaultId | null;
}

/** The vault at a place, unlocked; an aborted call throws cancelled. */
export async function useVault<T>(
  engine: Engine,
  { place, expectedVault }: VaultAt,
  { signal }: Pick<JobContext, 'signal'>,
  use: (opened: OpenedVault) => Promise<T>,
): Promise<T> {
  try {
    await using held = await holdVault(engine, { place, expectedVault }, signal);
    const { located } = held;
    const opened = await engine.vaults.open(located, signal);
    await recordSeen(engine, located);
    await learnPoints(engine, opened.vault, place, signal);
    return await use(opened);
  } catch (error) {
    if (signal.aborted) throw new BackupError({ code: 'cancelled' }, error);
    throw error;
  }
}

/** Takes the writer's turn for a change that leaves the restore points as they are, and ends it. Throws vault-busy. */
export async function changeVault<T>(
  engine: Engine,
  vault: Vault,
  purpose: string,
  signal: AbortSignal,
  change: (lease: Lease) => Promise<T>,
): Promise<T> {
  const { owner } = engine;
  const { report } = engine.vaults;
  await using lease = await takeLease(vault, { purpose, owner, report, waitMs: 0, signal });
  const result = await change(lease);
  await lease.confirm();
  await lease.end(lease.points.live.map(toEntry));
  return result;
}
