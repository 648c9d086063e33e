// A plan as if one of its places were its only one: for work that is done at one place after the other. Never stored.
import type { Place } from '../../shared/model/place.ts';
import type { Plan } from '../../shared/model/plan.ts';

/** The plan at this place alone. */
export function planAt(plan: Plan, place: Place): Plan {
  return plan.places.length === 1 ? plan : { ...plan, places: [place] };
}
