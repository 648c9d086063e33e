/** The built command line as a user of Windows has it: from the first vault to the state of this morning. */
import { readdirSync, readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openCommandLine } from '../support/command-line.ts';
import { createLedger, editDatabase, withDatabase } from '../support/quiet-database.ts';
import { contentOfDatabase } from '../support/restore-trial.ts';
import { startSqlitePeer } from '../support/start-sqlite-peer.ts';

const program = process.env['HOLDFAST_WINDOWS_CLI'] ?? '';

const countLater = (path: string): unknown =>
  withDatabase(path, (db) =>
    db.prepare("SELECT count(*) FROM entries WHERE text = 'later'").pluck().get(),
  );

test('vault create, backup, points, verify, restore, in place under an open CRM, undo', async () => {
  const { folder, json } = await openCommandLine(program);
  const crm = join(folder, 'Büro', 'crm.db');
  const place = join(folder, 'copies');
  await mkdir(join(folder, 'Büro'));
  createLedger(crm, { rows: 300, seed: 3 });
  editDatabase(crm, 'PRAGMA journal_mode = WAL');
  const truth = contentOfDatabase(readFileSync(crm));

  expect(await json(['vault', 'create', place])).toMatchObject({ ok: true, place });
  const open = startSqlitePeer(crm);
  const first = await json(['backup', '--to', place, crm]);
  await open.run("UPDATE entries SET text = 'later' WHERE id <= 20");
  const second = await json(['backup', '--to', place, crm]);
  const idOf = (made: typeof first): string => (made['point'] as { readonly id: string }).id;
  expect(second).toMatchObject({ ok: true, point: { kind: 'incremental' } });

  const { points } = await json(['points', '--at', place]);
  expect((points as { id: string }[]).map(({ id }) => id)).toEqual([idOf(second), idOf(first)]);
  await json(['verify', '--at', place, '--data']);

  const into = join(folder, 'back');
  await json(['restore', idOf(first), '--at', place, '--into', into]);
  expect(contentOfDatabase(readFileSync(join(into, 'crm.db'))).equals(truth)).toBe(true);

  await json(['restore', idOf(first), '--at', place, '--in-place']);
  expect(await open.run("SELECT count(*) FROM entries WHERE text = 'later'")).toEqual([[0]]);
  await json(['undo']);
  expect(await open.run("SELECT count(*) FROM entries WHERE text = 'later'")).toEqual([[20]]);
  await open.close();
  expect(countLater(crm)).toBe(20);
  expect(readdirSync(join(folder, 'Büro'))).toEqual(['crm.db']);
});

test('a place that is not there and a wrong passphrase end as on every system', async () => {
  const { folder, place, run } = await openCommandLine(program);
  const crm = join(folder, 'crm.db');
  createLedger(crm, { rows: 30, seed: 3 });
  const missing = await run(['backup', '--to', 'Q:\\copies', crm]);
  expect([missing.exitCode, missing.stderr]).toEqual([4, expect.stringContaining('Q:\\copies')]);
  const env = { HOLDFAST_PASSPHRASE: 'wrong' };
  expect((await run(['points', '--at', place], { env })).exitCode).toBe(5);
});
