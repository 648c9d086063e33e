// What a plan's schedule is kept for: each place that stands for itself, and each set of places that take turns. A member
// of a set is a unit of its own as well: one that was away and is behind catches up when it is plugged in.
import type { Place } from '../../../shared/model/place.ts';
import { placeGroups } from '../../../shared/model/place-groups.ts';
import type { Plan } from '../../../shared/model/plan.ts';
import { planAt } from '../plan-at.ts';

export interface ScheduleUnit {
  /** Its memory's name in the schedule's file. */
  readonly key: string;
  /** The plan with the places of this unit alone. */
  readonly plan: Plan;
  /** The runs that count are those at these paths; null: all of the plan. */
  readonly paths: readonly string[] | null;
  readonly isMemberOfSet: boolean;
}

/** The slots of each must be met. */
export function groupUnits(plan: Plan): readonly ScheduleUnit[] {
  const groups = placeGroups(plan.places);
  const [only, ...others] = groups;
  if (only === undefined || others.length === 0) {
    return [{ key: plan.id, plan, paths: null, isMemberOfSet: false }];
  }
  return groups.map(({ places }, index) => ({
    key: index === 0 ? plan.id : `${plan.id}/group/${nameOf(places)}`,
    plan: { ...plan, places },
    paths: places.map(({ path }) => path),
    isMemberOfSet: false,
  }));
}

/** The members of one unit that take turns; empty where nothing does. */
export function memberUnits({ plan }: ScheduleUnit): readonly ScheduleUnit[] {
  return plan.places.length === 1 ? [] : plan.places.map((place) => placeUnit(plan, place, true));
}

/** Each place by itself: what is tested is one copy. */
export function placeUnits(plan: Plan): readonly ScheduleUnit[] {
  const [only, ...others] = plan.places;
  if (only === undefined || others.length === 0) return groupUnits(plan);
  return placeGroups(plan.places).flatMap(({ places }) =>
    places.map((place) => placeUnit(plan, place, places.length > 1)),
  );
}

function placeUnit(plan: Plan, place: Place, isMemberOfSet: boolean): ScheduleUnit {
  return {
    key: `${plan.id}/place/${nameOf([place])}`,
    plan: planAt(plan, place),
    paths: [place.path],
    isMemberOfSet,
  };
}

const nameOf = ([first]: readonly Place[]): string => first?.vaultId ?? first?.path ?? '';
