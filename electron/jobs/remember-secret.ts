// Puts a passphrase into the system's keychain, or says that it could not.
import type { VaultId } from '../../shared/model/ids.ts';
import type { Engine } from './engine.ts';

/** True when the keychain gave it back as it was stored. */
export async function rememberSecret(
  engine: Engine,
  vaultId: VaultId,
  passphrase: string,
): Promise<boolean> {
  const store = await engine.secrets.store();
  const isStored = await store.set(vaultId, passphrase);
  if (!isStored) engine.notify({ kind: 'secret-not-stored' });
  return isStored;
}

/** The same for the password that opened a network share; true also for a place that needs none. */
export async function rememberSharePassword(
  engine: Pick<Engine, 'sharePasswords' | 'notify'>,
  place: string,
): Promise<boolean> {
  const isStored = await engine.sharePasswords.remember(place);
  if (!isStored) engine.notify({ kind: 'secret-not-stored' });
  return isStored;
}

/** After a change: what is stored is replaced, what was not stored stays so. True when the new one is stored. */
export async function updateRemembered(
  engine: Engine,
  vaultId: VaultId,
  passphrase: string,
): Promise<boolean> {
  const store = await engine.secrets.store();
  const answer = await store.peek(vaultId);
  return answer.kind === 'found' && rememberSecret(engine, vaultId, passphrase);
}
