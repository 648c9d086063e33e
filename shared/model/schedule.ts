// When a plan is due, as data, and the slots that follow from it. Starting runs is the scheduler's business.
import { z } from 'zod';
import { instantOf, isZone, wallClockAt } from './wall-clock.ts';

/** `interval` slots are counted from the plan's creation; `times` are wall time in `zone`, days as ISO (Monday = 1). */
export type Schedule =
  | { readonly kind: 'interval'; readonly everyMs: number }
  | {
      readonly kind: 'times';
      /** `HH:MM`, ascending. */
      readonly timesOfDay: readonly string[];
      readonly days: readonly number[];
      readonly zone: string;
    };

const MINUTE_MS = 60_000;
const DAY_MINUTES = 1440;
const WEEK_MINUTES = 7 * DAY_MINUTES;
const LONGEST_INTERVAL_MS = 366 * DAY_MINUTES * MINUTE_MS;

const timeOfDay = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/u, 'must be a time such as 18:30');
const isAscending = <T>(items: readonly T[]): boolean =>
  items.every((item, index) => index === 0 || (items[index - 1] as T) < item);

export const scheduleSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('interval'),
    everyMs: z.int().min(MINUTE_MS).max(LONGEST_INTERVAL_MS),
  }),
  z.strictObject({
    kind: z.literal('times'),
    timesOfDay: z.array(timeOfDay).min(1).refine(isAscending, 'must ascend, each time once'),
    days: z
      .array(z.int().min(1).max(7))
      .min(1)
      .refine(isAscending, 'must ascend, each day once')
      .default([1, 2, 3, 4, 5, 6, 7]),
    zone: z.string().refine(isZone, 'is not a known time zone'),
  }),
]);

/** The longest time between two slots, by the calendar (a change of the clocks does not count). */
export function longestIntervalMs(schedule: Schedule): number {
  if (schedule.kind === 'interval') return schedule.everyMs;
  const minutes = schedule.days.flatMap((day) =>
    schedule.timesOfDay.map((time) => (day - 1) * DAY_MINUTES + minuteOf(time)),
  );
  const gaps = minutes.map((minute, index) => {
    const next = minutes[index + 1];
    return next === undefined ? WEEK_MINUTES - minute + (minutes[0] ?? 0) : next - minute;
  });
  return Math.max(...gaps) * MINUTE_MS;
}

/** The newest slot at or before `atMs` and not before `createdAtMs`; null when there was none yet. */
export function newestSlotMs(schedule: Schedule, createdAtMs: number, atMs: number): number | null {
  if (schedule.kind === 'interval') {
    const slots = Math.floor((atMs - createdAtMs) / schedule.everyMs);
    return slots < 1 ? null : createdAtMs + slots * schedule.everyMs;
  }
  const today = wallClockAt(atMs, schedule.zone);
  // One day ahead: a zone may skip or repeat a date. Eight back: a slot on one day of the week only.
  for (let back = -1; back <= 8; back += 1) {
    const slots = slotsOfDay(schedule, today.year, today.month, today.day - back);
    const newest = slots.filter((slot) => slot <= atMs).at(-1);
    if (newest !== undefined) return newest >= createdAtMs ? newest : null;
  }
  return null;
}

/** The first slot after `afterMs`, not before `createdAtMs`. */
export function nextSlotMs(schedule: Schedule, createdAtMs: number, afterMs: number): number {
  if (schedule.kind === 'interval') {
    const slots = Math.floor((afterMs - createdAtMs) / schedule.everyMs);
    return createdAtMs + Math.max(1, slots + 1) * schedule.everyMs;
  }
  const fromMs = Math.max(afterMs, createdAtMs - 1);
  const today = wallClockAt(fromMs, schedule.zone);
  // As above: a date may be skipped or repeated, and a week may hold one slot only.
  for (let ahead = -1; ; ahead += 1) {
    const slots = slotsOfDay(schedule, today.year, today.month, today.day + ahead);
    const next = slots.find((slot) => slot > fromMs);
    if (next !== undefined) return next;
  }
}

/** The oldest slot that no backup has met, the newest one having begun at `metAtMs`; null when all are met. */
export function oldestUnmetSlotMs(
  schedule: Schedule,
  createdAtMs: number,
  metAtMs: number | null,
  nowMs: number,
): number | null {
  const slotMs = nextSlotMs(schedule, createdAtMs, metAtMs ?? createdAtMs - 1);
  return slotMs <= nowMs ? slotMs : null;
}

function slotsOfDay(
  { timesOfDay, days, zone }: Extract<Schedule, { kind: 'times' }>,
  year: number,
  month: number,
  day: number,
): number[] {
  const weekday = new Date(Date.UTC(year, month - 1, day)).getUTCDay() || 7;
  if (!days.includes(weekday)) return [];
  return timesOfDay
    .map((time) => minuteOf(time))
    .map((minute) =>
      instantOf({ year, month, day, hour: Math.floor(minute / 60), minute: minute % 60 }, zone),
    )
    .sort((a, b) => a - b);
}

function minuteOf(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
}
