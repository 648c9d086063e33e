// Somebody shows to have the recovery key: two groups of it typed again right after it was made, or all of it at any time.
import { BackupError } from '../../shared/model/backup-error.ts';
import type { Plan } from '../../shared/model/plan.ts';
import { parseRecoveryKey } from '../engine/crypto/recovery-key.ts';
import type { Engine } from './engine.ts';
import { confirmKit } from './kit-confirmations.ts';
import type { KitGroups, TypedGroup } from './kit-groups.ts';
import { proveSecret, vaultOfPlan } from './unlock-job.ts';

export type KitProof =
  | { readonly kind: 'groups'; readonly groups: readonly TypedGroup[] }
  | { readonly kind: 'key'; readonly recoveryKey: string };

export interface KitAnswer {
  readonly isConfirmed: boolean;
  /** Indexes of the groups that are wrong. */
  readonly wrong: readonly number[];
}

const LEAST_GROUPS = 2;

/** Throws kit-forgotten for groups that cannot be compared, recovery-key-mistyped and key-wrong for a whole key. */
export async function confirmKitJob(
  engine: Engine,
  kits: KitGroups,
  request: { readonly plan: Plan; readonly proof: KitProof },
  signal: AbortSignal,
): Promise<KitAnswer> {
  const { plan, proof } = request;
  const { vaultId } = vaultOfPlan(plan);
  if (proof.kind === 'key') {
    const secret = { kind: 'recovery-key', secret: parseRecoveryKey(proof.recoveryKey) } as const;
    await proveSecret(engine, plan, secret, signal);
  } else {
    refuseTwice(proof.groups);
    const wrong = kits.findWrong(vaultId, proof.groups);
    if (wrong === null) throw new BackupError({ code: 'kit-forgotten' });
    if (wrong.length > 0) return { isConfirmed: false, wrong };
  }
  await confirmKit(engine, vaultId);
  kits.forget(vaultId);
  return { isConfirmed: true, wrong: [] };
}

/** One group typed twice shows half as much. */
function refuseTwice(groups: readonly TypedGroup[]): void {
  if (new Set(groups.map(({ index }) => index)).size < LEAST_GROUPS) {
    throw new BackupError({ code: 'usage', detail: 'two different groups are needed' });
  }
}
