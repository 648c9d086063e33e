// From the name of a place to its storage and the vault found there, before anything is unlocked.
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { BackupError } from '../../shared/model/backup-error.ts';
import type { Clock, RandomBytes } from '../../shared/model/clock.ts';
import type { VaultId } from '../../shared/model/ids.ts';
import { openFolderStorage } from '../engine/storage/folder-storage.ts';
import { createRetryingStorage } from '../engine/storage/retrying-storage.ts';
import { explainErrno } from '../engine/storage/storage-failure.ts';
import type { Storage } from '../engine/storage/storage.ts';
import { readMarker } from '../engine/vault/marker.ts';

export interface PlaceSurroundings {
  readonly clock: Clock;
  readonly random: RandomBytes;
}

/** A vault that was found and not yet opened. */
export interface LocatedVault {
  readonly place: string;
  /** Does not retry; see `patient`. */
  readonly storage: Storage;
  readonly vaultId: VaultId;
}

/** Opens the storage of a place: the absolute path of a folder. Throws place-missing and its like. */
export async function openPlace(place: string, surroundings: PlaceSurroundings): Promise<Storage> {
  if (/^[a-z][a-z0-9+.-]+:\/\//iu.test(place)) {
    throw new BackupError({ code: 'usage', detail: `${place} is not a folder` });
  }
  return openFolderStorage({ root: place, ...surroundings });
}

/** Makes the last folder of a new place; false: it is there. A parent that is not there is a place that is missing. */
export async function makePlace(place: string): Promise<boolean> {
  try {
    await mkdir(place, { mode: 0o700 });
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return false;
    if (code === 'ENOENT' || code === 'ENOTDIR') {
      throw new BackupError({ code: 'place-missing', place: dirname(place) }, error);
    }
    if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') {
      throw new BackupError({ code: 'place-read-only', place: dirname(place) }, error);
    }
    throw explainErrno(error, dirname(place), place);
  }
}

/** The vault at a place, by its marker. `expected`: another vault there is not the one. */
export async function locateVault(
  place: string,
  surroundings: PlaceSurroundings,
  expected: VaultId | null = null,
): Promise<LocatedVault> {
  const storage = await openPlace(place, surroundings);
  const vaultId = await readMarker(storage);
  if (expected !== null && expected !== vaultId) {
    throw new BackupError({ code: 'vault-other', place });
  }
  return { place, storage, vaultId };
}

/** The storage as one run uses it: waits for a place that is away for a moment, until the run is cancelled. */
export function patient(storage: Storage, clock: Clock, signal: AbortSignal): Storage {
  return createRetryingStorage(storage, { clock, signal });
}
