/**
 * What a customer would lose with a database that is not like others: every page size, vacuuming, empty and tiny files, odd
 * names, links, one so large that the lock bytes lie inside, and big-endian logs.
 */
import {
  closeSync,
  ftruncateSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { failureOf } from '../../shared/model/backup-error.ts';
import { imageOf, readRun } from '../../electron/engine/sources/page-image.ts';
import { captureToFile } from '../support/capture-to-file.ts';
import { openTestSourceHost } from '../support/open-test-source-host.ts';
import { startSqlitePeer } from '../support/start-sqlite-peer.ts';
import { makeTemporaryFolder } from '../support/temporary-folder.ts';
import { findLedgerDamage, makeLedger } from '../support/transfer-ledger.ts';

const isDeep = process.env['HOLDFAST_DEEP'] === '1';
const addSql =
  "INSERT INTO log(note) VALUES ('x'); UPDATE done SET transactions = transactions + 1";

async function makePlace(name = 'ledger.db') {
  const folder = await makeTemporaryFolder();
  return { folder, path: join(folder, name), copy: join(folder, 'copy.db') };
}

describe('every page size, in both modes, open in a program', () => {
  test.each([512, 1024, 2048, 4096, 8192, 16_384, 32_768, 65_536])('%i', async (pageSize) => {
    const host = await openTestSourceHost();
    for (const journalMode of ['wal', 'delete'] as const) {
      for (const autoVacuum of ['none', 'full'] as const) {
        const { path, copy } = await makePlace();
        makeLedger(path, { journalMode, pageSize, autoVacuum });
        const peer = startSqlitePeer(path);
        await peer.run(addSql);
        const result = await captureToFile(host, path, copy, { sliceBytes: 3 * 65_536 });
        expect(result.state).toMatchObject({ pageSize, kind: 'sqlite' });
        expect(result.state.size).toBe(statSync(copy).size);
        expect(findLedgerDamage(copy, [{ table: 'log', rows: 1 }])).toEqual([]);
        await peer.close();
      }
    }
  });
});

describe('next to nothing', () => {
  test('an empty file is an empty database', async () => {
    const { path, copy } = await makePlace();
    writeFileSync(path, '');
    const host = await openTestSourceHost();
    const { state, label, counts } = await captureToFile(host, path, copy);
    expect(state).toMatchObject({ kind: 'sqlite', size: 0, pageCount: 0, pagesInPass: 0 });
    expect({ label, counts }).toEqual({ label: 'transactional', counts: [] });
    expect(statSync(copy).size).toBe(0);
  });

  test.each(['delete', 'wal'])('a database of one page (%s)', async (mode) => {
    const { path, copy } = await makePlace();
    const db = new Database(path);
    db.pragma(`journal_mode = ${mode}`);
    db.pragma('user_version = 7');
    db.close();
    const host = await openTestSourceHost();
    const { state } = await captureToFile(host, path, copy);
    expect(state).toMatchObject({ pageCount: 1, size: 4096 });
    const back = new Database(copy);
    expect(back.pragma('user_version', { simple: true })).toBe(7);
    back.close();
  });
});

describe('names and links', () => {
  test.each([
    'Kunden Übersicht 2026.db',
    '客户.sqlite',
    "o'neil & sons #1%20?.db",
    '-wal.db',
    'ends with a space.db ',
  ])('%j', async (name) => {
    const { path, copy } = await makePlace(name);
    const plain = await makePlace();
    makeLedger(plain.path, { journalMode: 'delete' });
    writeFileSync(path, readFileSync(plain.path));
    const host = await openTestSourceHost();
    expect(await host.inspect(path)).toMatchObject({ path, kind: 'sqlite' });
    await captureToFile(host, path, copy);
    expect(findLedgerDamage(copy, null)).toEqual([]);
  });

  test('a symbolic link means its target, log and all', async () => {
    const { path, copy, folder } = await makePlace();
    makeLedger(path, { journalMode: 'wal' });
    const peer = startSqlitePeer(path);
    await peer.run(addSql);
    const link = join(folder, 'link.db');
    symlinkSync(path, link);
    const host = await openTestSourceHost();
    expect((await host.inspect(link)).path).toBe(path);
    await captureToFile(host, link, copy);
    expect(findLedgerDamage(copy, [{ table: 'log', rows: 1 }])).toEqual([]);
  });

  test('what is not there, or no file, is said', async () => {
    const { folder, copy } = await makePlace();
    const host = await openTestSourceHost();
    const failureAt = (path: string) => captureToFile(host, path, copy).catch(failureOf);
    expect(await failureAt(join(folder, 'gone.db'))).toMatchObject({ code: 'source-missing' });
    expect(await failureAt(folder)).toMatchObject({ code: 'source-unsupported' });
    expect(await failureAt('/dev/zero')).toMatchObject({ code: 'source-unsupported' });
  });
});

describe('the page of SQLite’s lock bytes', () => {
  const lockBytes = 0x4000_0000;

  test.each([512, 4096, 65_536])(
    'reads as zeros, its neighbours do not (pages of %i)',
    async (pageSize) => {
      const { path } = await makePlace();
      const fd = openSync(path, 'w+');
      try {
        ftruncateSync(fd, lockBytes + 3 * pageSize);
        const junk = Buffer.alloc(3 * pageSize, 0xaa);
        writeSync(fd, junk, 0, junk.length, lockBytes - pageSize);
        const first = lockBytes / pageSize - 1;
        const pages = Buffer.alloc(3 * pageSize, 1);
        expect(readRun(imageOf(fd, pageSize, first + 4, null), [first, 3], pages, 0)).toBe(true);
        const whatIs = [0, 1, 2].map(
          (page) => new Set(pages.subarray(page * pageSize, (page + 1) * pageSize)),
        );
        expect(whatIs).toEqual([new Set([0xaa]), new Set([0]), new Set([0xaa])]);
      } finally {
        closeSync(fd);
      }
    },
  );

  // Writes 2.5 GB: the everyday run looks at the sparse files above only.
  test.each(isDeep ? [5] : [])('lies inside a real database of %i large blobs', async (blobs) => {
    const { path, copy } = await makePlace();
    const db = new Database(path);
    db.exec('CREATE TABLE blobs(id INTEGER PRIMARY KEY, content BLOB)');
    const insert = db.prepare('INSERT INTO blobs(content) VALUES (zeroblob(250000000))');
    for (let blob = 0; blob < blobs; blob += 1) insert.run();
    db.close();
    const host = await openTestSourceHost();
    const { state, counts } = await captureToFile(host, path, copy, { sliceBytes: 4 << 20 });
    expect(state.size).toBeGreaterThan(lockBytes);
    expect(counts).toEqual([{ table: 'blobs', rows: blobs }]);
    expect(await host.checkIntegrity(copy, 100_000)).toEqual([]);
  });
});

test('a log written on a big-endian machine', async () => {
  const { path, copy } = await makePlace();
  makeLedger(path, { journalMode: 'wal' });
  const peer = startSqlitePeer(path);
  await peer.run(addSql);
  await peer.kill();
  rmSync(`${path}-shm`);
  turnChecksums(`${path}-wal`, 4096);
  const host = await openTestSourceHost();
  await captureToFile(host, path, copy);
  expect(findLedgerDamage(copy, [{ table: 'log', rows: 1 }])).toEqual([]);
  // SQLite itself takes the log, too: it makes the index for the second capture.
  const db = new Database(path);
  expect(db.prepare('SELECT count(*) FROM log').pluck().get()).toBe(1);
  const again = await captureToFile(host, path, copy, { method: 'scan' });
  expect(again.label).toBe('transactional');
  expect(findLedgerDamage(copy, [{ table: 'log', rows: 1 }])).toEqual([]);
  db.close();
});

/** Makes the checksums of a log big-endian ones. */
function turnChecksums(path: string, pageSize: number): void {
  const log = readFileSync(path);
  log.writeUInt32BE(0x377f0683, 0);
  let sums = addUp(log.subarray(0, 24), [0, 0]);
  const put = (at: number): void => {
    log.writeUInt32BE(sums[0], at);
    log.writeUInt32BE(sums[1], at + 4);
  };
  put(24);
  for (let at = 32; at + 24 + pageSize <= log.length; at += 24 + pageSize) {
    sums = addUp(log.subarray(at, at + 8), sums);
    sums = addUp(log.subarray(at + 24, at + 24 + pageSize), sums);
    put(at + 16);
  }
  writeFileSync(path, log);
}

function addUp(bytes: Buffer, start: readonly [number, number]): readonly [number, number] {
  let [first, second] = start;
  for (let at = 0; at < bytes.length; at += 8) {
    first = (first + bytes.readUInt32BE(at) + second) >>> 0;
    second = (second + bytes.readUInt32BE(at + 4) + first) >>> 0;
  }
  return [first, second];
}
