// Where lost pages lie a second time (`replace` notes, FORMAT.md section 9). Believed only by whoever checks the hash.
import { notesOf, type Note } from './notes.ts';

export interface StoredPlace {
  readonly pack: string;
  readonly frame: number;
  readonly slot: number;
}

export interface Replacements {
  /** All places that stand in for one: nearest first, for a replacement may have been lost and replaced in its turn. */
  findAll(place: StoredPlace): readonly StoredPlace[];
}

export function collectReplacements(notes: readonly Note[]): Replacements {
  const places = new Map<string, StoredPlace[]>();
  for (const { content } of notesOf(notes, 'replace')) {
    for (const [frame, slot, toFrame, toSlot] of content.slots) {
      const key = keyOf({ pack: content.from, frame, slot });
      const to = { pack: content.to, frame: toFrame, slot: toSlot };
      places.set(key, [...(places.get(key) ?? []), to]);
    }
  }
  return {
    findAll(place) {
      const found: StoredPlace[] = [];
      const seen = new Set([keyOf(place)]);
      let next = places.get(keyOf(place)) ?? [];
      while (next.length > 0) {
        const fresh = next.filter((to) => !seen.has(keyOf(to)));
        for (const to of fresh) seen.add(keyOf(to));
        found.push(...fresh);
        next = fresh.flatMap((to) => places.get(keyOf(to)) ?? []);
      }
      return found;
    },
  };
}

function keyOf(place: StoredPlace): string {
  return `${place.pack} ${place.frame} ${place.slot}`;
}
