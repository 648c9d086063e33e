/** "What did I lose since yesterday?" must be answered from restore points and the live file, exactly and without harm. */
import { copyFileSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import {
  runCompare,
  type CompareRequest,
  type CompareResult,
} from '../../electron/engine/compare/run-compare.ts';
import type { BackupResult } from '../../electron/engine/backup/backup-request.ts';
import type { DatabaseComparison } from '../../shared/model/comparison.ts';
import { pointToRestore, restoreToolsOf } from '../support/restore-trial.ts';
import { createSampleCrm } from '../support/sample-crm.ts';
import { deleteContactsByAccident, sampleDay } from '../support/sample-day.ts';
import { startCrmWriter } from '../support/start-crm-writer.ts';
import { startSqlitePeer } from '../support/start-sqlite-peer.ts';
import { openTestEngine, type TestEngine } from '../support/test-engine.ts';

const seed = Number(process.env['HOLDFAST_SEED'] ?? 1);

function openDatabase(path: string): Database.Database & Disposable {
  const db = new Database(path);
  return Object.assign(db, { [Symbol.dispose]: () => void db.close() });
}

/** What the test's own SQL says about a table of two files. */
function judge(before: string, after: string, table: string) {
  using db = openDatabase(before);
  db.prepare('ATTACH ? AS later').run(after);
  const count = (sql: string): unknown => db.prepare(sql).pluck().get();
  const changed = `SELECT count(*) FROM (SELECT * FROM main.${table} EXCEPT SELECT * FROM later.${table}) WHERE id IN (SELECT id FROM later.${table})`;
  return {
    table,
    rowsBefore: count(`SELECT count(*) FROM main.${table}`),
    rowsAfter: count(`SELECT count(*) FROM later.${table}`),
    added: count(
      `SELECT count(*) FROM later.${table} WHERE id NOT IN (SELECT id FROM main.${table})`,
    ),
    removed: count(
      `SELECT count(*) FROM main.${table} WHERE id NOT IN (SELECT id FROM later.${table})`,
    ),
    changed: count(changed),
  };
}

const tables = ['users', 'companies', 'contacts', 'deals', 'activities', 'notes'];

async function compare(
  engine: TestEngine,
  before: Pick<BackupResult, 'point'>,
  after: Pick<BackupResult, 'point'> | 'live',
  wishes: Partial<CompareRequest> = {},
): Promise<CompareResult> {
  return runCompare({
    tools: restoreToolsOf(engine),
    before: await pointToRestore(engine, before),
    after:
      after === 'live'
        ? { kind: 'live', pathOf: (source) => source.path }
        : { kind: 'point', from: await pointToRestore(engine, after) },
    source: null,
    tables: null,
    depth: 'rows',
    sampleLimit: 3,
    scratchFolder: join(engine.folder, 'scratch'),
    ...wishes,
  });
}

function databaseOf(result: CompareResult): DatabaseComparison {
  const [first] = result.sources;
  if (first?.result.kind !== 'rows') throw new Error(`compared as ${first?.result.kind}`);
  return first.result.database;
}

function makeCrm(engine: TestEngine, journalMode: 'wal' | 'delete' = 'wal'): string {
  const path = join(engine.folder, 'crm.db');
  createSampleCrm(path, { seed, size: { contacts: 3000 }, journalMode });
  return path;
}

describe('two restore points', () => {
  test('differ by what was done between them, to the row, and nothing of it stays on the disk', async () => {
    const engine = await openTestEngine();
    const live = makeCrm(engine);
    const [then, now] = [join(engine.folder, 'then.db'), join(engine.folder, 'now.db')];
    copyFileSync(live, then);
    const first = await engine.backup(live);
    let lost: readonly number[] = [];
    {
      using db = openDatabase(live);
      sampleDay(db, seed, { contactUpdates: 60, newActivities: 90 });
      lost = deleteContactsByAccident(db, 112).contactIds;
      db.exec(
        'CREATE TABLE extra (x); INSERT INTO extra VALUES (1), (2); CREATE INDEX deals_by_title ON deals(title)',
      );
    }
    const second = await engine.backup(live);
    copyFileSync(live, now);
    const result = await compare(engine, first, second);
    const found = databaseOf(result);
    for (const table of tables)
      expect(found.tables.find((each) => each.table === table)).toMatchObject(
        judge(then, now, table),
      );
    expect(found.onlyAfter).toEqual([{ table: 'extra', rows: 2 }]);
    expect(found.schema).toEqual([
      { change: 'added', kind: 'index', name: 'deals_by_title' },
      { change: 'added', kind: 'table', name: 'extra' },
    ]);
    const contacts = found.tables.find(({ table }) => table === 'contacts');
    expect(contacts).toMatchObject({ removed: 112, identity: 'key' });
    for (const { change, key, label } of contacts?.examples ?? []) {
      if (change === 'removed') expect(lost).toContain(Number(key));
      expect(label).toMatch(/\p{L}{2,}/u);
    }
    expect(contacts?.examples.filter(({ change }) => change === 'removed')).toHaveLength(3);
    expect(readdirSync(join(engine.folder, 'scratch'))).toEqual([]);
  });

  test('with equal digests are told equal without fetching a byte', async () => {
    const engine = await openTestEngine();
    const live = makeCrm(engine);
    const [first, second] = [
      await engine.backup(live),
      await engine.backup(live, { forceScan: true }),
    ];
    const result = await compare(engine, first, second);
    expect(result.sources).toMatchObject([
      { name: 'crm.db', result: { kind: 'identical', by: 'digest' } },
    ]);
    expect(result.fetchedBytes).toBe(0);
  });

  test('give their recorded counts when only counts are wanted', async () => {
    const engine = await openTestEngine();
    const live = makeCrm(engine);
    const first = await engine.backup(live);
    {
      using db = openDatabase(live);
      deleteContactsByAccident(db, 12);
    }
    const second = await engine.backup(live, { forceScan: true });
    const result = await compare(engine, first, second, { depth: 'counts', tables: ['Contacts'] });
    expect(result.sources[0]?.result).toEqual({
      kind: 'counts',
      tables: [{ table: 'contacts', rowsBefore: 3000, rowsAfter: 2988 }],
    });
    expect(result.fetchedBytes).toBe(0);
  });

  test('of a folder differ by its files', async () => {
    const engine = await openTestEngine();
    const folder = join(engine.folder, 'letters');
    mkdirSync(join(folder, 'sub'), { recursive: true });
    for (const name of ['a', 'b', 'c', 'sub/d']) writeFileSync(join(folder, name), `${name} then`);
    const first = await engine.backup(folder);
    writeFileSync(join(folder, 'b'), 'b now!');
    rmSync(join(folder, 'c'));
    writeFileSync(join(folder, 'sub/e'), 'new');
    const second = await engine.backup(folder);
    expect((await compare(engine, first, second)).sources[0]?.result).toEqual({
      kind: 'files',
      files: {
        filesBefore: 4,
        filesAfter: 4,
        added: 1,
        removed: 1,
        changed: 1,
        examples: [
          { change: 'changed', path: 'b' },
          { change: 'removed', path: 'c' },
          { change: 'added', path: 'sub/e' },
        ],
      },
    });
  });

  test('are not fetched where the disk has no room for them', async () => {
    const engine = await openTestEngine();
    const live = makeCrm(engine);
    const first = await engine.backup(live);
    {
      using db = openDatabase(live);
      db.exec('DELETE FROM notes WHERE id < 100');
    }
    const second = await engine.backup(live);
    const refused = compare(engine, first, second, { askFreeBytes: async () => 1_000_000 });
    await expect(refused).rejects.toMatchObject({
      failure: { code: 'target-full', freeBytes: 1_000_000 },
    });
    expect(readdirSync(join(engine.folder, 'scratch'))).toEqual([]);
  });
});

describe('a restore point and the live file', () => {
  test('are compared beside a program that never waits for it', async () => {
    const engine = await openTestEngine();
    const live = makeCrm(engine);
    const then = join(engine.folder, 'then.db');
    copyFileSync(live, then);
    const first = await engine.backup(live);
    await using writer = await startCrmWriter(live, { rate: 200, seed });
    await expect.poll(async () => (await writer.sum()).transactions).toBeGreaterThan(20);
    const found = databaseOf(await compare(engine, first, 'live'));
    const activities = found.tables.find(({ table }) => table === 'activities');
    expect(activities?.added).toBeGreaterThan(20);
    expect((activities?.rowsAfter ?? 0) - (activities?.rowsBefore ?? 0)).toBe(activities?.added);
    // One state: each transaction adds an activity, so no more contacts can have changed than activities are new.
    const changed = found.tables.find(({ table }) => table === 'contacts')?.changed ?? 0;
    expect(changed).toBeLessThanOrEqual(activities?.added ?? 0);
    expect((await writer.sum()).busy).toBe(0);
    await writer.pause();
    const still = databaseOf(await compare(engine, first, 'live'));
    for (const table of tables)
      expect(still.tables.find((each) => each.table === table)).toMatchObject(
        judge(then, live, table),
      );
  });

  test('that nobody wrote to is told unchanged without fetching a byte', async () => {
    const engine = await openTestEngine();
    const live = makeCrm(engine);
    const first = await engine.backup(live);
    const result = await compare(engine, first, 'live');
    expect(result.sources[0]?.result).toEqual({ kind: 'identical', by: 'marker' });
    expect(result.fetchedBytes).toBe(0);
  });

  test('in rollback-journal mode are compared by a capture, while its program can write at any moment', async () => {
    const engine = await openTestEngine();
    const live = makeCrm(engine, 'delete');
    const then = join(engine.folder, 'then.db');
    copyFileSync(live, then);
    const first = await engine.backup(live);
    const peer = startSqlitePeer(live);
    await peer.run('DELETE FROM notes WHERE id BETWEEN 100 AND 150');
    await expect(
      engine.host.call('compareDatabases', live, {
        before: { path: then, isLive: false },
        after: { path: live, isLive: true },
        tables: null,
        sampleLimit: 1,
      }),
    ).rejects.toMatchObject({ failure: { code: 'source-unsupported' } });
    const found = databaseOf(await compare(engine, first, 'live'));
    for (const table of tables)
      expect(found.tables.find((each) => each.table === table)).toMatchObject(
        judge(then, live, table),
      );
    await peer.run('DELETE FROM notes WHERE id = 151');
  });

  test('that is gone is a failure, not an empty comparison', async () => {
    const engine = await openTestEngine();
    const live = makeCrm(engine);
    const first = await engine.backup(live);
    rmSync(live);
    await expect(compare(engine, first, 'live')).rejects.toMatchObject({
      failure: { code: 'source-missing' },
    });
  });
});

test('a table without anything that tells its rows apart is compared by whole rows, each as often as it occurs', async () => {
  const engine = await openTestEngine();
  const live = join(engine.folder, 'odd.db');
  {
    using db = openDatabase(live);
    db.exec(
      `CREATE TABLE odd (code TEXT PRIMARY KEY, x); INSERT INTO odd VALUES (NULL, 1), (NULL, 1), (NULL, 2), ('a', 3)`,
    );
    db.exec(
      `CREATE TABLE hidden (rowid TEXT, _rowid_ TEXT, oid TEXT); INSERT INTO hidden VALUES ('a', 'b', 'c'), ('a', 'b', 'c')`,
    );
  }
  const first = await engine.backup(live);
  {
    using db = openDatabase(live);
    db.exec(
      `UPDATE odd SET x = 9 WHERE x = 2; INSERT INTO odd VALUES (NULL, 1); INSERT INTO hidden VALUES ('a', 'b', 'c')`,
    );
  }
  const second = await engine.backup(live);
  const found = databaseOf(await compare(engine, first, second));
  expect(found.tables).toMatchObject([
    { table: 'hidden', identity: 'content', added: 1, removed: 0, changed: 0 },
    {
      table: 'odd',
      identity: 'content',
      added: 2,
      removed: 1,
      changed: 0,
      rowsBefore: 4,
      rowsAfter: 5,
    },
  ]);
});
