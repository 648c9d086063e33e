/** Choosing single records: what is said of each, what is foreseen, and what comes back and goes again. */
import { existsSync, readdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { CallOutput } from '../../../shared/ipc/contract.ts';
import type { PointId, SourceId } from '../../../shared/model/ids.ts';
import { createRowSessions } from '../../../electron/jobs/row-sessions.ts';
import {
  openDatabase,
  openTestOffice,
  pluck,
  type TestOffice,
} from '../../support/open-test-office.ts';

const MINUTE_MS = 60_000;

/** One contact is deleted, one renamed, one new; the copy is from before. */
async function haveChanges() {
  const office = await openTestOffice(300);
  {
    using db = openDatabase(office.crm);
    db.exec("UPDATE contacts SET last_name = 'Özdemir' WHERE id = 23");
  }
  const point = await office.backUp();
  const truth = office.copyAside('truth.db');
  {
    using db = openDatabase(office.crm);
    db.pragma('foreign_keys = ON');
    db.exec(`DELETE FROM contacts WHERE id = 17;
      UPDATE contacts SET last_name = 'Changed' WHERE id = 23`);
  }
  const source = office.plan.sources[0]?.id ?? '';
  const of = { plan: office.plan.id, point, source };
  return { ...office, point, source, truth, of };
}

const scratchOf = ({ agent }: Pick<TestOffice, 'agent'>): readonly string[] => {
  const folder = join(agent.engine.dataFolder, 'scratch');
  return existsSync(folder) ? readdirSync(folder) : [];
};

test('a search says of each record what became of it, by the live database alone', async () => {
  const office = await haveChanges();
  const { agent, of, crm } = office;
  const session = await agent.call('openRows', of);
  expect(session.tables).toContainEqual({ table: 'contacts', rows: 300 });
  const search = async (part: object): Promise<CallOutput<'searchRows'>> =>
    agent.call('searchRows', {
      session: session.session,
      table: 'contacts',
      search: '',
      onlyDifferent: false,
      offset: 0,
      limit: 50,
      ...part,
    });

  const page = await search({ offset: 10, limit: 20 });
  expect(page.rows.map(({ key }) => key)).toEqual(
    Array.from({ length: 20 }, (_, at) => `${at + 11}`),
  );
  const stateOf = Object.fromEntries(page.rows.map(({ key }, at) => [key, page.states[at]]));
  expect(stateOf).toMatchObject({ 16: 'same', 17: 'missing', 23: 'changed', 24: 'same' });
  const nameAt = page.columns.indexOf('last_name');
  expect(page.now.map((now) => now?.[nameAt] ?? null).filter((name) => name !== null)).toEqual([
    'Changed',
  ]);

  const different = await search({ onlyDifferent: true });
  expect(different.rows.map(({ key }) => key)).toEqual(['17', '23']);
  expect([different.totalRows, page.totalRows]).toEqual([2, 300]);
  // What it was called then, not what it is called now, in whatever case.
  for (const text of ['özdemir', 'ÖZDE', 'zdem']) {
    const found = await search({ search: text, onlyDifferent: true });
    expect(found.rows.map(({ key }) => key)).toEqual(['23']);
  }
  expect((await search({ search: 'Changed', onlyDifferent: true })).rows).toEqual([]);

  // A database that is locked is not one without records; one that is gone is.
  {
    using db = openDatabase(crm);
    db.exec('PRAGMA journal_mode = DELETE; BEGIN EXCLUSIVE');
    await expect(search({})).rejects.toMatchObject({ failure: { code: 'source-busy' } });
    db.exec('ROLLBACK; DROP TABLE deals');
  }
  const deals = await search({ table: 'deals', limit: 5 });
  expect([new Set(deals.states), deals.rows.length]).toEqual([new Set(['missing']), 5]);
  renameSync(crm, `${crm}-away`);
  expect(new Set((await search({})).states)).toEqual(new Set(['missing']));
  await expect(search({ table: 'nothing' })).rejects.toMatchObject({
    failure: { code: 'table-missing' },
  });
});

test('a table whose rows have no key is compared by what is in them', async () => {
  const office = await openTestOffice(100);
  {
    using db = openDatabase(office.crm);
    // A key that holds NULL tells nothing apart.
    db.exec(`CREATE TABLE tags (code TEXT PRIMARY KEY, word TEXT); INSERT INTO tags VALUES (NULL, 'a'), (NULL, 'b'), ('x', 'c');
      CREATE TABLE lines (word TEXT); INSERT INTO lines VALUES ('a'), ('b'), ('c')`);
  }
  const point = await office.backUp();
  {
    using db = openDatabase(office.crm);
    db.exec(`DELETE FROM tags WHERE word = 'b'; UPDATE tags SET word = 'C' WHERE code = 'x';
      DELETE FROM lines WHERE word = 'b'; UPDATE lines SET word = 'C' WHERE word = 'c'`);
  }
  const source = office.plan.sources[0]?.id ?? '';
  const { session } = await office.agent.call('openRows', { plan: office.plan.id, point, source });
  const search = async (table: string, onlyDifferent: boolean) => {
    const wish = { session, table, search: '', onlyDifferent, offset: 0, limit: 10 };
    const { states, now } = await office.agent.call('searchRows', wish);
    return { states, now };
  };
  expect((await search('tags', false)).states).toEqual(['same', 'missing', 'missing']);
  expect((await search('tags', true)).states).toEqual(['missing', 'missing']);
  // SQLite's own numbers of rows tell these apart.
  expect(await search('lines', false)).toEqual({
    states: ['same', 'missing', 'changed'],
    now: [null, null, ['C']],
  });
});

test('chosen records are foreseen and come back; undo takes them away, and that is undone too', async () => {
  const office = await haveChanges();
  const { agent, plan, crm, truth, of } = office;
  const { session } = await agent.call('openRows', of);
  const request = {
    plan: plan.id,
    point: of.point,
    what: {
      kind: 'rows',
      source: of.source,
      rows: [{ table: 'contacts', keys: ['17', '23'] }],
      addedSince: 'keep',
    },
    where: { kind: 'in-place' },
    goOnWithoutUndo: false,
  } as const;
  const preview = await agent.call('previewBringBack', { ...request, compare: false });
  expect(preview.targets).toMatchObject([{ path: crm, way: 'rows', obstacle: null }]);
  const foreseen = preview.targets[0]?.rows?.tables ?? [];
  expect(foreseen.find(({ table }) => table === 'contacts')).toMatchObject({
    missing: 1,
    changed: 1,
  });
  const rowsOf = (path: string) =>
    ['contacts', 'activities', 'notes'].map((table) =>
      pluck(path, `SELECT count(*) || ' ' || total(id) FROM ${table}`).join(),
    );
  const before = rowsOf(crm);
  expect(before).not.toEqual(rowsOf(truth));

  const { restored } = await agent.call('bringBack', request);
  const touched = foreseen.reduce((sum, table) => sum + table.touched, 0);
  expect(restored).toMatchObject([{ path: crm, way: 'rows', rowsTouched: touched }]);
  expect(rowsOf(crm)).toEqual(rowsOf(truth));
  const nameOf = (path: string) => pluck(path, 'SELECT last_name FROM contacts WHERE id = 23');
  expect(nameOf(crm)).toEqual(nameOf(truth));

  const undone = await agent.call('undo', { run: restored[0]?.run ?? '', evenIfChanged: false });
  expect([rowsOf(crm), nameOf(crm), undone.rows]).toEqual([before, ['Changed'], touched]);
  expect(undone.redo).toMatchObject({ kind: 'rows', target: crm, planId: plan.id });
  await agent.call('undo', { run: undone.redo?.run ?? '', evenIfChanged: false });
  expect([rowsOf(crm), nameOf(crm)]).toEqual([rowsOf(truth), nameOf(truth)]);

  // Without the open copy the same is fetched; what stands in the way is a fact, not a failure.
  await agent.call('closeRows', { session });
  expect(scratchOf(office)).toEqual([]);
  const rows = [{ table: 'gone', keys: 'all' }] as const;
  const wrong = { ...request, what: { ...request.what, rows }, compare: false };
  expect((await agent.call('previewBringBack', wrong)).targets).toMatchObject([
    { obstacle: { code: 'table-missing' } },
  ]);
  expect(scratchOf(office)).toEqual([]);
});

test('open copies are few, go when they are not used, and go with the agent', async () => {
  const office = await haveChanges();
  const { agent, plan, of, source } = office;
  const second = await office.backUp();
  const third = await office.backUp();
  const sessions = createRowSessions(agent.engine);
  const context = { signal: new AbortController().signal, onProgress: () => undefined };
  const open = async (point: string) => {
    const wish = { point: point as PointId, source: source as SourceId };
    return (await agent.clock.drive(sessions.open(plan, wish, context))).session;
  };
  const search = async (session: string) => {
    const page = { table: 'users', search: '', onlyDifferent: false, offset: 0, limit: 1 };
    return agent.clock.drive(sessions.search({ session, ...page }, context));
  };
  const closed = { failure: { code: 'usage' } };

  const one = await open(of.point);
  expect(await open(of.point)).toBe(one);
  const two = await open(second);
  await search(one);
  const three = await open(third);
  // The one that was used least lately made room.
  await expect(search(two)).rejects.toMatchObject(closed);
  expect(scratchOf(office)).toHaveLength(2);

  await agent.clock.advance(14 * MINUTE_MS);
  await search(one);
  await agent.clock.advance(2 * MINUTE_MS);
  await expect(search(three)).rejects.toMatchObject(closed);
  await expect.poll(() => scratchOf(office).length).toBe(1);
  await search(one);
  await agent.close();
  expect(scratchOf(office)).toEqual([]);
});
