/** The way back, by the command line: whole databases, single files, tables and records, and back again. */
import { cp, mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { openCommandLine, type CommandLine } from '../support/command-line.ts';
import { editDatabase, withDatabase } from '../support/quiet-database.ts';
import { readZip } from '../support/read-zip.ts';

const schema = `
  CREATE TABLE contacts (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
  CREATE TABLE notes (id INTEGER PRIMARY KEY, contact INTEGER REFERENCES contacts(id) ON DELETE CASCADE, text TEXT);
  INSERT INTO contacts VALUES (1, 'Ada'), (2, 'Grace'), (3, '李娜');
  INSERT INTO notes VALUES (1, 1, 'called'), (2, 3, '已联系'), (3, 3, 'again')`;

type Office = CommandLine & { readonly database: string; readonly first: string };

/** A CRM that was backed up, then changed, then backed up again. */
async function openOffice(): Promise<Office> {
  const cli = await openCommandLine();
  const database = join(cli.folder, 'crm.db');
  editDatabase(database, 'PRAGMA journal_mode = WAL', schema);
  const first = await backUp(cli, database);
  editDatabase(database, 'PRAGMA foreign_keys = ON', 'DELETE FROM contacts WHERE id = 3');
  await backUp(cli, database);
  return { ...cli, database, first };
}

async function backUp(cli: CommandLine, ...sources: readonly string[]): Promise<string> {
  const { point } = await cli.json(['backup', '--to', cli.place, ...sources]);
  return (point as { readonly id: string }).id;
}

const namesIn = (path: string): unknown[] =>
  withDatabase(path, (db) => db.prepare('SELECT name FROM contacts ORDER BY id').pluck().all());
const notesIn = (path: string): unknown[] =>
  withDatabase(path, (db) => db.prepare('SELECT text FROM notes ORDER BY id').pluck().all());

test('a restore into a folder gives the state of the chosen restore point and overwrites nothing', async () => {
  const { run, json, folder, place, first } = await openOffice();
  const into = join(folder, 'out');
  const restored = await json(['restore', first, '--at', place, '--into', into]);
  expect(restored).toMatchObject({ ok: true, point: first, databases: [{ complaints: [] }] });
  expect(namesIn(join(into, 'crm.db'))).toEqual(['Ada', 'Grace', '李娜']);
  expect((await run(['restore', 'latest', '--at', place, '--into', into])).exitCode).toBe(2);
  expect(namesIn(join(into, 'crm.db'))).toEqual(['Ada', 'Grace', '李娜']);
  await json(['restore', first.slice(0, 8), '--at', place, '--into', join(folder, 'by-prefix')]);
});

test('a restore in place works under an open CRM, is undone, and the undo only once', async () => {
  const { json, place, first, database } = await openOffice();
  const crm = new Database(database);
  try {
    const count = (): unknown => crm.prepare('SELECT count(*) FROM contacts').pluck().get();
    expect(count()).toBe(2);
    const plan = await json(['restore', first, '--at', place, '--in-place', '--dry-run']);
    expect(plan).toMatchObject({
      planned: [{ target: database, way: { kind: 'through-sqlite' } }],
    });
    expect(count()).toBe(2);
    const restored = await json(['restore', first, '--at', place, '--in-place']);
    expect(restored).toMatchObject({
      restored: [{ target: database, safety: { kind: 'point', place } }],
    });
    expect(count()).toBe(3);
    expect(await json(['undo'])).toMatchObject({ ok: true, target: database, rows: null });
    expect(count()).toBe(2);
  } finally {
    crm.close();
  }
  expect(await json(['undo'], 2)).toMatchObject({ failure: { code: 'undo-missing' } });
});

test('an undo does not throw away what was written since the restore', async () => {
  const { run, json, place, first, database } = await openOffice();
  await json(['restore', first, '--at', place, '--in-place']);
  editDatabase(database, "INSERT INTO contacts VALUES (4, 'new today')");
  expect(await json(['undo'], 2)).toMatchObject({ failure: { code: 'target-changed' } });
  expect(namesIn(database)).toEqual(['Ada', 'Grace', '李娜', 'new today']);
  expect((await run(['undo'])).stderr).toContain('holdfast undo --even-if-changed');
  const undone = await run(['undo', '--even-if-changed']);
  expect(namesIn(database)).toEqual(['Ada', 'Grace']);
  // The state with the new row was kept: the undo can be undone, but only by its name.
  expect(await json(['undo'], 2)).toMatchObject({ failure: { code: 'undo-missing' } });
  const redo = /holdfast undo ([0-9a-f]+)/u.exec(undone.stdout)?.[1] ?? '';
  const redone = await json(['undo', redo]);
  expect(namesIn(database)).toEqual(['Ada', 'Grace', '李娜', 'new today']);
  expect((redone['undone'] as string).startsWith(redo)).toBe(true);
  // So can the redo; its name is in the answer for programs too.
  await json(['undo', (redone['redo'] as { readonly run: string }).run]);
  expect(namesIn(database)).toEqual(['Ada', 'Grace']);
});

test('keep rules leave the state before a restore alone as long as it can be undone', async () => {
  const { json, place, first, database } = await openOffice();
  const { restored } = await json(['restore', first, '--at', place, '--in-place']);
  const [{ safety }] = restored as [{ readonly safety: { readonly point: string } }];
  for (let round = 0; round < 3; round++) await json(['backup', '--to', place, database]);
  const { keep, remove } = await json(['forget', '--at', place, '--keep-last', '1']);
  expect((remove as unknown[]).length).toBeGreaterThan(1);
  expect(keep).toContainEqual(
    expect.objectContaining({
      id: safety.point,
      reasons: expect.arrayContaining([expect.objectContaining({ code: 'hold' })]),
    }),
  );
  expect(await json(['undo'])).toMatchObject({ ok: true });
  expect(namesIn(database)).toEqual(['Ada', 'Grace']);
});

test('after a restore, latest and the present moment mean the last backup; the kept state is listed as such', async () => {
  const { json, place, first } = await openOffice();
  const before = await json(['show', 'latest', '--at', place]);
  const { restored } = await json(['restore', first, '--at', place, '--in-place']);
  const [{ safety }] = restored as [{ readonly safety: { readonly point: string } }];
  expect(await json(['show', 'latest', '--at', place])).toEqual(before);
  const tomorrow = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);
  expect(await json(['show', tomorrow, '--at', place])).toEqual(before);
  const { points } = await json(['points', '--at', place]);
  const marked = (points as { id: string; isSafetyPoint: boolean }[]).filter(
    ({ isSafetyPoint }) => isSafetyPoint,
  );
  expect(marked.map(({ id }) => id)).toEqual([safety.point]);
});

test('one deleted customer comes back with what was deleted along, and can be taken back', async () => {
  const { json, run, place, first, database } = await openOffice();
  editDatabase(database, "INSERT INTO contacts VALUES (4, 'since then')");
  const rows = ['restore', first, '--at', place, '--in-place', '--rows', 'contacts:3'];
  const foreseen = await json([...rows, '--dry-run']);
  expect(foreseen).toMatchObject({
    isDryRun: true,
    tables: [{ table: 'contacts', missing: 1 }, {}],
  });
  expect(namesIn(database)).toEqual(['Ada', 'Grace', 'since then']);
  expect(await json(rows)).toMatchObject({ touched: 3, warnings: [] });
  expect(namesIn(database)).toEqual(['Ada', 'Grace', '李娜', 'since then']);
  expect(notesIn(database)).toEqual(['called', '已联系', 'again']);
  expect(await json(['undo'])).toMatchObject({ rows: 3 });
  expect(namesIn(database)).toEqual(['Ada', 'Grace', 'since then']);
  expect(notesIn(database)).toEqual(['called']);
  const missing = await run([...rows.slice(0, -1), 'contacts:77']);
  expect(missing).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('77') });
  const { runs } = await json(['history']);
  const kinds = (runs as { kind: string; state: string }[]).map(({ kind, state }) => [kind, state]);
  expect(kinds.slice(0, 3)).toEqual([
    ['restore', 'failed'],
    ['undo', 'ok'],
    ['restore', 'ok'],
  ]);
});

test('a whole table comes back; rows added since stay unless they are to go', async () => {
  const { json, place, first, database } = await openOffice();
  editDatabase(database, "INSERT INTO contacts VALUES (9, 'since then')", 'DELETE FROM notes');
  const table = ['restore', first, '--at', place, '--in-place', '--table', 'contacts'];
  await json([...table, '--no-children']);
  expect(namesIn(database)).toEqual(['Ada', 'Grace', '李娜', 'since then']);
  expect(notesIn(database)).toEqual([]);
  await json([...table, '--exact']);
  expect(namesIn(database)).toEqual(['Ada', 'Grace', '李娜']);
});

test('the nearest restore point before a moment is taken', async () => {
  const { json, folder, place, first } = await openOffice();
  const { points } = await json(['points', '--at', place]);
  const [newest, oldest] = points as { id: string; takenAtMs: number }[];
  const between = new Date((newest?.takenAtMs ?? 0) - 1).toISOString();
  const shown = await json(['show', between, '--at', place]);
  expect(shown).toMatchObject({ point: { id: first } });
  expect(oldest?.id).toBe(first);
  const args = [
    'restore',
    'latest',
    '--before',
    between,
    '--at',
    place,
    '--into',
    join(folder, 'o'),
  ];
  expect(await json(args)).toMatchObject({ point: first });
  expect(await json([...args.slice(0, 3), '2001-01-01', ...args.slice(4)], 2)).toMatchObject({
    failure: { code: 'point-missing' },
  });
});

test('one file of a folder comes back, and not the folder', async () => {
  const cli = await openCommandLine();
  const docs = join(cli.folder, 'docs');
  await mkdir(join(docs, 'sub'), { recursive: true });
  await writeFile(join(docs, 'sub/报价 1.txt'), 'old');
  await writeFile(join(docs, 'other.txt'), 'other');
  const point = await backUp(cli, docs);
  const shown = await cli.json(['show', point, '--at', cli.place]);
  const [source] = (shown['point'] as { sources: { entries: { path: string }[] }[] }).sources;
  expect(source?.entries.map(({ path }) => path)).toContain('sub/报价 1.txt');
  const into = join(cli.folder, 'out');
  await cli.json(['restore', point, '--at', cli.place, '--into', into, '--only', 'sub/报价 1.txt']);
  expect(await readFile(join(into, 'sub/报价 1.txt'), 'utf8')).toBe('old');
  expect(await readdir(into)).toEqual(['sub']);
  const none = ['restore', point, '--at', cli.place, '--into', into, '--only', 'none.txt'];
  expect(await cli.json(none, 2)).toMatchObject({ failure: { code: 'file-missing-in-point' } });
});

test('what cannot be put together is refused before anything is done', async () => {
  const { json, folder, place } = await openOffice();
  const into = join(folder, 'out');
  for (const wrong of [
    [],
    ['--into', into, '--in-place'],
    ['--into', into, '--rows', 'contacts:3'],
    ['--into', into, '--dry-run'],
    ['--in-place', '--exact'],
    ['--in-place', '--rows', 'contacts'],
    ['--in-place', '--rows', 'contacts:1,,2'],
  ]) {
    const answer = await json(['restore', 'latest', '--at', place, ...wrong], 2);
    expect(answer).toMatchObject({ failure: { code: 'usage' } });
  }
  const dated = ['restore', '2026-01-01', '--before', '2026-01-01', '--at', place, '--into', into];
  expect(await json(dated, 2)).toMatchObject({ failure: { code: 'usage' } });
});

test('a comparison and a restore test say what is so', async () => {
  const { json, place, first, database } = await openOffice();
  const compared = await json(['compare', first, 'latest', '--at', place]);
  const tables = [
    { table: 'contacts', removed: 1, examples: [{ change: 'removed', key: '3', label: '李娜' }] },
    { table: 'notes', removed: 2, added: 0, changed: 0 },
  ];
  expect(compared).toMatchObject({ sources: [{ result: { kind: 'rows', database: { tables } } }] });
  editDatabase(database, "UPDATE contacts SET name = 'Ada L.' WHERE id = 1");
  const live = await json(['compare', 'latest', '--live', '--at', place, '--table', 'contacts']);
  expect(live).toMatchObject({
    after: null,
    sources: [
      { result: { database: { tables: [{ table: 'contacts', changed: 1, removed: 0 }] } } },
    ],
  });
  const drilled = await json(['drill', first, '--at', place]);
  expect(drilled).toMatchObject({
    ok: true,
    outcome: 'proved',
    sources: [{ counts: expect.arrayContaining([{ table: 'contacts', rows: 3, recorded: 3 }]) }],
  });
  await cp(database, `${database}.copy`);
  const packs = await readdir(join(place, 'packs'), { recursive: true, withFileTypes: true });
  for (const pack of packs.filter((entry) => entry.isFile())) {
    const bytes = await readFile(join(pack.parentPath, pack.name));
    bytes.fill(0, 40, 400);
    await writeFile(join(pack.parentPath, pack.name), bytes);
  }
  expect(await json(['drill', first, '--at', place], 3)).toMatchObject({
    ok: false,
    failure: { code: 'drill-failed' },
    outcome: 'damaged-copy',
  });
});

test('a restore point becomes a plain ZIP that any program opens, never over another file', async () => {
  const { json, folder, place, first, database } = await openOffice();
  const docs = join(folder, 'docs');
  await mkdir(docs);
  await writeFile(join(docs, '报价.txt'), 'offer');
  await json(['backup', '--to', place, database, docs]);
  const zip = join(folder, 'out.zip');
  const exported = await json(['export', 'latest', '--at', place, '--zip', zip]);
  expect(exported).toMatchObject({ ok: true, files: 2, isSealed: false, problems: [] });
  const entries = await readZip(zip);
  const contents = new Map(entries.map(({ name, content }) => [name, content]));
  expect([...contents.keys()].sort()).toEqual(
    ['README-NOT-SEALED.txt', 'crm.db/crm.db', 'docs/报价.txt'].sort(),
  );
  expect(contents.get('docs/报价.txt')?.toString()).toBe('offer');
  const copy = join(folder, 'unpacked.db');
  await writeFile(copy, contents.get('crm.db/crm.db') ?? '');
  expect(namesIn(copy)).toEqual(['Ada', 'Grace']);
  expect(await json(['export', first, '--at', place, '--zip', zip], 2)).toMatchObject({
    failure: { code: 'target-exists' },
  });
  expect(await readdir(join(folder, 'data/scratch'))).toEqual([]);
});

test('a restore that a crash interrupted is finished before the next backup reads a half state', async () => {
  const { json, folder, place, first, database } = await openOffice();
  // Between the two moves of a swap: the old file is gone, the verified one has not got its name yet.
  const part = `.holdfast-restore-000000000000-1-${'0'.repeat(16)}.part`;
  await json(['restore', first, '--at', place, '--into', join(folder, 'verified')]);
  await cp(join(folder, 'verified/crm.db'), join(folder, part));
  await rm(database);
  const intent = { format: 'holdfast-swap', version: 1, target: 'crm.db', removes: [] };
  const moves = [[part, 'crm.db']];
  const name = `.holdfast-swap-${'0'.repeat(16)}.json`;
  await writeFile(join(folder, name), JSON.stringify({ ...intent, moves }));
  const made = await json(['backup', '--to', place, database]);
  expect(made['notices']).toContainEqual({ kind: 'restore-finished', target: database });
  expect(namesIn(database)).toEqual(['Ada', 'Grace', '李娜']);
  expect(await readdir(folder)).not.toContain(name);
  expect(await json(['history'])).toMatchObject({ undoable: [] });
});
