import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { openHurriedSourceHost } from '../support/open-test-source-host.ts';
import { editDatabase } from '../support/quiet-database.ts';
import {
  contentOfDatabase,
  filesAround,
  restoreBackup,
  restoreToolsOf,
  safetyInVault,
} from '../support/restore-trial.ts';
import { startCrmWriter } from '../support/start-crm-writer.ts';
import { startSqlitePeer } from '../support/start-sqlite-peer.ts';
import { startTransferWriter } from '../support/start-transfer-writer.ts';
import { openTestEngine, type TestEngine } from '../support/test-engine.ts';
import { findLedgerDamage, ledgerTotal, makeLedger } from '../support/transfer-ledger.ts';
import { createSampleCrm } from '../support/sample-crm.ts';

type JournalMode = 'wal' | 'delete' | 'truncate' | 'persist';

/** A database of 600 KB with rows of version 1, closed. */
function makeShop(path: string, journalMode: JournalMode, pageSize = 4096): void {
  const db = new Database(path);
  db.pragma(`page_size = ${pageSize}`);
  db.pragma(`journal_mode = ${journalMode}`);
  db.exec(`
    CREATE TABLE items(id INTEGER PRIMARY KEY, version INTEGER NOT NULL, note TEXT);
    CREATE INDEX items_by_note ON items(note);
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)
      INSERT INTO items SELECT i, 1, hex(randomblob(80)) FROM n;`);
  db.close();
}

const newVersion = 'UPDATE items SET version = 2, note = hex(randomblob(60))';

interface Shop {
  readonly engine: TestEngine;
  readonly path: string;
  /** The file when it was backed up. */
  readonly truth: Buffer;
  readonly made: Awaited<ReturnType<TestEngine['backup']>>;
}

async function backUpShop(journalMode: JournalMode, pageSize = 4096): Promise<Shop> {
  const engine = await openTestEngine();
  mkdirSync(join(engine.folder, 'crm'));
  const path = join(engine.folder, 'crm', 'shop.db');
  makeShop(path, journalMode, pageSize);
  const truth = readFileSync(path);
  const made = await engine.backup(path);
  return { engine, path, truth, made };
}

/** True content of the file, read as it lies there with nobody at it. */
const contentAt = (path: string): Buffer => contentOfDatabase(readFileSync(path));

describe.each(['wal', 'delete', 'truncate', 'persist'] as const)('in %s mode', (journalMode) => {
  test('an open CRM stays open and sees the restored rows at once', async () => {
    const { engine, path, truth, made } = await backUpShop(journalMode);
    const crm = startSqlitePeer(path);
    await crm.run(`PRAGMA journal_mode = ${journalMode}`);
    await crm.run(newVersion);
    expect(await crm.run('SELECT sum(version) FROM items')).toEqual([[4000]]);

    const result = await restoreBackup(engine, made, path);

    expect(result.way).toEqual({ kind: 'through-sqlite' });
    expect(result.pagesWrittenSince).toBe(0);
    expect(result.heldBy?.length).toBeGreaterThan(0);
    expect(await crm.run('SELECT sum(version) FROM items')).toEqual([[2000]]);
    expect(await crm.run('PRAGMA journal_mode')).toEqual([[journalMode]]);
    await crm.run('INSERT INTO items VALUES (9999, 7, NULL)');
    await crm.run('DELETE FROM items WHERE id = 9999');
    await crm.close();
    const now = new Database(path);
    expect(now.pragma('integrity_check', { simple: true })).toBe('ok');
    now.close();
    expect(contentAt(path).length).toBe(truth.length);
  });

  test('a closed database is what the restore point holds, byte for byte', async () => {
    const { engine, path, truth, made } = await backUpShop(journalMode);
    editDatabase(path, newVersion, 'DELETE FROM items WHERE id % 3 = 0', 'VACUUM');
    expect(contentAt(path).equals(contentOfDatabase(truth))).toBe(false);

    const result = await restoreBackup(engine, made, path);

    expect(result.way.kind).toBe('through-sqlite');
    expect(contentAt(path).equals(contentOfDatabase(truth))).toBe(true);
    expect(filesAround(path)).toEqual(['shop.db']);
  });

  test('another page size comes back too', async () => {
    const { engine, path, truth, made } = await backUpShop(journalMode, 1024);
    rmSync(path);
    makeShop(path, journalMode, 8192);
    chmodSync(path, 0o640);

    const result = await restoreBackup(engine, made, path);

    expect(result.way).toEqual({ kind: 'swap', mustFold: true, because: 'page-size' });
    expect(readFileSync(path).equals(truth)).toBe(true);
    expect(filesAround(path)).toEqual(['shop.db']);
    expect(statSync(path).mode & 0o777).toBe(0o640);
  });

  test('a swap is refused while a program has the file open, even an idle one', async () => {
    const { engine, path, made } = await backUpShop(journalMode, 1024);
    rmSync(path);
    makeShop(path, journalMode, 8192);
    const before = readFileSync(path);
    const around = filesAround(path);
    const crm = startSqlitePeer(path);
    await crm.run('SELECT count(*) FROM items');

    await expect(restoreBackup(engine, made, path)).rejects.toMatchObject({
      failure: { code: 'target-in-use', by: expect.stringContaining(`${crm.pid}`) },
    });

    await crm.close();
    expect(readFileSync(path).equals(before)).toBe(true);
    expect(filesAround(path)).toEqual(around);
  });

  test('a log or journal that a crash left behind is not replayed into the restored file', async () => {
    const { engine, path, truth, made } = await backUpShop(journalMode, 1024);
    rmSync(path);
    makeShop(path, journalMode, 8192);
    const crm = startSqlitePeer(path);
    await crm.run('PRAGMA cache_size = 5');
    await crm.run('BEGIN');
    await crm.run(newVersion);
    if (journalMode === 'wal') await crm.run('COMMIT');
    await crm.kill();
    expect(filesAround(path).length).toBeGreaterThan(1);

    await restoreBackup(engine, made, path);

    expect(readFileSync(path).equals(truth)).toBe(true);
    expect(filesAround(path)).toEqual(['shop.db']);
  });
});

describe('what lies at the target', () => {
  test('nothing: the file is made anew with its mode', async () => {
    const { engine, path, truth, made } = await backUpShop('wal');
    rmSync(path);
    const result = await restoreBackup(engine, made, path);
    expect(result.way).toEqual({ kind: 'swap', mustFold: false, because: 'missing' });
    expect(readFileSync(path).equals(truth)).toBe(true);
    expect(statSync(path).mode & 0o777).toBe(made.point.sources[0]?.pages?.mode);
  });

  test('a link: the file behind it is restored, the link stays', async () => {
    const { engine, path, truth, made } = await backUpShop('delete', 1024);
    const real = join(engine.folder, 'real', 'data.db');
    mkdirSync(dirname(real));
    makeShop(real, 'delete', 8192);
    rmSync(path);
    symlinkSync(join('..', 'real', 'data.db'), path);

    const result = await restoreBackup(engine, made, path);

    expect(result.target).toBe(real);
    expect(lstatSync(path).isSymbolicLink()).toBe(true);
    expect(readFileSync(real).equals(truth)).toBe(true);
  });

  test('a link to a file that is gone: the file behind it is made', async () => {
    const { engine, path, truth, made } = await backUpShop('wal');
    const real = join(engine.folder, 'elsewhere.db');
    rmSync(path);
    symlinkSync(real, path);
    await restoreBackup(engine, made, path);
    expect(lstatSync(path).isSymbolicLink()).toBe(true);
    expect(readFileSync(real).equals(truth)).toBe(true);
  });

  test('only a left-over log: it does not poison the new file', async () => {
    const { engine, path, truth, made } = await backUpShop('wal');
    const crm = startSqlitePeer(path);
    await crm.run(newVersion);
    await crm.kill();
    rmSync(path);
    expect(existsSync(`${path}-wal`)).toBe(true);

    const result = await restoreBackup(engine, made, path);

    expect(result.way).toEqual({ kind: 'file-by-file', because: 'left-over-files' });
    expect(filesAround(path)).toEqual(['shop.db']);
    expect(readFileSync(path).equals(truth)).toBe(true);
  });

  test.each([
    ['its first page is garbage', (bytes: Buffer) => bytes.fill(7, 0, 4096)],
    ['it is empty', (bytes: Buffer) => bytes.subarray(0, 0)],
    ['it is cut off in its first page', (bytes: Buffer) => bytes.subarray(0, 2000)],
    ['its header says a format that nobody knows', (bytes: Buffer) => bytes.fill(9, 18, 20)],
    ['its pages are garbage', (bytes: Buffer) => bytes.fill(7, 4096)],
    ['its schema is garbage', (bytes: Buffer) => bytes.fill(7, 100, 4096)],
  ])('a damaged file (%s) is replaced', async (_, damage) => {
    const { engine, path, truth, made } = await backUpShop('wal');
    writeFileSync(path, damage(Buffer.from(truth)));
    await restoreBackup(engine, made, path);
    expect(contentAt(path).equals(contentOfDatabase(truth))).toBe(true);
    expect(filesAround(path)).toEqual(['shop.db']);
  });

  test('a damaged file beside a log full of rows is replaced, its log does not stay', async () => {
    const { engine, path, truth, made } = await backUpShop('wal');
    const crm = startSqlitePeer(path);
    await crm.run(newVersion);
    await crm.kill();
    writeFileSync(path, '');
    const result = await restoreBackup(engine, made, path);
    expect(result.way).toEqual({ kind: 'file-by-file', because: 'cannot-open' });
    expect(readFileSync(path).equals(truth)).toBe(true);
    expect(filesAround(path)).toEqual(['shop.db']);
  });

  test('a folder: refused', async () => {
    const { engine, path, made } = await backUpShop('wal');
    await expect(restoreBackup(engine, made, dirname(path))).rejects.toMatchObject({
      failure: { code: 'target-refused' },
    });
  });
});

describe('others at work', () => {
  test.each(['wal', 'delete'] as const)(
    'an exclusive lock (%s) is waited for, then told',
    async (journalMode) => {
      const { engine, path, made } = await backUpShop(journalMode);
      const crm = startSqlitePeer(path);
      await crm.run('PRAGMA locking_mode = EXCLUSIVE');
      await crm.run(newVersion);

      const tools = restoreToolsOf(engine, { host: await openHurriedSourceHost() });
      await expect(restoreBackup(engine, made, path, { tools })).rejects.toMatchObject({
        failure: { code: 'target-in-use', by: expect.stringContaining(`${crm.pid}`) },
      });

      expect(await crm.run('SELECT sum(version) FROM items')).toEqual([[4000]]);
      await crm.close();
      expect(filesAround(path)).toEqual(['shop.db']);
    },
  );

  test('a CRM that writes all the time goes on writing into the restored rows', async () => {
    const engine = await openTestEngine();
    const path = join(engine.folder, 'crm.db');
    createSampleCrm(path, { seed: 3, size: { contacts: 400 } });
    const made = await engine.backup(path);
    editDatabase(path, "UPDATE contacts SET first_name = 'lost'");
    await using writer = await startCrmWriter(path, { rate: 40 });

    const result = await restoreBackup(engine, made, path);

    expect(result.way.kind).toBe('through-sqlite');
    const atRestore = await writer.sum();
    while ((await writer.sum()).transactions < atRestore.transactions + 10);
    expect(await writer.stop()).toBeGreaterThan(10);
    const db = new Database(path);
    expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
    const lost = db
      .prepare("SELECT count(*) FROM contacts WHERE first_name = 'lost'")
      .pluck()
      .get();
    expect(lost).toBe(0);
    db.close();
  });

  test.each(['wal', 'rollback', 'spilling'] as const)(
    'transactions (%s) are restored whole beside a writer that does not stop',
    async (profile) => {
      const engine = await openTestEngine();
      const path = join(engine.folder, 'ledger.db');
      makeLedger(path, { journalMode: profile === 'wal' ? 'wal' : 'delete' });
      const made = await engine.backup(path);
      await using writer = await startTransferWriter(path, 5, profile);
      await restoreBackup(engine, made, path);
      await writer.stop();
      expect(findLedgerDamage(path, null)).toEqual([]);
      expect(ledgerTotal).toBeGreaterThan(0);
    },
  );
});

describe('the state before', () => {
  test('without a way to keep it, nothing is touched', async () => {
    const { engine, path, made } = await backUpShop('wal');
    editDatabase(path, newVersion);
    const before = readFileSync(path);
    const safety = {
      inVault: async () => Promise.reject(new Error('full')),
      folders: [join(engine.folder, 'nowhere', 'x')],
      goOnWithout: false,
    };
    writeFileSync(join(engine.folder, 'nowhere'), 'a file where a folder should be');
    await expect(restoreBackup(engine, made, path, { safety })).rejects.toMatchObject({
      failure: { code: 'no-safety-point' },
    });
    expect(readFileSync(path).equals(before)).toBe(true);
    expect(filesAround(path)).toEqual(['shop.db']);
  });

  test('it is recorded before the target is touched', async () => {
    const { engine, path, made } = await backUpShop('wal');
    editDatabase(path, newVersion);
    const before = readFileSync(path);
    const safety = { inVault: safetyInVault(engine), folders: [], goOnWithout: false };
    const onSafetyPoint = async (): Promise<void> => {
      expect(readFileSync(path).equals(before)).toBe(true);
      throw new Error('the record could not be written');
    };
    const restore = restoreBackup(engine, made, path, { safety, onSafetyPoint });
    await expect(restore).rejects.toThrow('the record could not be written');
    expect(readFileSync(path).equals(before)).toBe(true);
    expect(filesAround(path)).toEqual(['shop.db']);
  });
});
