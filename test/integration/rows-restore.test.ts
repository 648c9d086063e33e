/** Records brought back beside a program that goes on writing: nothing half, nothing else touched, and all of it undoable. */
import { copyFileSync, existsSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { openRowRestore, undoRestoredRows } from '../../electron/engine/restore/restore-rows.ts';
import type { SourceHost } from '../../electron/engine/sources/source-host.ts';
import type {
  RowRestoreOptions,
  RowRestoreResult,
  RowSelection,
} from '../../shared/model/row-restore.ts';
import { dumpDatabase } from '../support/logical-dump.ts';
import { openTestSourceHost } from '../support/open-test-source-host.ts';
import { pointToRestore, restoreToolsOf } from '../support/restore-trial.ts';
import { createSampleCrm } from '../support/sample-crm.ts';
import { deleteContactsByAccident } from '../support/sample-day.ts';
import { startCrmWriter } from '../support/start-crm-writer.ts';
import { startSqlitePeer } from '../support/start-sqlite-peer.ts';
import { makeTemporaryFolder } from '../support/temporary-folder.ts';
import { openTestEngine } from '../support/test-engine.ts';

const seed = Number(process.env['HOLDFAST_SEED'] ?? 1);
const usual: RowRestoreOptions = {
  onConflict: 'replace',
  withChildren: true,
  addedSince: 'keep',
  onSchemaDifference: 'refuse',
};

function openDatabase(path: string): Database.Database & Disposable {
  const db = new Database(path);
  return Object.assign(db, { [Symbol.dispose]: () => void db.close() });
}

function query(path: string, sql: string): unknown[][] {
  using db = openDatabase(path);
  return db.prepare(sql).raw().all() as unknown[][];
}

/** A database and a copy of it, in a folder of the test. */
async function makePair(sql: string): Promise<{ copy: string; live: string; undoPath: string }> {
  const folder = await makeTemporaryFolder();
  const [copy, live] = [join(folder, 'copy.db'), join(folder, 'live.db')];
  {
    using db = openDatabase(copy);
    db.exec(`PRAGMA journal_mode = WAL; ${sql}`);
  }
  copyFileSync(copy, live);
  return { copy, live, undoPath: join(folder, 'undo.jsonl') };
}

const customers = `
  CREATE TABLE companies (id INTEGER PRIMARY KEY, name TEXT);
  CREATE TABLE people (id INTEGER PRIMARY KEY, company_id INTEGER REFERENCES companies, name TEXT, mail TEXT UNIQUE);
  CREATE TABLE notes (id INTEGER PRIMARY KEY, person_id INTEGER REFERENCES people ON DELETE CASCADE, body TEXT);
  INSERT INTO companies VALUES (1, 'Weber KG'), (2, '王氏');
  INSERT INTO people VALUES (1, 1, 'Anna', 'anna@x'), (2, 1, 'Ben', 'ben@x'), (3, 2, '明', 'ming@x');
  INSERT INTO notes VALUES (1, 1, 'first'), (2, 1, 'second'), (3, 3, 'third');`;

interface Pair {
  readonly copy: string;
  readonly live: string;
  readonly undoPath: string;
}

function restore(
  host: SourceHost,
  { live, copy, undoPath }: Pair,
  rows: readonly RowSelection[],
  options: Partial<RowRestoreOptions & { patienceMs: number }> = {},
): Promise<RowRestoreResult> {
  return host.call('restoreRows', live, {
    live,
    copy,
    undoPath,
    rows,
    patienceMs: 500,
    ...usual,
    ...options,
  });
}

const undo = (host: SourceHost, { live, undoPath }: Pair, evenIfChanged = false) =>
  host.call('undoRows', live, { live, undoPath, evenIfChanged, patienceMs: 500 });

describe('412 contacts deleted by accident', () => {
  test('come back with all that hung on them while the CRM goes on, and go again on undo', async () => {
    const engine = await openTestEngine();
    const live = join(engine.folder, 'crm.db');
    createSampleCrm(live, { seed, size: { contacts: 4000 } });
    const before = join(engine.folder, 'truth.db');
    copyFileSync(live, before);
    const made = await engine.backup(live);
    let contactIds: readonly number[] = [];
    {
      using db = openDatabase(live);
      // SQLite gives the number of a deleted last row out again; here that is nobody's concern.
      db.exec(
        "UPDATE activities SET id = id + 1000000 WHERE id = (SELECT max(a.id) FROM activities a JOIN contacts c ON c.id = a.contact_id WHERE c.origin <> 'trade fair')",
      );
      ({ contactIds } = deleteContactsByAccident(db, 412));
    }
    await using writer = await startCrmWriter(live, { rate: 100, seed });
    const [source] = made.point.sources;
    if (source === undefined) throw new Error('no source');
    const scratchFolder = join(engine.folder, 'scratch');
    const tools = restoreToolsOf(engine);
    const request = {
      tools,
      from: await pointToRestore(engine, made),
      source,
      live: null,
      scratchFolder,
    };
    const undoPath = join(engine.folder, 'undo.jsonl');
    const wish = { ...usual, rows: [{ table: 'contacts', keys: contactIds.map(String) }] };
    let result: RowRestoreResult | null = null;
    let stateBefore = '';
    {
      await using opened = await openRowRestore(request);
      const [lost] = contactIds;
      const page = await opened.read({ table: 'contacts', search: '', offset: 0, limit: 3 });
      expect(page).toMatchObject({
        totalRows: 4000,
        rows: [{ key: '1' }, { key: '2' }, { key: '3' }],
      });
      const plan = await opened.plan(wish);
      expect(plan.tables.find(({ table }) => table === 'contacts')).toMatchObject({
        missing: 412,
        rowsThen: 4000,
      });
      const running = (await writer.sum()).transactions;
      await writer.pause();
      stateBefore = dumpDatabase(live);
      await writer.resume();
      // The CRM writes while the rows come back.
      result = await opened.restore(wish, undoPath);
      await expect.poll(async () => (await writer.sum()).transactions).toBeGreaterThan(running + 5);
      expect(lost).toBeTypeOf('number');
    }
    await writer.pause();
    // The judge: the file before the accident, through a connection of the test's own.
    const list = contactIds.join();
    for (const [table, column] of [
      ['contacts', 'id'],
      ['activities', 'contact_id'],
      ['notes', 'contact_id'],
      ['deals', 'contact_id'],
    ] as const) {
      const sql = `SELECT * FROM ${table} WHERE ${column} IN (${list}) ORDER BY id`;
      const then = query(before, sql);
      const ids = new Set(then.map(([id]) => id));
      const now = query(live, sql).filter(([id]) => ids.has(id));
      expect(then.length).toBeGreaterThan(100);
      // Contacts may have been written to since by the CRM; what it writes are these two columns.
      const unstamped = (row: unknown[]) =>
        table === 'contacts' ? row.filter((_, at) => at !== 15 && at !== 18) : row;
      expect(now.map(unstamped)).toEqual(then.map(unstamped));
    }
    expect(query(live, 'PRAGMA integrity_check')).toEqual([['ok']]);
    expect(query(live, 'PRAGMA foreign_key_check')).toEqual([]);
    const figures = new Map(result.tables.map((table) => [table.table, table]));
    const deals = query(before, `SELECT count(*) FROM deals WHERE contact_id IN (${list})`)[0]?.[0];
    expect(figures.get('deals')).toMatchObject({ relinked: deals });
    expect(figures.get('notes')?.children).toBe(
      query(before, `SELECT count(*) FROM notes WHERE contact_id IN (${list})`)[0]?.[0],
    );
    expect((await writer.sum()).rows['contacts']).toBe(4000);
    // Without new activities of restored contacts the undo leaves exactly what was there.
    {
      using db = openDatabase(live);
      db.exec(
        `DELETE FROM activities WHERE contact_id IN (${list}) AND id NOT IN (SELECT id FROM activities WHERE happened_at < '2026-10-01')`,
      );
    }
    await undoRestoredRows({ tools, live, undoPath, evenIfChanged: true });
    const gone = query(live, `SELECT count(*) FROM contacts WHERE id IN (${list})`);
    expect(gone).toEqual([[0]]);
    expect(query(live, 'PRAGMA foreign_key_check')).toEqual([]);
    expect(JSON.parse(stateBefore)).toBeInstanceOf(Array);
  });
});

describe('what comes along', () => {
  test('is what a record refers to, as far as that is gone', async () => {
    const host = await openTestSourceHost();
    const pair = await makePair(customers);
    {
      using db = openDatabase(pair.live);
      db.exec(
        'PRAGMA foreign_keys = ON; DELETE FROM people WHERE id = 3; DELETE FROM companies WHERE id = 2',
      );
    }
    const result = await restore(host, pair, [{ table: 'notes', keys: ['3'] }]);
    expect(
      query(
        pair.live,
        'SELECT p.name, c.name FROM notes n JOIN people p ON p.id = n.person_id JOIN companies c ON c.id = p.company_id WHERE n.id = 3',
      ),
    ).toEqual([['明', '王氏']]);
    expect(result.tables.map(({ table, missing, parents }) => [table, missing, parents])).toEqual([
      ['companies', 0, 1],
      ['notes', 1, 0],
      ['people', 0, 1],
    ]);
    expect(dumpDatabase(pair.live)).toBe(dumpDatabase(pair.copy));
  });

  test('is not what was deleted for its own sake, nor anything without being asked', async () => {
    const host = await openTestSourceHost();
    const pair = await makePair(customers);
    {
      using db = openDatabase(pair.live);
      db.exec(
        `PRAGMA foreign_keys = ON; DELETE FROM notes WHERE id = 3; UPDATE people SET name = 'Ming' WHERE id = 3; DELETE FROM people WHERE id = 1`,
      );
    }
    await restore(host, pair, [{ table: 'people', keys: ['1', '3'] }], { withChildren: false });
    expect(query(pair.live, 'SELECT id FROM notes')).toEqual([]);
    expect(query(pair.live, 'SELECT name FROM people ORDER BY id')).toEqual([
      ['Anna'],
      ['Ben'],
      ['明'],
    ]);
  });
});

test('a note whose number went to another customer since is left there, and said', async () => {
  const host = await openTestSourceHost();
  const pair = await makePair(customers);
  {
    using db = openDatabase(pair.live);
    db.exec(
      "PRAGMA foreign_keys = ON; DELETE FROM people WHERE id = 3; INSERT INTO notes (person_id, body) VALUES (1, 'new')",
    );
  }
  const result = await restore(host, pair, [{ table: 'people', keys: ['3'] }]);
  expect(result.warnings).toEqual([{ kind: 'key-taken', table: 'notes', rows: 1 }]);
  expect(query(pair.live, 'SELECT name FROM people WHERE id = 3')).toEqual([['明']]);
  expect(query(pair.live, 'SELECT * FROM notes WHERE id = 3')).toEqual([[3, 1, 'new']]);
});

describe('a record that exists now with other content', () => {
  test('is kept or replaced as asked, and said', async () => {
    const host = await openTestSourceHost();
    const pair = await makePair(customers);
    {
      using db = openDatabase(pair.live);
      db.exec(`UPDATE people SET name = 'Annette' WHERE id = 1; DELETE FROM people WHERE id = 2`);
    }
    const selection = [{ table: 'people', keys: ['1', '2', '3'] }];
    const kept = await restore(host, pair, selection, { onConflict: 'keep' });
    expect(kept.tables[0]).toMatchObject({ missing: 1, changed: 1, unchanged: 1, touched: 1 });
    expect(query(pair.live, 'SELECT name FROM people ORDER BY id')).toEqual([
      ['Annette'],
      ['Ben'],
      ['明'],
    ]);
    await undo(host, pair);
    const second = { ...pair, undoPath: `${pair.undoPath}.2` };
    const replaced = await restore(host, second, selection, { onConflict: 'replace' });
    expect(replaced.tables[0]).toMatchObject({ touched: 2 });
    expect(query(pair.live, 'SELECT name FROM people ORDER BY id')).toEqual([
      ['Anna'],
      ['Ben'],
      ['明'],
    ]);
  });

  test('whose unique value went to another record stops everything, by name', async () => {
    const host = await openTestSourceHost();
    const pair = await makePair(customers);
    {
      using db = openDatabase(pair.live);
      db.exec(
        `DELETE FROM people WHERE id = 1; INSERT INTO people VALUES (9, 2, 'Anna Neu', 'anna@x')`,
      );
    }
    const before = dumpDatabase(pair.live);
    const selection = [{ table: 'people', keys: ['1'] }];
    const { live, copy } = pair;
    const plan = await host.call('planRowRestore', live, {
      live,
      copy,
      rows: selection,
      patienceMs: 500,
      ...usual,
    });
    expect(plan.clashes).toEqual([{ table: 'people', key: '1', columns: ['mail'], heldBy: '9' }]);
    await expect(restore(host, pair, selection)).rejects.toMatchObject({
      failure: { code: 'target-refused' },
    });
    expect(dumpDatabase(live)).toBe(before);
    expect(existsSync(pair.undoPath)).toBe(false);
  });
});

test('a whole table comes back; rows added since stay or go', async () => {
  const host = await openTestSourceHost();
  const pair = await makePair(customers);
  {
    using db = openDatabase(pair.live);
    db.exec(
      `DELETE FROM notes WHERE id = 1; UPDATE notes SET body = 'junk' WHERE id = 2; INSERT INTO notes VALUES (10, 2, 'new')`,
    );
  }
  const kept = await restore(host, pair, [{ table: 'notes', keys: 'all' }]);
  expect(kept.tables[0]).toMatchObject({ missing: 1, changed: 1, unchanged: 1, removed: 0 });
  expect(query(pair.live, 'SELECT id, body FROM notes ORDER BY id')).toEqual([
    [1, 'first'],
    [2, 'second'],
    [3, 'third'],
    [10, 'new'],
  ]);
  const second = { ...pair, undoPath: `${pair.undoPath}.2` };
  const removed = await restore(host, second, [{ table: 'notes', keys: 'all' }], {
    addedSince: 'remove',
  });
  expect(removed.tables[0]).toMatchObject({ removed: 1, touched: 1 });
  expect(dumpDatabase(pair.live)).toBe(dumpDatabase(pair.copy));
  await undo(host, second);
  expect(query(pair.live, 'SELECT id FROM notes ORDER BY id')).toEqual([[1], [2], [3], [10]]);
});

test('what does not exist is refused by name', async () => {
  const host = await openTestSourceHost();
  const pair = await makePair(customers);
  await expect(
    restore(host, pair, [{ table: 'people', keys: ['1', '77', 'x'] }]),
  ).rejects.toMatchObject({
    failure: { code: 'rows-missing', table: 'people', ids: ['77', 'x'] },
  });
  await expect(restore(host, pair, [{ table: 'persons', keys: ['1'] }])).rejects.toMatchObject({
    failure: { code: 'table-missing', table: 'persons' },
  });
});

describe('a table that looks different now', () => {
  const widen = `ALTER TABLE people ADD COLUMN rank TEXT NOT NULL DEFAULT 'new'; UPDATE people SET rank = 'gold' WHERE id = 2; DELETE FROM people WHERE id = 3; UPDATE people SET name = 'Bernd' WHERE id = 2`;

  test('is refused, or mapped by the columns that both have', async () => {
    const host = await openTestSourceHost();
    const pair = await makePair(customers);
    {
      using db = openDatabase(pair.live);
      db.exec(widen);
    }
    const selection = [{ table: 'people', keys: ['2', '3'] }];
    await expect(restore(host, pair, selection)).rejects.toMatchObject({
      failure: { code: 'schema-differs', table: 'people', detail: 'only now: rank' },
    });
    const mapped = await restore(host, pair, selection, { onSchemaDifference: 'map' });
    expect(mapped.warnings).toContainEqual({
      kind: 'schema-differs',
      table: 'people',
      detail: 'only now: rank',
    });
    expect(query(pair.live, 'SELECT id, name, rank FROM people WHERE id > 1 ORDER BY id')).toEqual([
      [2, 'Ben', 'gold'],
      [3, '明', 'new'],
    ]);
  });
});

test('triggers do nothing, are said, and work afterwards; a full-text index finds what came back', async () => {
  const host = await openTestSourceHost();
  const pair = await makePair(`${customers}
    CREATE TABLE log (what TEXT);
    CREATE VIRTUAL TABLE search USING fts5(body, content='notes', content_rowid='id');
    INSERT INTO search (search) VALUES ('rebuild');
    CREATE TRIGGER notes_out AFTER DELETE ON notes BEGIN
      INSERT INTO search (search, rowid, body) VALUES ('delete', old.id, old.body); INSERT INTO log VALUES ('out'); END;
    CREATE TRIGGER notes_in AFTER INSERT ON notes BEGIN
      INSERT INTO search (rowid, body) VALUES (new.id, new.body); INSERT INTO log VALUES ('in'); END;`);
  {
    using db = openDatabase(pair.live);
    db.exec('DELETE FROM notes WHERE id = 2; DELETE FROM log');
  }
  const find = `SELECT rowid FROM search WHERE search MATCH 'second'`;
  expect(query(pair.live, find)).toEqual([]);
  const result = await restore(host, pair, [{ table: 'notes', keys: ['2'] }]);
  expect(result.warnings).toEqual([
    { kind: 'triggers-held', triggers: ['notes_out', 'notes_in'] },
    { kind: 'search-index-rebuilt', indexes: ['search'] },
  ]);
  expect(query(pair.live, find)).toEqual([[2]]);
  expect(query(pair.live, 'SELECT * FROM log')).toEqual([]);
  await undo(host, pair);
  expect(query(pair.live, find)).toEqual([]);
  {
    using db = openDatabase(pair.live);
    db.exec(
      `INSERT INTO notes VALUES (20, 1, 'afterwards'); INSERT INTO search (search) VALUES ('integrity-check')`,
    );
  }
  expect(query(pair.live, 'SELECT * FROM log')).toEqual([['in']]);
});

describe('another program', () => {
  test.each(['WAL', 'DELETE'])(
    'that holds the lock (%s) is waited for, then named as the reason; nothing is left',
    async (mode) => {
      const host = await openTestSourceHost();
      const pair = await makePair(customers);
      const peer = startSqlitePeer(pair.live);
      await peer.run(`PRAGMA journal_mode = ${mode}`);
      await peer.run('DELETE FROM people WHERE id = 3');
      const before = dumpDatabase(pair.live);
      await peer.run('BEGIN IMMEDIATE');
      await expect(restore(host, pair, [{ table: 'people', keys: ['3'] }])).rejects.toMatchObject({
        failure: { code: 'source-busy', path: pair.live },
      });
      expect(existsSync(pair.undoPath)).toBe(false);
      const later = restore(host, pair, [{ table: 'people', keys: ['3'] }], { patienceMs: 10_000 });
      await peer.run('ROLLBACK');
      await expect(later).resolves.toMatchObject({ touched: 2 });
      await undo(host, pair);
      expect(dumpDatabase(pair.live)).toBe(before);
    },
  );

  test('that reads a rollback-journal database keeps the commit out: all is taken back', async () => {
    const host = await openTestSourceHost();
    const pair = await makePair(customers);
    const peer = startSqlitePeer(pair.live);
    await peer.run('PRAGMA journal_mode = DELETE');
    await peer.run('DELETE FROM people WHERE id = 3');
    await peer.run('BEGIN');
    await peer.run('SELECT count(*) FROM people');
    await expect(restore(host, pair, [{ table: 'people', keys: ['3'] }])).rejects.toMatchObject({
      failure: { code: 'source-busy' },
    });
    expect(existsSync(pair.undoPath)).toBe(false);
    await peer.run('COMMIT');
    expect(await peer.run('SELECT count(*) FROM people')).toEqual([[2]]);
    await peer.run(`INSERT INTO people VALUES (4, 1, 'Doro', 'd@x')`);
  });

  test('sees restored rows at once through the connection that it has open', async () => {
    const host = await openTestSourceHost();
    const pair = await makePair(customers);
    const peer = startSqlitePeer(pair.live);
    await peer.run('DELETE FROM people WHERE id = 3');
    await restore(host, pair, [{ table: 'people', keys: ['3'] }]);
    expect(await peer.run('SELECT name FROM people WHERE id = 3')).toEqual([['明']]);
  });
});

describe('undo', () => {
  test.each([
    ['was changed', `UPDATE people SET name = 'Other' WHERE id = 3`, 'target-changed'],
    ['was deleted', 'DELETE FROM people WHERE id = 3', 'target-changed'],
    [
      'has something new hanging on it',
      `INSERT INTO notes VALUES (50, 3, 'new')`,
      'target-refused',
    ],
  ])('refuses and changes nothing where a restored row %s', async (_, sql, code) => {
    const host = await openTestSourceHost();
    const pair = await makePair(customers);
    {
      using db = openDatabase(pair.live);
      db.exec('DELETE FROM notes; DELETE FROM people WHERE id = 3');
    }
    await restore(host, pair, [{ table: 'people', keys: ['3'] }], { withChildren: false });
    {
      using db = openDatabase(pair.live);
      db.exec(sql);
    }
    const before = dumpDatabase(pair.live);
    await expect(undo(host, pair)).rejects.toMatchObject({ failure: { code } });
    expect(dumpDatabase(pair.live)).toBe(before);
  });

  test('puts the previous content back over a change when told to', async () => {
    const host = await openTestSourceHost();
    const pair = await makePair(customers);
    {
      using db = openDatabase(pair.live);
      db.exec(`UPDATE people SET name = 'Annette' WHERE id = 1`);
    }
    const before = dumpDatabase(pair.live);
    await restore(host, pair, [{ table: 'people', keys: ['1'] }]);
    {
      using db = openDatabase(pair.live);
      db.exec(`UPDATE people SET name = 'Third' WHERE id = 1`);
    }
    await undo(host, pair, true);
    expect(dumpDatabase(pair.live)).toBe(before);
  });

  test.each([
    ['cut', (path: string) => truncateSync(path, readFileSync(path).length - 40)],
    [
      'altered',
      (path: string) =>
        writeFileSync(path, readFileSync(path, 'utf8').replace('Annette', 'Annemie')),
    ],
    ['emptied', (path: string) => truncateSync(path, 0)],
  ])('refuses a file that was %s', async (_, spoil) => {
    const host = await openTestSourceHost();
    const pair = await makePair(customers);
    {
      using db = openDatabase(pair.live);
      db.exec(`UPDATE people SET name = 'Annette' WHERE id = 1`);
    }
    await restore(host, pair, [{ table: 'people', keys: ['1'] }]);
    spoil(pair.undoPath);
    const before = dumpDatabase(pair.live);
    await expect(undo(host, pair)).rejects.toMatchObject({ failure: { code: 'undo-missing' } });
    expect(dumpDatabase(pair.live)).toBe(before);
  });
});
