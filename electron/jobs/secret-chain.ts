// Where the secret of a vault comes from: given with the command, else the system's keychain, else asked for where
// somebody sits. Promise: the agent, which has no `ask`, never waits for a person; key-needed says that it would have to.
import { BackupError } from '../../shared/model/backup-error.ts';
import type { VaultId } from '../../shared/model/ids.ts';
import type { VaultSecret } from '../engine/crypto/key-header.ts';
import { looksLikeRecoveryKey, parseRecoveryKey } from '../engine/crypto/recovery-key.ts';
import type { SecretStore } from '../secrets/secret-store.ts';

export interface SecretChain {
  /** From `--passphrase-file` or the environment; throws what is wrong with it. Null when none was given. */
  given(): Promise<VaultSecret | null>;
  /** Opened when it is needed: a keychain may take its time. */
  store(): Promise<SecretStore>;
  /** Asks a person; null where nobody can answer. */
  readonly ask: ((place: string) => Promise<string>) | null;
  /** The same for passwords of network shares; left out where only the store has them. */
  readonly shares?: {
    /** From `--share-password-file` or the environment; throws what is wrong with it. */
    given(): Promise<string | null>;
    readonly ask: ((share: string) => Promise<string>) | null;
  };
}

/** The secret and how it was come by. */
export interface FoundSecret {
  readonly secret: VaultSecret;
  readonly from: 'given' | 'store' | 'asked';
}

/** Finds the secret of one vault; throws key-needed when nobody has it. */
export async function findSecret(
  chain: SecretChain,
  vault: { readonly place: string; readonly vaultId: VaultId },
  signal?: AbortSignal,
): Promise<FoundSecret> {
  const given = await chain.given();
  if (given !== null) return { secret: given, from: 'given' };
  const store = await chain.store();
  const answer = await store.get(vault.vaultId, signal);
  if (answer.kind === 'found') {
    return { secret: { kind: 'passphrase', passphrase: answer.secret }, from: 'store' };
  }
  if (chain.ask === null) throw new BackupError({ code: 'key-needed', place: vault.place });
  return { secret: parseTypedSecret(await chain.ask(vault.place)), from: 'asked' };
}

/** What somebody typed: a recovery key where it has the shape of one, else a passphrase. */
export function parseTypedSecret(text: string): VaultSecret {
  if (looksLikeRecoveryKey(text)) return { kind: 'recovery-key', secret: parseRecoveryKey(text) };
  return { kind: 'passphrase', passphrase: text };
}
