// A new passphrase or recovery key for all copies of a plan. Promise: nothing is changed unless every place is there, for
// a disk in a drawer would keep the old key, and nobody would know which paper opens it.
import { BackupError } from '../../shared/model/backup-error.ts';
import type { Plan } from '../../shared/model/plan.ts';
import type { VaultSecret } from '../engine/crypto/key-header.ts';
import type { Engine } from './engine.ts';
import { keyJob, type KeyJobRequest, type KeyReport } from './key-job.ts';
import { locateVault } from './locate-vault.ts';
import type { JobContext } from './record-run.ts';

/** The report of the first place; all have the same key. Throws what `keyJob` throws, place-not-connected. */
export async function changeKeyEverywhere(
  engine: Engine,
  {
    plan,
    change,
    current,
  }: {
    readonly plan: Plan;
    readonly change: KeyJobRequest['change'];
    readonly current: VaultSecret;
  },
  context: JobContext,
): Promise<KeyReport> {
  if (plan.places.length > 1) await seeAll(engine, plan, context.signal);
  let first: KeyReport | null = null;
  for (const { path: place, vaultId: expectedVault } of plan.places) {
    const same = first?.recoveryKey ?? null;
    const wish =
      change.kind === 'recovery-key' && same !== null ? { ...change, recoveryKey: same } : change;
    const request = { place, expectedVault, planId: plan.id, change: wish, current };
    const report = await keyJob(engine, request, context);
    first ??= report;
  }
  if (first !== null) return first;
  throw new BackupError({ code: 'plan-invalid', plan: plan.name, detail: 'it has no copy yet' });
}

async function seeAll(engine: Engine, { places }: Plan, signal: AbortSignal): Promise<void> {
  for (const { path, vaultId } of places) await locateVault(path, engine, vaultId, signal);
}
