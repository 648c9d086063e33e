// Vaults that lie in a folder or in a folder of it: somebody who chose the disk means the copy on it.
// Reads names and markers only. A folder that cannot be read holds none that could be used.
import { readdir } from 'node:fs/promises';
import { BackupError, hasCode } from '../../shared/model/backup-error.ts';
import type { FoundVault } from '../../shared/model/setup.ts';
import { locateVault, type PlaceSurroundings } from './locate-vault.ts';
import { placeBelow } from './places/place-names.ts';

/** More folders than that are no place for copies. */
const MOST_FOLDERS = 500;

/** In the folder itself first, then by name. */
export async function findVaults(
  surroundings: PlaceSurroundings,
  folder: string,
): Promise<readonly FoundVault[]> {
  const entries = await surroundings.places
    .use(folder, null, async (path) => readdir(path, { withFileTypes: true }))
    .catch(() => []);
  const below = entries
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => placeBelow(folder, name))
    .sort()
    .slice(0, MOST_FOLDERS);
  const found: FoundVault[] = [];
  for (const path of [folder, ...below]) {
    const located = await locateVault(path, surroundings).catch(() => null);
    if (located !== null) found.push({ vault: located.vaultId, path });
  }
  return found;
}

/** The folder itself when a vault is there, else the only one below it. Throws vault-missing and its like. */
export async function findVaultBelow(
  surroundings: PlaceSurroundings,
  folder: string,
): Promise<string> {
  try {
    await locateVault(folder, surroundings);
    return folder;
  } catch (error) {
    if (!hasCode(error, 'vault-missing')) throw error;
    const [only, ...others] = await findVaults(surroundings, folder);
    if (only === undefined || others.length > 0) {
      throw new BackupError({ code: 'vault-missing', place: folder }, error);
    }
    return only.path;
  }
}
