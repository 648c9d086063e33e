/** Electron's own program, if this computer has it. Asking the package itself would start a download. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../../node_modules/electron', import.meta.url));

/** Null: there is none. */
export function findElectron(): string | null {
  const nameFile = join(folder, 'path.txt');
  const name = existsSync(nameFile) ? readFileSync(nameFile, 'utf8') : 'electron';
  const dist = process.env['ELECTRON_OVERRIDE_DIST_PATH'] ?? join(folder, 'dist');
  const path = join(dist, name);
  return existsSync(path) ? path : null;
}

/** What to tell people then. */
export const noElectron =
  'Electron has no program on this computer: its package downloads it, and that did not happen here. ' +
  '`npx install-electron` tries again; ELECTRON_OVERRIDE_DIST_PATH names a folder that has it.';
