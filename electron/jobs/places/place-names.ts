// Names of places below and above another, whatever kind of place it is.
import { dirname, join } from 'node:path';
import { isAddress } from '../../../shared/model/place.ts';
import { formatShareAddress, parseShareAddress } from '../../../shared/model/share-address.ts';

/** The place in the folder `name` of a place. */
export function placeBelow(place: string, name: string): string {
  return isAddress(place) ? `${place}/${encodeURIComponent(name)}` : join(place, name);
}

/** The place that a place lies in; the topmost lies in itself. */
export function placeAbove(place: string): string {
  if (!isAddress(place)) return dirname(place);
  const address = parseShareAddress(place);
  if (address === null) return place;
  return formatShareAddress({ ...address, folders: address.folders.slice(0, -1) });
}
