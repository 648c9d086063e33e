// What is printed to get back in without the passphrase.
import type { Plan } from '../../shared/model/plan.ts';
import type { RecoveryKit } from '../../shared/model/setup.ts';
import { ownReaderDigest } from '../engine/vault/emergency-kit.ts';
import type { Engine } from './engine.ts';
import { vaultOfPlan } from './unlock-job.ts';

/** `recoveryKey` as it is printed; kept nowhere. */
export async function recoveryKitOf(
  { clock }: Pick<Engine, 'clock'>,
  plan: Plan,
  recoveryKey: string,
): Promise<RecoveryKit> {
  const { place, vaultId } = vaultOfPlan(plan);
  return {
    plan: plan.id,
    planName: plan.name,
    vault: vaultId,
    place,
    sources: plan.sources.map(({ path }) => path),
    recoveryKey,
    readerSha256: await ownReaderDigest(),
    madeAtMs: clock.nowMs(),
  };
}
