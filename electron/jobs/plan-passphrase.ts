// The passphrase of a plan that exists, for a further plan with the same one. Never shown to anybody.
import { BackupError, hasCode } from '../../shared/model/backup-error.ts';
import type { PlanId } from '../../shared/model/ids.ts';
import type { Engine } from './engine.ts';
import { findPlan } from './find-plan.ts';
import { locateVault } from './locate-vault.ts';

/** From memory where the vault is open, else from the keychain, proved where the vault is there. Throws plan-missing, key-needed. */
export async function readPlanPassphrase(
  engine: Engine,
  id: PlanId,
  signal: AbortSignal,
): Promise<string> {
  const plan = await findPlan(engine, id);
  for (const { path: place, vaultId } of plan.places) {
    if (vaultId === null) continue;
    const kept = engine.vaults.secretOf(vaultId);
    if (kept?.kind === 'passphrase') return kept.passphrase;
    const answer = await (await engine.secrets.store()).peek(vaultId);
    if (answer.kind !== 'found') continue;
    const { secret: passphrase } = answer;
    const located = await locateVault(place, engine, vaultId).catch(() => null);
    if (located === null) return passphrase;
    try {
      await engine.vaults.unlock(located, { kind: 'passphrase', passphrase }, signal);
      return passphrase;
    } catch (error) {
      // It was changed on another computer: the stored one must not seal anything new.
      if (!hasCode(error, 'key-wrong')) throw error;
    }
  }
  throw new BackupError({ code: 'key-needed', place: plan.places[0]?.path ?? plan.name });
}
