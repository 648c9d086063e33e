// From the name of a place to its storage and the vault found there, before anything is unlocked.
import { access, mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { BackupError, hasCode } from '../../shared/model/backup-error.ts';
import type { Clock, RandomBytes } from '../../shared/model/clock.ts';
import type { VaultId } from '../../shared/model/ids.ts';
import { isAddress, type PlaceVolume } from '../../shared/model/place.ts';
import { MARKER_NAME } from '../engine/format/object-names.ts';
import { openFolderStorage } from '../engine/storage/folder-storage.ts';
import { createRetryingStorage } from '../engine/storage/retrying-storage.ts';
import { explainErrno } from '../engine/storage/storage-failure.ts';
import type { Storage } from '../engine/storage/storage.ts';
import { readMarker } from '../engine/vault/marker.ts';
import { createLettingGoStorage } from './letting-go-storage.ts';
import { findVolume } from '../platform/volumes/list-volumes.ts';
import { isAwayCode } from './is-away-code.ts';
import { lookInTime } from './look-in-time.ts';
import { openAttachedStorage, type AttachedStorage } from './places/attached-storage.ts';
import { placeAbove } from './places/place-names.ts';
import type { Places } from './places/places.ts';
import { foldersElsewhere, isSystemVolume, rememberedVolume } from './volume-of-place.ts';

/** `/media/BLUE`, `/media/anna/BLUE`, `/run/media/anna/BLUE`, `/Volumes/BLUE`. */
const MOUNT_FOLDER = /^(?:\/media(?:\/[^/]+)?|\/run\/media\/[^/]+|\/Volumes)\/[^/]+\/?$/u;

export interface PlaceSurroundings {
  readonly clock: Clock;
  readonly random: RandomBytes;
  readonly places: Places;
  /** Of the app: its plans remember the volumes of places. */
  readonly dataFolder?: string;
}

/** A vault that was found and not yet opened. */
export interface LocatedVault {
  /** Where it was found: another path than was asked for when its disk is mounted elsewhere now. */
  readonly place: string;
  /** Does not retry; see `patient`. */
  readonly storage: Storage;
  readonly vaultId: VaultId;
}

/** Opens the storage of a place, connected if need be. Throws place-missing and its like. */
export async function openPlace(place: string, surroundings: PlaceSurroundings): Promise<Storage> {
  return openStorage(place, surroundings);
}

async function openStorage(
  place: string,
  { clock, random, places }: PlaceSurroundings,
): Promise<Storage & Partial<AttachedStorage>> {
  return places.needsConnecting(place)
    ? openAttachedStorage(place, { clock, random, places })
    : openFolderStorage({ root: place, clock, random });
}

/** Makes the last folder of a new place; false: it is there. A parent that is not there is a place that is missing. */
export async function makePlace(
  place: string,
  { places }: Pick<PlaceSurroundings, 'places'>,
): Promise<boolean> {
  return twice(place, async () =>
    places.use(place, null, async (folder) => makeFolder(folder, place)),
  );
}

/** A connection that nobody used for a while is often found to be dead only now: then it is made anew, once. */
async function twice<T>(place: string, look: () => Promise<T>): Promise<T> {
  try {
    return await look();
  } catch (error) {
    if (!isAddress(place) || !hasCode(error, 'place-unreachable')) throw error;
    return look();
  }
}

async function makeFolder(folder: string, place: string): Promise<boolean> {
  const parent = placeAbove(place);
  if (await isMissingMount(folder)) throw new BackupError({ code: 'place-missing', place });
  try {
    await mkdir(folder, { mode: 0o700 });
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return false;
    if (code === 'ENOENT' || code === 'ENOTDIR') {
      throw new BackupError({ code: 'place-missing', place: parent }, error);
    }
    if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') {
      throw new BackupError({ code: 'place-read-only', place: parent }, error);
    }
    throw explainErrno(error, parent, place);
  }
}

/** Where systems mount disks, a folder that is not there is a disk that is not there: made, it would lie on the system's. */
async function isMissingMount(folder: string): Promise<boolean> {
  if (!MOUNT_FOLDER.test(folder)) return false;
  const isThere = await access(folder).then(
    () => true,
    () => false,
  );
  if (isThere) return false;
  // A folder on a disk that is mounted one level above is one like any other.
  const above = await findVolume(dirname(folder));
  return above !== null && (await isSystemVolume(above.volume));
}

/**
 * The vault at a place, by its marker. `expected`: another vault there is not the one, and a disk that is mounted elsewhere
 * now is looked for there. A place that hangs is unreachable.
 */
export async function locateVault(
  place: string,
  surroundings: PlaceSurroundings,
  expected: VaultId | null = null,
  signal: AbortSignal | null = null,
): Promise<LocatedVault> {
  return lookInTime(place, signal, async () =>
    expected === null || isAddress(place)
      ? twice(place, async () => findVault(place, surroundings, expected))
      : findOnVolumes(place, surroundings, expected),
  );
}

/** Neither a letter nor a mount folder makes a disk: its marker does, and that it is not the system's own. */
async function findOnVolumes(
  place: string,
  surroundings: PlaceSurroundings,
  expected: VaultId,
): Promise<LocatedVault> {
  const { dataFolder } = surroundings;
  const remembered =
    dataFolder === undefined
      ? null
      : await rememberedVolume(dataFolder, expected).catch(() => null);
  try {
    const located = await findVault(place, surroundings, expected);
    if (await mayBeVolume(place, remembered)) return located;
  } catch (error) {
    if (!(error instanceof BackupError) || !isAwayCode(error.failure.code)) throw error;
    const elsewhere = await findElsewhere(place, surroundings, expected, remembered);
    if (elsewhere !== null) return elsewhere;
    if (remembered?.isRemovable !== true) throw error;
    throw notConnected(place, remembered, error);
  }
  const elsewhere = await findElsewhere(place, surroundings, expected, remembered);
  if (elsewhere !== null) return elsewhere;
  throw notConnected(place, remembered);
}

/**
 * False: a disk that can be pulled out is expected, and this is the folder of the system's disk below it. At its own path
 * a vault on any other volume is the one: disks are replaced and reformatted, and the person has put it there.
 */
async function mayBeVolume(place: string, remembered: PlaceVolume | null): Promise<boolean> {
  if (remembered === null || !remembered.isRemovable) return true;
  const found = await findVolume(place);
  if (found === null || found.volume.id === remembered.id) return true;
  return !(await isSystemVolume(found.volume));
}

/** Throws place-not-connected where only a clone of the vault is there: copies would go to another disk than was chosen. */
async function findElsewhere(
  place: string,
  surroundings: PlaceSurroundings,
  expected: VaultId,
  remembered: PlaceVolume | null,
): Promise<LocatedVault | null> {
  for (const { folder, isOtherVolume } of await foldersElsewhere(place, remembered)) {
    const isVault = await access(join(folder, MARKER_NAME)).then(
      () => true,
      () => false,
    );
    if (!isVault) continue;
    const located = await findVault(folder, surroundings, expected).catch(() => null);
    if (located !== null && isOtherVolume) throw notConnected(place, remembered);
    if (located !== null) return located;
  }
  return null;
}

function notConnected(place: string, remembered: PlaceVolume | null, cause?: unknown): BackupError {
  const label = remembered?.label ?? null;
  return new BackupError({ code: 'place-not-connected', place, label }, cause);
}

async function findVault(
  place: string,
  surroundings: PlaceSurroundings,
  expected: VaultId | null,
): Promise<LocatedVault> {
  const storage = await openStorage(place, surroundings);
  const vaultId = await readMarker(storage);
  if (expected !== null && expected !== vaultId) {
    throw new BackupError({ code: 'vault-other', place });
  }
  storage.expectVault?.(vaultId);
  return { place, storage, vaultId };
}

/** The same for as long as a run needs it: its place stays connected until disposed. */
export async function holdVault(
  surroundings: PlaceSurroundings,
  at: { readonly place: string; readonly expectedVault: VaultId | null },
  signal: AbortSignal,
): Promise<{ readonly located: LocatedVault } & AsyncDisposable> {
  const held = await surroundings.places.hold(at.place, signal);
  try {
    const located = await locateVault(at.place, surroundings, at.expectedVault, signal);
    return { located, [Symbol.asyncDispose]: async () => held[Symbol.asyncDispose]() };
  } catch (error) {
    await held[Symbol.asyncDispose]();
    throw error;
  }
}

/** The same for a look at a place: nothing is connected for it. Null: not now. Throws what `locateVault` throws. */
export async function sightVault(
  place: string,
  surroundings: PlaceSurroundings,
  expected: VaultId | null,
): Promise<LocatedVault | null> {
  const folder = await surroundings.places.sight(place);
  if (folder === null) return null;
  const located = await locateVault(folder, surroundings, expected);
  return located.place === folder ? { ...located, place } : located;
}

/** The storage as one run uses it: waits for a place that is away for a moment, until the run is cancelled, and for no call for ever. */
export function patient(storage: Storage, clock: Clock, signal: AbortSignal): Storage {
  return createRetryingStorage(createLettingGoStorage(storage, signal), { clock, signal });
}
