// Home: what it says about copies, places and days is what happened, and a long history does not make it slow.
import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { recordOtherDisk } from '../../../electron/history/disk-records.ts';
import type { History } from '../../../electron/history/open-history.ts';
import { recordUndo } from '../../../electron/history/undo-records.ts';
import type { RunId } from '../../../shared/model/ids.ts';
import type { Plan } from '../../../shared/model/plan.ts';
import { openTestAgent, type TestAgent } from '../../support/open-test-agent.ts';
import { createLedger } from '../../support/quiet-database.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const id = <T extends string>(number: number): T => number.toString(16).padStart(32, '0') as T;

async function protectOffice(agent: TestAgent) {
  const place = join(agent.folder, 'usb');
  mkdirSync(place);
  const crm = join(agent.folder, 'crm.db');
  createLedger(crm, { rows: 20, seed: 1 });
  const { plan, kit } = await agent.call('protect', {
    name: 'Office',
    sources: [crm],
    place,
    schedule: {
      kind: 'times',
      timesOfDay: ['12:30', '18:00'],
      days: [1, 2, 3, 4, 5, 6, 7],
      zone: 'UTC',
    },
    keep: {},
    secret: { kind: 'passphrase', passphrase: 'p' },
    remember: true,
  });
  return { plan, kit, place, crm };
}

test('a new plan: nothing is proved, the next slot is named, days before it are blank', async () => {
  const agent = await openTestAgent();
  const { plan, crm, kit } = await protectOffice(agent);
  const { nowMs, plans, undos } = await agent.call('overview', {});
  expect([nowMs, undos]).toEqual([agent.clock.nowMs(), []]);
  const [shown] = plans;
  expect(shown).toMatchObject({
    plan,
    nextSlotMs: Date.UTC(2026, 0, 5, 12, 30),
    overdueSinceMs: null,
    lastRun: null,
  });
  expect(shown?.status.kind).toBe('not-protected');
  expect(shown?.sources).toEqual([
    {
      id: plan.sources[0]?.id,
      name: 'crm.db',
      path: crm,
      newestCopyAtMs: null,
      newestProvedAtMs: null,
      lastProvedDrillAtMs: null,
      recoveryMs: null,
    },
  ]);
  expect(shown?.places).toMatchObject([{ path: kit.place, isHere: true, seenAtMs: nowMs }]);
  expect(shown?.places[0]?.totalBytes).toBeGreaterThan(0);
  expect(shown?.days).toHaveLength(30);
  expect(new Set(shown?.days.map(({ state }) => state))).toEqual(new Set(['none']));
});

test('a copy, its restore test, a place that goes away, a slot that nothing met', async () => {
  const agent = await openTestAgent();
  const { plan, kit } = await protectOffice(agent);
  const { clock } = agent;
  clock.setWallTime(Date.UTC(2026, 0, 5, 12, 30));
  await agent.call('runPlan', { plan: plan.id });
  await agent.call('drill', { plan: plan.id });
  const look = async () => (await agent.call('overview', {})).plans[0];
  const first = await look();
  const copyAtMs = first?.sources[0]?.newestCopyAtMs ?? 0;
  expect(copyAtMs).toBeGreaterThanOrEqual(Date.UTC(2026, 0, 5, 12, 30));
  expect(first?.sources[0]).toMatchObject({ newestProvedAtMs: copyAtMs });
  expect(first?.sources[0]?.lastProvedDrillAtMs).toBeGreaterThanOrEqual(copyAtMs);
  expect(first?.sources[0]?.recoveryMs).toBeGreaterThanOrEqual(0);
  expect(first?.lastRun).toMatchObject({ kind: 'drill', state: 'ok' });
  expect(first?.days.at(-1)).toEqual({
    day: '2026-01-05',
    state: 'ok',
    backups: 1,
    failures: 0,
  });
  expect(first?.nextSlotMs).toBe(Date.UTC(2026, 0, 5, 18));

  renameSync(kit.place, `${kit.place} away`);
  clock.setWallTime(Date.UTC(2026, 0, 6, 13, 30));
  const later = await look();
  expect(later?.places[0]).toMatchObject({ isHere: false, seenAtMs: first?.places[0]?.seenAtMs });
  // The oldest slot without a copy, not the newest.
  expect(later?.overdueSinceMs).toBe(Date.UTC(2026, 0, 5, 18));
  expect(later?.days.slice(-2).map(({ state }) => state)).toEqual(['ok', 'missed']);

  renameSync(`${kit.place} away`, kit.place);
  await agent.call('pause', { plan: plan.id, untilMs: null });
  expect(await look()).toMatchObject({ nextSlotMs: null, overdueSinceMs: null });
  const untilMs = Date.UTC(2026, 0, 8, 18);
  await agent.call('pause', { plan: plan.id, untilMs });
  expect(await look()).toMatchObject({ nextSlotMs: untilMs, overdueSinceMs: null });
});

test('restores that can be taken back are shown, those that were or cannot any more are not', async () => {
  const agent = await openTestAgent();
  const { plan, crm } = await protectOffice(agent);
  const history = agent.engine.history();
  const nowMs = agent.clock.nowMs();
  const undo = (number: number, more: object) => {
    recordUndo(history, {
      run: id<RunId>(number),
      restoredAtMs: nowMs - number * HOUR_MS,
      target: crm,
      safety: { kind: 'folder', path: '/safety' },
      targetMark: null,
      keptUntilMs: nowMs + DAY_MS,
      undoneAtMs: null,
      ...more,
    });
  };
  undo(3, { safety: { kind: 'rows', path: '/rows' }, target: '/elsewhere' });
  undo(2, {});
  undo(4, { undoneAtMs: nowMs });
  undo(5, { keptUntilMs: nowMs });
  const { undos } = await agent.call('overview', {});
  expect(undos.map(({ run, kind, planId }) => [run, kind, planId])).toEqual([
    [id(2), 'file', plan.id],
    [id(3), 'rows', null],
  ]);
});

/** Every hour a backup that was read back, each week a restore test, each fiftieth attempt failed. */
function recordHours(history: History, plan: Plan, hours: number, nowMs: number): void {
  const facts = {
    hours,
    nowMs,
    plan: plan.id,
    vault: plan.places[0]?.vaultId,
    source: plan.sources[0]?.id,
  };
  const numbers = `WITH RECURSIVE past (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM past WHERE n < @hours),
    run AS (SELECT printf('%032x', n) AS id, n, @nowMs - (@hours - n) * 3600000 AS atMs FROM past)`;
  history.db
    .prepare(
      `${numbers} INSERT INTO runs (id, kind, plan_id, vault_id, place, started_at_ms, ended_at_ms, state)
       SELECT id, 'backup', @plan, @vault, '/p', atMs, atMs, iif(n % 50 = 0, 'failed', 'ok') FROM run`,
    )
    .run(facts);
  const evidence = (kind: string, outcome: string | null, every: number): void => {
    history.db
      .prepare(
        `${numbers} INSERT INTO evidence
           (run_id, vault_id, source_id, point_id, kind, at_ms, taken_at_ms, outcome, recovery_ms)
         SELECT id, @vault, @source, id, @kind, atMs, atMs, @outcome, 5000 FROM run
         WHERE n % 50 <> 0 AND (n - 1) % @every = 0`,
      )
      .run({ ...facts, kind, outcome, every });
  };
  evidence('copy', null, 1);
  evidence('read-back', null, 1);
  evidence('drill', 'proved', 168);
}

test('10,000 runs are all counted, and Home is quick all the same', async () => {
  const agent = await openTestAgent();
  const { plan } = await protectOffice(agent);
  const nowMs = agent.clock.nowMs();
  recordHours(agent.engine.history(), plan, 10_000, nowMs);
  await agent.call('overview', {});
  const before = process.threadCpuUsage();
  const { plans } = await agent.call('overview', {});
  // Of this thread alone: how busy the machine is says nothing.
  const { user, system } = process.threadCpuUsage(before);
  const spentMs = (user + system) / 1000;
  const days = plans[0]?.days ?? [];
  expect(days.slice(0, -1).map(({ backups, failures }) => backups + failures)).toEqual(
    Array.from({ length: 29 }, () => 24),
  );
  expect(days.filter(({ failures }) => failures > 0).length).toBeGreaterThan(10);
  // The last attempt failed; the copy before it is the newest.
  expect(plans[0]?.sources[0]?.newestCopyAtMs).toBe(nowMs - HOUR_MS);
  expect(plans[0]?.sources[0]?.newestProvedAtMs).toBe(nowMs - HOUR_MS);
  // 30 ms when nothing else is at work; a search for each run would take many seconds.
  expect(spentMs).toBeLessThan(1000);
});

test('while the CRM or the disk is away, the disk is what it was; an empty folder in its stead says nothing', async () => {
  const agent = await openTestAgent();
  const { plan, crm, place } = await protectOffice(agent);
  const [source] = plan.sources;
  const [copy] = plan.places;
  if (source === undefined || copy === undefined || copy.vaultId === null)
    throw new Error('the plan is complete');
  const isOwnDisk = async (): Promise<boolean | undefined> =>
    (await agent.call('status', {})).plans[0]?.reasons.some(({ code }) => code === 'only-own-disk');
  expect(await isOwnDisk()).toBe(true);
  recordOtherDisk(agent.engine.history(), copy.vaultId, source.id, true);
  renameSync(crm, `${crm}.away`);
  expect(await isOwnDisk()).toBe(false);
  renameSync(`${crm}.away`, crm);
  renameSync(place, `${place}.away`);
  mkdirSync(copy.path, { recursive: true });
  expect(await isOwnDisk()).toBe(false);
  rmSync(place, { recursive: true });
  renameSync(`${place}.away`, place);
  expect(await isOwnDisk()).toBe(true);
});
