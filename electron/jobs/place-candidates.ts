// Disks and shares of this computer where copies could go: those that are there now and can be written to.
// Promise: changes nothing, and a share that does not answer is left out after a moment.
import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import type { PlaceCandidate } from '../../shared/model/setup.ts';
import { listVolumes } from '../platform/volumes/list-volumes.ts';
import { volume, type Volume } from '../platform/volumes/volume.ts';
import { roomAt } from './sight-vault.ts';
import { withinTime } from './within-time.ts';

/** For each volume. */
const PATIENCE_MS = 2000;

/** Other disks first, then those with more room. */
export async function listPlaceCandidates(home: string = homedir()): Promise<PlaceCandidate[]> {
  const volumes = (await volumesToOffer()).flatMap((each) =>
    each.folders.map((folder) => ({ volume: each, folder })),
  );
  const found = await Promise.all(
    volumes.map(async (each) => withinTime(PATIENCE_MS, look(each, home), null)),
  );
  const first = new Map<number, PlaceCandidate>();
  for (const each of found) {
    // Mounted twice, it is still one disk: the shortest path is its own.
    const known = each === null ? undefined : first.get(each.device);
    if (each === null || (known !== undefined && known.path.length <= each.candidate.path.length))
      continue;
    first.set(each.device, each.candidate);
  }
  return [...first.values()].sort(
    (a, b) => Number(a.isSystemDisk) - Number(b.isSystemDisk) || b.freeBytes - a.freeBytes,
  );
}

interface Looked {
  readonly device: number;
  readonly candidate: PlaceCandidate;
}

/** Null for one that is not there, or that this user cannot write to. */
async function look(
  { volume: { kind, label }, folder }: { readonly volume: Volume; readonly folder: string },
  home: string,
): Promise<Looked | null> {
  try {
    const { dev: device } = await stat(folder);
    const homeDevice = (await stat(home)).dev;
    const systemDevice = process.platform === 'win32' ? homeDevice : (await stat('/')).dev;
    // On the disk of their home people may write there, and rarely at its root.
    const path = device === homeDevice ? home : folder;
    await access(path, constants.W_OK);
    const room = await roomAt(path);
    if (room === 'not-told' || room.totalBytes === 0) return null;
    const isSystemDisk = device === systemDevice || device === homeDevice;
    const shown = isSystemDisk || kind === 'other' ? 'disk' : kind;
    return { device, candidate: { path, kind: shown, label, ...room, isSystemDisk } };
  } catch {
    return null;
  }
}

async function volumesToOffer(): Promise<readonly Volume[]> {
  const volumes = (await listVolumes()).filter(
    ({ kind, isReadOnly, isForSystem, folders }) =>
      // In a container the root is a layered one, and still where people keep things.
      (kind !== 'other' || folders.includes('/')) && !isReadOnly && !isForSystem,
  );
  return volumes.length === 0 && process.platform === 'win32' ? driveLetters() : volumes;
}

/** Where Windows tells nothing. A and B are floppy drives, which take seconds to say that they are empty. */
function driveLetters(): readonly Volume[] {
  return [...'CDEFGHIJKLMNOPQRSTUVWXYZ'].map((letter) =>
    volume({ folders: [`${letter}:\\`], kind: 'disk' }),
  );
}
