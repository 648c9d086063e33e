// A place as people read it: a path as it is, an address without its percent signs.
import { isAddress } from '../model/place.ts';

export function placeText(place: string): string {
  if (!isAddress(place)) return place;
  try {
    return decodeURIComponent(place);
  } catch {
    return place;
  }
}
