// Key headers in storage: two copies of each generation, the highest valid one counts (FORMAT.md section 2).
import { BackupError } from '../../../shared/model/backup-error.ts';
import {
  checkKeyHeader,
  decodeKeyHeader,
  openKeyHeader,
  type VaultSecret,
} from '../crypto/key-header.ts';
import {
  COPY_SIDES,
  keyHeaderName,
  parseKeyHeaderName,
  type CopySide,
} from '../format/object-names.ts';
import { damaged } from '../format/sealed-object.ts';
import type { Storage } from '../storage/storage.ts';
import { isWound, type ReportDamage } from './sealed-stream-reader.ts';
import type { Vault } from './vault.ts';

const MAX_HEADER_BYTES = 64 * 1024;

export interface OpenedHeader {
  readonly generation: number;
  readonly master: Buffer;
  readonly bytes: Buffer;
}

/** Generations present, highest first. */
export async function listGenerations(storage: Storage): Promise<readonly number[]> {
  const names = (await storage.list('keys')).map((object) => parseKeyHeaderName(object.name));
  const generations = new Set(names.flatMap((name) => (name === null ? [] : [name.generation])));
  return [...generations].sort((a, b) => b - a);
}

/**
 * Opens the highest generation that can be opened with the secret.
 * Throws key-wrong when an undamaged header refuses it, vault-damaged when no header is undamaged.
 */
export async function openNewestHeader(
  storage: Storage,
  secret: VaultSecret,
  report: ReportDamage,
): Promise<OpenedHeader> {
  const generations = await listGenerations(storage);
  for (const generation of generations) {
    const opened = await openGeneration(storage, generation, secret, report);
    if (opened === 'refused') throw new BackupError({ code: 'key-wrong', place: storage.location });
    if (opened !== null) return opened;
  }
  const objects = generations.flatMap((generation) =>
    COPY_SIDES.map((side) => keyHeaderName(generation, side)),
  );
  throw new BackupError({
    code: 'vault-damaged',
    place: storage.location,
    objects: objects.length === 0 ? ['keys'] : objects,
  });
}

/** Opens either copy of one generation; `refused` when an undamaged copy does not take the secret, null when none is undamaged. */
export async function openGeneration(
  storage: Storage,
  generation: number,
  secret: VaultSecret,
  report: ReportDamage,
): Promise<OpenedHeader | 'refused' | null> {
  for (const side of COPY_SIDES) {
    const name = keyHeaderName(generation, side);
    try {
      const bytes = await readHeader(storage, generation, name);
      const master = await openKeyHeader(bytes, secret, name);
      return master === null ? 'refused' : { generation, master, bytes };
    } catch (error) {
      if (!isWound(error)) throw error;
      report(name, error);
    }
  }
  return null;
}

/** An old header under a newer name would let an old passphrase in again: the number inside has to agree. */
async function readHeader(storage: Storage, generation: number, name: string): Promise<Buffer> {
  const bytes = await storage.readWhole(name, MAX_HEADER_BYTES);
  if (decodeKeyHeader(bytes, name).generation !== generation)
    throw damaged(name, 'key header of another generation');
  return bytes;
}

/** Writes both copies of a generation. */
export async function putGeneration(
  storage: Storage,
  generation: number,
  bytes: Buffer,
): Promise<void> {
  for (const side of COPY_SIDES) await storage.put(keyHeaderName(generation, side), bytes);
}

/** Removes every generation below `generation`. */
export async function removeOlderGenerations(storage: Storage, generation: number): Promise<void> {
  for (const older of await listGenerations(storage)) {
    if (older >= generation) continue;
    for (const side of COPY_SIDES) await storage.remove(keyHeaderName(older, side));
  }
}

/**
 * Does what a crash in the middle of a change of keys left undone, and makes a lost copy good: both copies of the newest
 * authentic generation are there and no older one is. The caller holds the lease.
 */
export async function finishKeyChange(vault: Vault, report: ReportDamage): Promise<void> {
  const { storage } = vault;
  for (const generation of await listGenerations(storage)) {
    const good = await readGoodCopies(vault, generation, report);
    const [bytes] = good.values();
    if (bytes === undefined) continue;
    for (const side of COPY_SIDES) {
      const name = keyHeaderName(generation, side);
      if (good.get(side)?.equals(bytes) === true) continue;
      await storage.remove(name);
      await storage.put(name, bytes);
    }
    return removeOlderGenerations(storage, generation);
  }
}

async function readGoodCopies(
  vault: Vault,
  generation: number,
  report: ReportDamage,
): Promise<ReadonlyMap<CopySide, Buffer>> {
  const good = new Map<CopySide, Buffer>();
  for (const side of COPY_SIDES) {
    const name = keyHeaderName(generation, side);
    try {
      const bytes = await readHeader(vault.storage, generation, name);
      checkKeyHeader(bytes, vault.keys, name);
      good.set(side, bytes);
    } catch (error) {
      if (!isWound(error)) throw error;
      report(name, error);
    }
  }
  return good;
}

/** Reports copies of the newest generation that are missing, damaged or differ from each other. */
export async function checkKeyHeaders(vault: Vault, report: ReportDamage): Promise<void> {
  const [generation] = await listGenerations(vault.storage);
  if (generation === undefined) return; // then nothing could have been opened
  const good = await readGoodCopies(vault, generation, report);
  const [a, b] = [good.get('a'), good.get('b')];
  if (a === undefined || b === undefined || a.equals(b)) return;
  const name = keyHeaderName(generation, 'b');
  report(name, damaged(name, 'differs from its other copy'));
}
