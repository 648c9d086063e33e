/** What Windows refuses while a virus scanner has a file open: renaming and removing it. Nothing may be lost by it. */
import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { BLOCKED_FOR_MS } from '../../electron/engine/storage/blocked-retry.ts';
import { openFolderStorage } from '../../electron/engine/storage/folder-storage.ts';
import { writeDurably } from '../../electron/plans/durable-file.ts';
import { codeOf } from '../conformance/storage.suite.ts';
import { createLedger } from '../support/quiet-database.ts';
import { contentOfDatabase, restoreBackup, restoreInto } from '../support/restore-trial.ts';
import { makeTemporaryFolder } from '../support/temporary-folder.ts';
import { realClock } from '../support/test-clock.ts';
import { openTestEngine } from '../support/test-engine.ts';
import { holdFile, startScanner } from '../support/windows/start-holder.ts';
import { verifyAll } from '../support/windows/verify-all.ts';

/** As long as a scanner takes for a large file. */
const SCAN_MS = 2000;

type Lack = 'hardLinks' | 'folderSync';
const places: readonly (readonly [string, readonly Lack[]])[] = [
  ['a disk with hard links', []],
  ['a disk without', ['hardLinks']],
];

async function openPlace(lacks: readonly Lack[]) {
  const root = await makeTemporaryFolder();
  const open = async () =>
    openFolderStorage({ root, clock: realClock, random: randomBytes, lacks });
  return { root, storage: await open(), again: await open() };
}

async function timeOf(work: () => Promise<unknown>): Promise<number> {
  const startedMs = performance.now();
  await work();
  return performance.now() - startedMs;
}

describe.each(places)('on %s', (_, lacks) => {
  /** An object that is written and not yet published, and its temporary file. */
  async function openHalf() {
    const place = await openPlace(lacks);
    const writer = await place.storage.startWriter('packs/one', '1');
    await writer.write(Buffer.from('whole'));
    const [name = ''] = (await place.again.listTemporary()).map((file) => file.name);
    return { ...place, writer, temporary: join(place.root, ...name.split('/')) };
  }

  test('a scanner that holds a new object for two seconds is waited for', async () => {
    const { storage, writer, temporary, again } = await openHalf();
    const holder = await holdFile(temporary, SCAN_MS);
    holder.letGoSoon();
    const tookMs = await timeOf(async () => writer.publish());
    expect(tookMs).toBeGreaterThan(SCAN_MS * 0.9);
    expect((await again.readWhole('packs/one', 100)).toString()).toBe('whole');
    expect(await storage.listTemporary()).toEqual([]);
  });

  test('an object is removed once the scanner lets it go', async () => {
    const { root, storage } = await openPlace(lacks);
    await storage.put('packs/one', Buffer.from('old'));
    const holder = await holdFile(join(root, 'packs', 'one'), SCAN_MS);
    holder.letGoSoon();
    expect(await timeOf(async () => storage.remove('packs/one'))).toBeGreaterThan(SCAN_MS * 0.9);
    expect(await storage.size('packs/one')).toBeNull();
  });

  test('one that never lets go is named after ten seconds, and what is there stays', async () => {
    const { root, storage } = await openPlace(lacks);
    await storage.put('packs/one', Buffer.from('old'));
    await holdFile(join(root, 'packs', 'one'), 0);
    let code = '';
    const tookMs = await timeOf(async () => (code = await codeOf(storage.remove('packs/one'))));
    expect(code).toBe('blocked-by-other-program');
    expect(tookMs).toBeGreaterThanOrEqual(BLOCKED_FOR_MS);
    expect((await storage.readWhole('packs/one', 100)).toString()).toBe('old');
  });
});

test('a new object that is never let go is not called stored where it cannot get its name', async () => {
  const { root, storage } = await openPlace(['hardLinks']);
  const writer = await storage.startWriter('packs/one', '1');
  await writer.write(Buffer.from('whole'));
  const [name = ''] = readdirSync(join(root, 'packs'));
  const holder = await holdFile(join(root, 'packs', name), 0);
  expect(await codeOf(writer.publish())).toBe('blocked-by-other-program');
  expect(await storage.size('packs/one')).toBeNull();
  await holder.end();
  await writer.abandon();
  expect(await storage.listTemporary()).toEqual([]);
});

test('with hard links it has its name all the same, and the second one is tidied up later', async () => {
  const { root, storage } = await openPlace([]);
  const writer = await storage.startWriter('packs/one', '1');
  await writer.write(Buffer.from('whole'));
  const [name = ''] = readdirSync(join(root, 'packs'));
  const holder = await holdFile(join(root, 'packs', name), 0);
  await writer.publish();
  expect((await storage.readWhole('packs/one', 100)).toString()).toBe('whole');
  const [left] = await storage.listTemporary();
  await holder.end();
  await storage.removeTemporary(left?.name ?? '');
  expect(await storage.list('')).toHaveLength(1);
});

test('a whole backup is made and proved while a scanner holds each new file, and restored', async () => {
  const engine = await openTestEngine();
  const path = join(engine.folder, 'crm.db');
  createLedger(path, { rows: 400, seed: 3 });
  const truth = contentOfDatabase(readFileSync(path));
  const scanner = await startScanner(engine.place, SCAN_MS);
  const made = await engine.backup(path);
  expect(await scanner.stop()).toBeGreaterThan(3);
  expect(await verifyAll(engine)).toMatchObject({ points: 1, damage: [] });
  expect(engine.damage).toEqual([]);

  const folder = join(engine.folder, 'back');
  await mkdir(folder);
  const target = join(folder, 'crm.db');
  writeFileSync(target, 'no database any more');
  const atTarget = await startScanner(folder, SCAN_MS);
  const { way } = await restoreBackup(engine, made, target);
  expect(await atTarget.stop()).toBeGreaterThan(0);
  expect(way.kind).toBe('swap');
  expect(contentOfDatabase(readFileSync(target)).equals(truth)).toBe(true);
  expect(readdirSync(folder)).toEqual(['crm.db']);
});

test('files are restored into a folder in which a scanner holds each new one', async () => {
  const engine = await openTestEngine();
  const path = join(engine.folder, 'crm.db');
  createLedger(path, { rows: 400, seed: 3 });
  const made = await engine.backup(path);
  const folder = join(engine.folder, 'out');
  await mkdir(folder);
  const scanner = await startScanner(folder, SCAN_MS);
  await restoreInto(engine, made, folder);
  expect(await scanner.stop()).toBeGreaterThan(0);
  expect(readFileSync(join(folder, 'crm.db')).equals(readFileSync(path))).toBe(true);
  expect(readdirSync(folder)).toEqual(['crm.db']);
});

test('a plan is saved although a scanner looks at the old one', async () => {
  const folder = await makeTemporaryFolder();
  const path = join(folder, 'plan.json');
  await writeDurably(path, 'old');
  const holder = await holdFile(path, SCAN_MS);
  holder.letGoSoon();
  expect(await timeOf(async () => writeDurably(path, 'new'))).toBeGreaterThan(SCAN_MS * 0.9);
  expect(readFileSync(path, 'utf8')).toBe('new');
  expect(readdirSync(folder)).toEqual(['plan.json']);
});
