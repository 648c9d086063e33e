/** What a user would lose when the power fails in the middle of a restore in place: nothing, old or new. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { describe, expect, onTestFinished, test } from 'vitest';
import { tidyFolder } from '../../electron/engine/restore/restore-in-place.ts';
import { isAvailable } from '../support/machine.ts';
import {
  contentOfDatabase,
  filesAround,
  readAround,
  restoreBackup,
  restoreToolsOf,
} from '../support/restore-trial.ts';
import { startSqlitePeer } from '../support/start-sqlite-peer.ts';
import { openTestEngine, TEST_PASSPHRASE, type TestEngine } from '../support/test-engine.ts';

const restoreProcess = fileURLToPath(new URL('../support/restore-process.ts', import.meta.url));
const isDeep = process.env['HOLDFAST_DEEP'] === '1';

/** Every call in the deep run; a sample otherwise. */
const callsToKillAt: readonly (readonly [call: string, step: number])[] = isDeep
  ? ['rename', 'unlink', 'link', 'fsync', 'fdatasync', 'ftruncate', 'chmod'].map((call) => [
      call,
      1,
    ])
  : [
      ['rename', 1],
      ['unlink', 2],
      ['fsync', 4],
    ];

interface Trial {
  readonly engine: TestEngine;
  readonly path: string;
  readonly made: Awaited<ReturnType<TestEngine['backup']>>;
  /** Of the restore point. */
  readonly truth: Buffer;
  /** A copy of the target's folder as it is before each restore. */
  readonly before: string;
}

function makeBig(
  path: string,
  journalMode: 'wal' | 'delete',
  pageSize: number,
  rows: number,
): void {
  const db = new Database(path);
  db.pragma(`page_size = ${pageSize}`);
  db.pragma(`journal_mode = ${journalMode}`);
  db.exec(`
    CREATE TABLE items(id INTEGER PRIMARY KEY, version INTEGER NOT NULL, note TEXT);
    CREATE INDEX items_by_note ON items(note);
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${rows})
      INSERT INTO items SELECT i, 1, hex(randomblob(400)) FROM n;`);
  db.close();
}

/** Backs up version 1 and leaves what `spoil` makes of it. */
async function startTrial(
  journalMode: 'wal' | 'delete',
  rows: number,
  spoil: (path: string) => Promise<void> | void,
): Promise<Trial> {
  const engine = await openTestEngine();
  const path = join(engine.folder, 'crm', 'shop.db');
  mkdirSync(dirname(path));
  makeBig(path, journalMode, 4096, rows);
  const made = await engine.backup(path);
  const truth = readFileSync(path);
  await spoil(path);
  const before = join(engine.folder, 'before');
  cpSync(dirname(path), before, { recursive: true });
  const trial = { engine, path, made, truth, before };
  // Node keeps what it compiled by renames of its own at the end, unless it is there already: none of them is ours to kill.
  await restoreElsewhere(trial, []);
  putBack(trial);
  return trial;
}

function putBack({ path, before }: Trial): void {
  rmSync(dirname(path), { recursive: true });
  cpSync(before, dirname(path), { recursive: true });
}

/** Restores in a process of its own; resolves with the signal that ended it, or null. */
async function restoreElsewhere(
  { engine, made, path }: Trial,
  strace: readonly string[],
): Promise<NodeJS.Signals | null> {
  const command = [process.execPath, restoreProcess, engine.place, made.point.id, path];
  const under = ['strace', '-f', '-qq', '-o', '/dev/null', ...strace];
  const [program = '', ...args] = strace.length === 0 ? command : [...under, ...command];
  const child = spawn(program, args, {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, HOLDFAST_PASSPHRASE: TEST_PASSPHRASE, UV_THREADPOOL_SIZE: '1' },
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const complaints: Buffer[] = [];
  child.stderr.on('data', (part: Buffer) => complaints.push(part));
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  if (code !== null && code !== 0) throw new Error(Buffer.concat(complaints).toString());
  return signal;
}

/** Ends the process with SIGKILL as some thread of it makes this call for the `at`-th time. */
function killingAt(call: string, at: number): readonly string[] {
  return ['-e', `trace=${call}`, '-e', `inject=${call}:signal=KILL:when=${at}`];
}

function sumOf(path: string): unknown {
  const db = new Database(path);
  try {
    expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
    return db.prepare('SELECT sum(version) FROM items').pluck().get();
  } finally {
    db.close();
  }
}

const update = (path: string, sql: string): void => {
  const db = new Database(path);
  db.exec(sql);
  db.close();
};

/** What the target is replaced by one rename, or file by file. */
const swaps: readonly {
  readonly name: string;
  readonly journalMode: 'wal' | 'delete';
  readonly way: string;
  readonly spoil: (path: string) => Promise<void> | void;
}[] = [
  {
    name: 'a rename over another page size',
    journalMode: 'wal',
    way: 'swap',
    spoil: async (path) => {
      rmSync(path);
      makeBig(path, 'wal', 8192, 200);
      const crm = startSqlitePeer(path);
      await crm.run('UPDATE items SET version = 2');
      await crm.kill();
    },
  },
  {
    name: 'moves file by file over an empty database and its log',
    journalMode: 'wal',
    way: 'file-by-file',
    spoil: async (path) => {
      const crm = startSqlitePeer(path);
      await crm.run('UPDATE items SET version = 2');
      await crm.kill();
      truncateSync(path, 0);
    },
  },
  {
    name: 'a new file where none was',
    journalMode: 'delete',
    way: 'swap',
    spoil: (path) => rmSync(path),
  },
];

/** Old or new: the old files byte for byte, the old rows, or the new file alone. */
function assertOldOrNew(trial: Trial, old: Readonly<Record<string, string>>): 'old' | 'new' {
  const { path, truth } = trial;
  const now = readAround(path);
  const names = Object.keys(now).filter((name) => !name.startsWith('.holdfast'));
  const isNew = now['shop.db'] === truth.toString('base64');
  if (isNew) {
    expect(names).toEqual(['shop.db']);
    return 'new';
  }
  if (names.every((name) => now[name] === old[name]) && names.length === Object.keys(old).length)
    return 'old';
  // Folding puts the log's rows into the file: other bytes, the same rows.
  const copy = join(trial.engine.folder, 'copy');
  rmSync(copy, { recursive: true, force: true });
  cpSync(dirname(path), copy, { recursive: true });
  expect(sumOf(join(copy, 'shop.db'))).toBe(400);
  return 'old';
}

describe.skipIf(!isAvailable('strace'))('a restore killed at a system call', () => {
  test.each(swaps)(
    'of $name leaves the old state, the new one, or what the next start finishes',
    async ({ journalMode, spoil, way }) => {
      const trial = await startTrial(journalMode, 200, spoil);
      const old = readAround(trial.path);
      const seen = { kills: 0, old: 0, new: 0 };
      // Several system calls at once count one by one; the database's own writes matter only where they go.
      for (const [calls, step] of callsToKillAt) {
        for (let at = 1; ; at += step) {
          putBack(trial);
          const signal = await restoreElsewhere(trial, killingAt(calls, at));
          if (signal === null) break;
          seen.kills += 1;
          const tools = restoreToolsOf(trial.engine);
          const { waiting } = await tidyFolder(tools, dirname(trial.path));
          expect(waiting).toEqual([]);
          seen[assertOldOrNew(trial, old)] += 1;
          expect(
            readdirSync(dirname(trial.path)).filter((name) => name.startsWith('.holdfast-swap')),
          ).toEqual([]);
        }
        // The last one was not killed: it is there, and alone.
        expect(readFileSync(trial.path).equals(trial.truth)).toBe(true);
        expect(filesAround(trial.path)).toEqual(['shop.db']);
      }
      expect(seen.kills).toBeGreaterThan(1);
      expect(seen.old).toBeGreaterThan(0);
      if (way === 'file-by-file') expect(seen.new).toBeGreaterThan(0);
      chmodSync(trial.path, 0o600);
      expect(contentOfDatabase(readFileSync(trial.path)).length).toBe(trial.truth.length);
    },
  );

  test.each(['wal', 'delete'] as const)(
    'in the middle of writing through SQLite (%s): the CRM beside it has the old rows or the new ones',
    async (journalMode) => {
      const rows = 1_500;
      const trial = await startTrial(journalMode, rows, (path) =>
        update(path, 'UPDATE items SET version = 2'),
      );
      const seen = new Map<unknown, number>();
      const log = `${trial.path}-${journalMode === 'wal' ? 'wal' : 'journal'}`;
      for (const file of [log, trial.path]) {
        for (let at = 1; ; at = isDeep ? at + 3 : at * 12) {
          putBack(trial);
          const crm = startSqlitePeer(trial.path);
          await crm.run(`PRAGMA journal_mode = ${journalMode}`);
          expect(await crm.run('SELECT sum(version) FROM items')).toEqual([[2 * rows]]);
          const signal = await restoreElsewhere(trial, ['-P', file, ...killingAt('pwrite64', at)]);
          const [[sum]] = (await crm.run('SELECT sum(version) FROM items')) as [[number]];
          expect(signal === null ? [rows] : [rows, 2 * rows]).toContain(sum);
          await crm.run('INSERT INTO items VALUES (99999999, 0, NULL)');
          await crm.close();
          expect(sumOf(trial.path)).toBe(sum);
          if (signal === null) break;
          seen.set(sum, (seen.get(sum) ?? 0) + 1);
        }
      }
      expect(seen.get(2 * rows)).toBeGreaterThan(2);
      // What killed restores left behind is gone after the next one, and the rows are there.
      await restoreBackup(trial.engine, trial.made, trial.path);
      expect(sumOf(trial.path)).toBe(rows);
      expect(filesAround(trial.path)).toEqual(['shop.db']);
    },
  );
});
