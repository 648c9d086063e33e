// A plan remembers on which volume each of its places lay when it was last used, so that the disk is found again anywhere.
import type { Place } from '../../shared/model/place.ts';
import type { Plan } from '../../shared/model/plan.ts';
import { writePlan } from '../plans/plan-files.ts';
import type { Engine } from './engine.ts';
import { sightPlace } from './is-here.ts';
import { volumeOfPlace } from './volume-of-place.ts';

/** The plan as it is stored afterwards; unchanged where nothing is new, or the system does not tell. */
export async function rememberVolume(engine: Engine, plan: Plan, path: string): Promise<Plan> {
  const place = plan.places.find((each) => each.path === path);
  if (place === undefined) return plan;
  const located = await sightPlace(engine, place);
  const volume = located === null ? null : await volumeOfPlace(located.place);
  if (volume === null || isSame(volume, place.volume)) return plan;
  const places = plan.places.map((each) => (each === place ? { ...each, volume } : each));
  const changed = { ...plan, places };
  await writePlan(engine.dataFolder, changed);
  return changed;
}

function isSame(one: NonNullable<Place['volume']>, other: Place['volume']): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
