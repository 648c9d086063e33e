import {
  appendFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import type { UndoRecord } from '../../shared/model/run.ts';
import {
  NO_SAFETY,
  type SafetyPoint,
  type SafetyWishes,
} from '../../electron/engine/restore/make-safety-point.ts';
import type { InPlaceResult } from '../../electron/engine/restore/restore-in-place.ts';
import { undoRestore, type UndoRequest } from '../../electron/engine/restore/undo-restore.ts';
import { loadManifest, readPointIndex } from '../../electron/engine/vault/point-index.ts';
import { createLedger, editDatabase } from '../support/quiet-database.ts';
import {
  contentOfDatabase,
  filesAround,
  restoreBackup,
  restoreToolsOf,
  safetyInVault,
} from '../support/restore-trial.ts';
import { startSqlitePeer } from '../support/start-sqlite-peer.ts';
import { openTestEngine, type TestEngine } from '../support/test-engine.ts';

type Keeping = 'in the vault' | 'in a local folder';
const keepings: readonly Keeping[] = ['in the vault', 'in a local folder'];

interface Trial {
  readonly engine: TestEngine;
  readonly path: string;
  readonly made: Awaited<ReturnType<TestEngine['backup']>>;
  readonly keep: string;
}

/** A ledger, backed up, then changed. */
async function startTrial(pageSize = 4096): Promise<Trial> {
  const engine = await openTestEngine();
  const keep = join(engine.folder, 'keep');
  mkdirSync(keep);
  mkdirSync(join(engine.folder, 'crm'));
  const path = join(engine.folder, 'crm', 'ledger.db');
  createLedger(path, { rows: 800, seed: 4, pageSize });
  const made = await engine.backup(path);
  editDatabase(path, "UPDATE entries SET text = 'of today' WHERE id % 2 = 0");
  return { engine, path, made, keep };
}

function wishesOf({ engine, keep }: Trial, keeping: Keeping): SafetyWishes {
  return keeping === 'in the vault'
    ? { inVault: safetyInVault(engine), folders: [], goOnWithout: false }
    : { inVault: null, folders: [keep], goOnWithout: false };
}

/** Restores and writes the record as jobs do: through JSON. */
async function restoreWithRecord(
  { engine, made, path }: Trial,
  safety: SafetyWishes,
): Promise<{ readonly result: InPlaceResult; readonly record: UndoRequest['record'] }> {
  let told: SafetyPoint | null = null;
  const onSafetyPoint = async (point: SafetyPoint | null): Promise<void> => void (told = point);
  const result = await restoreBackup(engine, made, path, { safety, onSafetyPoint });
  expect(result.safety).toEqual(told);
  const { target, targetMark } = result;
  const record = { run: 'a run' as UndoRecord['run'], target, safety: result.safety, targetMark };
  return { result, record: JSON.parse(JSON.stringify(record)) as UndoRequest['record'] };
}

async function undo(
  { engine }: Trial,
  record: UndoRequest['record'],
  wishes: Partial<UndoRequest> = {},
): Promise<InPlaceResult> {
  const tools = restoreToolsOf(engine);
  const { safety } = record;
  let from: UndoRequest['from'] = null;
  if (safety.kind === 'point') {
    const index = await readPointIndex(engine.vault, engine.report);
    const ref = index.live.find(({ id }) => id === safety.point);
    if (ref === undefined) throw new Error('the safety point is not in the vault');
    const { point } = await loadManifest(engine.vault, ref, engine.report);
    from = { vault: engine.vault, point, notes: index.notes };
  }
  const onSafetyPoint = async (): Promise<void> => undefined;
  return undoRestore({
    tools,
    record,
    from,
    evenIfChanged: false,
    safety: NO_SAFETY,
    onSafetyPoint,
    ...wishes,
  });
}

const contentAt = (path: string): Buffer => contentOfDatabase(readFileSync(path));

describe.each(keepings)('kept %s', (keeping) => {
  test('the state before a restore comes back, byte for byte', async () => {
    const trial = await startTrial();
    const before = contentAt(trial.path);
    const { record } = await restoreWithRecord(trial, wishesOf(trial, keeping));
    expect(contentAt(trial.path).equals(before)).toBe(false);

    const undone = await undo(trial, record);

    expect(undone.way.kind).toBe('through-sqlite');
    expect(contentAt(trial.path).equals(before)).toBe(true);
    expect(filesAround(trial.path)).toEqual(['ledger.db']);
  });

  test('an open CRM sees the rows come and go', async () => {
    const trial = await startTrial();
    editDatabase(trial.path, 'PRAGMA journal_mode = WAL');
    const crm = startSqlitePeer(trial.path);
    const today = "SELECT count(*) FROM entries WHERE text = 'of today'";
    const { record } = await restoreWithRecord(trial, wishesOf(trial, keeping));
    expect(await crm.run(today)).toEqual([[0]]);
    await undo(trial, record);
    expect(await crm.run(today)).toEqual([[400]]);
    await crm.close();
  });

  test('what was written since is not lost: refused, and kept first when told to go on', async () => {
    const trial = await startTrial();
    const before = contentAt(trial.path);
    const { record } = await restoreWithRecord(trial, wishesOf(trial, keeping));
    editDatabase(trial.path, "INSERT INTO entries (kind, text) VALUES ('k', 'since')");
    const since = contentAt(trial.path);

    await expect(undo(trial, record)).rejects.toMatchObject({
      failure: { code: 'target-changed' },
    });
    expect(contentAt(trial.path).equals(since)).toBe(true);

    const safety = wishesOf(trial, keeping);
    const undone = await undo(trial, record, { evenIfChanged: true, safety });
    expect(contentAt(trial.path).equals(before)).toBe(true);

    const again = { ...record, safety: undone.safety, targetMark: undone.targetMark };
    if (again.safety === null) throw new Error('the state since was not kept');
    await undo(trial, { ...again, safety: again.safety });
    expect(contentAt(trial.path).equals(since)).toBe(true);
  });

  test('forced, but with no way to keep what was written since: refused', async () => {
    const trial = await startTrial();
    const { record } = await restoreWithRecord(trial, wishesOf(trial, keeping));
    editDatabase(trial.path, 'DELETE FROM entries WHERE id = 3');
    const since = readFileSync(trial.path);
    const safety = { inVault: null, folders: [], goOnWithout: false };
    const forced = undo(trial, record, { evenIfChanged: true, safety });
    await expect(forced).rejects.toMatchObject({ failure: { code: 'no-safety-point' } });
    expect(readFileSync(trial.path).equals(since)).toBe(true);
  });

  test('opened and closed by the CRM, even written back to what it was: not a change', async () => {
    const trial = await startTrial();
    const before = contentAt(trial.path);
    const { record } = await restoreWithRecord(trial, wishesOf(trial, keeping));
    const counter = readFileSync(trial.path).readUInt32BE(24);
    editDatabase(trial.path, 'PRAGMA journal_mode = WAL', 'PRAGMA journal_mode = DELETE');
    expect(readFileSync(trial.path).readUInt32BE(24)).toBeGreaterThan(counter);
    await undo(trial, record);
    expect(contentAt(trial.path).equals(before)).toBe(true);
  });

  test('after a swap to another page size', async () => {
    const trial = await startTrial(1024);
    rmSync(trial.path);
    createLedger(trial.path, { rows: 300, seed: 9, pageSize: 4096 });
    const before = readFileSync(trial.path);
    const { record, result } = await restoreWithRecord(trial, wishesOf(trial, keeping));
    expect(result.way.kind).toBe('swap');
    await undo(trial, record);
    expect(readFileSync(trial.path).equals(before)).toBe(true);
  });

  test('a database so damaged that it was kept as found comes back as found, log and all', async () => {
    const trial = await startTrial();
    editDatabase(trial.path, 'PRAGMA journal_mode = WAL');
    const crm = startSqlitePeer(trial.path);
    await crm.run("UPDATE entries SET text = 'only in the log'");
    await crm.kill();
    truncateSync(trial.path, 0);
    const log = readFileSync(`${trial.path}-wal`);
    const { record, result } = await restoreWithRecord(trial, wishesOf(trial, keeping));
    expect(result.way.kind).toBe('file-by-file');
    expect(filesAround(trial.path)).toEqual(['ledger.db']);

    const undone = await undo(trial, record);

    expect(undone.way).toEqual({ kind: 'file-by-file', because: 'stored-raw' });
    expect(statSync(trial.path).size).toBe(0);
    expect(readFileSync(`${trial.path}-wal`).equals(log)).toBe(true);
  });
});

describe('what is kept for undoing', () => {
  test('the vault full: it goes into the folder with room', async () => {
    const trial = await startTrial();
    const inVault = async (): Promise<never> => Promise.reject(new Error('full'));
    const safety = {
      inVault,
      folders: [join(trial.keep, 'missing', 'x'), trial.keep],
      goOnWithout: false,
    };
    writeFileSync(join(trial.keep, 'missing'), '');
    const { record } = await restoreWithRecord(trial, safety);
    expect(record.safety).toMatchObject({ kind: 'folder' });
  });

  test('gone or damaged: undo says so and changes nothing', async () => {
    const trial = await startTrial();
    const { record } = await restoreWithRecord(trial, wishesOf(trial, 'in a local folder'));
    const restored = readFileSync(trial.path);
    if (record.safety.kind !== 'folder') throw new Error('kept elsewhere');
    const { path } = record.safety;

    appendFileSync(join(path, 'ledger.db'), 'x');
    await expect(undo(trial, record)).rejects.toMatchObject({
      failure: { code: 'object-damaged' },
    });
    rmSync(path, { recursive: true });
    await expect(undo(trial, record)).rejects.toMatchObject({ failure: { code: 'undo-missing' } });
    expect(readFileSync(trial.path).equals(restored)).toBe(true);
    expect(filesAround(trial.path)).toEqual(['ledger.db']);
  });

  test('a record that nobody can read any more counts as changed', async () => {
    const trial = await startTrial();
    const { record } = await restoreWithRecord(trial, wishesOf(trial, 'in a local folder'));
    const changed = undo(trial, { ...record, targetMark: { kind: 'something' } });
    await expect(changed).rejects.toMatchObject({ failure: { code: 'target-changed' } });
  });

  test('a copy that could not be finished leaves nothing', async () => {
    const trial = await startTrial();
    const controller = new AbortController();
    const tools = restoreToolsOf(trial.engine, {
      signal: controller.signal,
      onProgress: ({ phase }) => phase === 'safety-point' && controller.abort(),
    });
    const before = readFileSync(trial.path);
    const safety = wishesOf(trial, 'in a local folder');
    const restore = restoreBackup(trial.engine, trial.made, trial.path, { tools, safety });
    await expect(restore).rejects.toMatchObject({ failure: { code: 'cancelled' } });
    expect(readdirSync(trial.keep)).toEqual([]);
    expect(readFileSync(trial.path).equals(before)).toBe(true);
    expect(filesAround(trial.path)).toEqual(['ledger.db']);
  });

  test('rows of the safety copy can be read without Holdfast', async () => {
    const trial = await startTrial();
    const { record } = await restoreWithRecord(trial, wishesOf(trial, 'in a local folder'));
    if (record.safety.kind !== 'folder') throw new Error('kept elsewhere');
    const db = new Database(join(record.safety.path, 'ledger.db'), { readonly: true });
    const sql = "SELECT count(*) FROM entries WHERE text = 'of today'";
    expect(db.prepare(sql).pluck().get()).toBe(400);
    db.close();
  });
});
