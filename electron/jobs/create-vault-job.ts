// Makes a vault at a place. Its recovery key is handed out once and kept nowhere.
import type { VaultId } from '../../shared/model/ids.ts';
import { formatRecoveryKey, parseRecoveryKey } from '../engine/crypto/recovery-key.ts';
import { ownReaderDigest } from '../engine/vault/emergency-kit.ts';
import { createVault } from '../engine/vault/open-vault.ts';
import type { Engine } from './engine.ts';
import { makePlace, openPlace, patient } from './locate-vault.ts';
import type { JobContext } from './record-run.ts';
import { rememberSecret } from './remember-secret.ts';
import { recordSeen } from './sight-vault.ts';

export interface CreateVaultRequest {
  /** A path or an address; its last folder is made if need be. */
  readonly place: string;
  readonly passphrase: string;
  /** Stores the passphrase in the system's keychain. */
  readonly remember: boolean;
  /** As it is printed: that of another vault of the same plan. Left out: one of its own. */
  readonly recoveryKey?: string;
}

export interface CreatedVaultReport {
  readonly vaultId: VaultId;
  readonly place: string;
  /** As it is printed: groups of five. */
  readonly recoveryKey: string;
  /** SHA-256 of the emergency reader in the vault, hex. */
  readonly readerSha256: string;
  readonly isRemembered: boolean;
}

/** Throws vault-exists, place-in-use, place-missing. */
export async function createVaultJob(
  engine: Engine,
  request: CreateVaultRequest,
  { signal }: JobContext,
): Promise<CreatedVaultReport> {
  const { passphrase } = request;
  await makePlace(request.place, engine);
  const storage = patient(await openPlace(request.place, engine), engine.clock, signal);
  const { vault, recoverySecret } = await createVault(
    storage,
    { passphrase, ...engine.passphraseCost, ...givenRecoverySecret(request) },
    engine,
  );
  engine.vaults.keep(vault, { kind: 'passphrase', passphrase });
  const isRemembered = request.remember && (await rememberSecret(engine, vault.id, passphrase));
  await recordSeen(engine, { place: request.place, vaultId: vault.id });
  return {
    vaultId: vault.id,
    place: storage.location,
    recoveryKey: formatRecoveryKey(recoverySecret),
    readerSha256: await ownReaderDigest(),
    isRemembered,
  };
}

function givenRecoverySecret({
  recoveryKey,
}: CreateVaultRequest): { readonly recoverySecret: Buffer } | object {
  return recoveryKey === undefined ? {} : { recoverySecret: parseRecoveryKey(recoveryKey) };
}
