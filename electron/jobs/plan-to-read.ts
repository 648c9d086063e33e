// Which of a plan's places is read when something is looked at or brought back: the one that has the restore point, else
// of those that are here the one with the newest copy.
import type { PointId, SourceId } from '../../shared/model/ids.ts';
import type { Place } from '../../shared/model/place.ts';
import type { Plan } from '../../shared/model/plan.ts';
import { hasCopyOf, readNewestCopyMs } from '../history/copies.ts';
import type { Engine } from './engine.ts';
import { isHere } from './is-here.ts';
import { planAt } from './plan-at.ts';

/** The plan at one place. A point that this computer does not know may lie at any. */
export async function planToRead(
  engine: Engine,
  plan: Plan,
  point: PointId | null = null,
): Promise<Plan> {
  const [first] = plan.places;
  if (first === undefined || plan.places.length === 1) return plan;
  const holder = point === null ? undefined : plan.places.find(holds(engine, point));
  return planAt(plan, holder ?? (await newestHere(engine, plan)) ?? first);
}

const holds =
  (engine: Engine, point: PointId) =>
  ({ vaultId }: Place): boolean =>
    vaultId !== null && hasCopyOf(engine.history(), vaultId, point);

async function newestHere(engine: Engine, { places, sources }: Plan): Promise<Place | null> {
  const looks = await Promise.all(places.map(async (place) => isHere(engine, place)));
  const here = places.filter((_, index) => looks[index]);
  const ids = sources.map(({ id }) => id);
  const times = here.map((place) => ({ place, atMs: newestCopyMs(engine, place, ids) }));
  return times.sort((a, b) => b.atMs - a.atMs)[0]?.place ?? null;
}

function newestCopyMs(engine: Engine, { vaultId }: Place, sources: readonly SourceId[]): number {
  if (vaultId === null) return -Infinity;
  return readNewestCopyMs(engine.history(), vaultId, sources) ?? -Infinity;
}
