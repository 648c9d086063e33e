// Which stored frames are known to be gone: packs missing from a listing, and what checks have noted as damaged.
import type { Note } from './notes.ts';
import { notesOf } from './notes.ts';

export interface LostFrames {
  readonly isEmpty: boolean;
  /** True when the frame, or its whole pack, is gone. */
  has(pack: string, frame: number): boolean;
  /** True when any frame of the pack is gone. */
  touches(pack: string): boolean;
  /** Packs that are gone as a whole. */
  readonly packs: ReadonlySet<string>;
}

/** Joins missing packs with the `damage` notes. */
export function collectLostFrames(
  notes: readonly Note[],
  missingPacks: Iterable<string>,
): LostFrames {
  const packs = new Set(missingPacks);
  const frames = new Map<string, Set<number>>();
  for (const note of notesOf(notes, 'damage')) {
    for (const pack of note.content.packs) {
      if (pack.frames === null) packs.add(pack.id);
      else frames.set(pack.id, new Set([...(frames.get(pack.id) ?? []), ...pack.frames]));
    }
  }
  return {
    isEmpty: packs.size === 0 && frames.size === 0,
    has: (pack, frame) => packs.has(pack) || frames.get(pack)?.has(frame) === true,
    touches: (pack) => packs.has(pack) || frames.has(pack),
    packs,
  };
}
