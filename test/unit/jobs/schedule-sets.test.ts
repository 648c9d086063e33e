/** Disks that take turns: what a slot needs, who catches up when, and that a disk in a drawer is no failure. */
import { expect, test } from 'vitest';
import type { VaultId } from '../../../shared/model/ids.ts';
import type { Plan } from '../../../shared/model/plan.ts';
import { samplePlan } from '../../support/sample-plan.ts';
import { createScheduleWorld, type ScheduleWorld } from '../../support/schedule-world.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const at = (iso: string): number => Date.parse(iso);
const start = at('2026-06-10T07:00:00Z');
const blue = { path: '/media/a/BLUE/copies', vaultId: '4'.repeat(32) as VaultId, set: 'Disks' };
const red = { path: '/media/a/RED/copies', vaultId: '5'.repeat(32) as VaultId, set: 'Disks' };
const nas = { path: '/mnt/nas/copies', vaultId: '6'.repeat(32) as VaultId };

/** Due at noon, with a first backup on all that is here. */
function openWorld(places: Plan['places'], ...away: readonly { path: string }[]): ScheduleWorld {
  const schedule = { ...samplePlan.schedule, timesOfDay: ['12:00'], zone: 'UTC' } as const;
  const plan: Plan = { ...samplePlan, places, schedule, createdAtMs: start };
  const world = createScheduleWorld(start, [plan]);
  for (const { path } of away) world.away.add(path);
  world.userBackup(plan);
  return world;
}

const names = new Map([
  [blue.path, 'blue'],
  [red.path, 'red'],
  [nas.path, 'nas'],
]);
const made = ({ runs }: ScheduleWorld): string[] =>
  runs
    .filter(({ origin }) => origin !== 'user')
    .map(({ startedAtMs, state, path, origin }) => {
      const time = new Date(startedAtMs).toISOString().slice(8, 16);
      return `${time} ${names.get(path) ?? path} ${state} ${origin}`;
    });

test('a slot goes to every disk that is here, and a disk in the drawer is no failure', async () => {
  const world = openWorld([blue, red], red);
  await world.awakeUntil(at('2026-06-12T11:00:00Z'));
  expect(made(world)).toEqual(['10T12:00 blue ok schedule', '11T12:00 blue ok schedule']);
  expect(world.said.overdue.size).toBe(0);
  world.away.clear();
  await world.awakeUntil(at('2026-06-12T13:00:00Z'));
  expect(made(world).slice(2)).toEqual([
    '12T11:00 red ok catch-up',
    '12T12:00 blue ok schedule',
    '12T12:00 red ok schedule',
  ]);
});

test('a disk that is behind catches up within a minute of being plugged in, once', async () => {
  const world = openWorld([blue, red], red);
  await world.awakeUntil(at('2026-06-10T15:00:00Z'));
  world.away.clear();
  world.away.add(blue.path);
  await world.awake(MINUTE);
  expect(made(world).slice(1)).toEqual(['10T15:00 red ok catch-up']);
  await world.awake(20 * HOUR);
  expect(made(world)).toHaveLength(2);
  // Blue comes back after the slot of the next day, which red has met.
  await world.awakeUntil(at('2026-06-11T18:00:00Z'));
  world.away.clear();
  await world.awake(MINUTE);
  expect(made(world).slice(2)).toEqual(['11T12:00 red ok schedule', '11T18:00 blue ok catch-up']);
});

test('when all disks are in the drawer the slot waits, and the first to come meets it at once', async () => {
  const world = openWorld([blue, red]);
  world.away.add(blue.path).add(red.path);
  await world.awakeUntil(at('2026-06-10T15:00:00Z'));
  // As with any place: one run says it for the record.
  expect(made(world).map((run) => run.split(' ').slice(1, 3).join(' '))).toEqual(['blue failed']);
  expect(world.said.overdue.size).toBe(1);
  world.away.delete(red.path);
  await world.awake(MINUTE);
  expect(made(world).at(-1)).toBe('10T15:00 red ok catch-up');
});

test('a disk whose backup fails is tried again with pauses, while the other one has met the slot', async () => {
  const world = openWorld([blue, red], red);
  await world.awakeUntil(at('2026-06-10T15:00:00Z'));
  world.away.clear();
  world.backup = 'failed';
  await world.awake(9 * HOUR);
  const tries = made(world).slice(1);
  expect(tries.map((run) => run.slice(3, 8))).toEqual([
    '15:00',
    '15:05',
    '15:20',
    '15:50',
    '16:50',
  ]);
  expect(new Set(tries.map((run) => run.slice(9)))).toEqual(new Set(['red failed catch-up']));
});

test('a place beside the set is on its own: it is waited for, and holds no disk up', async () => {
  const world = openWorld([nas, blue, red], nas, red);
  await world.awakeUntil(at('2026-06-10T12:30:00Z'));
  expect(made(world)).toContain('10T12:00 blue ok schedule');
  const before = made(world).length;
  world.away.delete(nas.path);
  await world.awake(HOUR);
  expect(
    made(world)
      .slice(before)
      .map((run) => run.slice(9)),
  ).toEqual(['nas ok catch-up']);
  await world.awakeUntil(start + 2 * DAY);
  expect(made(world).filter((run) => run.includes('nas ok'))).toHaveLength(2);
});

test('a disk that is here is tested, one in the drawer is not', async () => {
  const world = openWorld([blue, red], red);
  await world.awake(HOUR);
  expect(world.drills).toHaveLength(1);
  world.away.add(blue.path);
  world.drills.length = 0;
  await world.awake(HOUR);
  expect(world.drills).toEqual([]);
});
