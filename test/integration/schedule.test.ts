/** The schedule on the real engine, by a clock turned by hand: runs that happen, wait, are interrupted and come back. */
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { TICK_MS } from '../../electron/jobs/schedule/clock-watch.ts';
import { listRuns } from '../../electron/history/runs.ts';
import type { PlanId } from '../../shared/model/ids.ts';
import type { Run } from '../../shared/model/run.ts';
import type { Schedule } from '../../shared/model/schedule.ts';
import { openTestAgent, type TestAgent } from '../support/open-test-agent.ts';
import { createLedger, editDatabase } from '../support/quiet-database.ts';
import { TEST_PASSPHRASE } from '../support/test-engine.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const noon: Schedule = {
  kind: 'times',
  timesOfDay: ['12:00'],
  days: [1, 2, 3, 4, 5, 6, 7],
  zone: 'UTC',
};

/** A protected office at eight in the morning, its first backup made and tested. */
async function openOffice(schedule: Schedule = noon, rows = 200) {
  const agent = await openTestAgent();
  const { folder } = agent;
  const [database, place] = [join(folder, 'crm.db'), join(folder, 'usb')];
  createLedger(database, { rows, seed: 1 });
  await mkdir(place);
  const protection = await agent.call('protect', {
    name: 'Office',
    sources: [database],
    place,
    schedule,
    keep: {},
    secret: { kind: 'passphrase', passphrase: TEST_PASSPHRASE },
    remember: true,
  });
  const plan = protection.plan.id;
  await agent.call('runPlan', { plan });
  const drilled = await agent.call('drill', { plan });
  expect(drilled).toMatchObject({ outcome: 'proved', failure: null });
  return { agent, folder, database, place, plan };
}

/** A look of the scheduler at this time of the day, awake since long before, and all that follows from it. */
async function lookAt({ parts, clock }: TestAgent, hour: number, minute = 0): Promise<void> {
  const day = Math.floor(clock.nowMs() / (24 * HOUR)) * 24 * HOUR;
  await clock.advance(day + hour * HOUR + minute * MINUTE - clock.nowMs());
  await look(parts.scheduler, clock);
  await clock.advance(MINUTE);
  await look(parts.scheduler, clock);
}

async function stayAwake({ parts, clock }: TestAgent, ms: number): Promise<void> {
  for (let left = ms; left > 0; left -= TICK_MS) {
    await clock.advance(TICK_MS);
    await look(parts.scheduler, clock);
  }
}

async function look(
  scheduler: TestAgent['parts']['scheduler'],
  clock: TestAgent['clock'],
): Promise<void> {
  await scheduler.tick();
  await clock.drive(scheduler.settled());
}

const runsOf = ({ engine }: TestAgent, planId: PlanId): readonly Run[] =>
  listRuns(engine.history(), { planId }).toReversed();
const kindsOf = (agent: TestAgent, plan: PlanId): string[] =>
  runsOf(agent, plan).map(({ kind, state }) => `${kind} ${state}`);
const noticesOf = ({ parts }: TestAgent): string[] =>
  parts.notices.list().map(({ fact }) => fact.kind);

test('a due slot makes one restore point, told to every window, and is stored beyond the process', async () => {
  const { agent, plan, database } = await openOffice();
  await lookAt(agent, 11);
  expect(kindsOf(agent, plan)).toEqual(['backup ok', 'drill ok']);
  editDatabase(database, "UPDATE entries SET text = 'changed' WHERE id = 1");
  agent.events.length = 0;
  await lookAt(agent, 12);
  await lookAt(agent, 13);
  expect(kindsOf(agent, plan)).toEqual(['backup ok', 'drill ok', 'backup ok']);
  const jobs = agent.events.flatMap((event) => (event.kind === 'jobs' ? event.jobs : []));
  expect(jobs.map(({ origin, state }) => `${origin} ${state}`)).toContain('schedule running');
  expect(agent.events).toContainEqual({ kind: 'changed', topics: ['overview', 'runs'] });
  const text = await readFile(join(agent.engine.dataFolder, 'schedule.json'), 'utf8');
  const stored = JSON.parse(text) as { readonly plans: Readonly<Record<string, unknown>> };
  expect(stored.plans[plan]).toMatchObject({
    handledSlotMs: Date.UTC(2026, 0, 5, 12),
    retry: null,
  });

  // The next process knows it too, and catches up only what came since.
  const { clock, keychain } = agent;
  const { dataFolder } = agent.engine;
  await agent.close();
  const again = await openTestAgent({ clock, keychain, dataFolder });
  await lookAt(again, 14);
  expect(kindsOf(again, plan)).toHaveLength(3);
  await clock.advance(3 * 24 * HOUR);
  await lookAt(again, 15);
  expect(kindsOf(again, plan).filter((run) => run === 'backup ok')).toHaveLength(3);
});

test('a place that is away leaves one failed run and one notice, and its return makes them untrue', async () => {
  const { agent, plan, place } = await openOffice();
  await rename(place, `${place}-unplugged`);
  for (const minute of [0, 2, 5, 11, 30, 59]) await lookAt(agent, 12, minute);
  expect(kindsOf(agent, plan).slice(2)).toEqual(['backup failed']);
  expect(runsOf(agent, plan).at(-1)?.failure).toMatchObject({ code: 'place-missing' });
  expect(noticesOf(agent)).toEqual(['run-failed']);
  await lookAt(agent, 15);
  await stayAwake(agent, 16 * MINUTE);
  expect(noticesOf(agent)).toEqual(['overdue', 'run-failed']);
  await rename(`${place}-unplugged`, place);
  await lookAt(agent, 16);
  expect(kindsOf(agent, plan).slice(2)).toEqual(['backup failed', 'backup ok']);
  expect(noticesOf(agent)).toEqual([]);
});

test('without the passphrase nothing runs and one notice asks for it; unlocking is enough', async () => {
  const { agent: first, plan } = await openOffice();
  const { clock, keychain } = first;
  const { dataFolder } = first.engine;
  await first.close();
  keychain.isLocked = true;
  const agent = await openTestAgent({ clock, keychain, dataFolder });
  for (const minute of [0, 10, 40]) await lookAt(agent, 12, minute);
  expect(kindsOf(agent, plan)).toHaveLength(2);
  expect(noticesOf(agent)).toEqual(['key-needed']);
  keychain.isLocked = false;
  await agent.call('unlock', { plan, secret: TEST_PASSPHRASE, remember: false });
  await look(agent.parts.scheduler, clock);
  expect(kindsOf(agent, plan)).toEqual(['backup ok', 'drill ok', 'backup ok']);
  expect(noticesOf(agent)).toEqual([]);
});

test('a run that sleep interrupts is on record as that, and is made up for after waking up', async () => {
  const { agent, plan, database } = await openOffice(noon, 20_000);
  const { clock, parts } = agent;
  editDatabase(database, "UPDATE entries SET text = text || 'x'");
  await clock.advance(4 * HOUR);
  await parts.scheduler.tick();
  await clock.advance(MINUTE);
  await parts.scheduler.tick();
  await clock.drive(untilReading(agent));
  await clock.drive(agent.parts.board.interrupt());
  parts.scheduler.hold();
  await clock.drive(parts.scheduler.settled());
  expect(kindsOf(agent, plan).slice(2)).toEqual(['backup interrupted']);
  expect(runsOf(agent, plan).at(-1)?.failure).toBeNull();
  await clock.advance(20 * MINUTE);
  await agent.call('wake', {});
  await look(parts.scheduler, clock);
  expect(kindsOf(agent, plan)).toHaveLength(3);
  await clock.advance(MINUTE);
  await look(parts.scheduler, clock);
  expect(kindsOf(agent, plan).slice(2)).toEqual(['backup interrupted', 'backup ok']);
  expect(noticesOf(agent)).toEqual([]);
});

async function untilReading({ parts }: TestAgent): Promise<void> {
  for (let hasBegun = false; ;) {
    const jobs = parts.board.list();
    if (jobs.some(({ progress }) => progress?.phase === 'read')) return;
    if (hasBegun && jobs.length === 0) throw new Error('it was over before it was interrupted');
    hasBegun ||= jobs.length > 0;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

test('pausing, resuming, changing and deleting a plan decide at once what the schedule does', async () => {
  const { agent, plan } = await openOffice();
  const later = { ...noon, timesOfDay: ['13:00'] };
  const untilMs = Date.UTC(2026, 0, 5, 12, 30);
  expect(await agent.call('pause', { plan: null, untilMs })).toEqual({ plans: 1 });
  await lookAt(agent, 12);
  expect(kindsOf(agent, plan)).toHaveLength(2);
  expect(await agent.call('resume', { plan })).toEqual({ plans: 1 });
  const changed = await agent.call('changePlan', { plan, name: 'Front office', schedule: later });
  expect(changed).toMatchObject({ name: 'Front office', schedule: later, paused: null });
  await lookAt(agent, 12, 20);
  expect(kindsOf(agent, plan)).toHaveLength(2);
  await lookAt(agent, 13);
  expect(kindsOf(agent, plan)).toHaveLength(3);
  await agent.call('deletePlan', { plan });
  await agent.clock.advance(24 * HOUR);
  await lookAt(agent, 14);
  expect(kindsOf(agent, plan)).toHaveLength(3);
  await expect(agent.call('runPlan', { plan })).rejects.toMatchObject({
    failure: { code: 'plan-missing' },
  });
});

test('a restore test comes by itself before the last one is a week old, and a failed one is said', async () => {
  const { agent, plan, place } = await openOffice();
  for (let day = 0; day < 4; day += 1) {
    await lookAt(agent, 12);
    await agent.clock.advance(24 * HOUR - 4 * HOUR);
  }
  await lookAt(agent, 9);
  await lookAt(agent, 10);
  expect(kindsOf(agent, plan).filter((run) => run.startsWith('drill'))).toEqual([
    'drill ok',
    'drill ok',
  ]);
  await spoilPacks(place);
  await agent.clock.advance(4 * 24 * HOUR);
  await lookAt(agent, 14);
  await lookAt(agent, 15);
  await lookAt(agent, 16);
  const drills = runsOf(agent, plan).filter(({ kind }) => kind === 'drill');
  expect(drills).toHaveLength(3);
  expect(drills.at(-1)?.state).not.toBe('ok');
  expect(noticesOf(agent)).toContain('restore-test-failed');
});

/** Turns every byte of all stored data around, but for the notes and manifests that lead to it. */
async function spoilPacks(place: string): Promise<void> {
  for (const entry of await readdir(place, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !entry.parentPath.includes('packs')) continue;
    const path = join(entry.parentPath, entry.name);
    const bytes = await readFile(path);
    await writeFile(
      path,
      bytes.map((byte) => byte ^ 0xff),
    );
  }
}
