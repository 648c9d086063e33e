// Home on one sheet: the light of every plan with its evidence, its places and its last days, and what can be undone.
// Promise: as quick with a long history as with a short one, for the database counts; opens no vault.
import type { PlanId } from '../../shared/model/ids.ts';
import { lastDays, markDay, zoneOfPlan } from '../../shared/model/day-marks.ts';
import type {
  DayMark,
  OpenUndo,
  Overview,
  PlaceOverview,
  PlanOverview,
  SourceOverview,
} from '../../shared/model/overview.ts';
import { placeGroups } from '../../shared/model/place-groups.ts';
import type { Place } from '../../shared/model/place.ts';
import { isPaused, type Plan, type PlanSource } from '../../shared/model/plan.ts';
import { SLOT_GRACE_MS } from '../../shared/model/plan-status.ts';
import { nextSlotMs, oldestUnmetSlotMs } from '../../shared/model/schedule.ts';
import { countBackups } from '../history/backup-days.ts';
import { readNewestPassedDrill } from '../history/newest-drill.ts';
import { listRuns, readRun } from '../history/runs.ts';
import { listOpenUndos } from '../history/undo-records.ts';
import type { Engine } from './engine.ts';
import { findVolume } from '../platform/volumes/list-volumes.ts';
import { isDiskInUse } from './disk-use.ts';
import { listAllPlans } from './find-plan.ts';
import { reportPlan, type PlanReport } from './plan-status-job.ts';

/** Looks whether the places are there. */
export async function overviewJob(engine: Engine): Promise<Overview> {
  const plans = await listAllPlans(engine);
  const overviews: PlanOverview[] = [];
  for (const plan of plans) overviews.push(await describe(engine, await reportPlan(engine, plan)));
  return { nowMs: engine.clock.nowMs(), plans: overviews, undos: listUndos(engine, plans) };
}

async function describe(engine: Engine, report: PlanReport): Promise<PlanOverview> {
  const { plan, status, lastRun } = report;
  const nowMs = engine.clock.nowMs();
  return {
    plan,
    status,
    sources: plan.sources.map((source) => describeSource(engine, report, source)),
    places: await Promise.all(
      plan.places.map(async (place) => describePlace(engine, report, place)),
    ),
    nextSlotMs: nextSlotOf(plan, nowMs),
    overdueSinceMs: overdueSince(report, nowMs),
    lastRun,
    days: markDays(engine, plan, nowMs),
  };
}

function describeSource(
  engine: Engine,
  { plan, status, facts }: PlanReport,
  { id, name, path }: PlanSource,
): SourceOverview {
  const copies = facts.pairs.filter(({ source }) => source === id).flatMap((pair) => pair.copies);
  const proved = status.proved.filter(({ source }) => source === id);
  const drills = plan.places
    .map(({ vaultId }) =>
      vaultId === null ? null : readNewestPassedDrill(engine.history(), vaultId, id),
    )
    .filter((drill) => drill !== null)
    .sort((a, b) => b.atMs - a.atMs);
  return {
    id,
    name,
    path,
    newestCopyAtMs: newest(copies.map(({ takenAtMs }) => takenAtMs)),
    newestProvedAtMs: newest(proved.map(({ takenAtMs }) => takenAtMs)),
    lastProvedDrillAtMs: drills[0]?.atMs ?? null,
    recoveryMs: drills[0]?.recoveryMs ?? null,
  };
}

async function describePlace(
  engine: Engine,
  { facts, foundAt }: PlanReport,
  place: Place,
): Promise<PlaceOverview> {
  const { path, name = null, set = null } = place;
  const seen = facts.places.find((each) => each.place === path)?.seen ?? null;
  const room = seen === null || seen.room === 'not-told' ? null : seen.room;
  const folder = foundAt.get(path) ?? null;
  return {
    path,
    name,
    set,
    isHere: folder !== null,
    unplug: folder === null ? null : await mayUnplug(engine, place, folder),
    seenAtMs: seen?.atMs ?? null,
    freeBytes: room?.freeBytes ?? null,
    totalBytes: room?.totalBytes ?? null,
  };
}

/** Neither this process nor another one works on it. */
async function mayUnplug(
  engine: Engine,
  { vaultId }: Place,
  folder: string,
): Promise<PlaceOverview['unplug']> {
  if (vaultId === null || (await findVolume(folder))?.volume.kind !== 'removable') return null;
  const running = listRuns(engine.history(), { vaultId, state: 'running', limit: 1 });
  return isDiskInUse(engine, vaultId) || running.length > 0 ? 'busy' : 'safe';
}

function nextSlotOf({ schedule, createdAtMs, paused }: Plan, nowMs: number): number | null {
  if (paused === null) return nextSlotMs(schedule, createdAtMs, nowMs);
  if (paused.untilMs === null) return null;
  return nextSlotMs(schedule, createdAtMs, Math.max(nowMs, paused.untilMs - 1));
}

/** As the light sees it: a slot is overdue when its time of grace is over and no run is at it. */
function overdueSince({ plan, status, facts }: PlanReport, nowMs: number): number | null {
  if (isPaused(plan, nowMs)) return null;
  const late = status.reasons.filter((reason) => reason.code === 'slot-missed');
  const slots = late.map(({ source, place }) => {
    const group = placeGroups(plan.places).find(({ places }) =>
      places.some(({ path }) => path === place),
    );
    const paths = new Set(group?.places.map(({ path }) => path));
    const copies = facts.pairs
      .filter((pair) => pair.source === source && paths.has(pair.place))
      .flatMap((pair) => pair.copies);
    // What is dated in the future comes from a wrong clock and met nothing.
    const times = copies.map((copy) => copy.takenAtMs).filter((ms) => ms <= nowMs);
    const dueMs = nowMs - SLOT_GRACE_MS;
    return oldestUnmetSlotMs(plan.schedule, plan.createdAtMs, newest(times), dueMs);
  });
  return oldest(slots.filter((slot) => slot !== null));
}

function markDays(engine: Engine, plan: Plan, nowMs: number): readonly DayMark[] {
  const days = lastDays(nowMs, zoneOfPlan(plan, engine.clock.zone()));
  const counted = countBackups(engine.history(), plan.id, days, SLOT_GRACE_MS);
  return days.flatMap((day, index) => {
    const backups = counted[index];
    return backups === undefined ? [] : [markDay(plan, day, backups, nowMs)];
  });
}

function listUndos(engine: Engine, plans: readonly Plan[]): readonly OpenUndo[] {
  const history = engine.history();
  return listOpenUndos(history, engine.clock.nowMs()).map((undo) => ({
    run: undo.run,
    target: undo.target,
    restoredAtMs: undo.restoredAtMs,
    kind: undo.safety.kind === 'rows' ? 'rows' : 'file',
    keptUntilMs: undo.keptUntilMs,
    planId: readRun(history, undo.run)?.planId ?? planOfTarget(plans, undo.target),
  }));
}

/** A restore from the command line knows no plan. */
function planOfTarget(plans: readonly Plan[], target: string): PlanId | null {
  const plan = plans.find(({ sources }) => sources.some(({ path }) => path === target));
  return plan?.id ?? null;
}

/** A reduction, for a list of all copies is too long to be spread into arguments. */
function newest(times: readonly (number | null)[]): number | null {
  return times.reduce(
    (best, ms) => (best === null || (ms !== null && ms > best) ? ms : best),
    null,
  );
}

function oldest(times: readonly number[]): number | null {
  return times.length === 0 ? null : Math.min(...times);
}
