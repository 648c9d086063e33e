// Finding the CRM: databases are recognised by what is in them, whatever they are called, and nothing is changed by looking.
import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { findSourcesJob } from '../../../electron/jobs/find-sources-job.ts';
import { usualFolders } from '../../../electron/jobs/usual-folders.ts';
import { walkBounded } from '../../../electron/jobs/walk-bounded.ts';
import { openTestAgent, type TestAgent } from '../../support/open-test-agent.ts';
import { createLedger, withDatabase } from '../../support/quiet-database.ts';
import { startSqlitePeer } from '../../support/start-sqlite-peer.ts';

const signal = new AbortController().signal;

function write(path: string, bytes: Uint8Array | string): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, bytes);
  return path;
}

function ledgerAt(path: string, rows = 20): string {
  mkdirSync(dirname(path), { recursive: true });
  createLedger(path, { rows, seed: 1 });
  return path;
}

/** The folders of a user of a Linux computer, below the test's own. */
function homeOf(agent: TestAgent) {
  const home = join(agent.folder, 'home');
  mkdirSync(home);
  const roots = usualFolders({
    platform: 'linux',
    home,
    env: { XDG_DATA_HOME: join(home, '.local', 'share') },
  });
  // The computer's own folders hold whatever they hold.
  const own = roots.filter(({ path }) => path.startsWith(home));
  const search = async () => findSourcesJob(agent.engine, signal, own);
  return { home, search };
}

test('databases are found by their content in the usual folders, and only there', async () => {
  const agent = await openTestAgent();
  const { home, search } = homeOf(agent);
  const access = Buffer.alloc(8192);
  access.writeUInt32BE(0x0001_0000);
  access.write('Standard Jet DB', 4, 'latin1');
  const crm = ledgerAt(join(home, 'Documents', 'Office', 'kunden.xyz'), 400);
  const jet = write(join(home, 'Desktop', 'old.mdb'), access);
  const app = ledgerAt(join(home, '.local', 'share', 'crmtool', 'store.sqlite'));
  write(join(home, 'Documents', 'letter.db'), 'no database at all '.repeat(200));
  write(join(home, 'Documents', 'empty.db'), '');
  ledgerAt(join(home, 'Documents', 'node_modules', 'x', 'test.db'));
  ledgerAt(join(home, '.mozilla', 'profile', 'places.sqlite'));
  ledgerAt(join(home, '.local', 'share', 'Cache', 'c.db'));
  ledgerAt(join(home, '1', '2', '3', '4', '5', 'too-deep.db'));
  const { found, isComplete } = await search();
  expect(found.map(({ path, format }) => [path, format])).toEqual([
    [crm, 'SQLite database'],
    [app, 'SQLite database'],
    [jet, 'Access database'],
  ]);
  expect(isComplete).toBe(true);
});

test('our own copies are not offered', async () => {
  const agent = await openTestAgent();
  const { home, search } = homeOf(agent);
  const crm = ledgerAt(join(home, 'crm.db'));
  const place = join(home, 'backup');
  mkdirSync(place);
  const { plan, kit } = await agent.call('protect', {
    name: 'Office',
    sources: [crm],
    place,
    schedule: { kind: 'interval', everyMs: 3_600_000 },
    keep: {},
    secret: { kind: 'passphrase', passphrase: 'p' },
    remember: false,
  });
  await agent.call('runPlan', { plan: plan.id });
  // Even one that looks like a database, within a copy.
  ledgerAt(join(kit.place, 'x.db'));
  const { found } = await search();
  expect(found.map(({ path }) => path)).toEqual([crm]);
});

test('a CRM in use is found, told as used, counted, and its log is left alone', async () => {
  const agent = await openTestAgent();
  const { home, search } = homeOf(agent);
  const path = ledgerAt(join(home, 'crm.db'));
  const peer = startSqlitePeer(path);
  await peer.run('PRAGMA journal_mode = WAL; CREATE TABLE contacts (id INTEGER PRIMARY KEY)');
  await peer.run('INSERT INTO contacts DEFAULT VALUES');
  // Only the log is young.
  utimesSync(path, new Date(0), new Date(0));
  const { found } = await search();
  const source = found.find((each) => each.path === path);
  expect(source?.modifiedAtMs).toBeGreaterThan(Date.UTC(2020, 0, 1));

  const inspected = await agent.call('inspectSource', { path });
  expect(inspected).toMatchObject({ path, kind: 'sqlite', protectedBy: null, isEncrypted: false });
  expect(inspected.tables).toContainEqual({ table: 'contacts', rows: 1 });
  if (process.platform === 'linux') expect(inspected.heldBy).toHaveLength(1);
  await peer.run('INSERT INTO contacts DEFAULT VALUES');
  await peer.close();
  expect(
    withDatabase(path, (db) => db.prepare('SELECT count(*) FROM contacts').pluck().get()),
  ).toBe(2);
});

test('what is protected already is told, by whatever path it is named', async () => {
  const agent = await openTestAgent();
  const crm = ledgerAt(join(agent.folder, 'data', 'crm.db'));
  const place = join(agent.folder, 'usb');
  mkdirSync(place);
  const { plan } = await agent.call('protect', {
    name: 'Office',
    sources: [crm],
    place,
    schedule: { kind: 'interval', everyMs: 3_600_000 },
    keep: {},
    secret: { kind: 'passphrase', passphrase: 'p' },
    remember: false,
  });
  const roundabout = `${agent.folder}/usb/../data/crm.db`;
  expect(await agent.call('inspectSource', { path: roundabout })).toMatchObject({
    path: crm,
    protectedBy: { plan: plan.id, name: 'Office' },
  });
  const other = ledgerAt(join(agent.folder, 'data', 'other.db'));
  expect(await agent.call('inspectSource', { path: other })).toMatchObject({ protectedBy: null });
});

test('a folder is told with the size of what is in it; what is missing is missing', async () => {
  const agent = await openTestAgent();
  const folder = join(agent.folder, 'attachments');
  write(join(folder, 'a.pdf'), Buffer.alloc(1000));
  write(join(folder, 'sub', 'b.pdf'), Buffer.alloc(234));
  expect(await agent.call('inspectSource', { path: folder })).toMatchObject({
    kind: 'folder',
    bytes: 1234,
    tables: null,
  });
  await expect(agent.call('inspectSource', { path: join(folder, 'no.db') })).rejects.toMatchObject({
    failure: { code: 'source-missing' },
  });
});

test('the search ends at its bounds and says that there was more', async () => {
  const agent = await openTestAgent();
  for (const name of ['a', 'b', 'c']) write(join(agent.folder, 'deep', name, 'file'), 'x');
  const host = await agent.engine.host();
  const foldersWithin = async (entries: number, depth: number) => {
    const bounds = { entries, ms: 1000 };
    const isSkipped = (): boolean => false;
    const steps = walkBounded({ host, clock: agent.clock, bounds, isSkipped }, [
      { path: join(agent.folder, 'deep'), depth },
    ]);
    let folders = 0;
    for (;;) {
      const step = await steps.next();
      if (step.done === true) return { folders, ...step.value };
      folders += 1;
    }
  };
  expect(await foldersWithin(100, 1)).toEqual({ folders: 4, isComplete: true });
  expect(await foldersWithin(100, 0)).toEqual({ folders: 1, isComplete: true });
  expect(await foldersWithin(4, 1)).toEqual({ folders: 2, isComplete: false });
});
