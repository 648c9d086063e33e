// Says it when a place lies on the disk of what it protects: that disk's end would be the end of both.
import type { Engine } from './engine.ts';
import { isOnOtherDisk } from './is-on-other-disk.ts';

/** Says it for each path that shares its disk with the place; connects nothing for it. */
export async function warnOfOwnDisk(
  engine: Engine,
  place: string,
  sources: readonly string[],
): Promise<void> {
  const folder = await engine.places.sight(place);
  if (folder === null) return;
  for (const source of sources) {
    if ((await isOnOtherDisk(source, folder)) === false) {
      engine.notify({ kind: 'own-disk', source, place });
    }
  }
}
