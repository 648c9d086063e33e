// Where else a lost page lies: `replace` notes (FORMAT.md section 9). They are only hints: a page counts by its hash.
import { notesOf, type Note } from '../vault/notes.ts';

/** One page of one frame. */
export interface SlotPlace {
  readonly packId: string;
  readonly frame: number;
  readonly slot: number;
}

/** Gives the places that stand in for one, nearest first, through any number of notes. */
export type FindReplacements = (lost: SlotPlace) => readonly SlotPlace[];

/** The index is made at the first question: a healthy vault asks none. */
export function createReplacements(notes: readonly Note[]): FindReplacements {
  let index: Map<string, SlotPlace[]> | null = null;
  return (lost) => {
    index ??= indexNotes(notes);
    const found: SlotPlace[] = [];
    const seen = new Set([keyOf(lost)]);
    followNotes(lost, index, seen, found);
    // Grows while it is walked: a replacement may have been lost and replaced in its turn.
    for (const place of found) followNotes(place, index, seen, found);
    return found;
  };
}

function followNotes(
  from: SlotPlace,
  index: Map<string, SlotPlace[]>,
  seen: Set<string>,
  found: SlotPlace[],
): void {
  for (const place of index.get(keyOf(from)) ?? []) {
    if (seen.has(keyOf(place))) continue;
    seen.add(keyOf(place));
    found.push(place);
  }
}

function indexNotes(notes: readonly Note[]): Map<string, SlotPlace[]> {
  const index = new Map<string, SlotPlace[]>();
  for (const { content } of notesOf(notes, 'replace')) {
    for (const [frame, slot, toFrame, toSlot] of content.slots) {
      const key = keyOf({ packId: content.from, frame, slot });
      const places = index.get(key) ?? [];
      places.push({ packId: content.to, frame: toFrame, slot: toSlot });
      index.set(key, places);
    }
  }
  return index;
}

function keyOf({ packId, frame, slot }: SlotPlace): string {
  return `${packId} ${frame} ${slot}`;
}
