// What an owner reads off the strip of days: a day without the copy that was due is never shown as a good one.
import { expect, test } from 'vitest';
import { lastDays, markDay, zoneOfPlan, type DayBackups } from '../../../shared/model/day-marks.ts';
import type { DayState } from '../../../shared/model/overview.ts';
import type { Schedule } from '../../../shared/model/schedule.ts';

const HOUR_MS = 3_600_000;
const zone = 'Europe/Berlin';
const schedule: Schedule = {
  kind: 'times',
  timesOfDay: ['12:30', '18:00'],
  days: [1, 2, 3, 4, 5],
  zone,
};
/** Wall time in Berlin in January 2026. */
const at = (day: number, hour: number, minute = 0): number =>
  Date.UTC(2026, 0, day, hour - 1, minute);
const plan = { schedule, createdAtMs: at(6, 9) };
const none: DayBackups = { ok: 0, partial: 0, failed: 0, lastGoodAtMs: null };
const good = (ms: number): DayBackups => ({ ...none, ok: 1, lastGoodAtMs: ms });
const now = at(15, 13, 29);

test.each<[what: string, day: number, backups: DayBackups, state: DayState]>([
  ['before the plan: nothing was due', 5, none, 'none'],
  ['on its first day a slot was due and nothing came', 6, none, 'missed'],
  ['a backup at the slot', 7, good(at(7, 12, 30)), 'ok'],
  ['the first slot missed, the second met', 7, good(at(7, 18)), 'ok'],
  ['a backup before the first slot meets none', 7, good(at(7, 12, 29)), 'missed'],
  ['only attempts that failed', 7, { ...none, failed: 2 }, 'failed'],
  ['a try failed, the next one made it', 7, { ...good(at(7, 12, 50)), failed: 1 }, 'problems'],
  ['a copy that lacks a file', 7, { ...none, partial: 1, lastGoodAtMs: at(7, 12, 30) }, 'problems'],
  ['late by minutes, past midnight', 7, { ...none, lastGoodAtMs: at(8, 0, 20) }, 'none'],
  [
    'a good one in the morning, failures at the slots',
    7,
    { ...good(at(7, 9)), failed: 2 },
    'failed',
  ],
  ['Saturday: nothing was due', 10, none, 'none'],
  ['Saturday: somebody made one by hand', 10, good(at(10, 11)), 'ok'],
  ['before the plan there was a copy all the same', 5, good(at(5, 11)), 'ok'],
  ['today, the slot within its time of grace', 15, none, 'none'],
  ['tomorrow never counts', 16, none, 'none'],
])('%s', (_, day, backups, state) => {
  const span = {
    day: `2026-01-${String(day).padStart(2, '0')}`,
    fromMs: at(day, 0),
    untilMs: at(day + 1, 0),
  };
  expect(markDay(plan, span, backups, now)).toEqual({
    day: span.day,
    state,
    backups: backups.ok + backups.partial,
    failures: backups.failed,
  });
});

test('the day turns to missed when the time of grace is over', () => {
  const span = { day: '2026-01-15', fromMs: at(15, 0), untilMs: at(16, 0) };
  expect(markDay(plan, span, none, at(15, 13, 30)).state).toBe('missed');
});

test('an hourly plan is judged by the slots that follow its creation', () => {
  const hourly = {
    schedule: { kind: 'interval', everyMs: HOUR_MS } as const,
    createdAtMs: at(7, 22, 30),
  };
  const span = { day: '2026-01-07', fromMs: at(7, 0), untilMs: at(8, 0) };
  expect(markDay(hourly, span, none, now).state).toBe('missed');
  expect(markDay(hourly, span, good(at(7, 22, 31)), now).state).toBe('missed');
  expect(markDay(hourly, span, good(at(7, 23, 31)), now).state).toBe('ok');
  expect(markDay({ ...hourly, createdAtMs: at(7, 23, 30) }, span, none, now).state).toBe('none');
});

test('days are those of the wall clock, also when the clocks change', () => {
  // 29 March 2026 has 23 hours in Berlin.
  const days = lastDays(Date.UTC(2026, 2, 30, 10), zone, 3);
  expect(days.map(({ day }) => day)).toEqual(['2026-03-28', '2026-03-29', '2026-03-30']);
  expect(days.map(({ fromMs, untilMs }) => (untilMs - fromMs) / HOUR_MS)).toEqual([24, 23, 24]);
  expect(days[1]?.untilMs).toBe(days[2]?.fromMs);
});

test('thirty days end with today, by the zone of the plan and not by UTC', () => {
  const justAfterMidnight = Date.UTC(2026, 0, 14, 23, 30);
  const days = lastDays(justAfterMidnight, zone);
  expect(days).toHaveLength(30);
  expect(days.at(-1)?.day).toBe('2026-01-15');
  expect(lastDays(justAfterMidnight, 'UTC').at(-1)?.day).toBe('2026-01-14');
  expect(zoneOfPlan({ schedule }, 'UTC')).toBe(zone);
  expect(zoneOfPlan({ schedule: { kind: 'interval', everyMs: HOUR_MS } }, 'UTC')).toBe('UTC');
});
