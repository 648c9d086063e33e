// Where files of a restore point may be written: below the chosen folder, nowhere else, and never over a file.
// A manifest may come from a hostile or foreign vault: its paths are only wishes.
import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { BackupError } from '../../../shared/model/backup-error.ts';

/** Devices that Windows finds in every folder, whatever the ending. */
export const WINDOWS_DEVICE = /^(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(\.|$)/iu;
// oxlint-disable-next-line no-control-regex -- these are what Windows refuses
export const WINDOWS_FORBIDDEN = /[<>:"|?*\\\u0000-\u001f]/u;
const DRIVE_LETTER = /^[a-z]:/iu;

/**
 * The absolute path for a `/`-separated path of a restore point. Throws target-refused for what would leave `folder`
 * (`..`, absolute, drive letters) or, on Windows, would be another file than it says (devices, streams, trailing dots).
 */
export function resolveInside(
  folder: string,
  path: string,
  platform: NodeJS.Platform = process.platform,
): string {
  const complaint = complaintAbout(path, platform);
  if (complaint !== null) throw refused(path, complaint);
  return join(folder, ...path.split('/'));
}

/** A name for a folder that a label of the user's becomes; never empty, the same on every system. */
export function toFolderName(label: string): string {
  const plain = label.replaceAll(new RegExp(`${WINDOWS_FORBIDDEN.source}|/`, 'gu'), '_').trim();
  const name = plain.replace(/[. ]+$/u, '').slice(0, 120);
  return name === '' || name === '..' || WINDOWS_DEVICE.test(name) ? `_${name}` : name;
}

function complaintAbout(path: string, platform: NodeJS.Platform): string | null {
  const parts = path.split('/');
  if (path.includes('\0')) return 'it holds a NUL';
  if (parts.includes('..') || parts.includes('.')) return 'it leads out of its folder';
  if (parts.includes('')) return 'it is absolute or has an empty part';
  if (DRIVE_LETTER.test(path) || path.startsWith('\\')) return 'it is absolute on Windows';
  if (platform !== 'win32') return null;
  const isForbidden = (part: string): boolean =>
    WINDOWS_FORBIDDEN.test(part) || WINDOWS_DEVICE.test(part) || /[. ]$/u.test(part);
  return parts.some(isForbidden) ? 'Windows cannot have a file of this name' : null;
}

/** Throws target-refused when a folder between `folder` and the file is a link or no folder: it may lead elsewhere. */
export async function assertPlainParents(folder: string, path: string): Promise<void> {
  const parts = path.split('/').slice(0, -1);
  for (let depth = 1; depth <= parts.length; depth++) {
    const parent = join(folder, ...parts.slice(0, depth));
    const found = await lstat(parent).catch(onMissing);
    if (found === null) return;
    if (!found.isDirectory()) throw refused(path, `${parent} is no plain folder`);
  }
}

/** Throws target-exists when anything, even a dangling link, has this name. */
export async function assertNothingThere(path: string): Promise<void> {
  if ((await lstat(path).catch(onMissing)) !== null) {
    throw new BackupError({ code: 'target-exists', path });
  }
}

/** For `catch` of a look at a path: null where nothing is. */
export function onMissing(error: unknown): null {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
  throw error;
}

function refused(path: string, detail: string): BackupError {
  const shown = JSON.stringify(path.slice(0, 200));
  return new BackupError({ code: 'target-refused', path: shown, detail });
}
