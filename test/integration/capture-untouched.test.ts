/**
 * What a customer would lose if looking at a database changed it: in every state that a database can be found in, its files
 * are the same before and after a capture, and the copy is what SQLite itself would make of them.
 */
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { captureToFile } from '../support/capture-to-file.ts';
import { describeFiles } from '../support/file-bytes.ts';
import { openHurriedSourceHost, openTestSourceHost } from '../support/open-test-source-host.ts';
import { scrambleDatabase } from '../support/scramble-database.ts';
import { startSqlitePeer } from '../support/start-sqlite-peer.ts';
import { makeTemporaryFolder } from '../support/temporary-folder.ts';
import { findLedgerDamage, makeLedger } from '../support/transfer-ledger.ts';

const transferSql = `UPDATE accounts SET amount = amount - 5 WHERE id % 2 = 0;
  UPDATE accounts SET amount = amount + 5 WHERE id % 2 = 1;
  INSERT INTO log(note) VALUES ('x'); UPDATE done SET transactions = transactions + 1`;

interface Place {
  readonly folder: string;
  readonly path: string;
  readonly copy: string;
}

async function makePlace(name = 'ledger.db'): Promise<Place> {
  const base = await makeTemporaryFolder();
  const folder = join(base, 'crm');
  mkdirSync(folder);
  return { folder, path: join(folder, name), copy: join(base, 'copy.db') };
}

/** Captures and compares the folder; `-shm` is the running programs' own memory and may differ where SQLite was let in. */
async function captureUntouched(place: Place, isShmFree: boolean, isRepeated = true) {
  const host = await openHurriedSourceHost();
  const before = describeFiles(place.folder);
  const inspection = await host.inspect(place.path);
  const result = await captureToFile(host, place.path, place.copy);
  const parentMarker = result.marker;
  const again = isRepeated
    ? await captureToFile(host, place.path, place.copy, { parentMarker })
    : result;
  await host[Symbol.asyncDispose]();
  const after = describeFiles(place.folder);
  const comparable = (files: typeof before) =>
    Object.entries(files).map(([name, facts]) =>
      isShmFree && name.endsWith('-shm') ? name : `${name} ${facts}`,
    );
  expect(comparable(after)).toEqual(comparable(before));
  return { ...result, inspection, again };
}

/** What SQLite makes of the same files: its own recovery, in a copy of the folder. */
function recoverWithSqlite({ path, folder }: Place): Buffer {
  const oracle = join(folder, '..', 'oracle.db');
  copyFileSync(path, oracle);
  for (const suffix of ['-wal', '-journal']) {
    if (existsSync(path + suffix)) copyFileSync(path + suffix, oracle + suffix);
  }
  const db = new Database(oracle);
  db.prepare('SELECT count(*) FROM sqlite_schema').get();
  db.close();
  return readFileSync(oracle);
}

/** The first 512 bytes that differ; what a file has beyond its last page by its header is no part of the database. */
function firstDifference(copy: string, expected: Buffer): number | null {
  const bytes = readFileSync(copy);
  if (bytes.length === 0 || bytes.length > expected.length) return bytes.length;
  for (let at = 0; at < bytes.length; at += 512) {
    if (!bytes.subarray(at, at + 512).equals(expected.subarray(at, at + 512))) return at;
  }
  return null;
}

/** A transaction cut by a crash, with many of its pages in the file already. */
async function cutTransaction(path: string): Promise<void> {
  const peer = startSqlitePeer(path);
  await peer.run('PRAGMA cache_size = 20');
  await peer.run('BEGIN');
  await peer.run("UPDATE accounts SET amount = amount + 1, note = 'cut' || hex(randomblob(200))");
  await peer.kill();
}

describe('files are the same before and after', () => {
  test('a database with a rollback journal that nobody has open', async () => {
    const place = await makePlace();
    makeLedger(place.path, { journalMode: 'delete' });
    const { label, counts, again } = await captureUntouched(place, false);
    expect(label).toBe('transactional');
    expect(findLedgerDamage(place.copy, counts)).toEqual([]);
    expect(firstDifference(place.copy, readFileSync(place.path))).toBeNull();
    expect(again.state.method).toBe('unchanged');
  });

  test('a journal that was kept but is not in use', async () => {
    const place = await makePlace();
    makeLedger(place.path, { journalMode: 'persist' });
    const peer = startSqlitePeer(place.path);
    await peer.run('PRAGMA journal_mode = persist');
    await peer.run(transferSql);
    await peer.close();
    expect(existsSync(`${place.path}-journal`)).toBe(true);
    const { label } = await captureUntouched(place, false);
    expect(label).toBe('transactional');
    expect(findLedgerDamage(place.copy, null)).toEqual([]);
  });

  test('a WAL database that nobody has open', async () => {
    const place = await makePlace();
    makeLedger(place.path, { journalMode: 'wal' });
    const { label, again, inspection } = await captureUntouched(place, false);
    expect(label).toBe('transactional');
    expect(inspection.journalMode).toBe('wal');
    expect(findLedgerDamage(place.copy, null)).toEqual([]);
    expect(again.state.method).toBe('unchanged');
  });

  test('a WAL database that a program has open', async () => {
    const place = await makePlace();
    makeLedger(place.path, { journalMode: 'wal' });
    const peer = startSqlitePeer(place.path);
    await peer.run(transferSql);
    const { label, again, inspection } = await captureUntouched(place, true);
    expect(label).toBe('transactional');
    expect(again.state.method).toBe('unchanged');
    expect(inspection.heldBy?.join()).toContain(`(${peer.pid})`);
    expect(findLedgerDamage(place.copy, null)).toEqual([]);
    expect(await peer.run('SELECT count(*) FROM log')).toEqual([[1]]);
  });

  test('a log and its index that a killed program left', async () => {
    const place = await makePlace();
    makeLedger(place.path, { journalMode: 'wal' });
    const peer = startSqlitePeer(place.path);
    await peer.run(transferSql);
    await peer.kill();
    expect(existsSync(`${place.path}-shm`)).toBe(true);
    await captureUntouched(place, true);
    expect(findLedgerDamage(place.copy, [{ table: 'log', rows: 1 }])).toEqual([]);
  });

  test('a log without its index', async () => {
    const place = await makePlace();
    makeLedger(place.path, { journalMode: 'wal' });
    const peer = startSqlitePeer(place.path);
    await peer.run(transferSql);
    await peer.run(`BEGIN; ${transferSql}; PRAGMA cache_size = 5; UPDATE accounts SET amount = 0`);
    await peer.kill();
    rmSync(`${place.path}-shm`);
    const { label } = await captureUntouched(place, false, false);
    expect(label).toBe('recovered-after-crash');
    expect(firstDifference(place.copy, recoverWithSqlite(place))).toBeNull();
    expect(findLedgerDamage(place.copy, [{ table: 'log', rows: 1 }])).toEqual([]);
  });

  test('an empty log without its index', async () => {
    const place = await makePlace();
    makeLedger(place.path, { journalMode: 'wal' });
    writeFileSync(`${place.path}-wal`, '');
    const { label } = await captureUntouched(place, false, false);
    expect(label).toBe('quiet-copy');
    expect(findLedgerDamage(place.copy, null)).toEqual([]);
  });

  test('an index without its log', async () => {
    const place = await makePlace();
    makeLedger(place.path, { journalMode: 'wal' });
    writeFileSync(`${place.path}-shm`, Buffer.alloc(32_768));
    await captureUntouched(place, false, false);
    expect(findLedgerDamage(place.copy, null)).toEqual([]);
  });

  test.each([512, 4096, 65_536])('a cut transaction’s journal, pages of %i', async (pageSize) => {
    const place = await makePlace();
    makeLedger(place.path, { journalMode: 'delete', pageSize });
    await cutTransaction(place.path);
    expect(existsSync(`${place.path}-journal`)).toBe(true);
    expect(findLedgerDamageInPlace(place)).not.toEqual([]);
    const { label } = await captureUntouched(place, false, false);
    expect(label).toBe('recovered-after-crash');
    expect(firstDifference(place.copy, recoverWithSqlite(place))).toBeNull();
    expect(findLedgerDamage(place.copy, null)).toEqual([]);
  });

  test.each([true, false])(
    'a cut transaction over two databases, its common journal there: %s',
    async (isThere) => {
      const place = await makePlace();
      makeLedger(place.path, { journalMode: 'delete' });
      await cutTransaction(place.path);
      // Only names of this form count: six hex digits, a 9, two more.
      const common = `${join(place.folder, '..', 'common')}-mj1234569AB`;
      if (isThere) writeFileSync(common, `${place.path}-journal\0`);
      nameCommonJournal(`${place.path}-journal`, common);
      await captureUntouched(place, false, false);
      expect(firstDifference(place.copy, recoverWithSqlite(place))).toBeNull();
      expect(findLedgerDamage(place.copy, null).length > 0).toBe(!isThere);
    },
  );

  test('an encrypted database, and one with a log', async () => {
    for (const withLog of [false, true]) {
      const place = await makePlace(`geheim ${withLog}.db`);
      makeLedger(place.path, { journalMode: 'wal' });
      if (withLog) {
        const peer = startSqlitePeer(place.path);
        await peer.run(transferSql);
        await peer.kill();
        rmSync(`${place.path}-shm`);
      }
      scrambleDatabase(place.path, 4096);
      const { state, label, inspection } = await captureUntouched(place, false, false);
      expect(state.kind).toBe('page-file');
      expect(state.pageSize).toBe(4096);
      expect(label).toBe('quiet-copy');
      expect(inspection.encrypted).toBe(true);
      scrambleDatabase(place.copy, 4096);
      const rows = withLog ? 1 : 0;
      expect(findLedgerDamage(place.copy, [{ table: 'log', rows }])).toEqual([]);
    }
  });
});

describe('a database whose only data is its log', () => {
  test.each([0, 100])('is never opened: %i bytes of it are left', async (size) => {
    const place = await makePlace();
    makeLedger(place.path, { journalMode: 'wal' });
    const peer = startSqlitePeer(place.path);
    await peer.run(transferSql);
    await peer.kill();
    truncateSync(place.path, size);
    const before = describeFiles(place.folder);
    const host = await openTestSourceHost();
    const inspection = await host.inspect(place.path);
    expect(inspection).toMatchObject({
      kind: 'raw',
      sideFiles: ['ledger.db-wal', 'ledger.db-shm'],
    });
    await expect(captureToFile(host, place.path, place.copy)).rejects.toMatchObject({
      failure: { code: 'source-damaged' },
    });
    for (const name of Object.keys(before)) {
      await using file = await host.openRawFile(join(place.folder, name));
      const buffer = new SharedArrayBuffer(file.size + 10);
      expect(await file.read(buffer, 0)).toBe(file.size);
      const bytes = Buffer.from(new Uint8Array(buffer, 0, file.size));
      expect(bytes.equals(readFileSync(join(place.folder, name)))).toBe(true);
    }
    expect(describeFiles(place.folder)).toEqual(before);
  });
});

describe('a program that locks its database for good', () => {
  test.each(['delete', 'wal'] as const)('is not waited for (%s)', async (journalMode) => {
    const place = await makePlace();
    makeLedger(place.path, { journalMode });
    const peer = startSqlitePeer(place.path);
    await peer.run('PRAGMA locking_mode = EXCLUSIVE');
    await peer.run(transferSql);
    const { label, inspection } = await captureUntouched(place, false, false);
    expect(label).toBe('quiet-copy');
    expect(inspection.detail).not.toBeNull();
    expect(findLedgerDamage(place.copy, [{ table: 'log', rows: 1 }])).toEqual([]);
  });
});

describe('a folder that may not be written', () => {
  const isRoot = process.getuid?.() === 0;
  const program = fileURLToPath(new URL('../support/capture-process.ts', import.meta.url));

  test.each([
    ['delete', 'transactional'],
    ['wal', 'quiet-copy'],
  ] as const)('with a database in %s mode', async (journalMode, expectedLabel) => {
    const place = await makePlace();
    makeLedger(place.path, { journalMode });
    const out = join(place.folder, '..', 'out');
    mkdirSync(out);
    chmodSync(out, 0o777);
    chmodSync(join(place.folder, '..'), 0o755);
    chmodSync(place.path, 0o444);
    chmodSync(place.folder, 0o555);
    const before = describeFiles(place.folder);
    // Root may write everywhere: somebody else reads.
    const user = isRoot ? { uid: 65_534, gid: 65_534 } : {};
    const copy = join(out, 'copy.db');
    const args = [program, place.path, copy];
    const run = spawnSync(process.execPath, args, { ...user, encoding: 'utf8' });
    expect(run.stderr).toBe('');
    expect(JSON.parse(run.stdout)).toEqual({ label: expectedLabel });
    expect(describeFiles(place.folder)).toEqual(before);
    chmodSync(place.folder, 0o755);
    expect(findLedgerDamage(copy, null)).toEqual([]);
  });
});

/** The file alone, as a plain copy would have it. */
function findLedgerDamageInPlace({ path, folder }: Place): readonly string[] {
  const plain = join(folder, '..', 'plain.db');
  copyFileSync(path, plain);
  return findLedgerDamage(plain, null);
}

/** Adds the record that names the journal common to several databases. */
function nameCommonJournal(journal: string, common: string): void {
  const bytes = readFileSync(journal);
  const name = Buffer.from(common);
  const tail = Buffer.alloc(16);
  tail.writeUInt32BE(name.length, 0);
  tail.writeUInt32BE(
    name.reduce((sum, byte) => sum + byte, 0),
    4,
  );
  bytes.copy(tail, 8, 0, 8);
  const lockPage = Buffer.alloc(4);
  lockPage.writeUInt32BE(0x4000_0000 / 4096 + 1);
  writeFileSync(journal, Buffer.concat([bytes, lockPage, name, tail]));
}
