// Reasons why nothing may be removed for now, as far as they can be seen from here.
import type { RestorePoint } from '../../shared/model/restore-point.ts';
import { AHEAD_TOLERANCE_MS, type Doubt } from '../../shared/model/retention.ts';
import type { Vault } from '../engine/vault/vault.ts';

/** Clocks of one office differ by minutes; by more, one of them is wrong, and it may be ours. */
const CLOCKS_DIFFER_MS = 60 * 60_000;

/** A clock that disagrees with the storage's, or runs behind the newest restore point, has jumped. */
export async function findDoubts(
  vault: Vault,
  newest: RestorePoint | undefined,
): Promise<readonly Doubt[]> {
  const nowMs = vault.clock.nowMs();
  const storageMs = await vault.storage.clockMs();
  const isApart = Math.abs(nowMs - storageMs) > CLOCKS_DIFFER_MS;
  const isBehind = newest !== undefined && newest.takenAt.ms > nowMs + AHEAD_TOLERANCE_MS;
  return isApart || isBehind ? ['clock-jump'] : [];
}
