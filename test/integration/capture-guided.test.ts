/**
 * What a customer would lose if the log told wrong: an increment guided by it must be, byte for byte, what a scan of all
 * pages gives, whatever the program did since the parent, and after a power cut that took the log's tail.
 */
import { copyFileSync, readFileSync, rmSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { lastScanAtMs } from '../../electron/engine/sources/capture-marker.ts';
import { captureToFile } from '../support/capture-to-file.ts';
import { openTestSourceHost } from '../support/open-test-source-host.ts';
import { createSeededRandom, type SeededRandom } from '../support/seeded-random.ts';
import { type SqlitePeer, startSqlitePeer } from '../support/start-sqlite-peer.ts';
import { cutLogTail } from '../support/capture-trial.ts';
import { makeTemporaryFolder } from '../support/temporary-folder.ts';
import { makeLedger } from '../support/transfer-ledger.ts';

const seed = Number(process.env['HOLDFAST_SEED'] ?? 1);
const isDeep = process.env['HOLDFAST_DEEP'] === '1';

/** Things that a program does between two backups; the first ones are the usual. */
const deeds: readonly ((random: SeededRandom) => string)[] = [
  (random) => `UPDATE accounts SET amount = amount + 1 WHERE id = ${random.between(1, 4000)}`,
  (random) =>
    `UPDATE accounts SET note = '${random.hex(40)}' WHERE id % 500 = ${random.below(500)}`,
  (random) => `INSERT INTO log(note) VALUES ('${random.hex(random.between(1, 9000))}')`,
  () => 'PRAGMA wal_checkpoint(PASSIVE)',
  (random) => `DELETE FROM log WHERE id % 3 = ${random.below(3)}`,
  () => 'PRAGMA incremental_vacuum(20)',
  (random) => `UPDATE accounts SET note = hex(randomblob(30)) WHERE id < ${random.below(1500)}`,
  (random) =>
    `PRAGMA cache_size = 20; BEGIN; UPDATE accounts SET amount = ${random.below(9)}; ROLLBACK`,
  () => 'PRAGMA wal_checkpoint(RESTART)',
  () => 'PRAGMA wal_checkpoint(TRUNCATE)',
  () => 'VACUUM',
  () => 'CREATE TABLE more(a); INSERT INTO more SELECT hex(randomblob(300)) FROM accounts',
  () => 'DROP TABLE IF EXISTS more',
];
const usualDeeds = 4;

async function doSomething(peer: SqlitePeer, random: SeededRandom): Promise<void> {
  const choice = random.chance(80) ? random.below(usualDeeds) : random.below(deeds.length);
  const deed = (deeds[choice] as (typeof deeds)[number])(random);
  await peer.run(deed).catch((error: unknown) => {
    if (!/already exists/.test(String(error))) throw error;
  });
}

async function makeGuidedPlace() {
  const folder = await makeTemporaryFolder();
  const at = (name: string): string => join(folder, name);
  makeLedger(at('ledger.db'), { journalMode: 'wal', autoVacuum: 'incremental' });
  return { path: at('ledger.db'), guided: at('guided.db'), scanned: at('scanned.db') };
}

const isEqual = (one: string, other: string): boolean =>
  readFileSync(one).equals(readFileSync(other));

describe('an increment guided by the log is the scan', () => {
  test('after any sequence of deeds, crashes and lost tails', async () => {
    const random = createSeededRandom(seed);
    const host = await openTestSourceHost();
    const { path, guided, scanned } = await makeGuidedPlace();
    let peer = startSqlitePeer(path);
    let marker: unknown = null;
    const methods: Record<string, number> = { guided: 0, unchanged: 0, scanned: 0 };
    const wrong: string[] = [];
    const rounds = isDeep ? 1500 : 150;
    for (let round = 0; round < rounds; round += 1) {
      for (let deed = random.below(5); deed > 0; deed -= 1) await doSomething(peer, random);
      if (random.chance(8)) {
        await peer.kill();
        // Mostly the last few commits: the log then goes on where the parent's end stood.
        if (random.chance(80)) cutLogTail(path, random.pick([0.5, 0.8, 0.95, 0.98]));
        peer = startSqlitePeer(path);
        await peer.run("INSERT INTO log(note) VALUES ('after the crash')");
        for (let deed = random.below(12); deed > 0; deed -= 1) await doSomething(peer, random);
      }
      const increment = await captureToFile(host, path, guided, { parentMarker: marker });
      rmSync(scanned, { force: true });
      const scan = await captureToFile(host, path, scanned, { method: 'scan' });
      expect(scan.state.method).toBe('scanned');
      // Only scans count.
      if (increment.counts !== null) expect(scan.counts).toEqual(increment.counts);
      const { method } = increment.state;
      methods[method] = (methods[method] ?? 0) + 1;
      if (!isEqual(guided, scanned)) {
        wrong.push(`round ${round} (${method})`);
        copyFileSync(scanned, guided);
      }
      if (method !== 'scanned') expect(increment.pagesRead).toBeLessThanOrEqual(scan.pagesRead);
      ({ marker } = increment);
    }
    expect(wrong).toEqual([]);
    expect(methods['guided']).toBeGreaterThan(rounds / 10);
    expect(methods['unchanged']).toBeGreaterThan(0);
    expect(methods['scanned']).toBeGreaterThan(1);
  });
});

describe('the log is not asked', () => {
  /** A parent, then what happens to it, then the increment's method. */
  async function methodAfter(
    change: (peer: SqlitePeer, path: string) => Promise<SqlitePeer | void>,
    turn: (marker: unknown) => unknown = (marker) => marker,
  ) {
    const host = await openTestSourceHost();
    const { path, guided, scanned } = await makeGuidedPlace();
    const peer = startSqlitePeer(path);
    for (let id = 1; id < 20; id += 1) {
      await peer.run(`UPDATE accounts SET note = 'parent' WHERE id = ${id * 50}`);
    }
    const { marker } = await captureToFile(host, path, guided);
    await change(peer, path);
    const parentMarker = turn(structuredClone(marker));
    const increment = await captureToFile(host, path, guided, { parentMarker });
    await captureToFile(host, path, scanned, { method: 'scan' });
    expect(isEqual(guided, scanned)).toBe(true);
    return increment;
  }
  const touch = "UPDATE accounts SET note = 'increment' WHERE id = 7";

  test('it is asked when nothing speaks against it', async () => {
    const increment = await methodAfter(async (peer) => void (await peer.run(touch)));
    expect(increment.state.method).toBe('guided');
    expect(increment.pagesRead).toBeLessThan(6);
    const scannedAt = lastScanAtMs(increment.marker);
    expect(scannedAt).not.toBeNull();
    expect(scannedAt).toBeLessThan(increment.capturedAtMs);
  });

  test('nor a page read, when nothing happened', async () => {
    const increment = await methodAfter(() => Promise.resolve());
    expect(increment.state.method).toBe('unchanged');
    expect(increment.pagesRead).toBe(0);
  });

  test('it is asked after a checkpoint that explains the file’s change', async () => {
    const increment = await methodAfter(async (peer) => {
      await peer.run(touch);
      await peer.run('PRAGMA wal_checkpoint(PASSIVE)');
    });
    expect(increment.state.method).toBe('guided');
  });

  test('after it was restarted', async () => {
    const increment = await methodAfter(async (peer) => {
      await peer.run('PRAGMA wal_checkpoint(RESTART)');
      await peer.run(touch);
    });
    expect(increment.state.method).toBe('scanned');
  });

  test('when its tail was lost and others wrote in its place', async () => {
    const increment = await methodAfter(async (peer, path) => {
      await peer.kill();
      const log = `${path}-wal`;
      truncateSync(log, statSync(log).size - 2 * 4120);
      const next = startSqlitePeer(path);
      for (let id = 1; id < 40; id += 1) {
        await next.run(`UPDATE accounts SET note = 'other' WHERE id = ${id * 100}`);
      }
      return next;
    });
    expect(increment.state.method).toBe('scanned');
  });

  test('when the file was written past SQLite', async () => {
    const increment = await methodAfter(async (peer, path) => {
      await peer.run(touch);
      const bytes = readFileSync(path);
      truncateSync(path, bytes.length);
    });
    expect(increment.state.method).toBe('scanned');
  });

  test.each([
    ['no marker', () => null],
    ['a foreign marker', () => ({ version: 1, lsn: 5 })],
    ['a newer marker', (marker: unknown) => ({ ...(marker as object), version: 2 })],
  ])('with %s', async (_, turn) => {
    const increment = await methodAfter(async (peer) => void (await peer.run(touch)), turn);
    expect(increment.state.method).toBe('scanned');
  });
});
