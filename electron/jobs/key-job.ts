// Changes what opens a vault: a new passphrase, or a new recovery key. The data is not rewritten.
import { BackupError } from '../../shared/model/backup-error.ts';
import type { VaultId } from '../../shared/model/ids.ts';
import { formatRecoveryKey } from '../engine/crypto/recovery-key.ts';
import { changeKeys, type KeyChange } from '../engine/vault/open-vault.ts';
import type { Engine } from './engine.ts';
import { dropKitConfirmation } from './kit-confirmations.ts';
import { recordRun, type JobContext } from './record-run.ts';
import { updateRemembered } from './remember-secret.ts';
import { changeVault } from './use-vault.ts';

export interface KeyJobRequest {
  readonly place: string;
  readonly expectedVault: VaultId | null;
  readonly change:
    | { readonly kind: 'passphrase'; readonly newPassphrase: () => Promise<string> }
    | { readonly kind: 'recovery-key' };
}

export interface KeyReport {
  readonly vaultId: VaultId;
  /** The new recovery key as it is printed; null when the passphrase was changed. */
  readonly recoveryKey: string | null;
}

/** The present secret is proved first, by opening the vault with it. */
export async function keyJob(
  engine: Engine,
  request: KeyJobRequest,
  context: JobContext,
): Promise<KeyReport> {
  const { place, expectedVault } = request;
  const subject = { kind: 'key', place, planId: null, expectedVault } as const;
  return recordRun(engine, subject, context, async (run) => {
    const { vault, secret } = await engine.vaults.open(run.located, run.signal);
    const change = await describeChange(request);
    const recoverySecret = await changeVault(engine, vault, 'key', run.signal, async (lease) => {
      await lease.confirm();
      // From here on it is quick and must not stop half-way.
      return changeKeys(vault, secret.secret, change, engine.vaults.report);
    });
    engine.vaults.forget(vault.id);
    if (change.kind === 'recovery-key') await dropKitConfirmation(engine, vault.id);
    if (change.kind === 'passphrase') await updateRemembered(engine, vault.id, change.passphrase);
    return {
      vaultId: vault.id,
      recoveryKey: recoverySecret === null ? null : formatRecoveryKey(recoverySecret),
    };
  });
}

async function describeChange({ change }: KeyJobRequest): Promise<KeyChange> {
  if (change.kind === 'recovery-key') return { kind: 'recovery-key' };
  const passphrase = await change.newPassphrase();
  if (passphrase === '')
    throw new BackupError({ code: 'usage', detail: 'the passphrase is empty' });
  return { kind: 'passphrase', passphrase };
}
