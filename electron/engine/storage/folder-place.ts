// One folder as a place: what it can do, and whether it is still the same one.
// Promise: an empty mount point that appears when a disk or share goes away is not taken for the place. A place that
// comes back as another device has to be opened anew.
import { constants } from 'node:fs';
import { open, stat, statfs } from 'node:fs/promises';
import { isAbsolute, relative, sep } from 'node:path';
import { BackupError, hasCode } from '../../../shared/model/backup-error.ts';
import type { Clock, RandomBytes } from '../../../shared/model/clock.ts';
import { realPath } from './real-path.ts';
import { explainErrno, isGone } from './storage-failure.ts';

/** What a file system may lack; a crash-safe way around it is slower, not weaker, except for exclusive names. */
export interface PlaceAbilities {
  /** link(2) works: a name is given without ever replacing another. */
  hardLinks: boolean;
  /** fsync of a folder works and means something. */
  readonly folderSync: boolean;
}

export interface FolderPlace {
  /** Absolute, symbolic links resolved. */
  readonly root: string;
  /** Device of the root when it was opened. */
  readonly device: bigint;
  readonly clock: Clock;
  readonly random: RandomBytes;
  readonly abilities: PlaceAbilities;
  /** It lies on another computer: what cannot be read there is a lost connection before it is a bad sector. */
  readonly isRemote: boolean;
}

export interface FolderPlaceOptions {
  readonly root: string;
  readonly clock: Clock;
  readonly random: RandomBytes;
  /** Treats the place as one that lacks these, whatever is found. */
  readonly lacks?: readonly ('hardLinks' | 'folderSync')[];
  /** Default: false. */
  readonly isRemote?: boolean;
}

/**
 * File systems that answer "done" to a folder fsync and do nothing (statfs(2)): FUSE where it is not implemented, and
 * Linux's SMB client always: after a power cut of the server the names were gone.
 */
const UNTRUE_FOLDER_SYNC = new Set([0x65735546, 0xfe534d42, 0xff534d42, 0x517b]);

/** Finds out what the folder can do; throws place-missing when there is none. */
export async function openFolderPlace(options: FolderPlaceOptions): Promise<FolderPlace> {
  const { clock, random, lacks = [], isRemote = false } = options;
  try {
    const root = await realPath(options.root);
    const { dev: device } = await statFolder(root);
    const folderSync = !lacks.includes('folderSync') && (await canSyncFolder(root));
    return {
      root,
      device,
      clock,
      random,
      abilities: { hardLinks: !lacks.includes('hardLinks'), folderSync },
      isRemote,
    };
  } catch (error) {
    if (isGone(error)) throw new BackupError({ code: 'place-missing', place: options.root }, error);
    throw explainErrno(error, options.root, options.root);
  }
}

/** Throws place-missing unless the root is the folder that was opened. */
export async function assertPlaceHere({ root, device }: FolderPlace): Promise<void> {
  try {
    const now = await statFolder(root);
    if (now.dev !== device) throw new BackupError({ code: 'place-missing', place: root });
  } catch (error) {
    if (isGone(error)) throw new BackupError({ code: 'place-missing', place: root }, error);
    throw explainErrno(error, root, root);
  }
}

/** Makes the names in a folder durable. */
export async function syncFolder(path: string): Promise<void> {
  await using folder = await open(path, constants.O_RDONLY);
  await folder.sync();
}

/** Last look before a removal: throws unless the path lies below the root. */
export function assertInside({ root }: FolderPlace, path: string): void {
  const way = relative(root, path);
  if (way === '' || way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way)) {
    throw new Error(`outside of ${root}: ${path}`);
  }
}

/** The name of a path below the root, `/`-separated. */
export function nameOf({ root }: FolderPlace, path: string): string {
  return relative(root, path).split(sep).join('/');
}

async function statFolder(path: string): Promise<{ readonly dev: bigint }> {
  const found = await stat(path, { bigint: true });
  if (!found.isDirectory()) throw new BackupError({ code: 'place-missing', place: path });
  return found;
}

async function canSyncFolder(root: string): Promise<boolean> {
  try {
    if (UNTRUE_FOLDER_SYNC.has((await statfs(root)).type >>> 0)) return false;
    await syncFolder(root);
    return true;
  } catch (error) {
    if (hasCode(error, 'place-missing') || isGone(error)) throw error;
    return false;
  }
}
