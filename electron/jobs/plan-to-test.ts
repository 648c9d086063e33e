// Which of a plan's places a restore test is asked for: of those that are here the one whose last test is the oldest.
import type { Place } from '../../shared/model/place.ts';
import type { Plan } from '../../shared/model/plan.ts';
import type { Engine } from './engine.ts';
import { isHere } from './is-here.ts';
import { planAt } from './plan-at.ts';
import { readDrillState } from './schedule/schedule-facts.ts';

/** The plan at one place; where none is here, at its first, whose test then says so. */
export async function planToTest(engine: Engine, plan: Plan): Promise<Plan> {
  const [first] = plan.places;
  if (first === undefined || plan.places.length === 1) return plan;
  const looks = await Promise.all(plan.places.map(async (place) => isHere(engine, place)));
  const here = plan.places.filter((_, index) => looks[index]);
  const tested = here.map((place) => ({ place, atMs: testedAtMs(engine, plan, place) }));
  return planAt(plan, tested.sort((a, b) => a.atMs - b.atMs)[0]?.place ?? first);
}

/** Without a copy there is nothing to test yet. */
function testedAtMs(engine: Engine, plan: Plan, place: Place): number {
  const nowMs = engine.clock.nowMs();
  const state = readDrillState(engine.history(), planAt(plan, place), nowMs);
  const { oldestCopyAtMs, passedAtMs } = state;
  return oldestCopyAtMs === null ? Infinity : (passedAtMs ?? -Infinity);
}
