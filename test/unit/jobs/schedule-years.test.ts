/** Years on a played computer: no due slot is lost, none is done twice, whatever sleep, power and clocks do. */
import { Cron } from 'croner';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { PlanId } from '../../../shared/model/ids.ts';
import type { Plan } from '../../../shared/model/plan.ts';
import { nextSlotMs, newestSlotMs, type Schedule } from '../../../shared/model/schedule.ts';
import { wallClockAt } from '../../../shared/model/wall-clock.ts';
import { samplePlan } from '../../support/sample-plan.ts';
import {
  createScheduleWorld,
  type PlayedBackup,
  type PlayedRun,
  type ScheduleWorld,
} from '../../support/schedule-world.ts';

fc.configureGlobal({ seed: Number(process.env['HOLDFAST_SEED'] ?? 1) });

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** Settling, and the tick after it. */
const SOON = 2 * MINUTE;
const at = (iso: string): number => Date.parse(iso);
const everyDay = [1, 2, 3, 4, 5, 6, 7];
const times = (timesOfDay: readonly string[], zone: string): Schedule => ({
  kind: 'times',
  timesOfDay,
  days: everyDay,
  zone,
});
const planWith = (schedule: Schedule, createdAtMs: number, digit = '1'): Plan => ({
  ...samplePlan,
  id: digit.repeat(32) as PlanId,
  schedule,
  createdAtMs,
});

/** All slots in a span, by the rule that the light goes by too. */
function slotsBetween({ schedule, createdAtMs }: Plan, fromMs: number, toMs: number): number[] {
  const slots: number[] = [];
  for (
    let slot = nextSlotMs(schedule, createdAtMs, fromMs);
    slot <= toMs;
    slot = nextSlotMs(schedule, createdAtMs, slot)
  ) {
    slots.push(slot);
  }
  return slots;
}

/** Each good run answers at least one slot that no run before it has answered, and no slot up to the end is left. */
function expectEachSlotOnce(plan: Plan, runs: readonly PlayedRun[], fromMs: number, endMs: number) {
  let coveredToMs = fromMs;
  for (const { startedAtMs } of runs.filter(({ state }) => state === 'ok')) {
    const answered = slotsBetween(plan, coveredToMs, startedAtMs);
    expect(answered.length, `run at ${new Date(startedAtMs).toISOString()}`).toBeGreaterThan(0);
    coveredToMs = startedAtMs;
  }
  expect(slotsBetween(plan, coveredToMs, endMs)).toEqual([]);
}

const scheduled = ({ runs }: ScheduleWorld): readonly PlayedRun[] =>
  runs.filter(({ origin }) => origin !== 'user');

/** An office PC: on from half past seven to seven on working days, by the wall clock of its zone. */
async function liveOfficeDays(world: ScheduleWorld, zone: string, endMs: number): Promise<void> {
  while (world.nowMs() < endMs) {
    const { year, month, day } = wallClockAt(world.nowMs(), zone);
    const weekday = new Date(Date.UTC(year, month - 1, day)).getUTCDay();
    if (weekday !== 0 && weekday !== 6) {
      const evening = newestSlotMs(times(['19:00'], zone), 0, world.nowMs() + DAY) ?? 0;
      await world.awakeUntil(evening);
    }
    const morning = nextSlotMs(times(['07:30'], zone), 0, world.nowMs());
    world.off(morning - world.nowMs());
  }
}

test.each(['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe'])(
  'a year of office days in %s: every slot is met or caught up, and none twice',
  async (zone) => {
    const start = nextSlotMs(times(['07:30'], zone), 0, at('2026-01-04T18:00:00Z'));
    const end = start + 364 * DAY;
    // One slot in the middle of the change of the clocks, while the PC is off; two while it is on.
    const plan = planWith(times(['02:15', '12:30', '18:00'], zone), start - MINUTE);
    const world = createScheduleWorld(start, [plan]);
    world.userBackup(plan);
    await liveOfficeDays(world, zone, end);
    await world.awake(SOON);
    expectEachSlotOnce(plan, scheduled(world), start, world.nowMs());
    const weekdays = 52 * 5;
    expect(world.runs.filter(({ origin }) => origin === 'schedule')).toHaveLength(2 * weekdays);
    // The night's slot, and after a weekend all of its slots at once.
    expect(world.runs.filter(({ origin }) => origin === 'catch-up')).toHaveLength(weekdays);
    // Restore tests keep their week.
    const gaps = world.drills.map(
      ({ atMs }, index) => atMs - (world.drills[index - 1]?.atMs ?? start),
    );
    expect(Math.max(...gaps)).toBeLessThan(7 * DAY);
    expect(world.drills.length).toBeLessThan(90);
  },
);

test.each([
  ['Europe/Berlin', '2026-03-28T12:00:00Z', '2026-10-24T12:00:00Z'],
  ['America/New_York', '2026-03-07T12:00:00Z', '2026-10-31T12:00:00Z'],
  ['Australia/Lord_Howe', '2026-10-03T00:00:00Z', '2026-04-04T00:00:00Z'],
])(
  'through the changes of the clocks in %s every slot is met on time, once',
  async (zone, ...days) => {
    for (const day of days) {
      const start = at(day);
      const plan = planWith(
        times(['01:30', '01:59', '02:00', '02:15', '02:30', '03:00'], zone),
        start,
      );
      const world = createScheduleWorld(start, [plan]);
      world.userBackup(plan);
      await world.awake(2 * DAY);
      const slots = slotsBetween(plan, start, world.nowMs());
      expect(scheduled(world).map(({ origin }) => origin)).toEqual(slots.map(() => 'schedule'));
      scheduled(world).forEach(({ startedAtMs }, index) => {
        const late = startedAtMs - (slots[index] ?? 0);
        expect(late).toBeGreaterThanOrEqual(0);
        expect(late).toBeLessThanOrEqual(30_000);
      });
    }
  },
);

test('the slots of years are those that an independent scheduler knows, but where a time does not exist', () => {
  const timesOfDay = ['02:15', '12:30'];
  for (const zone of ['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe']) {
    const plan = planWith(times(timesOfDay, zone), at('2024-01-01T12:00:00Z'));
    const end = at('2027-01-01T00:00:00Z');
    const ours = new Set(slotsBetween(plan, plan.createdAtMs, end));
    const theirs = new Set<number>();
    for (const time of timesOfDay) {
      const job = new Cron(`${time.slice(3)} ${time.slice(0, 2)} * * *`, {
        timezone: zone,
        paused: true,
      });
      for (
        let next = job.nextRun(new Date(plan.createdAtMs));
        next !== null && next.getTime() <= end;
        next = job.nextRun(next)
      ) {
        theirs.add(next.getTime());
      }
    }
    expect(theirs.size).toBeGreaterThan(3 * 365 * timesOfDay.length - 30);
    // A time that the clocks jump over: ours comes later by the jump, theirs right at its end.
    const differing = [...ours.symmetricDifference(theirs)];
    expect(differing.length).toBeGreaterThan(0);
    for (const ms of differing) {
      const offsetAt = (when: number): number => wallClockAt(when, zone).offsetMinutes;
      const jumpMinutes = offsetAt(ms) - offsetAt(ms - 75 * MINUTE);
      expect(jumpMinutes, new Date(ms).toISOString()).toBeGreaterThan(0);
      expect(offsetAt(ms - jumpMinutes * MINUTE - 1)).toBeLessThan(offsetAt(ms));
    }
  }
});

const schedules = fc.oneof(
  fc
    .tuple(
      fc.constantFrom('Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Shanghai'),
      fc.uniqueArray(fc.constantFrom('00:00', '02:15', '09:00', '12:30', '18:00', '23:45'), {
        minLength: 1,
        maxLength: 3,
      }),
    )
    .map(([zone, list]) => times(list.sort(), zone)),
  fc.constantFrom(10 * MINUTE, HOUR, 6 * HOUR, 26 * HOUR).map((everyMs): Schedule => ({
    kind: 'interval',
    everyMs,
  })),
);

/** What can happen to an office PC; every part ends with the PC on. */
const calmEvents = fc.oneof(
  fc.record({ kind: fc.constant('awake'), ms: fc.integer({ min: MINUTE, max: 20 * HOUR }) }),
  fc.record({
    kind: fc.constant('asleep'),
    ms: fc.integer({ min: MINUTE, max: 5 * DAY }),
    isCounting: fc.boolean(),
  }),
  fc.record({ kind: fc.constant('off'), ms: fc.integer({ min: MINUTE, max: 20 * DAY }) }),
  fc.record({
    kind: fc.constant('backup'),
    next: fc.constantFrom<PlayedBackup>(
      'interrupted',
      'failed',
      'away',
      'dies-before-record',
      'dies-during-run',
      'dies-before-memory',
    ),
    ms: fc.integer({ min: MINUTE, max: 3 * HOUR }),
  }),
  fc.record({ kind: fc.constant('away'), ms: fc.integer({ min: MINUTE, max: 30 * HOUR }) }),
);
type CalmEvent = typeof calmEvents extends fc.Arbitrary<infer E> ? E : never;

async function live(world: ScheduleWorld, event: CalmEvent): Promise<void> {
  if (event.kind === 'awake') await world.awake(event.ms);
  else if (event.kind === 'asleep') world.asleep(event.ms, event.isCounting);
  else if (event.kind === 'off') world.off(event.ms);
  else if (event.kind === 'backup') {
    world.backup = event.next;
    await world.awake(event.ms);
    world.backup = 'done';
  } else {
    world.place = 'away';
    await world.awake(event.ms);
    world.place = 'here';
  }
}

test('sleep, power cuts, crashes at any point, failures and places that are away lose no slot and double none', async () => {
  const start = at('2026-03-20T07:00:00Z');
  await fc.assert(
    fc.asyncProperty(
      schedules,
      fc.array(calmEvents, { minLength: 3, maxLength: 12 }),
      async (schedule, events) => {
        const plan = planWith(schedule, start);
        const world = createScheduleWorld(start, [plan]);
        world.userBackup(plan);
        for (const event of events) await live(world, event);
        // The longest wait after failures or an absence. Then one more slot: it covers one that was given up.
        await world.awake(HOUR + SOON);
        const lastMs = nextSlotMs(schedule, start, world.nowMs());
        await world.awakeUntil(lastMs + SOON);
        expectEachSlotOnce(plan, scheduled(world), start, lastMs);
      },
    ),
    { numRuns: 60 },
  );
});

/** Whole numbers of every interval above: slots keep their phase. */
const LONG_AGO = 26 * 150 * DAY;

test('a clock that jumps by months either way neither stops the backups nor makes them run on and on', async () => {
  const start = at('2026-06-10T07:00:00Z');
  const jumps = fc.record({
    byMs: fc.integer({ min: -400 * DAY, max: 400 * DAY }),
    isOff: fc.boolean(),
    awakeMs: fc.integer({ min: 2 * HOUR, max: 12 * HOUR }),
  });
  await fc.assert(
    fc.asyncProperty(
      schedules,
      fc.array(jumps, { minLength: 1, maxLength: 5 }),
      async (schedule, list) => {
        const plan = planWith(schedule, start - 30 * DAY);
        const world = createScheduleWorld(start, [plan]);
        world.userBackup(plan);
        for (const { byMs, isOff, awakeMs } of list) {
          world.turnClock(byMs);
          if (isOff) world.off(0);
          const [before, fromMs] = [scheduled(world).length, world.nowMs()];
          await world.awake(awakeMs);
          const due = slotsBetween(
            { ...plan, createdAtMs: plan.createdAtMs - LONG_AGO },
            fromMs,
            world.nowMs(),
          );
          const made = scheduled(world).length - before;
          // One for what the jump made due or left open, and one for each slot since.
          expect(made).toBeLessThanOrEqual(due.length + 2);
          expect(made).toBeGreaterThanOrEqual(
            due.filter((slot) => slot >= fromMs + SOON).length - 1,
          );
        }
        // And then it keeps time as ever.
        const [before, fromMs] = [scheduled(world).length, world.nowMs()];
        await world.awake(30 * HOUR);
        const due = slotsBetween(
          { ...plan, createdAtMs: plan.createdAtMs - LONG_AGO },
          fromMs,
          world.nowMs(),
        );
        expect(Math.abs(scheduled(world).length - before - due.length)).toBeLessThanOrEqual(1);
      },
    ),
    { numRuns: 25 },
  );
});
