// One folder's entries, for a folder source. Looks at names and stats only; contents are read through `openRawFile`.
import { lstatSync, readdirSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';

export type FolderItem =
  | {
      readonly kind: 'file';
      readonly name: string;
      readonly size: number;
      readonly mode: number;
      readonly mtimeMs: number;
      readonly ctimeMs: number;
      /** Device and inode, or file id. */
      readonly fileId: string;
    }
  | {
      readonly kind: 'folder';
      readonly name: string;
      readonly mode: number;
      readonly mtimeMs: number;
    }
  | { readonly kind: 'link'; readonly name: string; readonly target: string }
  /** Pipes, sockets, devices; and what vanished or could not be looked at. */
  | { readonly kind: 'other'; readonly name: string; readonly detail: string }
  /** A folder whose content could not be listed. */
  | { readonly kind: 'unlisted'; readonly name: string; readonly detail: string };

/** Entries in no particular order. Throws the system's error when the folder cannot be listed. */
export function listFolder(path: string): readonly FolderItem[] {
  return readdirSync(path).map((name) => describeItem(join(path, name), name));
}

function describeItem(path: string, name: string): FolderItem {
  try {
    const stat = lstatSync(path, { bigint: true });
    const mode = Number(stat.mode) & 0o7777;
    const mtimeMs = Number(stat.mtimeNs) / 1e6;
    if (stat.isSymbolicLink()) return { kind: 'link', name, target: readlinkSync(path) };
    if (stat.isDirectory()) return { kind: 'folder', name, mode, mtimeMs };
    if (!stat.isFile()) return { kind: 'other', name, detail: 'it is no plain file' };
    const ctimeMs = Number(stat.ctimeNs) / 1e6;
    return {
      kind: 'file',
      name,
      size: Number(stat.size),
      mode,
      mtimeMs,
      ctimeMs,
      fileId: `${stat.dev}:${stat.ino}`,
    };
  } catch (error) {
    return { kind: 'other', name, detail: error instanceof Error ? error.message : String(error) };
  }
}
