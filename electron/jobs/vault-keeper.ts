// Keeps vaults open between the runs of one process: keys and remembered objects, so that an agent pays for unlocking
// once. Promise: before each use the marker is read again; another or a vanished vault is never taken for the kept one.
import type { Clock, RandomBytes } from '../../shared/model/clock.ts';
import { failureOf, hasCode } from '../../shared/model/backup-error.ts';
import type { VaultId } from '../../shared/model/ids.ts';
import type { Notice } from '../../shared/model/notice.ts';
import type { VaultSecret } from '../engine/crypto/key-header.ts';
import { openVault } from '../engine/vault/open-vault.ts';
import type { ReportDamage } from '../engine/vault/sealed-stream-reader.ts';
import type { Vault } from '../engine/vault/vault.ts';
import { patient, type LocatedVault } from './locate-vault.ts';
import {
  findSecret,
  parseTypedSecret,
  type FoundSecret,
  type SecretChain,
} from './secret-chain.ts';

export interface OpenedVault {
  readonly vault: Vault;
  /** What opened it; a change of keys asks for it. */
  readonly secret: FoundSecret;
}

export interface VaultKeeper {
  /** Opens the vault, or takes the one that is open. Throws key-needed, key-wrong, vault-damaged. */
  open(located: LocatedVault, signal: AbortSignal): Promise<OpenedVault>;
  /** Opens the vault with this secret and no other, also when it is open, and keeps it open. Throws key-wrong, vault-damaged. */
  unlock(located: LocatedVault, secret: VaultSecret, signal: AbortSignal): Promise<OpenedVault>;
  /** For one that was just made, and after a change of keys. */
  keep(vault: Vault, secret: VaultSecret): void;
  forget(vaultId: VaultId): void;
  /** What opened a vault that is open; null when it is not. */
  secretOf(vaultId: VaultId): VaultSecret | null;
  /** Damage that a second copy made good is said once for each object. */
  readonly report: ReportDamage;
}

export interface VaultKeeperOptions {
  readonly clock: Clock;
  readonly random: RandomBytes;
  readonly secrets: SecretChain;
  readonly notify: (notice: Notice) => void;
}

/** An empty keeper. */
export function createVaultKeeper(options: VaultKeeperOptions): VaultKeeper {
  const { clock, random, secrets, notify } = options;
  const kept = new Map<VaultId, OpenedVault>();
  const said = new Set<string>();
  const report: ReportDamage = (object, error) => {
    if (said.has(object)) return;
    said.add(object);
    notify({ kind: 'damage', object, failure: failureOf(error) });
  };

  const openWith = async (
    located: LocatedVault,
    secret: FoundSecret,
    signal: AbortSignal,
  ): Promise<OpenedVault> => {
    const storage = patient(located.storage, clock, signal);
    return {
      vault: await openVault(storage, secret.secret, { clock, random }, report),
      secret,
    };
  };

  const findAndOpen = async (located: LocatedVault, signal: AbortSignal): Promise<OpenedVault> => {
    const found = await findSecret(secrets, located, signal);
    try {
      return await openWith(located, found, signal);
    } catch (error) {
      // The passphrase was changed on another computer: the stored one is out of date.
      if (found.from !== 'store' || secrets.ask === null || !hasCode(error, 'key-wrong'))
        throw error;
      const typed = parseTypedSecret(await secrets.ask(located.place));
      return openWith(located, { secret: typed, from: 'asked' }, signal);
    }
  };

  return {
    report,
    async open(located, signal) {
      const opened = kept.get(located.vaultId) ?? (await findAndOpen(located, signal));
      kept.set(located.vaultId, opened);
      const storage = patient(located.storage, clock, signal);
      return { ...opened, vault: { ...opened.vault, storage } };
    },
    async unlock(located, secret, signal) {
      const opened = await openWith(located, { secret, from: 'given' }, signal);
      kept.set(located.vaultId, opened);
      return opened;
    },
    keep(vault, secret) {
      kept.set(vault.id, { vault, secret: { secret, from: 'asked' } });
    },
    forget: (vaultId) => void kept.delete(vaultId),
    secretOf: (vaultId) => kept.get(vaultId)?.secret.secret ?? null,
  };
}
