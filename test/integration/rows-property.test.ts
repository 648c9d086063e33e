/**
 * A restore of rows that cannot be taken back exactly, or a comparison that overlooks a row, is worse than none: here
 * both meet databases of every shape, and plain reading of all rows is the judge.
 */
import { copyFileSync, existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hasCode } from '../../shared/model/backup-error.ts';
import type { TableComparison } from '../../shared/model/comparison.ts';
import type { RowRestoreOptions, RowSelection } from '../../shared/model/row-restore.ts';
import { dumpDatabase } from '../support/logical-dump.ts';
import { openTestSourceHost } from '../support/open-test-source-host.ts';
import {
  changeDatabase,
  type Draw,
  drawSchema,
  fillDatabase,
  type RandomSchema,
  type RandomTable,
} from '../support/random-database.ts';
import { makeTemporaryFolder } from '../support/temporary-folder.ts';

const seed = Number(process.env['HOLDFAST_SEED'] ?? 1);
const isDeep = process.env['HOLDFAST_DEEP'] === '1';
// Shrinking costs minutes of fsync; the seed tells which database it was.
const runs = { numRuns: isDeep ? 5000 : 150, seed, endOnFailure: true };

const quote = (name: string): string => `"${name.replaceAll('"', '""')}"`;

function openDatabase(path: string, readonly = false): Database.Database & Disposable {
  const db = new Database(path, { readonly });
  return Object.assign(db, { [Symbol.dispose]: () => void db.close() });
}

interface Pair {
  readonly copy: string;
  readonly live: string;
  readonly schema: RandomSchema;
}

/** `copy` as it was at the backup, `live` after some work; both in the same folder. */
function makePair(folder: string, draw: Draw): Pair {
  const [copy, live] = [join(folder, 'copy.db'), join(folder, 'live.db')];
  for (const path of [copy, live]) {
    for (const end of ['', '-wal', '-shm', '-journal']) rmSync(path + end, { force: true });
  }
  const schema = drawSchema(draw);
  {
    using db = openDatabase(copy);
    db.pragma('synchronous = OFF');
    db.pragma(`journal_mode = ${draw(2) === 0 ? 'wal' : 'delete'}`);
    db.pragma(draw(6) === 0 ? "encoding = 'UTF-16le'" : "encoding = 'UTF-8'");
    fillDatabase(db, schema, draw);
  }
  copyFileSync(copy, live);
  {
    using db = openDatabase(live);
    db.pragma('synchronous = OFF');
    changeDatabase(db, schema, draw);
  }
  return { copy, live, schema };
}

/** Rows of a table by key: exact content as text. */
function readTable(path: string, table: RandomTable): Map<string, string> {
  using db = openDatabase(path, true);
  const keys = table.keys.length > 0 ? table.keys : ['rowid'];
  const columns = [
    ...table.keys,
    ...table.values,
    ...table.uniques,
    ...table.links.flatMap((link) => link.columns),
  ];
  const exact = columns.map(
    (name) => `coalesce(typeof(${name}) || hex(CAST(${name} AS BLOB)), 'null')`,
  );
  const rows = db
    .prepare(`SELECT ${[...keys, ...exact].join(', ')} FROM ${quote(table.name)}`)
    .safeIntegers()
    .raw()
    .all() as unknown[][];
  return new Map(
    rows.map((row) => [keyText(row.slice(0, keys.length)), row.slice(keys.length).join('|')]),
  );
}

function keyText(values: readonly unknown[]): string {
  const parts = values.map(String);
  return parts.length === 1
    ? parts.join('')
    : parts.map((part) => part.replaceAll(/[\\/]/g, String.raw`\$&`)).join('/');
}

/** What a comparison must say. */
function compareNaively(pair: Pair, table: RandomTable): Partial<TableComparison> {
  const [then, now] = [readTable(pair.copy, table), readTable(pair.live, table)];
  return {
    rowsBefore: then.size,
    rowsAfter: now.size,
    added: [...now.keys()].filter((key) => !then.has(key)).length,
    removed: [...then.keys()].filter((key) => !now.has(key)).length,
    changed: [...then].filter(([key, content]) => now.has(key) && now.get(key) !== content).length,
  };
}

const drawFrom =
  (g: fc.GeneratorValue): Draw =>
  (limit) =>
    g(fc.nat, { max: limit - 1 });

test('a comparison says of every table what reading all rows says', async () => {
  const host = await openTestSourceHost();
  const folder = await makeTemporaryFolder();
  await fc.assert(
    fc.asyncProperty(fc.gen(), async (g) => {
      const pair = makePair(folder, drawFrom(g));
      const found = await host.call('compareDatabases', pair.live, {
        before: { path: pair.copy, isLive: false },
        after: { path: pair.live, isLive: false },
        tables: null,
        sampleLimit: 1000,
      });
      for (const table of pair.schema.tables) {
        const said = found.tables.find((each) => each.table === table.name);
        expect(said).toMatchObject(compareNaively(pair, table));
        const [then, now] = [readTable(pair.copy, table), readTable(pair.live, table)];
        for (const { change, key } of said?.examples ?? []) {
          expect([change, then.has(key), now.has(key)]).toEqual([
            change,
            change !== 'added',
            change !== 'removed',
          ]);
        }
        const total = (said?.added ?? 0) + (said?.removed ?? 0) + (said?.changed ?? 0);
        expect(said?.examples.length).toBe(total);
      }
    }),
    runs,
  );
});

function drawSelection(draw: Draw, pair: Pair): RowSelection {
  const table = pair.schema.tables[draw(pair.schema.tables.length)] as RandomTable;
  const keys = [...readTable(pair.copy, table).keys()];
  if (draw(4) === 0 || keys.length === 0) return { table: table.name, keys: 'all' };
  return { table: table.name, keys: keys.filter((_, index) => index === 0 || draw(2) === 0) };
}

function drawOptions(draw: Draw): RowRestoreOptions {
  return {
    onConflict: draw(2) === 0 ? 'replace' : 'keep',
    withChildren: draw(3) > 0,
    addedSince: draw(3) === 0 ? 'remove' : 'keep',
    onSchemaDifference: 'refuse',
  };
}

/** How many references of each kind lead nowhere. */
function countBrokenLinks(path: string): Map<string, number> {
  using db = openDatabase(path, true);
  const links = db.prepare('PRAGMA foreign_key_check').all() as { table: string; fkid: number }[];
  const counts = new Map<string, number>();
  for (const { table, fkid } of links) {
    const name = `${table} ${fkid}`;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return counts;
}

test('rows brought back are what they were, break nothing, and are taken back without a trace', async () => {
  const host = await openTestSourceHost();
  const folder = await makeTemporaryFolder();
  const undoPath = join(folder, 'undo.jsonl');
  const outcomes = { done: 0, nothing: 0, refused: 0 };
  await fc.assert(
    fc.asyncProperty(fc.gen(), async (g) => {
      const draw = drawFrom(g);
      const pair = makePair(folder, draw);
      rmSync(undoPath, { force: true });
      rmSync(`${undoPath}-redo`, { force: true });
      const selection = drawSelection(draw, pair);
      const request = {
        live: pair.live,
        copy: pair.copy,
        rows: [selection],
        patienceMs: 1000,
        ...drawOptions(draw),
      };
      const before = dumpDatabase(pair.live);
      const [brokenThen, brokenBefore] = [countBrokenLinks(pair.copy), countBrokenLinks(pair.live)];
      const plan = await host.call('planRowRestore', pair.live, request);
      expect(dumpDatabase(pair.live)).toBe(before);
      const result = await host
        .call('restoreRows', pair.live, { ...request, undoPath })
        .catch((error: unknown) => {
          if (!hasCode(error, 'target-refused')) throw error;
          return null;
        });
      if (result === null || result.touched === 0) {
        outcomes[result === null ? 'refused' : 'nothing'] += 1;
        expect(dumpDatabase(pair.live)).toBe(before);
        expect(existsSync(undoPath)).toBe(false);
        return;
      }
      outcomes.done += 1;
      expect(result.tables).toEqual(plan.tables);
      judgeRestore(pair, selection, request);
      for (const [link, count] of countBrokenLinks(pair.live)) {
        const known = (brokenThen.get(link) ?? 0) + (brokenBefore.get(link) ?? 0);
        expect([link, count]).toEqual([link, Math.min(count, known)]);
      }
      const restored = dumpDatabase(pair.live);
      const redoPath = `${undoPath}-redo`;
      const undoing = { live: pair.live, evenIfChanged: false, patienceMs: 1000 };
      await host.call('undoRows', pair.live, { ...undoing, undoPath, redoPath });
      expect(dumpDatabase(pair.live)).toBe(before);
      await host.call('undoRows', pair.live, { ...undoing, undoPath: redoPath });
      expect(dumpDatabase(pair.live)).toBe(restored);
    }),
    runs,
  );
  // The test is worth something only if many of its databases were really restored into.
  expect(outcomes.done).toBeGreaterThan(runs.numRuns / 5);
});

/** Chosen rows are as they were at the backup, or as they are now where that is to be kept. */
function judgeRestore(
  pair: Pair,
  { table: name, keys }: RowSelection,
  options: RowRestoreOptions,
): void {
  const table = pair.schema.tables.find((each) => each.name === name) as RandomTable;
  const [then, now] = [readTable(pair.copy, table), readTable(pair.live, table)];
  for (const key of keys === 'all' ? then.keys() : keys) {
    expect(now.has(key)).toBe(true);
    if (options.onConflict === 'replace') expect(now.get(key)).toBe(then.get(key));
  }
  if (keys === 'all' && options.addedSince === 'remove') {
    expect([...now.keys()].filter((key) => !then.has(key))).toEqual([]);
  }
}
