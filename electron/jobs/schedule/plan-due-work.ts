// What is due for one plan at one moment: the pure heart of the scheduler. The tick gathers the facts and acts on the
// answer. Promise: each due slot is answered by one backup or covered by a later one, whatever the clock does; asking
// again with the same facts gives the same answer, so that a restart at any moment changes nothing.
import type { JobOrigin } from '../../../shared/model/job.ts';
import { CLOCK_SKEW_MS } from '../../../shared/model/plan-status.ts';
import { isPaused, type Plan } from '../../../shared/model/plan.ts';
import { oldestUnmetSlotMs, type Schedule } from '../../../shared/model/schedule.ts';
import { FAILED_WAITS_MS, handleSlot, soundMemory, type PlanMemory } from './plan-memory.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** Later than this a slot is caught up, not met on time. */
export const ON_TIME_MS = 5 * MINUTE_MS;
/** The window asks for the first backup, and for the first restore test after it; then it is taken to have died. */
export const FIRST_WORK_AFTER_MS = 10 * MINUTE_MS;
/** All tries of a failing slot fit into it: only then is it an alarm of its own. */
export const OVERDUE_AFTER_MS = 2 * HOUR_MS;
/** A restore test vouches for seven days: after four, a weekend without the PC and a failed try still lie between. */
export const DRILL_AFTER_MS = 4 * DAY_MS;
export const DRILL_TRY_EVERY_MS = DAY_MS;
/** A restore test does not begin when the vault is about to be needed. */
export const DRILL_ROOM_MS = 15 * MINUTE_MS;

/** The newest slot that has come, and the one after it. */
export interface SlotWindow {
  readonly newestMs: number | null;
  readonly nextMs: number;
}

/** The plan's backups as the history has them; times that lie ahead are left out. */
export interface PlanRuns {
  /** When the newest backup began that made a restore point. */
  readonly metAtMs: number | null;
  /** When the newest backup began that a person cancelled. */
  readonly givenUpAtMs: number | null;
  readonly isRunning: boolean;
  /** How many of the newest runs in a row were interrupted, and when the last of them ended. */
  readonly interruptions: number;
  readonly interruptedAtMs: number | null;
  /** Runs lie ahead of now: the clock went back, and older runs seem to meet slots that come again. */
  readonly isClockBack: boolean;
}

/** What restore tests have to go by; null times: none. */
export interface DrillState {
  readonly oldestCopyAtMs: number | null;
  /** The oldest, over all sources, of their newest passed tests; null when one has none. */
  readonly passedAtMs: number | null;
}

export interface PlanCondition {
  readonly plan: Plan;
  readonly slots: SlotWindow;
  readonly memory: PlanMemory;
  readonly runs: PlanRuns;
  readonly drill: DrillState;
  /** Work of this plan waits or runs. */
  readonly isBusy: boolean;
}

/** The same for all plans. */
export interface Moment {
  readonly nowMs: number;
  /** Awake long enough for network and disks to be back. */
  readonly isSettled: boolean;
  readonly isQuiet: boolean;
  readonly isBatteryLow: boolean;
  /** Nothing at all waits or runs. */
  readonly isIdle: boolean;
}

export interface DueWork {
  readonly backup: { readonly slotMs: number; readonly origin: JobOrigin } | null;
  readonly isDrillDue: boolean;
  /** The oldest slot that should long have had a backup; null: there is none. */
  readonly overdueSlotMs: number | null;
  /** Nothing holds the plan back on purpose, and no backup is at it: being overdue is to be said. */
  readonly mayAlarm: boolean;
  /** To be stored if it differs. */
  readonly memory: PlanMemory;
}

/** Decides; changes nothing. */
export function planDueWork(condition: PlanCondition, moment: Moment): DueWork {
  const { plan, slots, runs } = condition;
  const { nowMs } = moment;
  const slotMs = newestDueMs(plan, slots, nowMs);
  const sound = soundMemory(condition.memory, slots.nextMs, nowMs);
  const isMet = slotMs === null || isCovered(slotMs, sound, runs);
  const isNewlyMet = isMet && slotMs !== null && slotMs > (sound.handledSlotMs ?? -Infinity);
  const memory = isNewlyMet ? handleSlot(sound, slotMs) : sound;
  const dueMs = isMet ? interruptedSince(runs) : slotMs;
  const isHeld = isPaused(plan, nowMs) || moment.isQuiet;
  const canStart = !isHeld && !condition.isBusy && !runs.isRunning && canWork(moment);
  const backup =
    dueMs !== null && canStart && nowMs >= earliestTryMs(memory, runs)
      ? { slotMs: dueMs, origin: originOf(dueMs, memory, runs, nowMs) }
      : null;
  return {
    backup,
    isDrillDue: backup === null && canStart && isDrillDue(condition, memory, moment),
    overdueSlotMs: overdueSlot(condition, memory, nowMs),
    mayAlarm: !isHeld && !runs.isRunning,
    memory,
  };
}

/** A plan without a slot yet is due for its first backup. */
function newestDueMs(plan: Plan, slots: SlotWindow, nowMs: number): number | null {
  if (slots.newestMs !== null) return slots.newestMs;
  return nowMs - plan.createdAtMs >= FIRST_WORK_AFTER_MS ? plan.createdAtMs : null;
}

function isCovered(slotMs: number, { handledSlotMs }: PlanMemory, runs: PlanRuns): boolean {
  if (handledSlotMs !== null && handledSlotMs >= slotMs) return true;
  // By a clock that went back, old runs lie after slots that come again: then only the memory counts.
  if (runs.isClockBack) return false;
  return [runs.metAtMs, runs.givenUpAtMs].some((atMs) => atMs !== null && atMs >= slotMs);
}

/** A backup that was asked for and interrupted is caught up although no slot is open. */
function interruptedSince({
  interruptions,
  interruptedAtMs,
  isClockBack,
}: PlanRuns): number | null {
  return interruptions > 0 && !isClockBack ? interruptedAtMs : null;
}

/** What is interrupted again and again is not begun again at once, for it may be what ends the process. */
function earliestTryMs({ retry }: PlanMemory, runs: PlanRuns): number {
  const waits = FAILED_WAITS_MS;
  const again = runs.interruptions - 1;
  const waitMs = again > 0 ? (waits[Math.min(again, waits.length) - 1] ?? 0) : 0;
  const afterInterruption = (interruptedSince(runs) ?? -Infinity) + waitMs;
  return Math.max(retry?.notBeforeMs ?? -Infinity, afterInterruption);
}

function canWork({ isSettled, isBatteryLow }: Moment): boolean {
  return isSettled && !isBatteryLow;
}

function originOf(
  slotMs: number,
  { retry }: PlanMemory,
  { interruptions }: PlanRuns,
  nowMs: number,
): JobOrigin {
  const isFirstTry = retry === null && interruptions === 0;
  return isFirstTry && nowMs - slotMs <= ON_TIME_MS ? 'schedule' : 'catch-up';
}

function isDrillDue(
  { plan, slots, drill }: PlanCondition,
  { drillTriedAtMs }: PlanMemory,
  { nowMs, isIdle }: Moment,
): boolean {
  if (!isIdle || drill.oldestCopyAtMs === null) return false;
  if (plan.schedule.kind === 'times' && slots.nextMs - nowMs < DRILL_ROOM_MS) return false;
  if (drillTriedAtMs !== null && nowMs - drillTriedAtMs < DRILL_TRY_EVERY_MS) return false;
  if (drill.passedAtMs === null) return nowMs - drill.oldestCopyAtMs >= FIRST_WORK_AFTER_MS;
  return nowMs - drill.passedAtMs >= DRILL_AFTER_MS;
}

function overdueSlot(
  { plan, slots, runs }: PlanCondition,
  { handledSlotMs }: PlanMemory,
  nowMs: number,
): number | null {
  const metAtMs = runs.isClockBack ? handledSlotMs : runs.metAtMs;
  if (slots.newestMs === null || (metAtMs !== null && metAtMs >= slots.newestMs)) return null;
  const createdAtMs = anchorOf(plan.schedule, plan.createdAtMs, nowMs);
  return oldestUnmetSlotMs(plan.schedule, createdAtMs, metAtMs, nowMs - OVERDUE_AFTER_MS);
}

/** From when slots count: a plan made by a clock that was ahead must not wait until its making comes. */
export function anchorOf(schedule: Schedule, createdAtMs: number, nowMs: number): number {
  if (createdAtMs <= nowMs + CLOCK_SKEW_MS) return createdAtMs;
  if (schedule.kind === 'times') return 0;
  const { everyMs } = schedule;
  return createdAtMs - (Math.ceil((createdAtMs - nowMs) / everyMs) + 1) * everyMs;
}
