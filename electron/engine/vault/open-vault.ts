// Making and opening vaults, and changing what opens them.
// Order when making: keys and kit first, the marker last; without the marker there is no vault.
import { BackupError } from '../../../shared/model/backup-error.ts';
import type { VaultId } from '../../../shared/model/ids.ts';
import {
  decodeKeyHeader,
  DEFAULT_SCRYPT_N,
  encodeKeyHeader,
  makePassphraseSlot,
  makeRecoverySlot,
  type VaultSecret,
} from '../crypto/key-header.ts';
import type { VaultKeys } from '../crypto/object-key.ts';
import { RECOVERY_KEY_BYTES } from '../crypto/recovery-key.ts';
import { keyHeaderName, MARKER_NAME, RESERVE_NAME } from '../format/object-names.ts';
import type { Storage } from '../storage/storage.ts';
import { readOwnKit } from './emergency-kit.ts';
import {
  listGenerations,
  openGeneration,
  openNewestHeader,
  putGeneration,
  removeOlderGenerations,
} from './key-generations.ts';
import { ensureReserve } from './reserve.ts';
import { encodeMarker, readMarker } from './marker.ts';
import type { ReportDamage } from './sealed-stream-reader.ts';
import { newId, type Surroundings, type Vault } from './vault.ts';

export interface NewVault {
  readonly passphrase: string;
  /** scrypt's cost; only tests choose a lower one. */
  readonly scryptN?: number;
  /** 20 bytes that open other vaults of the same plan; left out: one of its own. */
  readonly recoverySecret?: Buffer;
}

export interface CreatedVault {
  readonly vault: Vault;
  /** 20 bytes, shown to the user once. */
  readonly recoverySecret: Buffer;
}

/** Makes a vault in an empty place. Throws vault-exists, or place-in-use when foreign files lie there. */
export async function createVault(
  storage: Storage,
  request: NewVault,
  surroundings: Surroundings,
): Promise<CreatedVault> {
  await refuseOccupied(storage);
  const { random } = surroundings;
  const id = newId(random) as VaultId;
  const keys: VaultKeys = { vaultId: id, master: Buffer.from(random(32)) };
  const recoverySecret = request.recoverySecret ?? Buffer.from(random(RECOVERY_KEY_BYTES));
  const passphrase = await makePassphraseSlot(
    keys,
    request.passphrase,
    request.scryptN ?? DEFAULT_SCRYPT_N,
    random,
  );
  const recovery = makeRecoverySlot(keys, recoverySecret, random);
  await putGeneration(storage, 1, encodeKeyHeader(keys, 1, passphrase, recovery));
  for (const [name, bytes] of await readOwnKit()) await storage.put(name, bytes);
  await ensureReserve(storage, surroundings);
  await storage.put(MARKER_NAME, encodeMarker(id));
  return { vault: { ...surroundings, storage, id, keys, memory: new Map() }, recoverySecret };
}

/** A crash while making a vault leaves key headers without a marker: nothing was ever sealed with them, so they may go. */
async function refuseOccupied(storage: Storage): Promise<void> {
  const names = (await storage.list('')).map((object) => object.name);
  if (names.includes(MARKER_NAME))
    throw new BackupError({ code: 'vault-exists', place: storage.location });
  const kit = new Set([...(await readOwnKit()).keys(), RESERVE_NAME]);
  const foreign = names.filter((name) => !kit.has(name) && !name.startsWith('keys/'));
  const [first] = foreign;
  if (first !== undefined) {
    throw new BackupError({ code: 'place-in-use', place: storage.location, detail: first });
  }
  for (const name of names) await storage.remove(name);
}

/** Opens the vault at a place. Throws vault-missing, key-wrong, vault-damaged, vault-newer. */
export async function openVault(
  storage: Storage,
  secret: VaultSecret,
  surroundings: Surroundings,
  report: ReportDamage,
): Promise<Vault> {
  const id = await readMarker(storage);
  const { master, bytes } = await openNewestHeader(storage, secret, report);
  if (decodeKeyHeader(bytes, 'keys').vaultId !== id) {
    throw new BackupError({
      code: 'vault-damaged',
      place: storage.location,
      objects: [MARKER_NAME, 'keys'],
    });
  }
  return { ...surroundings, storage, id, keys: { vaultId: id, master }, memory: new Map() };
}

/** What a change of keys makes anew; the other slot stays as it is. */
export type KeyChange =
  | { readonly kind: 'passphrase'; readonly passphrase: string; readonly scryptN?: number }
  | { readonly kind: 'recovery-key'; readonly recoverySecret?: Buffer };

/**
 * Writes the next generation, opens it from storage, removes the older ones. `current` must open the newest header.
 * Returns the new recovery secret where one was made. The caller holds the lease.
 */
export async function changeKeys(
  vault: Vault,
  current: VaultSecret,
  change: KeyChange,
  report: ReportDamage,
): Promise<Buffer | null> {
  const { storage, keys, random } = vault;
  const opened = await openNewestHeader(storage, current, report);
  const old = decodeKeyHeader(opened.bytes, 'keys');
  const recoverySecret =
    change.kind === 'recovery-key'
      ? (change.recoverySecret ?? Buffer.from(random(RECOVERY_KEY_BYTES)))
      : null;
  const passphrase =
    change.kind === 'passphrase'
      ? await makePassphraseSlot(
          keys,
          change.passphrase,
          change.scryptN ?? DEFAULT_SCRYPT_N,
          random,
        )
      : old.passphrase;
  const recovery =
    recoverySecret === null ? old.recovery : makeRecoverySlot(keys, recoverySecret, random);
  // Above a damaged generation too: its name is taken.
  const [highest = 0] = await listGenerations(storage);
  const generation = Math.max(highest, opened.generation) + 1;
  const header = encodeKeyHeader(keys, generation, passphrase, recovery);
  const unwritten = await failureOfPlace(putGeneration(storage, generation, header));
  const proof = newSecretOf(change, recoverySecret) ?? current;
  const again = await openGeneration(storage, generation, proof, report);
  // One copy is enough to change what opens the vault: then only the next backup can make the other one.
  if (again === null && unwritten !== null) throw unwritten;
  if (again === null || again === 'refused' || !again.master.equals(keys.master)) {
    throw new BackupError({
      code: 'vault-damaged',
      place: storage.location,
      objects: [keyHeaderName(generation, 'a')],
    });
  }
  // The change holds: who asked for it must get the new secret, and the next backup removes what is left.
  await failureOfPlace(removeOlderGenerations(storage, generation));
  return recoverySecret;
}

/** Why the place did not take it; null when it did. */
async function failureOfPlace(work: Promise<void>): Promise<BackupError | null> {
  try {
    await work;
    return null;
  } catch (error) {
    if (error instanceof BackupError) return error;
    throw error;
  }
}

function newSecretOf(change: KeyChange, recoverySecret: Buffer | null): VaultSecret | null {
  if (change.kind === 'passphrase') return { kind: 'passphrase', passphrase: change.passphrase };
  return recoverySecret === null ? null : { kind: 'recovery-key', secret: recoverySecret };
}
