/** Stands in for the system's keychain, which tests must not touch: keeps secrets in memory, can be locked. */
import type { SecretStore } from '../../electron/secrets/secret-store.ts';
import type { SecretName } from '../../shared/model/ids.ts';

export interface MemoryKeychain extends SecretStore {
  readonly secrets: Map<SecretName, string>;
  /** Locked, it gives and takes nothing. */
  isLocked: boolean;
}

/** An empty keychain, open. */
export function createMemoryKeychain(): MemoryKeychain {
  const secrets = new Map<SecretName, string>();
  return {
    kind: 'keychain',
    secrets,
    isLocked: false,
    async get(vault) {
      const secret = this.isLocked ? undefined : secrets.get(vault);
      return secret === undefined ? { kind: 'missing-or-locked' } : { kind: 'found', secret };
    },
    async peek(vault) {
      return this.get(vault);
    },
    async set(vault, secret) {
      if (!this.isLocked) secrets.set(vault, secret);
      return !this.isLocked;
    },
    async remove(vault) {
      return !this.isLocked && secrets.delete(vault);
    },
  };
}
