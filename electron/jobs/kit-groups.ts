// The groups of recovery keys that were just made, so that typing two of them again shows that the key was written down.
// Promise: in memory only, until the kit is confirmed or a day has gone by; nothing else of the app knows a recovery key.
import type { Clock } from '../../shared/model/clock.ts';
import type { VaultId } from '../../shared/model/ids.ts';
import { normaliseRecoveryKey } from '../engine/crypto/recovery-key.ts';

const KEPT_MS = 24 * 3600_000;

export interface TypedGroup {
  /** From 0. */
  readonly index: number;
  readonly text: string;
}

export interface KitGroups {
  keep(vaultId: VaultId, recoveryKey: string): void;
  /** Indexes of the groups that are typed wrong; null when the key is not known here any more. */
  findWrong(vaultId: VaultId, typed: readonly TypedGroup[]): readonly number[] | null;
  forget(vaultId: VaultId): void;
}

/** Knows none yet. */
export function createKitGroups(clock: Pick<Clock, 'monotonicMs'>): KitGroups {
  const known = new Map<
    VaultId,
    { readonly groups: readonly string[]; readonly untilMs: number }
  >();
  const dropOld = (): void => {
    for (const [id, { untilMs }] of known) if (clock.monotonicMs() >= untilMs) known.delete(id);
  };
  return {
    keep(vaultId, recoveryKey) {
      dropOld();
      const groups = recoveryKey.split('-').map(normaliseRecoveryKey);
      known.set(vaultId, { groups, untilMs: clock.monotonicMs() + KEPT_MS });
    },
    findWrong(vaultId, typed) {
      dropOld();
      const groups = known.get(vaultId)?.groups;
      if (groups === undefined) return null;
      return typed
        .filter(({ index, text }) => groups[index] !== normaliseRecoveryKey(text))
        .map(({ index }) => index);
    },
    forget: (vaultId) => void known.delete(vaultId),
  };
}
