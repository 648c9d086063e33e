// The volume that a place lies on, as a plan remembers it, and the folder below it. Nothing is said of what the system does
// not tell: then the marker inside and the path have to do.
import { homedir } from 'node:os';
import { isAbsolute, join, relative, sep } from 'node:path';
import { realpath } from 'node:fs/promises';
import type { VaultId } from '../../shared/model/ids.ts';
import { isAddress, type PlaceVolume } from '../../shared/model/place.ts';
import { listPlans } from '../plans/plan-files.ts';
import { findVolume, listVolumes } from '../platform/volumes/list-volumes.ts';
import type { Volume } from '../platform/volumes/volume.ts';

/** Null: an address, a place that is away, or a volume without an identity. */
export async function volumeOfPlace(place: string): Promise<PlaceVolume | null> {
  if (isAddress(place)) return null;
  const found = await findVolume(place);
  const real = await realpath(place).catch(() => null);
  if (found === null || real === null) return null;
  const { volume, folder } = found;
  if (volume.id === null) return null;
  const below = relative(folder, real);
  if (below === '..' || below.startsWith(`..${sep}`) || isAbsolute(below)) return null;
  return {
    id: volume.id,
    label: volume.label,
    below: below.split(sep).join('/'),
    isRemovable: volume.kind === 'removable',
  };
}

/** What this computer's plans remember of the vault's volume; null: nothing. */
export async function rememberedVolume(
  dataFolder: string,
  vaultId: VaultId,
): Promise<PlaceVolume | null> {
  const { plans } = await listPlans(dataFolder);
  const places = plans.flatMap(({ plan }) => plan.places);
  return places.find((place) => place.vaultId === vaultId)?.volume ?? null;
}

/** True where the system or the user's own files lie: a disk that was pulled out is never found there. */
export async function isSystemVolume(volume: Volume): Promise<boolean> {
  const roots = process.platform === 'win32' ? [homedir()] : ['/', homedir()];
  const found = await Promise.all(roots.map(findVolume));
  return found.some((each) => each !== null && isSame(each.volume, volume));
}

export interface FolderElsewhere {
  readonly folder: string;
  /** Its volume is known not to be the one that is remembered: a vault there is a clone, however alike. */
  readonly isOtherVolume: boolean;
}

/** Where on other volumes a place may be found again: its volume by identity, then volumes without one, then all others. */
export async function foldersElsewhere(
  place: string,
  remembered: PlaceVolume | null,
): Promise<readonly FolderElsewhere[]> {
  const volumes = (await listVolumes()).filter(
    ({ kind, isForSystem }) => !isForSystem && (kind === 'removable' || kind === 'disk'),
  );
  const areSystem = await Promise.all(volumes.map(isSystemVolume));
  const others = volumes.filter((_, index) => areSystem[index] === false);
  const ways = remembered === null ? waysBelow(place) : [remembered.below];
  const found = new Map<string, FolderElsewhere>();
  for (const volume of others.toSorted((a, b) => rank(a, remembered) - rank(b, remembered))) {
    const isOtherVolume = rank(volume, remembered) === 2;
    for (const root of volume.folders) {
      for (const folder of ways.map((way) => join(root, way))) {
        if (folder !== place && !found.has(folder)) found.set(folder, { folder, isOtherVolume });
      }
    }
  }
  return [...found.values()];
}

/** 0: the volume that is remembered; 1: it may be; 2: it is another one. */
function rank({ id }: Volume, remembered: PlaceVolume | null): 0 | 1 | 2 {
  if (remembered === null || id === null) return 1;
  return id === remembered.id ? 0 : 2;
}

/** Without a memory nobody knows where in the path the volume began: every end of it. */
function waysBelow(place: string): readonly string[] {
  const parts = place.split(/[\\/]/u).filter((part) => part !== '' && !part.endsWith(':'));
  return parts.map((_, index) => parts.slice(index + 1).join('/')).filter(isSafe);
}

const isSafe = (way: string): boolean => !way.split('/').includes('..');

function isSame(one: Volume, other: Volume): boolean {
  if (one.id !== null && other.id !== null) return one.id === other.id;
  return one.folders.some((folder) => other.folders.includes(folder));
}
