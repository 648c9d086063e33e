// Changes what opens a vault: a new passphrase, or a new recovery key. The data is not rewritten.
// Promise: once the change holds, the caller gets the new secret, whatever fails after it.
import { BackupError, failureOf } from '../../shared/model/backup-error.ts';
import type { PlanId, VaultId } from '../../shared/model/ids.ts';
import type { VaultSecret } from '../engine/crypto/key-header.ts';
import { formatRecoveryKey, parseRecoveryKey } from '../engine/crypto/recovery-key.ts';
import { changeKeys, type KeyChange } from '../engine/vault/open-vault.ts';
import type { Vault } from '../engine/vault/vault.ts';
import type { Engine } from './engine.ts';
import { dropKitConfirmation } from './kit-confirmations.ts';
import { recordRun, type JobContext, type RunBody } from './record-run.ts';
import { updateRemembered } from './remember-secret.ts';
import { changeVault } from './use-vault.ts';

export interface KeyJobRequest {
  readonly place: string;
  readonly expectedVault: VaultId | null;
  readonly change:
    | { readonly kind: 'passphrase'; readonly newPassphrase: () => Promise<string> }
    /** As it is printed: that of another vault of the same plan; left out: a new one. */
    | { readonly kind: 'recovery-key'; readonly recoveryKey?: string };
  /** Passphrase or recovery key that must open the vault; left out: the one that is at hand. */
  readonly current?: VaultSecret;
  readonly planId?: PlanId;
}

export interface KeyReport {
  readonly vaultId: VaultId;
  /** The keychain holds the passphrase that is valid now. */
  readonly isRemembered: boolean;
  /** The new recovery key as it is printed; null when the passphrase was changed. */
  readonly recoveryKey: string | null;
}

/** The present secret is proved first, by opening the vault with it. */
export async function keyJob(
  engine: Engine,
  request: KeyJobRequest,
  context: JobContext,
): Promise<KeyReport> {
  const { place, expectedVault, current, planId = null } = request;
  const subject = { kind: 'key', place, planId, expectedVault } as const;
  return recordRun(engine, subject, context, async (run) => {
    const { vault, secret } = await (current === undefined
      ? engine.vaults.open(run.located, run.signal)
      : engine.vaults.unlock(run.located, current, run.signal));
    const change = await describeChange(engine, request);
    // Before: what happens after the change must not leave the old paper counting as confirmed.
    if (change.kind === 'recovery-key') await dropKitConfirmation(engine, vault.id);
    const recoverySecret = await changeInTurn(
      engine,
      run,
      { vault, secret: secret.secret },
      change,
    );
    engine.vaults.keep(vault, secretAfter(change, secret.secret, recoverySecret));
    return {
      vaultId: vault.id,
      isRemembered: await isRememberedAfter(engine, vault.id, change).catch(() => false),
      recoveryKey: recoverySecret === null ? null : formatRecoveryKey(recoverySecret),
    };
  });
}

/** A turn that cannot be ended in order is a problem of the run: the new key is nowhere but here. */
async function changeInTurn(
  engine: Engine,
  run: RunBody,
  { vault, secret }: { readonly vault: Vault; readonly secret: VaultSecret },
  change: KeyChange,
): Promise<Buffer | null> {
  const made: (Buffer | null)[] = [];
  try {
    await changeVault(engine, vault, 'key', run.signal, async (lease) => {
      await lease.confirm();
      // From here on it is quick and must not stop half-way.
      made.push(await changeKeys(vault, secret, change, engine.vaults.report));
    });
  } catch (error) {
    if (made.length === 0) throw error;
    run.note({ problems: [{ failure: failureOf(error) }] });
  }
  return made[0] ?? null;
}

/** What opens the vault from now on: the agent goes on without asking. */
function secretAfter(
  change: KeyChange,
  before: VaultSecret,
  recoverySecret: Buffer | null,
): VaultSecret {
  if (change.kind === 'passphrase') return { kind: 'passphrase', passphrase: change.passphrase };
  return before.kind === 'recovery-key' && recoverySecret !== null
    ? { kind: 'recovery-key', secret: recoverySecret }
    : before;
}

async function isRememberedAfter(
  engine: Engine,
  vaultId: VaultId,
  change: KeyChange,
): Promise<boolean> {
  if (change.kind === 'passphrase') return updateRemembered(engine, vaultId, change.passphrase);
  const store = await engine.secrets.store();
  return (await store.peek(vaultId)).kind === 'found';
}

async function describeChange(
  { passphraseCost }: Engine,
  { change }: KeyJobRequest,
): Promise<KeyChange> {
  if (change.kind === 'recovery-key') {
    const { recoveryKey } = change;
    const given =
      recoveryKey === undefined ? {} : { recoverySecret: parseRecoveryKey(recoveryKey) };
    return { kind: 'recovery-key', ...given };
  }
  const passphrase = await change.newPassphrase();
  if (passphrase === '')
    throw new BackupError({ code: 'usage', detail: 'the passphrase is empty' });
  return { kind: 'passphrase', passphrase, ...passphraseCost };
}
