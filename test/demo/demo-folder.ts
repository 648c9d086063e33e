/**
 * The folder in which everything of one demo lies: the CRM, the copies, Holdfast's own data. Each run has its own, so that
 * two may run at once.
 */
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  statfsSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { formatBytes } from '../../shared/text/bytes.ts';

/** Measured: what a contact with all that hangs on it takes at the fullest moment, in the CRM, its log and all copies. */
const peakBytesPerContact = 24_000;
const peakBytesBesides = 32 * 2 ** 20;

/** Throws when there is no room for the whole demo. */
export function createDemoFolder(contacts: number): string {
  const parent = tmpdir();
  const needed = contacts * peakBytesPerContact + peakBytesBesides;
  const { bavail, bsize } = statfsSync(parent);
  if (bavail * bsize < needed) {
    throw new Error(
      `The demo needs ${formatBytes(needed, 'en')} in ${parent}, and ${formatBytes(bavail * bsize, 'en')} are free there.
Set TMPDIR to a folder on a larger disk, or make the sample CRM smaller: npm run demo -- --contacts 5000`,
    );
  }
  const folder = mkdtempSync(join(realpathSync(parent), 'holdfast-demo-'));
  mkdirSync(join(folder, 'crm'));
  return folder;
}

export function removeDemoFolder(folder: string): void {
  // Windows lets go of files a moment after the processes that held them have ended.
  rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
}

/** Bytes of all files below. */
export function measureFolder(folder: string): number {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true });
  return files
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
}
