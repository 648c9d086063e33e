// A folder storage on a place that has to be connected: each call finds the folder as it is connected then, so that a
// share that was lost is connected anew by whoever tries again.
// Promise: after a reconnection the vault is recognised by its marker before anything is read or written there.
import { BackupError, hasCode } from '../../../shared/model/backup-error.ts';
import type { Clock, RandomBytes } from '../../../shared/model/clock.ts';
import type { VaultId } from '../../../shared/model/ids.ts';
import { openFolderStorage } from '../../engine/storage/folder-storage.ts';
import type { ObjectWriter, Storage } from '../../engine/storage/storage.ts';
import { readMarker } from '../../engine/vault/marker.ts';
import { nameFailures } from './name-failures.ts';
import type { Places } from './places.ts';

export interface AttachedStorage extends Storage {
  /** From now on another vault, or none, is refused whenever the folder is opened anew. */
  expectVault(vaultId: VaultId): void;
}

export interface AttachedStorageOptions {
  readonly places: Places;
  readonly clock: Clock;
  readonly random: RandomBytes;
}

/** Opens the place once, so that it throws place-missing and its like now. */
export async function openAttachedStorage(
  place: string,
  { places, clock, random }: AttachedStorageOptions,
): Promise<AttachedStorage> {
  let opened: { readonly folder: string; readonly storage: Promise<Storage> } | null = null;
  let expected: VaultId | null = null;

  const openAt = async (folder: string): Promise<Storage> => {
    const storage = await openFolderStorage({ root: folder, clock, random, isRemote: true });
    if (expected !== null && (await readMarker(storage)) !== expected) {
      throw new BackupError({ code: 'vault-other', place });
    }
    return storage;
  };
  const storageAt = async (folder: string): Promise<Storage> => {
    const known = opened?.folder === folder ? opened : null;
    const now = known ?? { folder, storage: openAt(folder) };
    opened = now;
    try {
      return await now.storage;
    } catch (error) {
      if (opened === now) opened = null;
      throw error;
    }
  };
  const call = async <T>(
    work: (storage: Storage) => Promise<T>,
    isNothing: (result: T) => boolean = () => false,
  ): Promise<T> =>
    places.use(place, null, async (folder) => {
      try {
        const result = await work(await storageAt(folder));
        if (isNothing(result)) await places.assertConnected(place);
        return result;
      } catch (error) {
        const told = await explainLoss(error);
        // The device may be another one after a reconnection: the next call opens the folder anew.
        if (hasCode(told, 'place-missing', 'place-unreachable')) opened = null;
        throw told;
      }
    });

  /** A lost connection may answer like an empty folder: that must not count. */
  const explainLoss = async (error: unknown): Promise<unknown> => {
    if (!hasCode(error, 'object-missing', 'vault-missing', 'place-missing')) return error;
    return places.assertConnected(place).then(
      () => error,
      (lost: unknown) => lost,
    );
  };

  await call(async () => undefined);
  return {
    location: place,
    expectVault: (vaultId) => void (expected = vaultId),
    // Nobody tells a lost connection by what a list lacks.
    list: async (folder) => call(async (storage) => storage.list(folder), always),
    read: async (name, offset, length) =>
      call(async (storage) => storage.read(name, offset, length)),
    readWhole: async (name, maxBytes) => call(async (storage) => storage.readWhole(name, maxBytes)),
    size: async (name) => call(async (storage) => storage.size(name), isNull),
    put: async (name, bytes) => call(async (storage) => storage.put(name, bytes)),
    putExclusive: async (name, bytes) => call(async (storage) => storage.putExclusive(name, bytes)),
    startWriter: async (name, tag) => startWriter(name, tag),
    remove: async (name) => call(async (storage) => storage.remove(name), always),
    listTemporary: async () => call(async (storage) => storage.listTemporary(), always),
    removeTemporary: async (name) => call(async (storage) => storage.removeTemporary(name), always),
    freeBytes: async () => call(async (storage) => storage.freeBytes()),
    clockMs: async () => call(async (storage) => storage.clockMs()),
  };

  /** A writer belongs to the folder that it began in; the place stays connected until it ends. */
  async function startWriter(name: string, tag: string): Promise<ObjectWriter> {
    const held = await places.hold(place, null);
    // Never by `use`: it may connect anew, and what was begun must be ended even where that fails.
    const named = async <T>(work: () => Promise<T>): Promise<T> =>
      nameFailures(held.folder, place, work).catch((error: unknown) => {
        if (isAbsence(error)) places.doubt(place);
        throw error;
      });
    const letGo = async (): Promise<void> => held[Symbol.asyncDispose]();
    try {
      const writer = await named(async () => (await storageAt(held.folder)).startWriter(name, tag));
      return {
        write: async (bytes) => named(async () => writer.write(bytes)),
        async publish() {
          await named(async () => writer.publish());
          await letGo();
        },
        async abandon() {
          try {
            await named(async () => writer.abandon());
          } finally {
            await letGo();
          }
        },
      };
    } catch (error) {
      await letGo();
      if (isAbsence(error)) opened = null;
      throw error;
    }
  }
}

const always = (): boolean => true;
const isNull = (result: unknown): boolean => result === null;
const isAbsence = (error: unknown): boolean =>
  hasCode(error, 'place-missing', 'place-unreachable', 'unexpected');
