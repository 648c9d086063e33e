/**
 * What a customer would lose if a copy were not of one moment: the exact moments at which a capture could slip, each brought
 * about on purpose by a second process.
 */
import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { captureToFile } from '../support/capture-to-file.ts';
import { openHurriedSourceHost, openTestSourceHost } from '../support/open-test-source-host.ts';
import { startSqlitePeer, type SqlitePeer } from '../support/start-sqlite-peer.ts';
import { makeTemporaryFolder } from '../support/temporary-folder.ts';
import { findLedgerDamage, type LedgerOptions, makeLedger } from '../support/transfer-ledger.ts';

const transferSql = `BEGIN; UPDATE accounts SET amount = amount - 5 WHERE id % 2 = 0;
  UPDATE accounts SET amount = amount + 5 WHERE id % 2 = 1;
  INSERT INTO log(note) VALUES (hex(randomblob(200))); UPDATE done SET transactions = transactions + 1; COMMIT`;

async function makePlace(options: LedgerOptions) {
  const folder = await makeTemporaryFolder();
  const path = join(folder, 'ledger.db');
  makeLedger(path, options);
  const host = await openTestSourceHost();
  const peer = startSqlitePeer(path);
  return { host, peer, path, copy: join(folder, 'copy.db') };
}

/** Slices of a few pages make room for the other process between any two pages. */
const small = { sliceBytes: 4096 * 8 };

async function logged(peer: SqlitePeer): Promise<number> {
  return Number((await peer.run('SELECT count(*) FROM log'))[0]?.[0]);
}

describe('in WAL mode the copy is the moment of its opening', () => {
  test.each([
    ['fully checkpointed', 'PASSIVE', 'PRAGMA wal_checkpoint(RESTART)'],
    ['not checkpointed', null, 'PRAGMA wal_checkpoint(PASSIVE)'],
  ])('when the log was %s and goes on under the pass', async (_, before, during) => {
    const { host, peer, path, copy } = await makePlace({ journalMode: 'wal' });
    await peer.run(transferSql);
    if (before !== null) await peer.run(`PRAGMA wal_checkpoint(${before})`);
    const result = await captureToFile(host, path, copy, {
      ...small,
      afterFirstSlice: async () => {
        for (let round = 0; round < 20; round += 1) await peer.run(transferSql);
        await peer.run('PRAGMA busy_timeout = 50');
        await peer.run(during);
        await peer.run(transferSql);
      },
    });
    expect(result.counts).toContainEqual({ table: 'log', rows: 1 });
    expect(findLedgerDamage(copy, result.counts)).toEqual([]);
    expect(await logged(peer)).toBe(22);
  });

  test('and the program never waits for it', async () => {
    const { host, peer, path, copy } = await makePlace({ journalMode: 'wal' });
    await peer.run('PRAGMA busy_timeout = 0');
    await captureToFile(host, path, copy, {
      ...small,
      afterFirstSlice: async () => {
        for (let round = 0; round < 50; round += 1) await peer.run(transferSql);
        await peer.run('PRAGMA wal_checkpoint(PASSIVE)');
      },
    });
    expect(await logged(peer)).toBe(50);
  });
});

describe('with a rollback journal all slices are of one commit', () => {
  test('a commit between two slices begins the pass again', async () => {
    const { host, peer, path, copy } = await makePlace({ journalMode: 'delete' });
    const result = await captureToFile(host, path, copy, {
      ...small,
      afterFirstSlice: () => peer.run(transferSql).then(() => undefined),
    });
    expect(result.passes).toBe(2);
    expect(result.counts).toContainEqual({ table: 'log', rows: 1 });
    expect(findLedgerDamage(copy, result.counts)).toEqual([]);
  });

  test('a switch to WAL mode under the pass', async () => {
    const { host, peer, path, copy } = await makePlace({ journalMode: 'delete' });
    const result = await captureToFile(host, path, copy, {
      ...small,
      afterFirstSlice: async () => {
        await peer.run('PRAGMA journal_mode = WAL');
        await peer.run(transferSql);
      },
    });
    expect(result.label).toBe('transactional');
    expect(findLedgerDamage(copy, [{ table: 'log', rows: 1 }])).toEqual([]);
  });

  test('another page size under the pass', async () => {
    const { host, peer, path, copy } = await makePlace({ journalMode: 'delete' });
    const result = await captureToFile(host, path, copy, {
      ...small,
      afterFirstSlice: () => peer.run('PRAGMA page_size = 8192; VACUUM').then(() => undefined),
    });
    expect(result.state.pageSize).toBe(8192);
    expect(findLedgerDamage(copy, result.counts)).toEqual([]);
  });

  test('a program without patience still commits during the pass, whatever slice it comes behind', async () => {
    const { host, peer, path, copy } = await makePlace({ journalMode: 'delete' });
    await peer.run('PRAGMA busy_timeout = 0');
    const rounds = 10;
    for (let round = 1; round <= rounds; round += 1) {
      const result = await captureToFile(host, path, copy, {
        ...small,
        afterSlice: async (number) => {
          if (number === round) await peer.run(transferSql);
        },
      });
      expect(result.passes).toBe(2);
      expect(findLedgerDamage(copy, result.counts)).toEqual([]);
    }
    expect(await logged(peer)).toBe(rounds);
  });

  test('an open transaction that never ends is said, not waited for', async () => {
    const { peer, path, copy } = await makePlace({ journalMode: 'delete' });
    const host = await openHurriedSourceHost();
    await peer.run('BEGIN EXCLUSIVE');
    await peer.run('UPDATE done SET transactions = transactions + 0');
    const result = await captureToFile(host, path, copy, small);
    expect(result.label).toBe('quiet-copy');
    expect(findLedgerDamage(copy, null)).toEqual([]);
  });
});

describe('a file that is written without end', () => {
  test('is no copy', async () => {
    const folder = await makeTemporaryFolder();
    const path = join(folder, 'cards.mdb');
    writeFileSync(
      path,
      Buffer.concat([Buffer.from('\0\x01\0\0Standard Jet DB\0'), Buffer.alloc(50_000)]),
    );
    const host = await openTestSourceHost();
    let passes = 0;
    const writeOn = (): void => {
      passes += 1;
      const bytes = readFileSync(path);
      bytes[20_000] = passes;
      writeFileSync(path, bytes);
    };
    await expect(
      captureToFile(host, path, join(folder, 'copy'), { beforeEndOfPass: writeOn }),
    ).rejects.toMatchObject({ failure: { code: 'source-busy', path } });
    expect(passes).toBeGreaterThan(1);
  });

  test('but once it rests it is, cut last page and all', async () => {
    const folder = await makeTemporaryFolder();
    const path = join(folder, 'cards.mdb');
    writeFileSync(path, Buffer.alloc(50_001, 7));
    const host = await openTestSourceHost();
    const result = await captureToFile(host, path, join(folder, 'copy'), {
      afterFirstSlice: () => truncateSync(path, 45_000),
    });
    expect(result).toMatchObject({ label: 'quiet-copy', marker: null, passes: 2 });
    expect(result.state).toMatchObject({ kind: 'page-file', size: 45_000, pageCount: 11 });
    expect(readFileSync(join(folder, 'copy')).equals(readFileSync(path))).toBe(true);
  });
});

describe('our own descriptors', () => {
  test('a reader of the same files does not take the capture’s locks away', async () => {
    const { host, peer, path, copy } = await makePlace({ journalMode: 'wal' });
    await peer.run(transferSql);
    const result = await captureToFile(host, path, copy, {
      ...small,
      afterFirstSlice: async () => {
        for (const suffix of ['', '-wal', '-shm']) {
          await using file = await host.openRawFile(path + suffix);
          await file.read(new SharedArrayBuffer(64), 0);
        }
        await host.inspect(path);
        await peer.run('PRAGMA busy_timeout = 50');
        for (let round = 0; round < 5; round += 1) await peer.run(transferSql);
        // With our lock gone this would cut the log off under the pass.
        await peer.run('PRAGMA wal_checkpoint(TRUNCATE)');
        await peer.run(transferSql);
      },
    });
    expect(result.passes).toBe(1);
    expect(findLedgerDamage(copy, [{ table: 'log', rows: 1 }])).toEqual([]);
  });
});
