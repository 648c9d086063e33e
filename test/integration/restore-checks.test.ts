/** The checks that a restore relies on must themselves fail when something is wrong. */
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { hashPage, rootDigest, segmentDigest } from '../../electron/engine/format/page-digest.ts';
import { sqliteParts } from '../../electron/engine/sources/capture-parts.ts';
import { compareState } from '../../electron/engine/sources/state-digest.ts';
import { fetchListFile, lendFrames } from '../../electron/engine/restore/fetch-list-file.ts';
import { createPackFrames } from '../../electron/engine/restore/pack-frames.ts';
import { readFolderList, type FolderEntry } from '../../electron/engine/vault/folder-list.ts';
import { placeNewFile } from '../../electron/engine/restore/place-file.ts';
import { scratchPath } from '../../electron/engine/restore/scratch-file.ts';
import { realClock } from '../support/test-clock.ts';
import { checkPageFile } from '../../electron/engine/restore/check-page-file.ts';
import { tidyFolder } from '../../electron/engine/restore/restore-in-place.ts';
import { markState, isSameMark } from '../../electron/engine/restore/target-mark.ts';
import { createLedger, editDatabase } from '../support/quiet-database.ts';
import { filesAround, restoreBackup, restoreToolsOf } from '../support/restore-trial.ts';
import { startSqlitePeer } from '../support/start-sqlite-peer.ts';
import { openTestEngine } from '../support/test-engine.ts';

async function startTrial() {
  const engine = await openTestEngine();
  mkdirSync(join(engine.folder, 'crm'));
  const path = join(engine.folder, 'crm', 'ledger.db');
  createLedger(path, { rows: 7000, seed: 12 });
  return { engine, path };
}

describe('the digest of a finished file', () => {
  const pageCount = 7001;
  const changes: readonly (readonly [string, (bytes: Buffer) => Buffer])[] = [
    ['one bit in the first page', (bytes) => flip(bytes, 30)],
    ['one bit in a page of a later segment', (bytes) => flip(bytes, 4100 * 512)],
    ['one bit in the last page', (bytes) => flip(bytes, bytes.length - 1)],
    ['the last byte gone', (bytes) => bytes.subarray(0, -1)],
    ['a byte more', (bytes) => Buffer.concat([bytes, Buffer.of(0)])],
    ['two pages changed places', (bytes) => swapPages(bytes, 3, 5000)],
  ];

  test.each([0, 1, 511])(
    'is right for the file itself, its last page short by %i bytes',
    async (short) => {
      const { engine, file, path, bytes } = await backUpRandomFile(short);
      await checkPageFile({
        path,
        file,
        pool: engine.pool,
        onBytes: () => undefined,
        signal: new AbortController().signal,
      });
      expect(bytes.length).toBe(pageCount * 512 - short);
    },
  );

  test.each(changes)('tells of %s', async (_, change) => {
    const { engine, file, path, bytes } = await backUpRandomFile(0);
    writeFileSync(path, change(Buffer.from(bytes)));
    const check = checkPageFile({
      path,
      file,
      pool: engine.pool,
      onBytes: () => undefined,
      signal: new AbortController().signal,
    });
    await expect(check).rejects.toMatchObject({ failure: { code: 'restore-differs', path } });
  });

  /** More than one segment, described without the engine's writer. */
  async function backUpRandomFile(short: number) {
    const engine = await openTestEngine();
    const bytes = Buffer.alloc(pageCount * 512);
    for (let page = 0; page < pageCount; page++) bytes.writeUInt32LE(page + 1, page * 512 + 100);
    const size = bytes.length - short;
    bytes.fill(0, size);
    const path = join(engine.folder, 'random.bin');
    writeFileSync(path, bytes.subarray(0, size));
    const digests: Buffer[] = [];
    const hashes = Array.from({ length: pageCount }, (_, page) =>
      hashPage(bytes.subarray(page * 512, (page + 1) * 512)),
    );
    while (hashes.length > 0) digests.push(segmentDigest(Buffer.concat(hashes.splice(0, 4096))));
    const sizes = { pageSize: 512, pageCount, size };
    return {
      engine,
      path,
      bytes: bytes.subarray(0, size),
      file: { ...sizes, root: rootDigest(sizes, Buffer.concat(digests)) },
    };
  }
});

describe('the mark of a restored database', () => {
  test('is the same after writes that leave the rows as they were, in either journal mode', async () => {
    const { engine, path } = await startTrial();
    const mark = await markState(engine.host, path);
    const crm = startSqlitePeer(path);
    await crm.run('PRAGMA journal_mode = WAL');
    expect(isSameMark(await markState(engine.host, path), mark)).toBe(true);
    await crm.close();
    editDatabase(path, 'PRAGMA journal_mode = DELETE');
    expect(isSameMark(await markState(engine.host, path), mark)).toBe(true);
  });

  test.each([
    [
      'a row in the log only',
      'PRAGMA journal_mode = WAL',
      "UPDATE entries SET kind = 'x' WHERE id = 5000",
    ],
    ['one character', "UPDATE entries SET kind = 'x' WHERE id = 5000", 'SELECT 1'],
    ['the user version', 'PRAGMA user_version = 3', 'SELECT 1'],
    ['an empty table', 'CREATE TABLE t(x)', 'SELECT 1'],
    ['pages at the end', 'CREATE TABLE t AS SELECT zeroblob(100000)', 'DROP TABLE t'],
  ])('tells of %s', async (_, first, second) => {
    const { engine, path } = await startTrial();
    const mark = await markState(engine.host, path);
    const crm = startSqlitePeer(path);
    await crm.run(first);
    await crm.run(second);
    expect(isSameMark(await markState(engine.host, path), mark)).toBe(false);
    await crm.close();
  });
});

describe('the comparison with the scratch file', () => {
  test('counts each page that differs, and nothing else', async () => {
    const { engine, path } = await startTrial();
    const scratch = join(engine.folder, 'scratch.db');
    const bytes = readFileSync(path);
    for (const page of [2, 700, 1200]) flip(bytes, page * 4096 + 99);
    writeFileSync(scratch, bytes);
    const environment = {
      parts: sqliteParts,
      monotonicMs: () => performance.now(),
      sleep: async (ms: number) => new Promise<void>((resolve) => void setTimeout(resolve, ms)),
    };
    const found = async (): Promise<number> =>
      (await compareState(path, scratch, environment, () => undefined)).differingPages;
    expect(await found()).toBe(3);

    writeFileSync(scratch, readFileSync(path).fill(0x77, 24, 28).fill(0x77, 92, 100));
    expect(await found()).toBe(0);
    writeFileSync(scratch, flip(readFileSync(path), 60));
    expect(await found()).toBe(1);
    truncateSync(scratch, bytes.length - 2 * 4096);
    expect(await found()).toBeGreaterThan(2);
  });
});

describe('a file of a list', () => {
  type Entry = Extract<FolderEntry, { kind: 'file' }>;
  const lies: readonly (readonly [string, (entry: Entry) => Entry])[] = [
    ['another digest', (entry) => ({ ...entry, sha256: 'a'.repeat(64) })],
    ['another size', (entry) => ({ ...entry, size: entry.size + 1 })],
    ['a chunk too few', (entry) => ({ ...entry, chunks: entry.chunks.slice(1) })],
    ['chunks in another order', (entry) => ({ ...entry, chunks: [...entry.chunks].reverse() })],
    ['another hash of a chunk', (entry) => changeFirst(entry, { hash: 'b'.repeat(32) })],
    ['a chunk beyond its frame', (entry) => changeFirst(entry, { offset: 2 ** 30 })],
    ['a frame that the pack has not', (entry) => changeFirst(entry, { frame: 99 })],
  ];

  test.each(lies)('whose entry says %s is not believed, and nothing is written', async (_, lie) => {
    const engine = await openTestEngine();
    const folder = join(engine.folder, 'attachments');
    mkdirSync(folder);
    const bytes = Buffer.alloc(3_000_000);
    for (let at = 0; at < bytes.length; at += 4)
      bytes.writeUInt32LE((at * 2654435761) % 2 ** 32, at);
    writeFileSync(join(folder, 'scan.tif'), bytes);
    const { point } = await engine.backup(folder);
    const levels = point.sources[0]?.list?.levels ?? [];
    const [entry] = await Array.fromAsync(readFolderList(engine.vault, levels, engine.report));
    if (entry?.kind !== 'file' || entry.chunks.length < 2) throw new Error('not in several chunks');
    const fetch = async (wanted: Entry, name: string): Promise<void> =>
      fetchListFile({
        lendFrame: lendFrames(createPackFrames(engine.vault, engine.pool)),
        pointId: point.id,
        entry: wanted,
        targetPath: join(engine.folder, name),
        onBytes: () => undefined,
        report: engine.report,
        signal: new AbortController().signal,
      });

    await expect(fetch(lie(entry), 'lie')).rejects.toMatchObject({
      failure: { code: 'point-damaged' },
    });
    expect(existsSync(join(engine.folder, 'lie'))).toBe(false);
    await fetch(entry, 'truth');
    expect(readFileSync(join(engine.folder, 'truth')).equals(bytes)).toBe(true);
  });

  function changeFirst(entry: Entry, change: Partial<Entry['chunks'][number]>): Entry {
    return {
      ...entry,
      chunks: entry.chunks.map((chunk, index) => (index === 0 ? { ...chunk, ...change } : chunk)),
    };
  }
});

describe('an interrupted swap', () => {
  async function startSwap() {
    const { engine, path } = await startTrial();
    const made = await engine.backup(path);
    const folder = join(engine.folder, 'crm');
    const restored = readFileSync(path);
    editDatabase(path, "UPDATE entries SET text = 'old'");
    // Of a process that is dead, as after a crash.
    const dead = { ...engine.owner, pid: 2 ** 22 + 1 };
    const scratch = basename(scratchPath(folder, dead, (length) => Buffer.alloc(length, 7)));
    writeFileSync(join(folder, scratch), restored);
    const intent = join(folder, '.holdfast-swap-0123456789abcdef.json');
    const content = {
      format: 'holdfast-swap',
      version: 1,
      target: 'ledger.db',
      removes: ['ledger.db-wal', 'ledger.db-shm'],
      moves: [[scratch, 'ledger.db']],
    };
    writeFileSync(intent, JSON.stringify(content));
    return { engine, path, made, folder, restored, intent, content, scratch };
  }

  test('waits while a program has the file open, and nothing is restored over it; then it is finished', async () => {
    const { engine, path, made, folder, restored } = await startSwap();
    const crm = startSqlitePeer(path);
    await crm.run('SELECT count(*) FROM entries');
    const tools = restoreToolsOf(engine);
    const before = readdirSync(folder);

    expect((await tidyFolder(tools, folder)).waiting).toEqual([path]);
    await expect(restoreBackup(engine, made, path)).rejects.toMatchObject({
      failure: { code: 'target-in-use' },
    });
    expect(readdirSync(folder)).toEqual(before);
    await crm.close();

    expect((await tidyFolder(tools, folder)).finished).toEqual([path]);
    expect(readFileSync(path).equals(restored)).toBe(true);
    expect(filesAround(path)).toEqual(['ledger.db']);
  });

  test('is finished once: a log that the CRM has made since is not removed', async () => {
    const { engine, path, folder, scratch } = await startSwap();
    renameSync(join(folder, scratch), path);
    const crm = startSqlitePeer(path);
    await crm.run('PRAGMA journal_mode = WAL');
    await crm.run("UPDATE entries SET text = 'after the restore' WHERE id = 1");
    await crm.kill();
    const log = readFileSync(`${path}-wal`);

    await tidyFolder(restoreToolsOf(engine), folder);

    expect(log.length).toBeGreaterThan(0);
    expect(readFileSync(`${path}-wal`).equals(log)).toBe(true);
    expect(readdirSync(folder).filter((name) => name.startsWith('.holdfast'))).toEqual([]);
  });

  test.each([
    ['moves from outside', { moves: [['../vault/holdfast-vault.json', 'ledger.db']] }],
    ['moves to outside', { moves: [['ledger.db', '../stolen.db']] }],
    ['removes outside', { removes: ['../cache'] }],
    ['another target', { target: '/etc/passwd' }],
    ['a later version', { version: 2 }],
  ])('of a foreign hand (%s) does nothing', async (_, change) => {
    const { engine, folder, intent, content, path } = await startSwap();
    writeFileSync(intent, JSON.stringify({ ...content, ...change }));
    const before = readFileSync(path);
    const swaps = await tidyFolder(restoreToolsOf(engine), folder);
    expect(swaps.finished).toEqual([]);
    expect(readFileSync(path).equals(before)).toBe(true);
    expect(readdirSync(engine.folder).sort()).toEqual(['cache', 'crm', 'vault']);
  });
});

test('a file that somebody made at the last moment is not overwritten', async () => {
  const { folder } = await openTestEngine();
  const [scratch, path] = [join(folder, 'scratch'), join(folder, 'final')];
  writeFileSync(scratch, 'restored');
  writeFileSync(path, 'mine');
  const placed = placeNewFile(realClock, scratch, path);
  await expect(placed).rejects.toMatchObject({ failure: { code: 'target-exists', path } });
  expect([readFileSync(path, 'utf8'), readFileSync(scratch, 'utf8')]).toEqual(['mine', 'restored']);
});

function flip(bytes: Buffer, at: number): Buffer {
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  return bytes;
}

function swapPages(bytes: Buffer, a: number, b: number): Buffer {
  const kept = Buffer.from(bytes.subarray(a * 512, (a + 1) * 512));
  bytes.copy(bytes, a * 512, b * 512, (b + 1) * 512);
  kept.copy(bytes, b * 512);
  return bytes;
}
