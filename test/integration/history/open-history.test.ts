import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmod, mkdir, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { openHistory, type History } from '../../../electron/history/open-history.ts';
import { listRuns, recordRunEnd, recordRunStart } from '../../../electron/history/runs.ts';
import type { RunId } from '../../../shared/model/ids.ts';
import { makeTemporaryFolder } from '../../support/temporary-folder.ts';

const nowMs = Date.parse('2026-11-21T12:34:56Z');
const runId = (number: number): RunId => number.toString(16).padStart(32, '0') as RunId;

const record = (history: History, number: number): boolean =>
  recordRunStart(history, {
    id: runId(number),
    kind: 'backup',
    planId: null,
    vaultId: null,
    place: '/mnt/usb',
    startedAtMs: nowMs + number,
    process: 'test',
  }) &&
  recordRunEnd(history, runId(number), {
    endedAtMs: nowMs + number + 5,
    state: 'ok',
    point: null,
    bytesRead: 1,
    bytesStored: 1,
    problems: [],
    failure: null,
    evidence: [],
  });

const runsIn = (folder: string): number => {
  using history = openHistory(folder, nowMs);
  return listRuns(history).length;
};

test('runs are there again after a restart, and the first start is told apart from it', async () => {
  const folder = join(await makeTemporaryFolder(), 'new', 'data');
  {
    using history = openHistory(folder, nowMs);
    expect(history.notice).toEqual({ kind: 'created' });
    expect(record(history, 1)).toBe(true);
  }
  using history = openHistory(folder, nowMs);
  expect(history.notice).toBeNull();
  expect(listRuns(history).map(({ id }) => id)).toEqual([runId(1)]);
});

const damages: readonly (readonly [string, (file: string) => Promise<void>])[] = [
  ['overwritten with noise', async (file) => writeFile(file, randomBytes(8192))],
  ['zeroed', async (file) => writeFile(file, Buffer.alloc((await stat(file)).size))],
  ['cut in the middle', async (file) => truncate(file, 4096 * 2 + 100)],
  [
    'damaged in one page',
    async (file) => {
      const bytes = await readFile(file);
      await writeFile(file, bytes.fill(0xff, 4096 * 2, 4096 * 3));
    },
  ],
  [
    'a text',
    async (file) => writeFile(file, 'not a database, but long enough to look at'.repeat(40)),
  ],
  [
    'from a newer version',
    async (file) => {
      const db = new Database(file);
      db.pragma('user_version = 99');
      db.close();
    },
  ],
  [
    'another database',
    async (file) => {
      await rm(file);
      const db = new Database(file);
      db.exec('CREATE TABLE runs (x)');
      db.close();
    },
  ],
  [
    'without a table',
    async (file) => {
      const db = new Database(file);
      db.exec('DROP TABLE undo');
      db.close();
    },
  ],
];

test.each(damages)('a history that is %s is set aside and backups go on', async (_, damage) => {
  const folder = await makeTemporaryFolder();
  {
    using history = openHistory(folder, nowMs);
    for (let number = 1; number <= 60; number += 1) record(history, number);
  }
  const file = join(folder, 'history.db');
  await damage(file);
  const damaged = await readFile(file);
  {
    using history = openHistory(folder, nowMs);
    const aside = join(folder, 'history-damaged-20261121T123456.db');
    expect(history.notice).toEqual({ kind: 'set-aside', file: aside, detail: expect.any(String) });
    // SQLite notes its journal mode in the first 100 bytes of a file that it can open.
    expect((await readFile(aside)).subarray(100)).toEqual(damaged.subarray(100));
    expect(listRuns(history)).toEqual([]);
    expect(record(history, 1)).toBe(true);
  }
  expect(runsIn(folder)).toBe(1);
});

test('a second damage in the same second does not overwrite what was set aside', async () => {
  const folder = await makeTemporaryFolder();
  for (let round = 0; round < 3; round += 1) {
    await writeFile(join(folder, 'history.db'), `damage number ${round}`.repeat(100));
    openHistory(folder, nowMs).close();
  }
  const aside = (await readdir(folder)).filter((name) => name.startsWith('history-damaged'));
  expect(aside).toHaveLength(3);
});

test('a deleted history is told, and an old side file is not played into the new one', async () => {
  const folder = await makeTemporaryFolder();
  using keeper = openHistory(folder, nowMs);
  record(keeper, 1);
  await rm(join(folder, 'history.db'));
  using history = openHistory(folder, nowMs);
  expect(history.notice?.kind).toMatch(/created|set-aside/u);
  expect(listRuns(history)).toEqual([]);
});

test('a data folder that is a file does not stop a backup: the history lives in memory', async () => {
  const file = join(await makeTemporaryFolder(), 'data');
  await writeFile(file, '');
  using history = openHistory(file, nowMs);
  expect(history.notice).toEqual({
    kind: 'in-memory',
    detail: expect.stringMatching(/EEXIST|ENOTDIR/u),
  });
  expect(record(history, 1)).toBe(true);
  expect(listRuns(history)).toHaveLength(1);
});

test('a history that is a folder does not stop a backup', async () => {
  const folder = await makeTemporaryFolder();
  await mkdir(join(folder, 'history.db'));
  using history = openHistory(folder, nowMs);
  expect(history.notice?.kind).toBe('in-memory');
  expect(record(history, 1)).toBe(true);
});

test('a write that fails is told, not thrown into the backup', async () => {
  const folder = await makeTemporaryFolder();
  using history = openHistory(folder, nowMs);
  expect(record(history, 1)).toBe(true);
  expect(history.trouble()).toBeNull();
  history.db.pragma('query_only = ON');
  expect(record(history, 2)).toBe(false);
  expect(history.trouble()).toMatch(/SQLITE_READONLY/u);
  history.db.pragma('query_only = OFF');
  expect(record(history, 3)).toBe(true);
  expect(history.trouble()).toMatch(/SQLITE_READONLY/u);
  expect(runsIn(folder)).toBe(2);
});

test('an error of ours is not taken for a broken history', async () => {
  const folder = await makeTemporaryFolder();
  using history = openHistory(folder, nowMs);
  const write = (): boolean =>
    history.write(() => {
      throw new RangeError('bug');
    });
  expect(write).toThrow(RangeError);
});

test('window and command line write at the same time and lose nothing', async () => {
  const folder = await makeTemporaryFolder();
  const url = (name: string): string =>
    JSON.stringify(new URL(`../../../electron/history/${name}.ts`, import.meta.url).href);
  const script = `
    const { openHistory } = await import(${url('open-history')});
    const { recordRunStart } = await import(${url('runs')});
    using history = openHistory(${JSON.stringify(folder)}, ${nowMs});
    for (let number = 0; number < 100; number += 1) {
      const id = process.argv[1] + number.toString(16).padStart(31, '0');
      recordRunStart(history, { id, kind: 'backup', planId: null, vaultId: null, place: null,
        startedAtMs: number, process: 'x' });
    }
    if (history.notice?.kind === 'set-aside' || history.notice?.kind === 'in-memory') throw new Error(JSON.stringify(history.notice));
    if (history.trouble() !== null) throw new Error(history.trouble());`;
  const exits = ['a', 'b', 'c'].map(async (prefix) => {
    const child = spawn(process.execPath, ['--input-type=module', '-e', script, prefix], {
      stdio: 'inherit',
    });
    const [code] = (await once(child, 'close')) as [number];
    return code;
  });
  expect(await Promise.all(exits)).toEqual([0, 0, 0]);
  expect(runsIn(folder)).toBe(300);
});

test('only its owner can read the data folder', async () => {
  const folder = join(await makeTemporaryFolder(), 'data');
  openHistory(folder, nowMs).close();
  expect((await stat(folder)).mode & 0o077).toBe(0);
  await chmod(folder, 0o700);
});
