/** Dropping restore points: only those that the rules do not keep, never the newest or a held one, and for good. */
import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { addHold, listHolds, releaseHold } from '../../electron/engine/retention/holds.ts';
import {
  planForget,
  runForget,
  type ForgetPlan,
  type ForgetRequest,
} from '../../electron/engine/retention/run-forget.ts';
import { createFaultyStorage } from '../../electron/engine/storage/faulty-storage.ts';
import { createMemoryStorage } from '../../electron/engine/storage/memory-storage.ts';
import { takeLease, type Lease } from '../../electron/engine/vault/lease.ts';
import { writeNote } from '../../electron/engine/vault/notes.ts';
import { readPointIndex, toEntry } from '../../electron/engine/vault/point-index.ts';
import type { Vault } from '../../electron/engine/vault/vault.ts';
import { keepEverything } from '../../shared/model/keep-rules.ts';
import { createHandClock } from '../support/hand-clock.ts';
import { createLedger, editDatabase } from '../support/quiet-database.ts';
import { createPointLedger, readAllPoints } from '../support/restored-points.ts';
import { openTestEngine, type TestEngine } from '../support/test-engine.ts';

const DAY_MS = 24 * 3600 * 1000;

async function withLease<T>(
  engine: TestEngine,
  vault: Vault,
  work: (lease: Lease) => Promise<T>,
): Promise<T> {
  const { owner, report } = engine;
  await using lease = await takeLease(vault, { purpose: 'forget', owner, report, waitMs: 0 });
  return await work(lease);
}

const requestFor = (engine: TestEngine, vault: Vault, rules: Partial<ForgetRequest> = {}) => ({
  vault,
  rules: { ...keepEverything, last: 2 },
  zone: 'UTC',
  proved: new Set<never>(),
  doubts: [],
  needed: [],
  report: engine.report,
  ...rules,
});

const forget = async (
  engine: TestEngine,
  wishes: Partial<ForgetRequest> = {},
  vault: Vault = engine.vault,
): Promise<ForgetPlan> =>
  withLease(engine, vault, async (lease) => {
    const plan = await planForget(requestFor(engine, vault, wishes), lease.points);
    await runForget(vault, lease, plan);
    return plan;
  });

/** A restore point a day, the newest last; the first one is the only full. */
async function makeDays(days: number) {
  const clock = createHandClock();
  // A folder's times are the computer's own: restore points by this clock would be doubtful there.
  const wrapStorage = () => createMemoryStorage({ clock, random: randomBytes });
  const engine = await openTestEngine({ clock, wrapStorage });
  const ledger = createPointLedger();
  const path = `${engine.folder}/crm.db`;
  createLedger(path, { rows: 100, seed: 1 });
  const ids: string[] = [];
  const work = async (): Promise<void> => {
    const made = await ledger.record([path], async () =>
      engine.backup(path, { kind: ids.length === 0 ? 'full' : 'incremental' }),
    );
    ids.push(made.point.id);
    editDatabase(path, `UPDATE entries SET text = 'day ${ids.length}' WHERE id % 30 = 1`);
    await clock.advance(DAY_MS);
  };
  for (let day = 0; day < days; day++) await work();
  return { clock, engine, ledger, path, ids, work };
}

const liveIds = async (engine: TestEngine): Promise<readonly string[]> =>
  (await readPointIndex(await engine.openAgain(), engine.report)).live.map(({ id }) => id);

const readAll = async (engine: TestEngine) =>
  readAllPoints({ ...engine, vault: await engine.openAgain(), folder: `${engine.folder}/out` });

describe('dropping restore points', () => {
  test('shows what would go before anything goes', async () => {
    const { engine, ids } = await makeDays(5);
    const before = await engine.storage.list('');
    const index = await readPointIndex(engine.vault, engine.report);
    const { plan } = await planForget(requestFor(engine, engine.vault), index);
    expect(plan.remove.map(({ id }) => id)).toEqual([ids[2], ids[1]]);
    expect(plan.keep.map(({ id, reasons }) => [id, reasons[0]?.code])).toEqual([
      [ids[4], 'newest'],
      [ids[3], 'last'],
      [ids[0], 'newest-full'],
    ]);
    expect(await engine.storage.list('')).toEqual(before);
  });

  test('leaves every other one restorable, children of those that went too', async () => {
    const { engine, ledger, ids, work } = await makeDays(5);
    await forget(engine);
    for (const id of [ids[1], ids[2]]) ledger.strike(id ?? '');
    expect(await liveIds(engine)).toEqual([ids[0], ids[3], ids[4]]);
    expect(await readAll(engine)).toEqual(ledger.expected);
    const index = await readPointIndex(await engine.openAgain(), engine.report);
    expect(index).toMatchObject({ vanished: [], late: [] });
    await work();
    expect(await readAll(engine)).toEqual(ledger.expected);
  });

  test('spares what is held until the hold is released', async () => {
    const { engine, ids } = await makeDays(5);
    await withLease(engine, engine.vault, async (lease) => {
      const held = lease.points.live.filter(({ id }) => id === ids[1]);
      await addHold(engine.vault, lease, held, 'before the migration');
      await lease.end(lease.points.live.map(toEntry));
    });
    const { plan } = await forget(engine);
    expect(plan.keep.find(({ id }) => id === ids[1])?.reasons).toEqual([
      { code: 'hold', reason: 'before the migration' },
    ]);
    expect(await liveIds(engine)).toEqual([ids[0], ids[1], ids[3], ids[4]]);
    await withLease(engine, engine.vault, async (lease) => {
      const [hold] = listHolds(lease.points.notes);
      await expect(releaseHold(engine.vault, lease, 'ffff')).rejects.toMatchObject({
        failure: { code: 'usage' },
      });
      await releaseHold(engine.vault, lease, hold?.hold.slice(0, 8) ?? '');
      await lease.end(lease.points.live.map(toEntry));
    });
    await forget(engine);
    expect(await liveIds(engine)).toEqual([ids[0], ids[3], ids[4]]);
  });

  test('drops nothing in doubt, and nothing without a rule', async () => {
    const { engine, ids } = await makeDays(4);
    await forget(engine, { doubts: ['clock-jump'] });
    await forget(engine, { rules: keepEverything });
    expect(await liveIds(engine)).toEqual(ids);
  });

  test('counts a restore point with known damage for no rule, so that a good one stays', async () => {
    const { engine, ids } = await makeDays(5);
    const index = await readPointIndex(engine.vault, engine.report);
    const { points } = await planForget(requestFor(engine, engine.vault), index);
    const [pack = ''] = points[4]?.written.packs ?? [];
    await withLease(engine, engine.vault, async (lease) => {
      const packs = [{ id: pack, frames: null }];
      await writeNote(engine.vault, lease, { what: 'damage', packs, objects: [] });
      await lease.end(lease.points.live.map(toEntry));
    });
    await forget(engine);
    expect(await liveIds(engine)).toEqual([ids[0], ids[2], ids[3], ids[4]]);
  });

  test('drops nothing whose turn was lost meanwhile', async () => {
    const { engine, ids } = await makeDays(4);
    const { owner, report } = engine;
    const overtaken = await takeLease(engine.vault, {
      purpose: 'forget',
      owner: { ...owner, pid: 2 ** 22 + 77 },
      report,
      waitMs: 0,
    });
    const plan = await planForget(requestFor(engine, engine.vault), overtaken.points);
    const other = await engine.openAgain();
    await withLease(engine, other, async (lease) => lease.end(lease.points.live.map(toEntry)));
    await expect(runForget(engine.vault, overtaken, plan)).rejects.toMatchObject({
      failure: { code: 'vault-fenced' },
    });
    await overtaken[Symbol.asyncDispose]();
    expect(await liveIds(engine)).toEqual(ids);
  });
});

describe('a process that froze while it dropped restore points', () => {
  test('drops nothing any more when it wakes up after its turn', async () => {
    const { engine, ids, ledger } = await makeDays(4);
    const [gate, arrived] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const vault: Vault = {
      ...(await engine.openAgain()),
      storage: {
        ...engine.storage,
        put: async (name, bytes) => {
          if (name.startsWith('notes/')) {
            arrived.resolve();
            await gate.promise;
          }
          await engine.storage.put(name, bytes);
        },
      },
    };
    const { report } = engine;
    const owner = { ...engine.owner, pid: 2 ** 22 + 77 };
    const overtaken = await takeLease(vault, { purpose: 'forget', owner, report, waitMs: 0 });
    const plan = await planForget(requestFor(engine, vault), overtaken.points);
    const work = runForget(vault, overtaken, plan);
    await arrived.promise;
    const other = await engine.openAgain();
    await withLease(engine, other, async (lease) => lease.end(lease.points.live.map(toEntry)));
    gate.resolve();
    await expect(work).rejects.toMatchObject({ failure: { code: 'vault-fenced' } });
    await overtaken[Symbol.asyncDispose]();
    expect((await engine.storage.list('notes')).map(({ name }) => name)).toEqual([
      expect.stringContaining('forget'),
    ]);
    expect(await liveIds(engine)).toEqual(ids);
    expect(await readAll(engine)).toEqual(ledger.expected);
  });
});

describe('what was dropped', () => {
  test('stays dropped after a crash in the middle, and for all backups to come', async () => {
    const { engine, ids, ledger, work } = await makeDays(5);
    // The note is out, the first manifest copy is gone, then the process ends.
    const faults = [{ kind: 'stop', at: 'before', mutation: 4 } as const];
    const storage = createFaultyStorage(engine.storage, faults);
    const vault = { ...(await engine.openAgain()), storage };
    await expect(forget(engine, {}, vault)).rejects.toThrow('the process ended here');
    storage.plan.assertAllHit();
    expect(await liveIds(engine)).toEqual([ids[0], ids[3], ids[4]]);
    for (const id of [ids[1], ids[2]]) ledger.strike(id ?? '');
    for (let day = 0; day < 3; day++) await work();
    expect(await liveIds(engine)).toEqual([ids[0], ...ids.slice(3)]);
    expect(await readAll(engine)).toEqual(ledger.expected);
  });
});
