// A person gives the secret of a plan's vault: the agent keeps the vault open from then on, and the keychain keeps the
// passphrase if that is wished.
import { BackupError } from '../../shared/model/backup-error.ts';
import type { VaultId } from '../../shared/model/ids.ts';
import type { Plan } from '../../shared/model/plan.ts';
import type { VaultSecret } from '../engine/crypto/key-header.ts';
import { openNewestHeader } from '../engine/vault/key-generations.ts';
import type { Engine } from './engine.ts';
import { isAwayCode } from './is-away-code.ts';
import { confirmKit } from './kit-confirmations.ts';
import { locateVault, patient, type LocatedVault } from './locate-vault.ts';
import { planAt } from './plan-at.ts';
import { rememberSecret } from './remember-secret.ts';

/** Where the plan's copies lie, by the plan alone. Throws plan-invalid when it has no vault yet. */
export function vaultOfPlan(plan: Plan): { readonly place: string; readonly vaultId: VaultId } {
  const [place] = plan.places;
  if (place === undefined || place.vaultId === null) {
    throw new BackupError({ code: 'plan-invalid', plan: plan.name, detail: 'it has no copy yet' });
  }
  return { place: place.path, vaultId: place.vaultId };
}

/** The plan's vault as it is there now; throws place-missing, vault-other and their like. */
export async function locateVaultOfPlan(engine: Engine, plan: Plan): Promise<LocatedVault> {
  const { place, vaultId } = vaultOfPlan(plan);
  return locateVault(place, engine, vaultId);
}

/** Throws key-wrong. */
export async function unlockJob(
  engine: Engine,
  request: { readonly plan: Plan; readonly secret: VaultSecret; readonly remember: boolean },
  signal: AbortSignal,
): Promise<{ readonly isRemembered: boolean }> {
  const { secret } = request;
  const located = await locateVaultOfPlan(engine, request.plan);
  await engine.vaults.unlock(located, secret, signal);
  // Whoever has just opened the vault with it has the recovery key.
  if (secret.kind === 'recovery-key') await confirmKit(engine, located.vaultId);
  const isRemembered =
    request.remember &&
    secret.kind === 'passphrase' &&
    (await rememberSecret(engine, located.vaultId, secret.passphrase));
  return { isRemembered };
}

/** Opens the plan's key header with the secret and keeps nothing of it. Throws key-wrong. */
export async function proveSecret(
  engine: Engine,
  plan: Plan,
  secret: VaultSecret,
  signal: AbortSignal,
): Promise<void> {
  const { storage } = await locateVaultOfPlan(engine, plan);
  await openNewestHeader(patient(storage, engine.clock, signal), secret, engine.vaults.report);
}

/** The same at every place of the plan that is there; a disk that takes turns may be away, if another one opens. */
export async function unlockPlaces(
  engine: Engine,
  { plan, ...request }: Parameters<typeof unlockJob>[1],
  signal: AbortSignal,
): Promise<{ readonly isRemembered: boolean }> {
  const answers: { readonly isRemembered: boolean }[] = [];
  let away: BackupError | null = null;
  for (const place of plan.places) {
    try {
      answers.push(await unlockJob(engine, { ...request, plan: planAt(plan, place) }, signal));
    } catch (error) {
      if (!(error instanceof BackupError) || !isAwayCode(error.failure.code)) throw error;
      away ??= error;
    }
  }
  if (answers.length === 0 && away !== null) throw away;
  return { isRemembered: answers.every(({ isRemembered }) => isRemembered) };
}
