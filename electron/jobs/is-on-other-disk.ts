// Whether a place lies on another disk than what it protects. Said only when it is certain; else null.
// Partitions of one disk are one disk, and so is an encrypted or logical volume on it; a share of another computer is another.
import { stat } from 'node:fs/promises';
import { findVolume } from '../platform/volumes/list-volumes.ts';
import { isOwnHost, isSameHost } from '../platform/volumes/own-host.ts';
import type { Volume } from '../platform/volumes/volume.ts';
import { withinTime } from './within-time.ts';

/** A disk that answers later counts as away: lights and backups wait for this. */
const DISKS_WITHIN_MS = 3000;

/** True: another disk; false: the same; null: it cannot be told; `away`: one of them is not there, or does not answer. */
export async function isOnOtherDisk(
  source: string,
  place: string,
): Promise<boolean | null | 'away'> {
  try {
    const looks = Promise.all([stat(source), stat(place)]);
    const found = await withinTime(DISKS_WITHIN_MS, looks, null);
    if (found === null) return 'away';
    const [one, other] = found;
    if (one.dev === other.dev) return false;
  } catch {
    return 'away';
  }
  const [one, other] = await Promise.all([findVolume(source), findVolume(place)]);
  return one === null || other === null ? null : areApart(one.volume, other.volume);
}

/** Null: it cannot be told. */
export async function areApart(one: Volume, other: Volume): Promise<boolean | null> {
  if (one.kind === 'network' && other.kind === 'network') return areSharesApart(one, other);
  const share = [one, other].find(({ kind }) => kind === 'network');
  if (share !== undefined) {
    // Which disk of this computer is shared, nobody says.
    return share.host !== null && (await isOwnHost(share.host)) ? null : true;
  }
  if (one.disks.length === 0 || other.disks.length === 0) return null;
  return !one.disks.some((disk) => other.disks.includes(disk));
}

/** One server may share two of its disks, and one of them twice. */
async function areSharesApart(one: Volume, other: Volume): Promise<boolean | null> {
  if (one.host === null || other.host === null) return null;
  return (await isSameHost(one.host, other.host)) === false ? true : null;
}
