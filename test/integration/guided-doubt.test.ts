/** What a user would lose if the write-ahead log were believed for ever: changes that some program made past it. */
import { openSync, closeSync, readSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { openTestEngine } from '../support/test-engine.ts';

/** Changes one byte of a text in the file, as a program does that does not know SQLite. */
function changeBehindSqlite(path: string, text: string, to: string): void {
  const file = openSync(path, 'r+');
  const page = Buffer.alloc(4096);
  for (let at = 0; readSync(file, page, 0, page.length, at) === page.length; at += page.length) {
    const found = page.indexOf(text);
    if (found >= 0) writeSync(file, Buffer.from(to), 0, to.length, at + found);
  }
  closeSync(file);
}

test('a scan notices pages that guided backups missed, says so, and no longer believes the log', async () => {
  const engine = await openTestEngine();
  const path = join(engine.folder, 'crm.db');
  const database = new Database(path);
  database.pragma('journal_mode = wal');
  database.pragma('wal_autocheckpoint = 0');
  database.exec('CREATE TABLE t(id INTEGER PRIMARY KEY, text TEXT)');
  const insert = database.prepare('INSERT INTO t(text) VALUES (?)');
  insert.run('SECRET-MARKER-1');
  for (let row = 0; row < 2_000; row++) insert.run(`row ${row} ${'x'.repeat(100)}`);
  database.pragma('wal_checkpoint(truncate)');
  insert.run('first');
  await engine.backup(path);

  // A checkpoint that a reader holds up moves frames into the file and keeps the log: the file's stat then says nothing.
  const reader = new Database(path, { readonly: true });
  reader.exec('BEGIN');
  reader.prepare('SELECT count(*) FROM t').get();
  insert.run('second');
  database.pragma('wal_checkpoint(passive)');
  changeBehindSqlite(path, 'SECRET-MARKER-1', 'SECRET-MARKER-2');
  insert.run('third');
  const guided = await engine.backup(path);
  const methods = [guided.point.sources[0]?.method];
  const scanned = await engine.backup(path, { forceScan: true });
  methods.push(scanned.point.sources[0]?.method);
  insert.run('fourth');
  const after = await engine.backup(path);
  methods.push(after.point.sources[0]?.method);
  reader.close();
  database.close();

  expect(methods).toEqual(['guided', 'scanned', 'scanned']);
  expect(guided.point.problems).toEqual([]);
  expect(scanned.point.problems).toEqual([
    { failure: { code: 'source-log-untrue', path, pages: 1 }, source: 'crm.db' },
  ]);
  expect(after.point.problems).toEqual([]);
});

test('a scan after honest increments finds nothing that was missed', async () => {
  const engine = await openTestEngine();
  const path = join(engine.folder, 'crm.db');
  const database = new Database(path);
  database.pragma('journal_mode = wal');
  database.pragma('wal_autocheckpoint = 0');
  database.exec('CREATE TABLE t(id INTEGER PRIMARY KEY, text TEXT)');
  const insert = database.prepare('INSERT INTO t(text) VALUES (?)');
  for (let row = 0; row < 500; row++) insert.run(`row ${row} ${'x'.repeat(100)}`);
  await engine.backup(path);
  for (let round = 0; round < 4; round++) {
    for (let row = 0; row < 50; row++) insert.run(`row ${row} of round ${round}`);
    const { point } = await engine.backup(path, { forceScan: round % 2 === 1 });
    expect(point.problems).toEqual([]);
    expect(point.sources[0]?.method).toBe(round % 2 === 1 ? 'scanned' : 'guided');
  }
  database.close();
});
