// The light: what may be said about a plan, from facts and the time alone.
// Promise: never a false green. Taking a good fact away, adding a bad one or letting time pass never makes it greener.
// A copy is proved when all bytes that its run wrote were read back and authenticated, and a restore test of the same
// source and place passed within 7 days of it; whether tests go on is judged apart, against now. Places that take turns
// hold one copy between them: the newest proved one of any member counts. A copy that came back byte for byte and could not be
// opened keeps the light from red, never from amber.
import type { SourceId } from './ids.ts';
import type { CopyFact, DrillFact, PairFacts, PlaceFacts, PlanFacts } from './plan-facts.ts';
import { placeGroups, SET_UNSEEN_AFTER_MS, type PlaceGroup } from './place-groups.ts';
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

/** One source at the places of one group. */
type Members = readonly PairFacts[];

/** The plan's light at `nowMs`, with all reasons and the newest proved copy of every source at every place. */
export function planStatus(plan: Plan, facts: PlanFacts, nowMs: number): PlanStatus {
  const groups = placeGroups(plan.places);
  const known = (source: SourceId, place: string): PairFacts =>
    knownFacts(factsOfPair(facts, source, place), nowMs);
  const copies = plan.sources.flatMap(({ id }) =>
    groups.map(({ places }): Members => places.map(({ path }) => known(id, path))),
  );
  const proved = plan.sources.flatMap(({ id }) =>
    plan.places.map(({ path }) => newestProved(known(id, path), nowMs)),
  );
  const grave: StatusReason[] = copies.length === 0 ? [{ code: 'plan-empty' }] : [];
  grave.push(...copies.flatMap((members) => graveReasons(plan, members, nowMs)));
  const light: StatusReason[] = [
    ...copies.flatMap((members) => copyReasons(plan, facts, members, nowMs)),
    ...ownDiskReasons(plan, copies.flat(), nowMs),
    ...keyReasons(facts),
    ...groups.flatMap((group) => placeReasons(plan, facts, group, nowMs)),
  ];
  const kind = grave.length > 0 ? 'not-protected' : light.length > 0 ? 'attention' : 'protected';
  return { kind, reasons: [...grave, ...light], proved };
}

function graveReasons(plan: Plan, members: Members, nowMs: number): StatusReason[] {
  const newest = newestOf(
    members.map((pair) => newestBack(pair, nowMs)).filter(({ takenAtMs }) => takenAtMs !== null),
    ({ takenAtMs }) => takenAtMs ?? 0,
  );
  const reasons = damageReasons(members, newest?.takenAtMs ?? null);
  const takenAtMs = newest?.takenAtMs ?? null;
  if (newest === undefined || newest.ageMs === null || takenAtMs === null) {
    return [...reasons, ...nothingProved(members)];
  }
  const limitMs = provedLimitMs(plan);
  const { source, place } = newest;
  if (newest.ageMs > limitMs) {
    reasons.push({ code: 'proved-too-old', source, place, takenAtMs, limitMs });
  }
  return reasons;
}

function provedLimitMs(plan: Plan): number {
  return Math.max(3 * longestIntervalMs(plan.schedule), LEAST_PROVED_AGE_MS);
}

/** Until a newer copy is proved, damage at the newest end stands, whatever was taken after it. */
function damageReasons(members: Members, provedAtMs: number | null): StatusReason[] {
  const found = members.flatMap(({ source, place, damage }) =>
    damage.map((fact) => ({ source, place, ...fact })),
  );
  const newest = newestOf(found, (fact) => fact.takenAtMs);
  if (newest === undefined || newest.takenAtMs < (provedAtMs ?? -Infinity)) return [];
  const { source, place, point, takenAtMs, what } = newest;
  return [{ code: 'newest-damaged', source, place, point, takenAtMs, what }];
}

/** Told of the member that lacks least. */
function nothingProved(members: Members): StatusReason[] {
  const lacking = members.map((pair) => ({ pair, lacks: whatIsMissing(pair) }));
  const least = (['restore-test', 'read-back', 'copy'] as const)
    .flatMap((lacks) => lacking.filter((each) => each.lacks === lacks))
    .at(0);
  if (least === undefined) return [];
  const { source, place } = least.pair;
  return [{ code: 'nothing-proved', source, place, lacks: least.lacks }];
}

function copyReasons(
  plan: Plan,
  facts: PlanFacts,
  members: Members,
  nowMs: number,
): StatusReason[] {
  const reasons: StatusReason[] = [];
  const [first] = members;
  if (first === undefined) return reasons;
  const { source } = first;
  const slotMs = newestSlotMs(plan.schedule, plan.createdAtMs, nowMs - SLOT_GRACE_MS);
  const isMet = (pair: PairFacts): boolean =>
    slotMs === null || isServed(slotMs, pair, facts.runningSinceMs, nowMs);
  if (slotMs !== null && !members.some(isMet)) {
    const { place } = first;
    reasons.push({ code: 'slot-missed', source, place, slotMs, isPaused: isPaused(plan, nowMs) });
  }
  for (const { place, drills } of members) {
    const newest = newestOf(drills, (drill) => drill.atMs);
    if (newest === undefined) continue;
    const { atMs, outcome } = newest;
    if (outcome === 'proved' || outcome === 'bytes-only') continue;
    reasons.push({ code: 'restore-test-failed', source, place, atMs, outcome });
  }
  const tests = members.flatMap((pair) =>
    passedDrills(pair).map(({ atMs }) => ({ place: pair.place, atMs })),
  );
  const passed = newestOf(tests, ({ atMs }) => atMs);
  if (passed !== undefined && nowMs - passed.atMs > RESTORE_TEST_DAYS_MS) {
    reasons.push({ code: 'restore-test-old', source, ...passed });
  }
  reasons.push(...openedReasons(plan, members, nowMs));
  return reasons;
}

/**
 * A test that only compared bytes keeps the light from red, never from amber: also where one before it had opened the copy, for
 * then something has become of the data.
 */
function openedReasons(plan: Plan, members: Members, nowMs: number): StatusReason[] {
  const limitMs = provedLimitMs(plan);
  const isRecent = ({ ageMs }: ProvedCopy): boolean => ageMs !== null && ageMs <= limitMs;
  const compared = members.find((pair) => isRecent(newestBack(pair, nowMs)));
  if (compared === undefined) return [];
  const tests = members.flatMap((pair) =>
    passedDrills(pair).map(({ atMs, outcome }) => ({ place: pair.place, atMs, outcome })),
  );
  const newest = newestOf(tests, ({ atMs }) => atMs);
  const wasOpened = members.some((pair) => isRecent(newestProved(pair, nowMs)));
  if (wasOpened && newest?.outcome === 'proved') return [];
  const { source, place } = compared;
  return [{ code: 'bytes-compared-only', source, place: newest?.place ?? place }];
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

/** Judged by the places that hold a copy which counts; while there is none, by all. */
function ownDiskReasons(plan: Plan, pairs: readonly PairFacts[], nowMs: number): StatusReason[] {
  const limitMs = provedLimitMs(plan);
  const holdsCopy = (pair: PairFacts): boolean => {
    const { ageMs } = newestBack(pair, nowMs);
    return ageMs !== null && ageMs <= limitMs;
  };
  return plan.sources.flatMap(({ id }): StatusReason[] => {
    const own = pairs.filter((pair) => pair.source === id);
    const holding = own.filter(holdsCopy);
    const judged = holding.length > 0 ? holding : own;
    if (judged.some((pair) => pair.isOnOtherDisk === true)) return [];
    return [{ code: 'only-own-disk', source: id }];
  });
}

function keyReasons(facts: PlanFacts): StatusReason[] {
  const reasons: StatusReason[] = [];
  if (facts.kitConfirmedAtMs === null) reasons.push({ code: 'kit-not-confirmed' });
  if (facts.keyStore === 'locked' || facts.keyStore === 'unknown') {
    reasons.push({ code: 'key-store-locked' });
  }
  return reasons;
}

function placeReasons(
  plan: Plan,
  facts: PlanFacts,
  { set, places }: PlaceGroup,
  nowMs: number,
): StatusReason[] {
  const known = places.map(({ path }) => knownSight(factsOfPlace(facts, path), nowMs));
  const full = known.flatMap(({ place, seen }): StatusReason[] =>
    seen !== null && seen.room !== 'not-told' && isNearlyFull(seen.room)
      ? [{ code: 'place-nearly-full', place, ...seen.room }]
      : [],
  );
  const patienceMs =
    set === null
      ? Math.max(longestIntervalMs(plan.schedule), DAY_MS) + SLOT_GRACE_MS
      : SET_UNSEEN_AFTER_MS;
  const newest = newestOf(known, ({ seen }) => seen?.atMs ?? -Infinity);
  const seenAtMs = newest?.seen?.atMs ?? null;
  if (newest === undefined || (seenAtMs !== null && nowMs - seenAtMs <= patienceMs)) return full;
  const unseen: StatusReason =
    set === null
      ? { code: 'place-unseen', place: newest.place, seenAtMs }
      : { code: 'set-unseen', set, seenAtMs };
  return [unseen, ...full];
}

/** Seen in the future is a wrong clock, and not seen. */
function knownSight({ place, seen }: PlaceFacts, nowMs: number): PlaceFacts {
  return { place, seen: seen === null || isAhead(seen.atMs, nowMs) ? null : seen };
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
  return newestBack({ ...pair, drills: pair.drills.filter(isOpened) }, nowMs);
}

/** The newest copy that a restore test vouches for, whether or not it opened it. */
function newestBack(pair: PairFacts, nowMs: number): ProvedCopy {
  const { source, place } = pair;
  const copies = pair.copies.filter((copy) => isBack(copy, pair));
  const newest = newestOf(copies, (copy) => copy.takenAtMs);
  if (newest === undefined) return { source, place, point: null, takenAtMs: null, ageMs: null };
  const { point, takenAtMs } = newest;
  return { source, place, point, takenAtMs, ageMs: Math.max(0, nowMs - takenAtMs) };
}

/** Read back, not known to be bad, and vouched for by a restore test of the same days. */
export function isProved(copy: CopyFact, pair: Pick<PairFacts, 'drills' | 'damage'>): boolean {
  return isBack(copy, { ...pair, drills: pair.drills.filter(isOpened) });
}

function isBack(copy: CopyFact, pair: Pick<PairFacts, 'drills' | 'damage'>): boolean {
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
    drills: pair.drills.filter((drill) => !isPassed(drill) || !isAhead(drill.atMs, nowMs)),
  };
}

function factsOfPair(facts: PlanFacts, source: SourceId, place: string): PairFacts {
  const found = facts.pairs.find((pair) => pair.source === source && pair.place === place);
  return found ?? { source, place, copies: [], drills: [], damage: [], isOnOtherDisk: null };
}

function factsOfPlace(facts: PlanFacts, place: string): PlaceFacts {
  return facts.places.find((found) => found.place === place) ?? { place, seen: null };
}

/** What the test found came back; only `proved` was opened as well. */
const isPassed = ({ outcome }: DrillFact): boolean =>
  outcome === 'proved' || outcome === 'bytes-only';
const isOpened = ({ outcome }: DrillFact): boolean => outcome === 'proved';
const passedDrills = (pair: Pick<PairFacts, 'drills'>) => pair.drills.filter(isPassed);
const isAhead = (atMs: number, nowMs: number): boolean => atMs > nowMs + CLOCK_SKEW_MS;

/** Of several at the same time the last one counts. */
function newestOf<T>(items: readonly T[], timeOf: (item: T) => number): T | undefined {
  return items.reduce<T | undefined>(
    (newest, item) => (newest === undefined || timeOf(item) >= timeOf(newest) ? item : newest),
    undefined,
  );
}
