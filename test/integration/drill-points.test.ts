/** A restore test that says "proved" of something that is not, or fills the disk to find out, does harm. */
import {
  closeSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
  mkdirSync,
} from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import type { BackupResult } from '../../electron/engine/backup/backup-request.ts';
import { runDrill, type DrillRequest } from '../../electron/engine/drill/run-drill.ts';
import type { DrillResult } from '../../shared/model/drill.ts';
import type { RestorePoint } from '../../shared/model/restore-point.ts';
import { pointToRestore, restoreToolsOf } from '../support/restore-trial.ts';
import { createSampleCrm } from '../support/sample-crm.ts';
import { openTestEngine, type TestEngine } from '../support/test-engine.ts';

const seed = Number(process.env['HOLDFAST_SEED'] ?? 1);

function openDatabase(path: string): Database.Database & Disposable {
  const db = new Database(path);
  return Object.assign(db, { [Symbol.dispose]: () => void db.close() });
}

function makeCrm(engine: TestEngine): string {
  const path = join(engine.folder, 'crm.db');
  createSampleCrm(path, { seed, size: { contacts: 1500 }, journalMode: 'delete' });
  return path;
}

async function drill(
  engine: TestEngine,
  made: { readonly point: RestorePoint },
  wishes: Partial<DrillRequest> = {},
): Promise<DrillResult> {
  const listed = listVault(engine);
  const result = await runDrill({
    tools: restoreToolsOf(engine),
    from: await pointToRestore(engine, made),
    source: null,
    scratchFolder: join(engine.folder, 'scratch'),
    ...wishes,
  });
  // Whatever comes out: nothing stays on the disk, nothing changes in the vault.
  expect(readdirSync(join(engine.folder, 'scratch'))).toEqual([]);
  expect(listVault(engine)).toEqual(listed);
  return result;
}

const listVault = (engine: TestEngine): string[] =>
  (readdirSync(engine.place, { recursive: true }) as string[]).sort();

/** Flips a byte in the middle of every pack. */
function damagePacks(engine: TestEngine): void {
  const packs = join(engine.place, 'packs');
  for (const name of readdirSync(packs, { recursive: true }) as string[]) {
    const path = join(packs, name);
    if (!statSync(path).isFile()) continue;
    const bytes = readFileSync(path);
    const at = Math.floor(bytes.length / 2);
    bytes[at] = (bytes[at] ?? 0) ^ 0x55;
    writeFileSync(path, bytes);
  }
}

test('a whole copy is proved, counted like the source, and timed', async () => {
  const engine = await openTestEngine();
  const live = makeCrm(engine);
  const made = await engine.backup(live);
  const result = await drill(engine, made);
  expect(result).toMatchObject({
    point: made.point.id,
    outcome: 'proved',
    sources: [{ failure: null, complaints: [], links: { violations: 0 } }],
  });
  expect(result.recoveryMs).toBeGreaterThan(0);
  expect(result.sources[0]?.recoveryMs).toBeLessThanOrEqual(result.recoveryMs);
  using db = openDatabase(live);
  const counts = new Map(result.sources[0]?.counts.map((count) => [count.table, count]));
  expect(counts.size).toBe(6);
  for (const [table, { rows, recorded }] of counts) {
    const truth = db.prepare(`SELECT count(*) FROM ${table}`).pluck().get();
    expect([table, rows, recorded]).toEqual([table, truth, truth]);
  }
});

test('figures that were not recorded are counted in the copy and said to be', async () => {
  const engine = await openTestEngine();
  const made = await engine.backup(makeCrm(engine));
  const sources = made.point.sources.map((source) => ({ ...source, counts: null }));
  const result = await drill(engine, { point: { ...made.point, sources } });
  expect(result.outcome).toBe('proved');
  expect(result.sources[0]?.counts.find(({ table }) => table === 'contacts')).toEqual({
    table: 'contacts',
    rows: 1500,
    recorded: null,
  });
});

test('a copy with other counts than were recorded is not proved', async () => {
  const engine = await openTestEngine();
  const made = await engine.backup(makeCrm(engine));
  const change = (counts: { table: string; rows: number }[]) => {
    const sources = made.point.sources.map((source) => ({ ...source, counts }));
    return drill(engine, { point: { ...made.point, sources } });
  };
  expect(await change([{ table: 'contacts', rows: 1501 }])).toMatchObject({
    outcome: 'damaged-copy',
    sources: [{ failure: { code: 'restore-differs' } }],
  });
  expect(await change([{ table: 'orders', rows: 3 }])).toMatchObject({ outcome: 'damaged-copy' });
});

test('references that lead nowhere are told, not judged', async () => {
  const engine = await openTestEngine();
  const live = makeCrm(engine);
  {
    using db = openDatabase(live);
    db.exec('PRAGMA foreign_keys = OFF; DELETE FROM contacts WHERE id = 7');
  }
  const result = await drill(engine, await engine.backup(live));
  using db = openDatabase(live);
  const violations = db.pragma('foreign_key_check') as unknown[];
  expect(violations.length).toBeGreaterThan(0);
  expect(result).toMatchObject({
    outcome: 'proved',
    sources: [{ links: { violations: violations.length } }],
  });
});

test('a faithful copy of a database that was damaged already is an alarm of its own', async () => {
  const engine = await openTestEngine();
  const live = makeCrm(engine);
  let root = 0;
  {
    using db = openDatabase(live);
    root = Number(
      db
        .prepare(`SELECT rootpage FROM sqlite_schema WHERE name = 'contacts_by_name'`)
        .pluck()
        .get(),
    );
  }
  const file = openSync(live, 'r+');
  // Over the page's table of its cells: free space would not be missed.
  writeSync(file, Buffer.alloc(100, 0xa5), 0, 100, (root - 1) * 4096 + 8);
  closeSync(file);
  const result = await drill(engine, await engine.backup(live));
  expect(result).toMatchObject({
    outcome: 'damaged-source',
    sources: [{ failure: { code: 'source-damaged' } }],
  });
  expect(result.sources[0]?.complaints?.length).toBeGreaterThan(0);
});

describe('a damaged copy', () => {
  test('is named with its objects', async () => {
    const engine = await openTestEngine();
    const made = await engine.backup(makeCrm(engine));
    damagePacks(engine);
    const result = await drill(engine, made);
    expect(result).toMatchObject({
      outcome: 'damaged-copy',
      sources: [{ failure: { code: 'point-damaged' } }],
    });
  });

  test('is told from one whose packs are gone, which is damaged as well', async () => {
    const engine = await openTestEngine();
    const made = await engine.backup(makeCrm(engine));
    rmSync(join(engine.place, 'packs'), { recursive: true });
    const result = await drill(engine, made).catch((error: unknown) => error);
    expect(result).toMatchObject({ outcome: 'damaged-copy' });
  });
});

describe('not possible, for a reason that is given', () => {
  test('without room: the file and a tenth more must fit', async () => {
    const engine = await openTestEngine();
    const live = makeCrm(engine);
    const made = await engine.backup(live);
    const { size } = statSync(live);
    const tight = await drill(engine, made, { askFreeBytes: async () => Math.floor(size * 1.05) });
    expect(tight).toMatchObject({
      outcome: 'not-possible',
      sources: [{ failure: { code: 'target-full' } }],
    });
    const enough = await drill(engine, made, { askFreeBytes: async () => Math.ceil(size * 1.11) });
    expect(enough.outcome).toBe('proved');
  });
});

test('one bad source makes the whole test bad; files count as proved when every byte came back', async () => {
  const engine = await openTestEngine();
  const folder = join(engine.folder, 'letters');
  mkdirSync(folder);
  writeFileSync(join(folder, 'a.txt'), 'dear');
  const made: BackupResult = await engine.backup([makeCrm(engine), folder]);
  const good = await drill(engine, made);
  expect(good).toMatchObject({
    outcome: 'proved',
    sources: [{ files: 0 }, { files: 1, outcome: 'proved' }],
  });
  const sources = made.point.sources.map((source) =>
    source.pages === null ? source : { ...source, counts: [{ table: 'contacts', rows: 1 }] },
  );
  const bad = await drill(engine, { point: { ...made.point, sources } });
  expect(bad.outcome).toBe('damaged-copy');
  expect(bad.sources.map(({ outcome }) => outcome)).toEqual(['damaged-copy', 'proved']);
});

test('a test that is cancelled says nothing about the copy', async () => {
  const engine = await openTestEngine();
  const made = await engine.backup(makeCrm(engine));
  const tools = restoreToolsOf(engine, { signal: AbortSignal.abort() });
  await expect(drill(engine, made, { tools })).rejects.toMatchObject({
    failure: { code: 'cancelled' },
  });
  expect(readdirSync(join(engine.folder, 'scratch'))).toEqual([]);
});
