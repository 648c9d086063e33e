// What the restore of a folder has changed, by the lists of what it restored and of what was kept before: for undoing it.
// Promise: what somebody wrote to since is never among what an undo takes away.
import type { FolderEntry } from '../vault/folder-list.ts';
import type { DiskNames } from './disk-names.ts';
import { stampFile } from './file-stamp.ts';
import { differs, entriesOf, type StoredFolder } from './plan-folder-in-place.ts';
import type { SeenFile } from './restore-folder-in-place.ts';
import type { RestoreTools } from './restore-tools.ts';
import { resolveInside } from './safe-target.ts';

type FileEntry = Extract<FolderEntry, { kind: 'file' }>;

export interface FolderChange {
  /** Files that the restore put in the place of others. */
  readonly replaced: ReadonlySet<string>;
  /** Files that it put where none were, and that are still as it left them. */
  readonly added: readonly SeenFile[];
  /** Files that were kept, that it knew nothing of, and that are not there now. */
  readonly gone: readonly string[];
  /** Nobody wrote to any of them since. */
  readonly isAsRestored: boolean;
}

export interface FolderLists {
  readonly restored: StoredFolder;
  /** The state before. */
  readonly kept: StoredFolder;
  readonly names: DiskNames;
}

/** Paths are those on this disk. */
export async function compareFolderSince(
  tools: RestoreTools,
  folder: string,
  { restored, kept, names }: FolderLists,
): Promise<FolderChange> {
  const before = new Map<string, FileEntry>();
  for await (const entry of filesOf(tools, kept, names)) before.set(entry.path, entry);
  const others = new Set(before.keys());
  const replaced = new Set<string>();
  const added: SeenFile[] = [];
  let isAsRestored = true;
  for await (const entry of filesOf(tools, restored, names)) {
    const old = before.get(entry.path);
    others.delete(entry.path);
    if (old?.sha256 === entry.sha256) continue;
    // Before the look: what is written after it must show.
    const stamp = await stampFile(resolveInside(folder, entry.path));
    const isSame = !(await differs(folder, entry));
    if (old !== undefined) {
      replaced.add(entry.path);
      // An undo that was cut off has put some of them back already.
      isAsRestored &&= isSame || !(await differs(folder, old));
    } else if (isSame && stamp !== null) {
      added.push({ path: entry.path, stamp });
    } else {
      // Gone is what the undo would make of it; changed belongs to whoever wrote it, and stays.
      isAsRestored &&= stamp === null;
    }
  }
  const gone: string[] = [];
  for (const path of others) {
    if ((await stampFile(resolveInside(folder, path))) === null) gone.push(path);
  }
  return { replaced, added, gone, isAsRestored };
}

async function* filesOf(
  tools: RestoreTools,
  stored: StoredFolder,
  names: DiskNames,
): AsyncGenerator<FileEntry> {
  for await (const entry of entriesOf({ tools, ...stored, names })) {
    if (entry.kind === 'file') yield entry;
  }
}
