// Places of a plan that count together: the members of a set take turns and hold one copy between them; every other
// place stands for itself.
import type { Place } from './place.ts';

/** Disks that take turns may all lie in a drawer for so long; then somebody is reminded. */
export const SET_UNSEEN_AFTER_MS = 7 * 24 * 3_600_000;

export interface PlaceGroup<P extends Place = Place> {
  /** Null: one place for itself. */
  readonly set: string | null;
  /** In the plan's order; never empty. */
  readonly places: readonly P[];
}

/** In the order of each group's first place. */
export function placeGroups<P extends Place>(places: readonly P[]): readonly PlaceGroup<P>[] {
  const groups: { set: string | null; places: P[] }[] = [];
  for (const place of places) {
    const set = place.set ?? null;
    const known = set === null ? undefined : groups.find((group) => group.set === set);
    if (known === undefined) groups.push({ set, places: [place] });
    else known.places.push(place);
  }
  return groups;
}
