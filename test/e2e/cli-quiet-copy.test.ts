/** What a user would lose if a copy taken without SQLite's locks were believed unseen: a torn one would count as a backup. */
import { copyFileSync, mkdirSync, openSync, closeSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { openCommandLine } from '../support/command-line.ts';

const PAGE_BYTES = 4096;

/** Database and log as a crashed computer leaves them: no index of the log, so SQLite's locks cannot be used. */
function leaveCrashed(folder: string): string {
  const live = join(folder, 'live.db');
  const database = new Database(live);
  database.pragma('journal_mode = wal');
  database.exec(
    'CREATE TABLE t(id INTEGER PRIMARY KEY, name TEXT); CREATE INDEX by_name ON t(name)',
  );
  const insert = database.prepare('INSERT INTO t(name) VALUES (?)');
  for (let row = 0; row < 3_000; row++) insert.run(`name ${row * 7919}`);
  database.pragma('wal_checkpoint(truncate)');
  insert.run('only in the log');
  const crashed = join(folder, 'crashed');
  mkdirSync(crashed);
  copyFileSync(live, join(crashed, 'crm.db'));
  copyFileSync(`${live}-wal`, join(crashed, 'crm.db-wal'));
  database.close();
  return join(crashed, 'crm.db');
}

test('a sound copy of a crashed database counts after it was opened and checked', async () => {
  const cli = await openCommandLine();
  const path = leaveCrashed(cli.folder);
  const answer = await cli.json(['backup', '--to', cli.place, path]);
  expect(answer).toMatchObject({ sources: [{ label: 'recovered-after-crash' }], problems: [] });
  const { runs } = await cli.json(['history']);
  expect(
    (runs as { kind: string; state: string }[]).map(({ kind, state }) => [kind, state]),
  ).toEqual([
    ['drill', 'ok'],
    ['backup', 'ok'],
  ]);
});

test('an unsound copy of a crashed database ends with problems, never with success', async () => {
  const cli = await openCommandLine();
  const path = leaveCrashed(cli.folder);
  const file = openSync(path, 'r+');
  writeSync(file, Buffer.alloc(PAGE_BYTES / 2, 0x55), 0, PAGE_BYTES / 2, PAGE_BYTES * 5);
  closeSync(file);
  const answer = await cli.json(['backup', '--to', cli.place, path], 3);
  expect(answer).toMatchObject({ ok: false, failure: { code: 'drill-failed' } });
});
