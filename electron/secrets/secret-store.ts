// Where passphrases of vaults and passwords of shares are kept, so that backups run while nobody is there to type them.
// Promise: nothing here asks a person; a secret goes from memory to the system's keychain and back, never through
// arguments, environment, files of ours or messages. No answer ever holds it but `found`.
import type { SecretName } from '../../shared/model/ids.ts';

export type SecretAnswer =
  | { readonly kind: 'found'; readonly secret: string }
  /** There is a keychain and it gave nothing: no such secret, or nobody has unlocked it yet. */
  | { readonly kind: 'missing-or-locked' }
  /** There is nothing to ask. */
  | { readonly kind: 'unavailable'; readonly detail: string };

export interface SecretStore {
  readonly kind: 'keychain' | 'safe-storage' | 'none';
  /** May wait for a keychain that is not unlocked yet. */
  get(name: SecretName, signal?: AbortSignal): Promise<SecretAnswer>;
  /** What can be said at once, for a screen. */
  peek(name: SecretName): Promise<SecretAnswer>;
  /** True when the secret was read back as it was given; false: it will have to be typed. */
  set(name: SecretName, secret: string): Promise<boolean>;
  /** True when it was there and is gone; false when there was none, or the store is locked or away. */
  remove(name: SecretName): Promise<boolean>;
}

/** Opens one kind of store, or null where the system has none. */
export type OpenSecretStore = () => Promise<SecretStore | null>;

/** The first store of `candidates` that this system has, else one that keeps nothing. */
export async function openSecretStore(
  candidates: readonly OpenSecretStore[],
): Promise<SecretStore> {
  for (const open of candidates) {
    const store = await open();
    if (store !== null) return store;
  }
  return createNoSecretStore();
}

/** Keeps nothing, and says so. */
function createNoSecretStore(): SecretStore {
  const get = async (): Promise<SecretAnswer> => ({
    kind: 'unavailable',
    detail: 'this system has no keychain',
  });
  return {
    kind: 'none',
    get,
    peek: get,
    set: async () => false,
    remove: async () => false,
  };
}
