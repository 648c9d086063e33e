// The light: what may be said about a plan, from facts and the time alone.
// Promise: never a false green. Taking a good fact away, adding a bad one or letting time pass never makes it greener.
// A copy is proved when all bytes that its run wrote were read back and authenticated, and a restore test of the same
// source and place passed within 7 days of it; whether tests go on is judged apart, against now.
import type { SourceId } from './ids.ts';
import type { CopyFact, PairFacts, PlaceFacts, PlanFacts } from './plan-facts.ts';
import { isPaused, type Plan } from './plan.ts';
import { longestIntervalMs, newestSlotMs } from './schedule.ts';
import type { PlanStatus, ProvedCopy, StatusReason } from './status-reason.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** A restore test vouches for the copies of these days before and after it. */
export const RESTORE_TEST_DAYS_MS = 7 * DAY_MS;
/** A weekend: no newest proved copy is too old before that. */
export const LEAST_PROVED_AGE_MS = 72 * HOUR_MS;
/** From a slot until a copy must be there: waking, settling and the backup itself. */
export const SLOT_GRACE_MS = HOUR_MS;
/** A run that has taken longer does not excuse a missed slot any more. */
export const LONGEST_RUN_MS = DAY_MS;
/** Evidence further in the future than clocks of one office differ is a wrong clock, and no evidence. */
export const CLOCK_SKEW_MS = 5 * MINUTE_MS;

const MIB = 1024 ** 2;
const GIB = 1024 ** 3;

/** The plan's light at `nowMs`, with all reasons and the newest proved copy of every source at every place. */
export function planStatus(plan: Plan, facts: PlanFacts, nowMs: number): PlanStatus {
  const pairs = plan.sources.flatMap(({ id }) =>
    plan.places.map(({ path }) => knownFacts(factsOfPair(facts, id, path), nowMs)),
  );
  const proved = pairs.map((pair) => newestProved(pair, nowMs));
  const grave: StatusReason[] = pairs.length === 0 ? [{ code: 'plan-empty' }] : [];
  grave.push(...pairs.flatMap((pair, index) => graveReasons(plan, pair, proved[index])));
  const light: StatusReason[] = [
    ...pairs.flatMap((pair) => pairReasons(plan, facts, pair, nowMs)),
    ...ownDiskReasons(plan, pairs),
    ...keyReasons(facts),
    ...plan.places.flatMap(({ path }) => placeReasons(plan, factsOfPlace(facts, path), nowMs)),
  ];
  const kind = grave.length > 0 ? 'not-protected' : light.length > 0 ? 'attention' : 'protected';
  return { kind, reasons: [...grave, ...light], proved };
}

function graveReasons(plan: Plan, pair: PairFacts, newest: ProvedCopy | undefined): StatusReason[] {
  const { source, place } = pair;
  const reasons: StatusReason[] = [];
  const damage = newestOf(pair.damage, (fact) => fact.takenAtMs);
  const takenAtMs = newest?.takenAtMs ?? null;
  // Until a newer copy is proved, damage at the newest end stands, whatever was taken after it.
  if (damage !== undefined && damage.takenAtMs >= (takenAtMs ?? -Infinity)) {
    const { point, what } = damage;
    reasons.push({
      code: 'newest-damaged',
      source,
      place,
      point,
      takenAtMs: damage.takenAtMs,
      what,
    });
  }
  if (newest === undefined || newest.ageMs === null || takenAtMs === null) {
    reasons.push({ code: 'nothing-proved', source, place, lacks: whatIsMissing(pair) });
    return reasons;
  }
  const limitMs = Math.max(3 * longestIntervalMs(plan.schedule), LEAST_PROVED_AGE_MS);
  if (newest.ageMs > limitMs) {
    reasons.push({ code: 'proved-too-old', source, place, takenAtMs, limitMs });
  }
  return reasons;
}

function pairReasons(plan: Plan, facts: PlanFacts, pair: PairFacts, nowMs: number): StatusReason[] {
  const { source, place } = pair;
  const reasons: StatusReason[] = [];
  const slotMs = newestSlotMs(plan.schedule, plan.createdAtMs, nowMs - SLOT_GRACE_MS);
  if (slotMs !== null && !isServed(slotMs, pair, facts.runningSinceMs, nowMs)) {
    reasons.push({ code: 'slot-missed', source, place, slotMs, isPaused: isPaused(plan, nowMs) });
  }
  const newest = newestOf(pair.drills, (drill) => drill.atMs);
  if (newest !== undefined && newest.outcome !== 'proved') {
    const { atMs, outcome } = newest;
    reasons.push({ code: 'restore-test-failed', source, place, atMs, outcome });
  }
  const passed = newestOf(passedDrills(pair), (drill) => drill.atMs);
  if (passed !== undefined && nowMs - passed.atMs > RESTORE_TEST_DAYS_MS) {
    reasons.push({ code: 'restore-test-old', source, place, atMs: passed.atMs });
  }
  return reasons;
}

/** A slot is served by a copy of its state or a later one, or by a run that is still at it. */
function isServed(
  slotMs: number,
  pair: PairFacts,
  runningSinceMs: number | null,
  nowMs: number,
): boolean {
  if (pair.copies.some((copy) => copy.takenAtMs >= slotMs)) return true;
  if (runningSinceMs === null || isAhead(runningSinceMs, nowMs)) return false;
  return runningSinceMs >= slotMs && nowMs - runningSinceMs <= LONGEST_RUN_MS;
}

function ownDiskReasons(plan: Plan, pairs: readonly PairFacts[]): StatusReason[] {
  return plan.sources
    .filter(({ id }) => !pairs.some((pair) => pair.source === id && pair.isOnOtherDisk === true))
    .map(({ id }) => ({ code: 'only-own-disk', source: id }));
}

function keyReasons(facts: PlanFacts): StatusReason[] {
  const reasons: StatusReason[] = [];
  if (facts.kitConfirmedAtMs === null) reasons.push({ code: 'kit-not-confirmed' });
  if (facts.keyStore === 'locked' || facts.keyStore === 'unknown') {
    reasons.push({ code: 'key-store-locked' });
  }
  return reasons;
}

function placeReasons(plan: Plan, { place, seen }: PlaceFacts, nowMs: number): StatusReason[] {
  const patienceMs = Math.max(longestIntervalMs(plan.schedule), DAY_MS) + SLOT_GRACE_MS;
  if (seen === null || isAhead(seen.atMs, nowMs)) {
    return [{ code: 'place-unseen', place, seenAtMs: null }];
  }
  const reasons: StatusReason[] = [];
  if (nowMs - seen.atMs > patienceMs) {
    reasons.push({ code: 'place-unseen', place, seenAtMs: seen.atMs });
  }
  if (seen.room !== 'not-told' && isNearlyFull(seen.room)) {
    reasons.push({ code: 'place-nearly-full', place, ...seen.room });
  }
  return reasons;
}

/** Less than a twentieth, where 20 GiB are always enough and half a gibibyte never is. */
function isNearlyFull({
  freeBytes,
  totalBytes,
}: {
  freeBytes: number;
  totalBytes: number;
}): boolean {
  return freeBytes < Math.max(512 * MIB, Math.min(totalBytes / 20, 20 * GIB));
}

function newestProved(pair: PairFacts, nowMs: number): ProvedCopy {
  const { source, place } = pair;
  const copies = pair.copies.filter((copy) => isProved(copy, pair));
  const newest = newestOf(copies, (copy) => copy.takenAtMs);
  if (newest === undefined) return { source, place, point: null, takenAtMs: null, ageMs: null };
  const { point, takenAtMs } = newest;
  return { source, place, point, takenAtMs, ageMs: Math.max(0, nowMs - takenAtMs) };
}

/** Read back, not known to be bad, and vouched for by a restore test of the same days. */
export function isProved(copy: CopyFact, pair: Pick<PairFacts, 'drills' | 'damage'>): boolean {
  if (copy.readBackAtMs === null) return false;
  if (pair.damage.some((damage) => damage.point === copy.point)) return false;
  return passedDrills(pair).some(
    (drill) => Math.abs(drill.atMs - copy.takenAtMs) <= RESTORE_TEST_DAYS_MS,
  );
}

function whatIsMissing(pair: PairFacts): 'copy' | 'read-back' | 'restore-test' {
  const sound = pair.copies.filter(
    (copy) => !pair.damage.some((damage) => damage.point === copy.point),
  );
  if (sound.length === 0) return 'copy';
  return sound.some((copy) => copy.readBackAtMs !== null) ? 'restore-test' : 'read-back';
}

/** Good evidence that is dated in the future is dropped; bad news counts whatever its date. */
function knownFacts(pair: PairFacts, nowMs: number): PairFacts {
  return {
    ...pair,
    copies: pair.copies.filter(
      (copy) => !isAhead(copy.takenAtMs, nowMs) && !isAhead(copy.readBackAtMs ?? 0, nowMs),
    ),
    drills: pair.drills.filter(
      (drill) => drill.outcome !== 'proved' || !isAhead(drill.atMs, nowMs),
    ),
  };
}

function factsOfPair(facts: PlanFacts, source: SourceId, place: string): PairFacts {
  const found = facts.pairs.find((pair) => pair.source === source && pair.place === place);
  return found ?? { source, place, copies: [], drills: [], damage: [], isOnOtherDisk: null };
}

function factsOfPlace(facts: PlanFacts, place: string): PlaceFacts {
  return facts.places.find((found) => found.place === place) ?? { place, seen: null };
}

const passedDrills = (pair: Pick<PairFacts, 'drills'>) =>
  pair.drills.filter(({ outcome }) => outcome === 'proved');
const isAhead = (atMs: number, nowMs: number): boolean => atMs > nowMs + CLOCK_SKEW_MS;

/** Of several at the same time the last one counts. */
function newestOf<T>(items: readonly T[], timeOf: (item: T) => number): T | undefined {
  return items.reduce<T | undefined>(
    (newest, item) => (newest === undefined || timeOf(item) >= timeOf(newest) ? item : newest),
    undefined,
  );
}
