// A reminder that disks which take turns have all been in the drawer for too long; it goes when one is seen again.
import { CLOCK_SKEW_MS } from '../../../shared/model/plan-status.ts';
import { placeGroups, SET_UNSEEN_AFTER_MS } from '../../../shared/model/place-groups.ts';
import type { Place } from '../../../shared/model/place.ts';
import type { Plan } from '../../../shared/model/plan.ts';
import { readSighting } from '../../history/evidence.ts';
import type { History } from '../../history/open-history.ts';
import type { RunNews } from '../run-news.ts';

/** Says it once for each plan, of its set that was unseen longest. */
export function remindOfSets(history: History, news: RunNews, plan: Plan, nowMs: number): void {
  const sets = placeGroups(plan.places).flatMap(({ set, places }) =>
    set === null ? [] : [{ set, seenAtMs: newestSight(history, places, nowMs) }],
  );
  // One that was never seen waits for its first use; a plan that was just made is given time for it.
  const since = (seenAtMs: number | null): number => seenAtMs ?? plan.createdAtMs;
  const unseen = sets
    .filter(({ seenAtMs }) => nowMs - since(seenAtMs) > SET_UNSEEN_AFTER_MS)
    .sort((a, b) => since(a.seenAtMs) - since(b.seenAtMs))
    .at(0);
  if (unseen === undefined) {
    if (sets.length > 0) news.drop(plan.id, ['set-unseen']);
    return;
  }
  const fact = { kind: 'set-unseen', plan: plan.name, ...unseen } as const;
  news.say({ planId: plan.id, fact, opens: 'home' });
}

function newestSight(history: History, places: readonly Place[], nowMs: number): number | null {
  const times = places
    .map(({ vaultId }) => (vaultId === null ? null : readSighting(history, vaultId)))
    .flatMap((seen) => (seen === null || seen.atMs > nowMs + CLOCK_SKEW_MS ? [] : [seen.atMs]));
  return times.length === 0 ? null : Math.max(...times);
}
