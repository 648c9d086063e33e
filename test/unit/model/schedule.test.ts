import fc from 'fast-check';
import { expect, test } from 'vitest';
import { longestIntervalMs, newestSlotMs, type Schedule } from '../../../shared/model/schedule.ts';
import { instantOf, isZone, wallClockAt } from '../../../shared/model/wall-clock.ts';

fc.configureGlobal({ seed: Number(process.env['HOLDFAST_SEED'] ?? 1) });

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const everyDay = [1, 2, 3, 4, 5, 6, 7];
const at = (iso: string): number => Date.parse(iso);
const times = (
  timesOfDay: readonly string[],
  zone = 'Europe/Berlin',
  days: readonly number[] = everyDay,
): Schedule => ({ kind: 'times', timesOfDay, days, zone });
const zones = [
  'UTC',
  'Europe/Berlin',
  'America/New_York',
  'Asia/Shanghai',
  'Asia/Kolkata',
  'Australia/Lord_Howe', // half an hour of summer time
  'Pacific/Apia', // skipped 30 December 2011
  'America/Santiago', // changes at midnight
];

test.each([
  // Winter and summer.
  [times(['18:00']), '2026-01-10T17:30:00Z', '2026-01-10T17:00:00Z'],
  [times(['18:00']), '2026-01-10T16:59:59Z', '2026-01-09T17:00:00Z'],
  [times(['18:00']), '2026-07-10T16:00:00Z', '2026-07-10T16:00:00Z'],
  [times(['12:30', '18:00']), '2026-07-10T15:59:00Z', '2026-07-10T10:30:00Z'],
  // 29 March: 02:30 does not exist; it is due at 03:30 summer time, once.
  [times(['02:30']), '2026-03-29T01:29:59Z', '2026-03-28T01:30:00Z'],
  [times(['02:30']), '2026-03-29T01:30:00Z', '2026-03-29T01:30:00Z'],
  [times(['02:30']), '2026-03-30T00:29:00Z', '2026-03-29T01:30:00Z'],
  // 25 October: 02:30 comes twice; only the first is due.
  [times(['02:30']), '2026-10-25T00:30:00Z', '2026-10-25T00:30:00Z'],
  [times(['02:30']), '2026-10-25T01:45:00Z', '2026-10-25T00:30:00Z'],
  [times(['02:30']), '2026-10-26T01:30:00Z', '2026-10-26T01:30:00Z'],
  // Mondays only, seen on a Sunday and on a Monday before the time.
  [times(['18:00'], 'Asia/Shanghai', [1]), '2026-11-22T12:00:00Z', '2026-11-16T10:00:00Z'],
  [times(['18:00'], 'Asia/Shanghai', [1]), '2026-11-23T09:59:00Z', '2026-11-16T10:00:00Z'],
  // Seen from a zone where it is already tomorrow.
  [times(['08:00'], 'Pacific/Auckland'), '2026-11-20T19:30:00Z', '2026-11-20T19:00:00Z'],
])('a backup is due exactly when the wall clock says (%#)', (schedule, now, due) => {
  const slot = newestSlotMs(schedule, 0, at(now));
  expect(slot === null ? null : new Date(slot).toISOString()).toBe(new Date(at(due)).toISOString());
});

test('a plan is not late for slots before it was made', () => {
  const createdAtMs = at('2026-11-20T18:00:00Z');
  const schedule = times(['18:00']);
  expect(newestSlotMs(schedule, createdAtMs, at('2026-11-21T16:59:00Z'))).toBeNull();
  expect(newestSlotMs(schedule, createdAtMs, at('2026-11-21T17:00:00Z'))).not.toBeNull();
  const hourly: Schedule = { kind: 'interval', everyMs: HOUR };
  expect(newestSlotMs(hourly, 1000, 1000 + HOUR - 1)).toBeNull();
  expect(newestSlotMs(hourly, 1000, 1000 + 2.5 * HOUR)).toBe(1000 + 2 * HOUR);
  expect(newestSlotMs(hourly, 1000, 0)).toBeNull();
});

test.each([
  [times(['18:00']), 24],
  [times(['12:30', '18:00']), 18.5],
  [times(['18:00'], 'UTC', [1]), 168],
  [times(['08:00', '18:00'], 'UTC', [1, 2, 3, 4, 5]), 62],
  [{ kind: 'interval', everyMs: 2 * HOUR } as const, 2],
])('the longest time without a backup follows from the schedule (%#)', (schedule, hours) => {
  expect(longestIntervalMs(schedule) / HOUR).toBe(hours);
});

test('as time passes the newest slot never goes back, and none lies further back than the interval', () => {
  const minutes = fc.integer({ min: 0, max: 1439 });
  const timeText = minutes.map(
    (m) => `${String(Math.floor(m / 60)).padStart(2, '0')}:${String(m % 60).padStart(2, '0')}`,
  );
  const schedules = fc
    .record({
      zone: fc.constantFrom(...zones),
      timesOfDay: fc.uniqueArray(timeText, { minLength: 1, maxLength: 4 }),
      days: fc.uniqueArray(fc.constantFrom(...everyDay), { minLength: 1 }),
    })
    .map(({ zone, timesOfDay, days }) =>
      times(
        timesOfDay.sort(),
        zone,
        days.sort((a, b) => a - b),
      ),
    );
  const instants = fc.integer({ min: at('2011-01-01T00:00:00Z'), max: at('2030-01-01T00:00:00Z') });
  fc.assert(
    fc.property(
      schedules,
      instants,
      fc.integer({ min: 0, max: 10 * DAY }),
      (schedule, now, pass) => {
        const slot = newestSlotMs(schedule, 0, now) ?? Number.NaN;
        expect(slot).toBeLessThanOrEqual(now);
        // A day may be skipped by a zone, and clocks move by an hour.
        expect(now - slot).toBeLessThanOrEqual(longestIntervalMs(schedule) + 8 * DAY);
        expect(newestSlotMs(schedule, 0, now + pass)).toBeGreaterThanOrEqual(slot);
        expect(newestSlotMs(schedule, 0, slot)).toBe(slot);
      },
    ),
  );
});

test('the wall clock and the instant lead to each other', () => {
  const instants = fc.integer({ min: at('2011-01-01T00:00:00Z'), max: at('2030-01-01T00:00:00Z') });
  fc.assert(
    fc.property(fc.constantFrom(...zones), instants, (zone, ms) => {
      const minute = Math.floor(ms / 60_000) * 60_000;
      const wall = wallClockAt(minute, zone);
      const back = instantOf(wall, zone);
      // Of an hour that comes twice the first is meant.
      expect(wallClockAt(back, zone)).toMatchObject({
        day: wall.day,
        hour: wall.hour,
        minute: wall.minute,
      });
      expect([0, HOUR, HOUR / 2]).toContain(minute - back);
      expect(minute + wall.offsetMinutes * 60_000).toBe(
        Date.UTC(wall.year, wall.month - 1, wall.day, wall.hour, wall.minute),
      );
    }),
  );
});

test('a zone is known or not, never guessed', () => {
  expect([isZone('Asia/Shanghai'), isZone('Mars/Base'), isZone('')]).toEqual([true, false, false]);
  expect(() => wallClockAt(0, 'Mars/Base')).toThrow(RangeError);
});
