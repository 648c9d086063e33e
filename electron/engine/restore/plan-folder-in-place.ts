// What of a folder's point is missing or differs in the present folder. Promise: nothing is changed by looking.
import { createHash } from 'node:crypto';
import { createReadStream, type Stats } from 'node:fs';
import { lstat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { BackupError } from '../../../shared/model/backup-error.ts';
import type { PointSource } from '../../../shared/model/restore-point.ts';
import { readFolderList, type FolderEntry } from '../vault/folder-list.ts';
import { usualDiskNames, type DiskNames } from './disk-names.ts';
import { stampFile } from './file-stamp.ts';
import { freeBytesAbove } from './free-bytes.ts';
import { placeEntries, type PlacedEntry } from './place-entries.ts';
import type { PointToRestore, RestoreTools } from './restore-tools.ts';
import { assertPlainParents, onMissing, resolveInside } from './safe-target.ts';
import { storedBytesOf } from './write-sparse.ts';

type FileEntry = Extract<FolderEntry, { kind: 'file' }>;

export interface StoredFolder {
  readonly from: PointToRestore;
  /** A folder. */
  readonly source: PointSource;
}

export interface FolderToPlan extends StoredFolder {
  readonly tools: Pick<RestoreTools, 'report' | 'signal'>;
  /** Absolute; the folder that it is in must be there. */
  readonly folder: string;
  /** Files that it is about, by path on this disk; null: all of them. */
  readonly only: ReadonlySet<string> | null;
  /** How the folder's disk takes names; left out: as is usual on this system. */
  readonly names?: DiskNames;
}

export interface FolderInPlacePlan {
  /** What is missing or differs, in the order of the list: folders before what is in them. */
  readonly entries: readonly Difference[];
  readonly files: number;
  readonly bytes: number;
  readonly freeBytes: number | null;
}

export interface Difference {
  readonly entry: PlacedEntry;
  /** What lay there when it was looked at; null: nothing. */
  readonly stamp: string | null;
}

/** Reads the present files where size and times cannot tell. Throws target-refused, target-full, point-damaged. */
export async function planFolderInPlace(request: FolderToPlan): Promise<FolderInPlacePlan> {
  const { tools, folder, only } = request;
  if ((await lstat(dirname(folder)).catch(onMissing)) === null) {
    throw refused(folder, `its folder ${dirname(folder)} is not there`);
  }
  const entries: Difference[] = [];
  let [files, bytes, neededBytes] = [0, 0, 0];
  for await (const entry of entriesOf(request)) {
    tools.signal.throwIfAborted();
    if (only !== null && !only.has(entry.path)) continue;
    const stamp = await stampFile(resolveInside(folder, entry.path));
    if (!(await differs(folder, entry))) continue;
    entries.push({ entry, stamp });
    if (entry.kind !== 'file') continue;
    files += 1;
    bytes += entry.size;
    neededBytes += storedBytesOf(entry);
  }
  const freeBytes = await freeBytesAbove(folder);
  if (freeBytes !== null && freeBytes < neededBytes) {
    throw new BackupError({ code: 'target-full', path: folder, neededBytes, freeBytes });
  }
  return { entries, files, bytes, freeBytes };
}

/** All that the point has of the folder, under the names that it gets on this disk. */
export function entriesOf({
  tools,
  from,
  source,
  names,
}: Pick<FolderToPlan, 'from' | 'source' | 'names'> & {
  readonly tools: Pick<RestoreTools, 'report'>;
}): AsyncGenerator<PlacedEntry> {
  const entries = readFolderList(from.vault, source.list?.levels ?? [], tools.report);
  return placeEntries(entries, names ?? usualDiskNames());
}

/** Whether a restore would write it; throws target-refused where something else lies in the way. */
export async function differs(folder: string, entry: FolderEntry): Promise<boolean> {
  const path = resolveInside(folder, entry.path);
  await assertPlainParents(folder, entry.path);
  const found = await lstat(path).catch(onMissing);
  if (found === null) return true;
  if (entry.kind === 'folder') {
    if (!found.isDirectory()) throw refused(path, 'it is no folder now');
    return false;
  }
  // Where a link leads is nobody's content.
  if (entry.kind === 'link') return false;
  if (!found.isFile()) throw refused(path, 'it is no plain file now');
  return !(await isSameFile(path, found, entry));
}

/** Equal times of both kinds mean that nobody wrote to it; otherwise only its bytes tell. */
async function isSameFile(path: string, found: Stats, entry: FileEntry): Promise<boolean> {
  if (found.size !== entry.size) return false;
  if (found.mtimeMs === entry.mtimeMs && found.ctimeMs === entry.ctimeMs) return true;
  const digest = createHash('sha256');
  for await (const part of createReadStream(path)) digest.update(part as Buffer);
  return digest.digest('hex') === entry.sha256;
}

function refused(path: string, detail: string): BackupError {
  return new BackupError({ code: 'target-refused', path, detail });
}
