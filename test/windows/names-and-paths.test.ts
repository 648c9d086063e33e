/** Names and paths that only Windows has, or has in another way: long ones, letters of drives, shares, capitals. */
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openFolderStorage } from '../../electron/engine/storage/folder-storage.ts';
import { codeOf, describeStorage } from '../conformance/storage.suite.ts';
import { createLedger, editDatabase } from '../support/quiet-database.ts';
import { contentOfDatabase, restoreBackup, restoreInto } from '../support/restore-trial.ts';
import { startSqlitePeer } from '../support/start-sqlite-peer.ts';
import { makeTemporaryFolder } from '../support/temporary-folder.ts';
import { realClock } from '../support/test-clock.ts';
import { openTestEngine, type TestEngine } from '../support/test-engine.ts';
import { verifyAll } from '../support/windows/verify-all.ts';

/** Of a run: a drive that has its own letter, and the same folder as a share of another computer. */
const drive = 'P:\\';
const share = '\\\\localhost\\copies\\';

function makeFolderOn(root: string): string {
  const folder = mkdtempSync(join(root, 'holdfast-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

async function openPlace(root: string) {
  const open = async () => openFolderStorage({ root, clock: realClock, random: randomBytes });
  return { storage: await open(), again: await open() };
}

describeStorage('a drive with a letter', async () => openPlace(makeFolderOn(drive)));
describeStorage('a share by its address', async () => openPlace(makeFolderOn(share)));

/** Backs up, changes, backs up again, checks all, and brings the first state back into a folder and in place. */
async function keepAndBringBack(engine: TestEngine, path: string, out: string): Promise<void> {
  createLedger(path, { rows: 300, seed: 7 });
  const truth = contentOfDatabase(readFileSync(path));
  const made = await engine.backup(path);
  editDatabase(path, "UPDATE entries SET text = 'later' WHERE id < 50");
  await engine.backup(path);
  expect(await verifyAll(engine)).toMatchObject({ points: 2, damage: [] });
  await restoreInto(engine, made, out);
  expect(contentOfDatabase(readFileSync(join(out, 'crm.db'))).equals(truth)).toBe(true);
  const crm = startSqlitePeer(path);
  await crm.run('SELECT count(*) FROM entries');
  await restoreBackup(engine, made, path);
  expect(await crm.run("SELECT count(*) FROM entries WHERE text = 'later'")).toEqual([[0]]);
  await crm.close();
  expect(contentOfDatabase(readFileSync(path)).equals(truth)).toBe(true);
}

describe('a CRM is backed up and brought back', () => {
  const deepFolder = join(...Array.from({ length: 6 }, () => 'ordner '.repeat(8).trim()));

  test('below folders whose path is longer than 259 characters, vault and all', async () => {
    const folder = join(await makeTemporaryFolder(), deepFolder);
    mkdirSync(folder, { recursive: true });
    expect(folder.length).toBeGreaterThan(300);
    const engine = await openTestEngine({ folder });
    await keepAndBringBack(engine, join(folder, 'crm.db'), join(folder, 'out'));
  });

  test('by the long form of a path, for source, place and target', async () => {
    const plain = await makeTemporaryFolder();
    const folder = `\\\\?\\${plain}`;
    const engine = await openTestEngine({ folder });
    await keepAndBringBack(engine, `${folder}\\crm.db`, `${folder}\\out`);
    const [source] = (await engine.backup(`${folder}\\crm.db`)).point.sources;
    expect(source?.pages?.path).toBe('crm.db');
  });

  test('on a drive with a letter of its own, by slashes of either kind', async () => {
    const folder = makeFolderOn(drive);
    const engine = await openTestEngine({ folder });
    const path = `${folder.replaceAll('\\', '/')}/crm.db`;
    await keepAndBringBack(engine, path, join(folder, 'out'));
  });

  test('in capitals or not, it is one source and one vault', async () => {
    const engine = await openTestEngine();
    const path = join(engine.folder, 'Crm.db');
    createLedger(path, { rows: 300, seed: 7 });
    const first = await engine.backup(path);
    const second = await engine.backup(path.toUpperCase());
    expect(second.point.sources[0]?.id).toBe(first.point.sources[0]?.id);
    const upper = await openPlace(engine.place.toUpperCase());
    expect(await upper.storage.list('points')).toEqual(await engine.storage.list('points'));
  });
});

describe('a database on a share', () => {
  test('in WAL mode it is never opened through SQLite, and its copy says so', async () => {
    const engine = await openTestEngine();
    const path = join(makeFolderOn(share), 'crm.db');
    createLedger(path, { rows: 300, seed: 7 });
    editDatabase(path, 'PRAGMA journal_mode = WAL');
    const truth = contentOfDatabase(readFileSync(path));
    const made = await engine.backup(path);
    expect(made.point.sources[0]?.label).toBe('quiet-copy');
    const out = join(engine.folder, 'out');
    await restoreInto(engine, made, out);
    expect(contentOfDatabase(readFileSync(join(out, 'crm.db'))).equals(truth)).toBe(true);
  });

  test('its vault is on another share as well', async () => {
    const engine = await openTestEngine({ folder: makeFolderOn(share) });
    const path = join(await makeTemporaryFolder(), 'crm.db');
    await keepAndBringBack(engine, path, join(engine.folder, 'out'));
  });
});

test('names that Windows cannot have get one that it can, although Wine would take them', async () => {
  const engine = await openTestEngine();
  const folder = join(engine.folder, 'attachments');
  mkdirSync(folder);
  const names = ['CON', 'nul.txt', 'dot.', 'blank ', 'crm.db:stream', 'Offer.pdf', '.hidden'];
  for (const name of names) writeFileSync(join(folder, name), `content of ${name}`);
  const made = await engine.backup(folder);
  const out = join(engine.folder, 'out');
  await restoreInto(engine, made, out);
  const back = ['_CON', '_nul.txt', 'dot', 'blank', 'crm.db_stream', 'Offer.pdf', '.hidden'];
  expect(readdirSync(out).sort()).toEqual(back.toSorted());
  expect(back.map((name) => readFileSync(join(out, name), 'utf8'))).toEqual(
    names.map((name) => `content of ${name}`),
  );
});

test('a file with the same name in capitals is never overwritten by a restore', async () => {
  const engine = await openTestEngine();
  const path = join(engine.folder, 'crm.db');
  createLedger(path, { rows: 300, seed: 7 });
  const made = await engine.backup(path);
  const out = join(engine.folder, 'out');
  mkdirSync(out);
  new Database(join(out, 'CRM.DB')).close();
  writeFileSync(join(out, 'CRM.DB'), 'of somebody else');
  expect(await codeOf(restoreInto(engine, made, out))).toBe('target-exists');
  expect(readFileSync(join(out, 'crm.db'), 'utf8')).toBe('of somebody else');
});
