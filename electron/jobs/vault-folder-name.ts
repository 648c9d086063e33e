// The name of a vault's folder from its plan's name: one that every file system takes, also when the disk moves on to another
// computer.
import { makePlace, type PlaceSurroundings } from './locate-vault.ts';
import { placeBelow } from './places/place-names.ts';

/** Of 255 that most file systems take; leaves room for a number. */
const MOST_BYTES = 120;
const FALLBACK = 'Holdfast';
/** Windows takes these for devices, whatever their ending. */
const DEVICE = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/iu;

/** Keeps letters of any script; never empty. */
export function vaultFolderName(planName: string): string {
  const plain = planName
    .normalize('NFC')
    .replace(/[<>:"/\\|?*\p{C}]/gu, ' ')
    .replace(/\s+/gu, ' ');
  const name = trimEnds(cutToBytes(trimEnds(plain)));
  if (name === '') return FALLBACK;
  return DEVICE.test(name) ? `${FALLBACK} ${name}` : name;
}

/** Makes a folder of that name in `place` (made too if only its last folder is missing), numbered where one is there. */
export async function makeVaultFolder(
  surroundings: Pick<PlaceSurroundings, 'places'>,
  place: string,
  planName: string,
): Promise<{ readonly folder: string; readonly isPlaceNew: boolean }> {
  const isPlaceNew = await makePlace(place, surroundings);
  const name = vaultFolderName(planName);
  for (let number = 1; ; number += 1) {
    const folder = placeBelow(place, number === 1 ? name : `${name} ${number}`);
    if (await makePlace(folder, surroundings)) return { folder, isPlaceNew };
  }
}

/** Windows drops dots and blanks at the end of a name; one at its begin hides the folder elsewhere. */
function trimEnds(text: string): string {
  return text.replace(/^[\s.]+|[\s.]+$/gu, '');
}

function cutToBytes(text: string): string {
  let cut = '';
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    if (Buffer.byteLength(cut + segment) > MOST_BYTES) break;
    cut += segment;
  }
  return cut;
}
