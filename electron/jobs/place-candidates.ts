// Disks and shares of this computer where copies could go: those that are there now and can be written to.
// Promise: starts no program, changes nothing, and a share that does not answer is left out after a moment.
import { constants } from 'node:fs';
import { access, readdir, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, join } from 'node:path';
import type { PlaceCandidate } from '../../shared/model/setup.ts';
import { isRemovable, readLabel, readMounts } from './linux-mounts.ts';
import { roomAt } from './sight-vault.ts';
import { withinTime } from './within-time.ts';

/** For each volume. */
const PATIENCE_MS = 2000;

interface Volume {
  readonly folder: string;
  readonly kind: PlaceCandidate['kind'] | null;
  /** Null: none. */
  readonly label: () => Promise<string | null>;
}

/** Other disks first, then those with more room. */
export async function listPlaceCandidates(home: string = homedir()): Promise<PlaceCandidate[]> {
  const volumes = await listVolumes();
  const found = await Promise.all(
    volumes.map(async (volume) => withinTime(PATIENCE_MS, look(volume, home), null)),
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
async function look({ folder, kind, label }: Volume, home: string): Promise<Looked | null> {
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
    const known = kind ?? (!isSystemDisk && (await isOfKind(device)) ? 'removable' : 'disk');
    return {
      device,
      candidate: { path, kind: known, label: await label(), ...room, isSystemDisk },
    };
  } catch {
    return null;
  }
}

/** Elsewhere than on Linux it cannot be told without help; what is mounted beside the system is mostly an external disk. */
async function isOfKind(device: number): Promise<boolean> {
  return process.platform === 'linux' ? isRemovable(device) : process.platform === 'darwin';
}

async function listVolumes(): Promise<readonly Volume[]> {
  if (process.platform === 'win32') return listDriveLetters();
  if (process.platform === 'darwin') return listMacVolumes();
  return (await readMounts()).map(({ device, folder, kind }) => ({
    folder,
    kind: kind === 'network' ? kind : null,
    label: async () => readLabel(device),
  }));
}

/** A and B are floppy drives, which take seconds to say that they are empty. */
function listDriveLetters(): readonly Volume[] {
  return [...'CDEFGHIJKLMNOPQRSTUVWXYZ'].map((letter) => ({
    folder: `${letter}:\\`,
    kind: null,
    label: async () => null,
  }));
}

async function listMacVolumes(): Promise<readonly Volume[]> {
  const folder = '/Volumes';
  const names = await readdir(folder).catch(() => []);
  return names
    .filter((name) => !name.startsWith('.'))
    .map((name) => join(folder, name))
    .map((path) => ({ folder: path, kind: null, label: async () => basename(path) }));
}
