/**
 * What a customer would lose if one source that does not answer stopped all others: deadlines, the worker's end and its new
 * start, and what the host tells of files.
 */
import { execFileSync } from 'node:child_process';
import { closeSync, constants, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { failureOf } from '../../shared/model/backup-error.ts';
import { openSourceHost } from '../../electron/engine/sources/source-host.ts';
import { captureToFile } from '../support/capture-to-file.ts';
import { openOwnSourceHost, openTestSourceHost } from '../support/open-test-source-host.ts';
import { startSqlitePeer } from '../support/start-sqlite-peer.ts';
import { makeTemporaryFolder } from '../support/temporary-folder.ts';
import { realClock } from '../support/test-clock.ts';
import { findLedgerDamage, makeLedger } from '../support/transfer-ledger.ts';

async function makePlace() {
  const folder = await makeTemporaryFolder();
  const path = join(folder, 'ledger.db');
  makeLedger(path, { journalMode: 'wal' });
  return { folder, path, copy: join(folder, 'copy.db') };
}

const request = {
  parentMarker: null,
  method: 'auto',
  countBudgetMs: 0,
  sliceBytes: 64 * 1024,
} as const;

test('after a deadline the next call finds a new worker', async () => {
  const { path, copy, folder } = await makePlace();
  const locked = join(folder, 'locked.db');
  makeLedger(locked, { journalMode: 'delete' });
  await startSqlitePeer(locked).run('BEGIN EXCLUSIVE');
  const host = await openOwnSourceHost();
  const capture = await host.openCapture({ ...request, path });
  // The check stands still for a second of waiting for the lock: two hundred times its deadline.
  await expect(host.checkIntegrity(locked, 5)).rejects.toMatchObject({
    failure: { code: 'source-busy', path: locked },
  });
  await expect(capture.nextSlice(new SharedArrayBuffer(65_536))).rejects.toMatchObject({
    failure: { code: 'source-busy' },
  });
  await capture[Symbol.asyncDispose]();
  await captureToFile(host, path, copy);
  expect(findLedgerDamage(copy, null)).toEqual([]);
  expect(await host.checkIntegrity(copy, 60_000)).toEqual([]);
});

test('a file whose share hangs is refused, the others are not', async () => {
  const { path, folder } = await makePlace();
  const workerUrl = new URL('../support/worker-that-hangs.ts', import.meta.url);
  await using host = await openSourceHost({ workerUrl, clock: realClock });
  const hung = join(folder, 'hung.db');
  execFileSync('mkfifo', [hung]);
  // The worker is at work before its deadline begins.
  await host.inspect(path);
  await expect(host.checkIntegrity(hung, 200)).rejects.toMatchObject({
    failure: { code: 'source-busy', path: hung },
  });
  expect((await host.inspect(path)).kind).toBe('sqlite');
  await expect(host.inspect(hung)).rejects.toMatchObject({ failure: { code: 'source-busy' } });
  // Its other end comes: the thread can end, and the path may be looked at again.
  closeSync(openSync(hung, constants.O_WRONLY | constants.O_NONBLOCK));
  const codeOf = () => host.inspect(hung).then(String, (error: unknown) => failureOf(error).code);
  await expect.poll(codeOf, { timeout: 20_000 }).toBe('source-unsupported');
});

test('slices asked for at once come in order, each in its own buffer', async () => {
  const { path } = await makePlace();
  const host = await openTestSourceHost();
  await using capture = await host.openCapture({ ...request, path });
  const { pageSize, pageCount } = capture.state;
  const buffers = Array.from({ length: 40 }, () => new SharedArrayBuffer(request.sliceBytes));
  const slices = await Promise.all(buffers.map((buffer) => capture.nextSlice(buffer)));
  const file = readFileSync(path);
  let next = 0;
  for (const [index, slice] of slices.entries()) {
    if (slice === null) continue;
    const [[first, count]] = slice.runs as readonly [readonly [number, number]];
    expect(first).toBe(next);
    const bytes = Buffer.from(new Uint8Array(buffers[index] as SharedArrayBuffer));
    const expected = file.subarray(first * pageSize, (first + count) * pageSize);
    expect(bytes.subarray(0, count * pageSize).equals(expected)).toBe(true);
    next += count;
  }
  expect(next).toBe(pageCount);
  expect(slices.at(-1)).toBeNull();
});

test('a cancel is heard while another program keeps the database to itself', async () => {
  const { path } = await makePlace();
  const peer = startSqlitePeer(path);
  for (const sql of ['PRAGMA journal_mode = DELETE', 'BEGIN EXCLUSIVE']) await peer.run(sql);
  const host = await openTestSourceHost();
  const stopping = new AbortController();
  const opening = host.openCapture({ ...request, path }, stopping.signal);
  stopping.abort();
  await expect(opening).rejects.toMatchObject({ failure: { code: 'cancelled' } });
  // Nothing of the first is left in the way of another.
  await peer.run('COMMIT');
  await using capture = await host.openCapture({ ...request, path }, new AbortController().signal);
  expect(await capture.nextSlice(new SharedArrayBuffer(request.sliceBytes))).not.toBeNull();
});

test('a buffer too small for a page is an error, never the end of the pass', async () => {
  const { path } = await makePlace();
  const host = await openTestSourceHost();
  await using capture = await host.openCapture({ ...request, path });
  await expect(capture.nextSlice(new SharedArrayBuffer(4095))).rejects.toMatchObject({
    failure: { code: 'unexpected' },
  });
});

test('tables are counted smallest first, within the budget, whatever they are', async () => {
  const { path } = await makePlace();
  const peer = startSqlitePeer(path);
  await peer.run(`
    CREATE TABLE "odd ""name"(rowid TEXT, oid TEXT, _rowid_ TEXT);
    INSERT INTO "odd ""name" VALUES (1, 2, 3), (4, 5, 6);
    CREATE TABLE keyed(k TEXT PRIMARY KEY) WITHOUT ROWID;
    INSERT INTO keyed SELECT id FROM accounts;
    CREATE VIRTUAL TABLE words USING fts5(word); INSERT INTO words VALUES ('one');
    INSERT INTO log(id, note) VALUES (-5, 'below'), (9223372036854775807, 'far');
    CREATE VIEW seen AS SELECT * FROM accounts`);
  const host = await openTestSourceHost();
  const counts = await host.countTables(path, 5_000);
  const byName = new Map(counts.map(({ table, rows }) => [table, rows]));
  expect(Object.fromEntries(byName)).toEqual({
    accounts: 4000,
    done: 1,
    keyed: 4000,
    log: 2,
    'odd "name': 2,
  });
  expect(counts[0]?.table).toBe('done');
  expect(await host.countTables(path, 0)).toEqual([]);
});

test('a file that is no sound database is a complaint, not an error', async () => {
  const { path, folder } = await makePlace();
  const host = await openTestSourceHost();
  const broken = join(folder, 'broken.db');
  const bytes = readFileSync(path);
  bytes.fill(0x55, 4096 * 3, 4096 * 5);
  writeFileSync(broken, bytes);
  expect((await host.checkIntegrity(broken, 60_000)).length).toBeGreaterThan(0);
  writeFileSync(broken, 'no database at all, but long enough to have a header'.repeat(30));
  expect((await host.checkIntegrity(broken, 60_000)).length).toBeGreaterThan(0);
  await expect(host.checkIntegrity(join(folder, 'gone.db'), 60_000)).rejects.toMatchObject({
    failure: { code: 'source-unreadable' },
  });
});

test('foreign database files are told by their first bytes', async () => {
  const folder = await makeTemporaryFolder();
  const host = await openTestSourceHost();
  const tell = async (name: string, bytes: Buffer) => {
    const path = join(folder, name);
    writeFileSync(path, bytes);
    const { kind, format, encrypted, journalMode } = await host.inspect(path);
    return { kind, format, encrypted, journalMode };
  };
  const pageFile = { kind: 'page-file', encrypted: false, journalMode: null };
  const jet = Buffer.concat([Buffer.from('\0\x01\0\0Standard Jet DB\0'), Buffer.alloc(5000)]);
  expect(await tell('kunden.mdb', jet)).toEqual({ ...pageFile, format: 'Access database' });
  expect(await tell('brief.txt', Buffer.from('hello'))).toEqual({ ...pageFile, format: 'file' });
  expect(await host.inspect(folder)).toMatchObject({ kind: 'folder', path: folder });
});
