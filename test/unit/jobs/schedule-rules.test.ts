/** When scheduled work waits, when it is tried again, and when somebody is told. */
import { expect, test } from 'vitest';
import type { Plan } from '../../../shared/model/plan.ts';
import type { Schedule } from '../../../shared/model/schedule.ts';
import { defaultSettings } from '../../../shared/model/settings.ts';
import { samplePlan } from '../../support/sample-plan.ts';
import { createScheduleWorld, type ScheduleWorld } from '../../support/schedule-world.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const at = (iso: string): number => Date.parse(iso);
const start = at('2026-06-10T07:00:00Z');
const daily = (...timesOfDay: string[]): Schedule => ({
  kind: 'times',
  timesOfDay,
  days: [1, 2, 3, 4, 5, 6, 7],
  zone: 'UTC',
});

/** A plan due at noon and six, on a computer that was just switched on and has a first backup. */
function openWorld(schedule = daily('12:00', '18:00')): { world: ScheduleWorld; plan: Plan } {
  const plan: Plan = { ...samplePlan, schedule, createdAtMs: start };
  const world = createScheduleWorld(start, [plan]);
  world.userBackup(plan);
  return { world, plan };
}

const madeAt = ({ runs }: ScheduleWorld): string[] =>
  runs
    .filter(({ origin }) => origin !== 'user')
    .map(
      ({ startedAtMs, state }) => `${new Date(startedAtMs).toISOString().slice(8, 16)} ${state}`,
    );

test('a first backup that the window never asked for is made, once', async () => {
  const { world, plan } = openWorld();
  world.runs.length = 0;
  await world.awake(9 * MINUTE);
  expect(madeAt(world)).toEqual([]);
  await world.awake(2 * HOUR);
  expect(madeAt(world)).toEqual(['10T07:10 ok']);
  expect(plan.createdAtMs).toBe(start);
});

test('after waking up nothing starts for a minute, and a slot that was slept through runs once', async () => {
  const { world } = openWorld();
  await world.awake(HOUR);
  world.asleep(29 * HOUR);
  await world.awake(MINUTE);
  expect(madeAt(world)).toEqual([]);
  await world.awake(HOUR);
  expect(madeAt(world)).toEqual(['11T13:01 ok']);
  expect(world.runs.at(-1)?.origin).toBe('catch-up');
});

test('a late tick is a sleep that only the monotonic clock has counted', async () => {
  const { world } = openWorld();
  await world.awakeUntil(at('2026-06-10T11:59:00Z'));
  world.asleep(10 * MINUTE, true);
  await world.awake(MINUTE);
  expect(madeAt(world)).toEqual([]);
  await world.awake(MINUTE);
  expect(madeAt(world)).toEqual(['10T12:10 ok']);
});

test('quiet hours hold scheduled work until they end', async () => {
  const { world } = openWorld(daily('22:30', '23:30'));
  world.settings = { ...defaultSettings, quietHours: { from: '22:00', to: '06:15' } };
  await world.awakeUntil(at('2026-06-11T08:00:00Z'));
  expect(madeAt(world)).toEqual(['11T06:15 ok']);
  expect(world.said.overdue.size).toBe(0);
});

test('below its percentage the battery holds work back, at the socket nothing does', async () => {
  const { world } = openWorld();
  world.scheduler.setPower({ onBattery: true, percent: 19 });
  await world.awakeUntil(at('2026-06-10T13:00:00Z'));
  expect(madeAt(world)).toEqual([]);
  world.scheduler.setPower({ onBattery: false, percent: 19 });
  await world.awake(MINUTE);
  expect(madeAt(world)).toEqual(['10T13:00 ok']);
  world.scheduler.setPower({ onBattery: true, percent: null });
  await world.awakeUntil(at('2026-06-10T18:30:00Z'));
  expect(madeAt(world)).toHaveLength(2);
});

test('a paused plan starts nothing; when it goes on, what it missed is caught up once', async () => {
  const { world, plan } = openWorld();
  world.plans = [{ ...plan, paused: { untilMs: at('2026-06-11T09:00:00Z') } }];
  await world.awakeUntil(at('2026-06-11T08:59:00Z'));
  expect(madeAt(world)).toEqual([]);
  expect(world.said.overdue.size).toBe(0);
  await world.awakeUntil(at('2026-06-11T11:00:00Z'));
  expect(madeAt(world)).toEqual(['11T09:00 ok']);
});

test('a place that is away is looked for less and less often, said once, and used when it is back', async () => {
  const { world } = openWorld(daily('12:00'));
  world.place = 'away';
  world.backup = 'away';
  await world.awakeUntil(at('2026-06-11T10:00:00Z'));
  // One run for the record, after three looks in vain.
  expect(madeAt(world)).toEqual(['10T12:08 failed']);
  expect(world.probes).toBeLessThan(80);
  expect(world.said.overdue.size).toBe(1);
  [world.place, world.backup] = ['here', 'done'];
  await world.awake(31 * MINUTE);
  expect(madeAt(world)).toHaveLength(2);
  expect(world.said.overdue.size).toBe(0);
  // The next absence is news again.
  [world.place, world.backup] = ['away', 'away'];
  await world.awakeUntil(at('2026-06-12T13:00:00Z'));
  expect(madeAt(world).filter((run) => run.endsWith('failed'))).toHaveLength(2);
});

test('a place that comes up a moment later leaves no failed run', async () => {
  const { world } = openWorld();
  world.place = 'away';
  await world.awakeUntil(at('2026-06-10T12:02:00Z'));
  world.place = 'here';
  await world.awake(HOUR);
  expect(madeAt(world)).toEqual(['10T12:03 ok']);
});

test('a failing backup is tried five times, then it is overdue, and the next slot is a new chance', async () => {
  const { world } = openWorld();
  world.backup = 'failed';
  await world.awakeUntil(at('2026-06-10T17:00:00Z'));
  expect(madeAt(world)).toEqual([
    '10T12:00 failed',
    '10T12:05 failed',
    '10T12:20 failed',
    '10T12:50 failed',
    '10T13:50 failed',
  ]);
  expect(world.said.overdue.size).toBe(1);
  world.backup = 'done';
  await world.awakeUntil(at('2026-06-10T18:01:00Z'));
  expect(madeAt(world).at(-1)).toBe('10T18:00 ok');
  expect(world.said.overdue.size).toBe(0);
});

test('a locked key store makes no run, is said, and the run comes as soon as it is unlocked', async () => {
  const { world } = openWorld();
  world.place = 'key';
  await world.awakeUntil(at('2026-06-10T12:30:10Z'));
  expect(madeAt(world)).toEqual([]);
  expect(world.said.key.size).toBe(1);
  world.place = 'here';
  world.scheduler.nudge();
  await world.awake(MINUTE);
  expect(madeAt(world)).toEqual(['10T12:31 ok']);
  expect(world.said.key.size).toBe(0);
});

test('what a person cancels is not begun again; what sleep interrupts is', async () => {
  const { world } = openWorld();
  world.backup = 'given-up';
  await world.awakeUntil(at('2026-06-10T12:30:00Z'));
  world.backup = 'interrupted';
  await world.awakeUntil(at('2026-06-10T18:00:00Z'));
  world.backup = 'done';
  await world.awakeUntil(at('2026-06-10T18:30:00Z'));
  expect(madeAt(world)).toEqual(['10T12:00 cancelled', '10T18:00 interrupted', '10T18:00 ok']);
});

test('a backup that a person asked for and sleep interrupted is caught up, though no slot is due', async () => {
  const { world, plan } = openWorld();
  await world.awake(HOUR);
  world.userBackup(plan, 'interrupted');
  world.asleep(10 * MINUTE);
  await world.awake(HOUR);
  expect(madeAt(world)).toEqual(['10T08:11 ok']);
  expect(world.runs.at(-1)?.origin).toBe('catch-up');
});

test('a backup that ends the process each time is not begun again at once', async () => {
  const { world } = openWorld();
  world.backup = 'dies-during-run';
  await world.awakeUntil(at('2026-06-10T18:00:00Z'));
  expect(madeAt(world).length).toBeLessThanOrEqual(10);
  expect(madeAt(world).length).toBeGreaterThanOrEqual(6);
});

test('a backup made by hand after the slot spares the one that waited', async () => {
  const { world, plan } = openWorld();
  world.scheduler.setPower({ onBattery: true, percent: 5 });
  await world.awakeUntil(at('2026-06-10T12:30:00Z'));
  world.userBackup(plan);
  world.scheduler.setPower({ onBattery: false, percent: 5 });
  await world.awakeUntil(at('2026-06-10T17:00:00Z'));
  expect(madeAt(world)).toEqual([]);
});

test('a sleep that was told of and did not come holds nothing back for long', async () => {
  const { world } = openWorld();
  await world.awakeUntil(at('2026-06-10T11:59:00Z'));
  world.scheduler.hold();
  await world.awake(4 * MINUTE);
  expect(madeAt(world)).toEqual([]);
  await world.awake(5 * MINUTE);
  expect(madeAt(world)).toEqual(['10T12:05 ok']);
});

test('a plan made by a clock that was a year ahead does not wait for a year', async () => {
  const { world, plan } = openWorld({ kind: 'interval', everyMs: 2 * HOUR });
  world.runs.length = 0;
  world.plans = [{ ...plan, createdAtMs: start + 365 * DAY + 17 * MINUTE }];
  await world.awake(6 * HOUR);
  expect(madeAt(world)).toEqual(['10T07:01 ok', '10T07:17 ok', '10T09:17 ok', '10T11:17 ok']);
});

test('a restore test comes after the first backup, then every few days, never right before a slot', async () => {
  const { world } = openWorld();
  await world.awake(HOUR);
  expect(world.drills).toHaveLength(1);
  await world.awakeUntil(start + 6 * DAY);
  expect(world.drills).toHaveLength(2);
  for (const { atMs } of world.drills) {
    const minute = (atMs % DAY) / MINUTE;
    for (const slot of [12 * 60, 18 * 60]) expect(slot - minute > 15 || minute > slot).toBe(true);
  }
});

test('a restore test that is not passed is tried again a day later, not at once', async () => {
  const { world } = openWorld();
  world.isDrillPassed = false;
  await world.awakeUntil(start + 3 * DAY);
  expect(world.drills).toHaveLength(3);
});

test('days that come again by a clock turned back are backed up again, though old runs seem to have met them', async () => {
  const { world } = openWorld();
  await world.awake(4 * DAY);
  const before = madeAt(world).length;
  world.turnClock(-3 * DAY);
  await world.awake(2 * DAY);
  // Four slots; perhaps one at once for what the turn left open.
  expect(madeAt(world).length - before).toBeGreaterThanOrEqual(4);
  expect(madeAt(world).length - before).toBeLessThanOrEqual(5);
});
