// Somebody shows to have the recovery key: two groups of it typed again right after it was made, or all of it at any time.
import { BackupError } from '../../shared/model/backup-error.ts';
import type { VaultId } from '../../shared/model/ids.ts';
import type { Plan } from '../../shared/model/plan.ts';
import { parseRecoveryKey } from '../engine/crypto/recovery-key.ts';
import type { Engine } from './engine.ts';
import { confirmKit } from './kit-confirmations.ts';
import type { KitGroups, TypedGroup } from './kit-groups.ts';
import { planAt } from './plan-at.ts';
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
  for (const each of await vaultsOpenedBy(engine, kits, request, vaultId, signal)) {
    await confirmKit(engine, each);
    kits.forget(each);
  }
  return { isConfirmed: true, wrong: [] };
}

/** Further vaults of the plan have the same key, if it was made with them; of others another paper has to be shown. */
async function vaultsOpenedBy(
  engine: Engine,
  kits: KitGroups,
  { plan, proof }: { readonly plan: Plan; readonly proof: KitProof },
  first: VaultId,
  signal: AbortSignal,
): Promise<readonly VaultId[]> {
  const opened = [first];
  for (const place of plan.places) {
    if (place.vaultId === null || place.vaultId === first) continue;
    const isSame =
      proof.kind === 'groups'
        ? kits.findWrong(place.vaultId, proof.groups)?.length === 0
        : await proveSecret(
            engine,
            planAt(plan, place),
            { kind: 'recovery-key', secret: parseRecoveryKey(proof.recoveryKey) },
            signal,
          ).then(
            () => true,
            () => false,
          );
    if (isSame) opened.push(place.vaultId);
  }
  return opened;
}

/** One group typed twice shows half as much. */
function refuseTwice(groups: readonly TypedGroup[]): void {
  if (new Set(groups.map(({ index }) => index)).size < LEAST_GROUPS) {
    throw new BackupError({ code: 'usage', detail: 'two different groups are needed' });
  }
}
