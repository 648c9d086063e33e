// Whether a place lies inside of what it would hold copies of.
import { realpath } from 'node:fs/promises';
import { dirname, isAbsolute, relative, sep } from 'node:path';
import { BackupError } from '../../shared/model/backup-error.ts';
import type { Places } from './places/places.ts';

/** Throws place-in-source when it does. A place that is not there yet counts as its parent. */
export async function refusePlaceInSource(
  places: Places,
  place: string,
  sources: readonly string[],
): Promise<void> {
  const at = await places.use(place, null, async (folder) => resolved(folder));
  for (const source of sources) {
    if (isInside(at, await resolved(source))) {
      throw new BackupError({ code: 'place-in-source', place, source });
    }
  }
}

function isInside(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way === '' || !(way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way));
}

async function resolved(path: string): Promise<string> {
  const parent = dirname(path);
  return realpath(path).catch(async () => (parent === path ? path : resolved(parent)));
}
