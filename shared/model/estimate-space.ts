// How much room the copies will need, before there are any: a guess for people, from figures that were measured on CRM data.
import type { KeepRules } from './keep-rules.ts';
import { longestIntervalMs, type Schedule } from './schedule.ts';

/** What a full takes of the data's size: 0.40 on the benchmark's database. */
const FULL_SHARE = 0.45;
/** What a day's work takes of the data's size: 0.011 on the benchmark's database. */
const DAY_SHARE = 0.012;
const DAY_MS = 86_400_000;
/** With no rule everything is kept; said for this long. */
const WITHOUT_RULES_DAYS = 365;

/** Bytes that a plan's copies are likely to take once its keep rules are filled. Two fulls overlap for a while. */
export function estimateSpaceBytes(
  sourceBytes: number,
  schedule: Schedule,
  keep: KeepRules,
): number {
  const days = Math.max(1, daysOfPoints(schedule, keep));
  return Math.round(sourceBytes * (2 * FULL_SHARE + days * DAY_SHARE));
}

/** Work that lies in kept points, counted in days; a point holds what changed since the one before it. */
function daysOfPoints(schedule: Schedule, keep: KeepRules): number {
  const everyDays = longestIntervalMs(schedule) / DAY_MS;
  const { last, withinMs, hourly, daily, weekly, monthly, yearly } = keep;
  const rules = [last, withinMs, hourly, daily, weekly, monthly, yearly];
  if (rules.every((rule) => rule === null)) return WITHOUT_RULES_DAYS;
  return Math.max(
    (last ?? 0) * everyDays,
    (withinMs ?? 0) / DAY_MS,
    (hourly ?? 0) / 24,
    daily ?? 0,
    // What changed in a week or a month overlaps: the same pages change again.
    (weekly ?? 0) * 3,
    (monthly ?? 0) * 6,
    (yearly ?? 0) * 20,
  );
}
