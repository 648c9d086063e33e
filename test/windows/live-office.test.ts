/** A day of a CRM on Windows that never closes its database: kept while it writes, brought back under it, taken back. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { NO_SAFETY, type SafetyPoint } from '../../electron/engine/restore/make-safety-point.ts';
import { undoRestore } from '../../electron/engine/restore/undo-restore.ts';
import { loadManifest, readPointIndex } from '../../electron/engine/vault/point-index.ts';
import type { UndoRecord } from '../../shared/model/run.ts';
import { createLedger, editDatabase, withDatabase } from '../support/quiet-database.ts';
import {
  contentOfDatabase,
  filesAround,
  restoreBackup,
  restoreInto,
  restoreToolsOf,
  safetyInVault,
} from '../support/restore-trial.ts';
import { startSqlitePeer } from '../support/start-sqlite-peer.ts';
import { startTransferWriter } from '../support/start-transfer-writer.ts';
import { openTestEngine, type TestEngine } from '../support/test-engine.ts';
import { findLedgerDamage, makeLedger } from '../support/transfer-ledger.ts';
import { holdFile } from '../support/windows/start-holder.ts';
import { verifyAll } from '../support/windows/verify-all.ts';

type Made = Awaited<ReturnType<TestEngine['backup']>>;

async function openOffice(name = 'crm.db') {
  const engine = await openTestEngine();
  mkdirSync(join(engine.folder, 'crm'));
  return { engine, path: join(engine.folder, 'crm', name) };
}

const contentAt = (path: string): Buffer => contentOfDatabase(readFileSync(path));

/** Transactions that the writer has committed so far, as seen by a reader of our own. */
const doneAt = (path: string): number =>
  withDatabase(path, (db) => {
    db.pragma('busy_timeout = 10000');
    return Number(db.prepare('SELECT transactions FROM done').pluck().get());
  });

async function waitForWork(path: string): Promise<void> {
  const before = doneAt(path);
  await expect.poll(() => doneAt(path), { timeout: 60_000 }).not.toBe(before);
}

describe.each([
  ['WAL', 'wal', 'appending'],
  ['rollback', 'delete', 'rollback'],
] as const)('a CRM in %s mode that never stops writing', (_, journalMode, profile) => {
  test('is kept whole in a full backup and two increments, checked byte by byte and restored', async () => {
    const { engine, path } = await openOffice();
    makeLedger(path, { journalMode });
    const writer = await startTransferWriter(path, 5, profile);
    const points: Made[] = [await engine.backup(path)];
    for (let more = 0; more < 2; more++) {
      await waitForWork(path);
      points.push(await engine.backup(path, { kind: 'incremental' }));
    }
    await writer.stop();
    points.push(await engine.backup(path, { kind: 'incremental' }));

    // Later ones may begin a new family: the writer leaves little of the first.
    expect(points.slice(0, 2).map(({ point }) => point.kind)).toEqual(['full', 'incremental']);
    expect(points.map(({ point }) => point.sources[0]?.label)).toEqual(
      points.map(() => 'transactional'),
    );
    expect(await verifyAll(engine)).toMatchObject({ points: 4, damage: [] });
    for (const [index, made] of points.entries()) {
      const out = join(engine.folder, `out ${index}`);
      await restoreInto(engine, made, out);
      const copy = join(out, 'crm.db');
      const isLast = index === points.length - 1;
      if (isLast) expect(readFileSync(copy).equals(readFileSync(path))).toBe(true);
      expect(findLedgerDamage(copy, null)).toEqual([]);
    }
  });

  test('sees yesterday’s rows at once when they are brought back under it, and today’s after the undo', async () => {
    const { engine, path } = await openOffice();
    createLedger(path, { rows: 600, seed: 4 });
    editDatabase(path, `PRAGMA journal_mode = ${journalMode}`);
    const made = await engine.backup(path);
    const crm = startSqlitePeer(path);
    const changed = "SELECT count(*) FROM entries WHERE text = 'of today'";
    await crm.run("UPDATE entries SET text = 'of today' WHERE id <= 100");
    expect(await crm.run(changed)).toEqual([[100]]);

    let safety: SafetyPoint | null = null;
    const result = await restoreBackup(engine, made, path, {
      safety: { inVault: safetyInVault(engine), folders: [], goOnWithout: false },
      onSafetyPoint: async (point) => void (safety = point),
    });
    expect(result).toMatchObject({ way: { kind: 'through-sqlite' }, heldBy: null });
    expect(await crm.run(changed)).toEqual([[0]]);
    expect(await crm.run('PRAGMA integrity_check')).toEqual([['ok']]);

    const { notes, live } = await readPointIndex(engine.vault, engine.report);
    const kept = safety as SafetyPoint | null;
    const ref = live.find(({ id }) => kept?.kind === 'point' && id === kept.point);
    if (ref === undefined || kept === null) throw new Error('nothing was kept');
    const { point } = await loadManifest(engine.vault, ref, engine.report);
    const undone = await undoRestore({
      tools: restoreToolsOf(engine),
      record: {
        run: 'a run' as UndoRecord['run'],
        target: result.target,
        safety: kept,
        targetMark: result.targetMark,
      },
      from: { vault: engine.vault, point, notes },
      evenIfChanged: false,
      safety: NO_SAFETY,
      onSafetyPoint: async () => undefined,
    });
    expect(undone.way).toEqual({ kind: 'through-sqlite' });
    expect(await crm.run(changed)).toEqual([[100]]);
    await crm.close();
    expect(filesAround(path)).toEqual(['crm.db']);
  });

  test('a file that it has open is not pulled away under it, and stays as it is', async () => {
    const { engine, path } = await openOffice();
    createLedger(path, { rows: 300, seed: 4, pageSize: 8192 });
    const made = await engine.backup(path);
    // Another page size cannot come back through SQLite: the file would have to be replaced.
    editDatabase(path, 'PRAGMA page_size = 4096', 'VACUUM', `PRAGMA journal_mode = ${journalMode}`);
    const crm = startSqlitePeer(path);
    await crm.run('SELECT count(*) FROM entries');
    const before = contentAt(path);
    await expect(restoreBackup(engine, made, path)).rejects.toMatchObject({
      failure: { code: 'target-in-use', by: null },
    });
    expect(await crm.run('SELECT count(*) FROM entries')).toEqual([[300]]);
    await crm.close();
    expect(contentAt(path).equals(before)).toBe(true);
    await restoreBackup(engine, made, path);
    expect(filesAround(path)).toEqual(['crm.db']);
  });
});

test.each(['truncate', 'persist'])(
  'a CRM that keeps its journal open (%s mode) has to be closed for it, and is told so before anything is written',
  async (journalMode) => {
    const { engine, path } = await openOffice();
    createLedger(path, { rows: 300, seed: 4 });
    const made = await engine.backup(path);
    editDatabase(path, "UPDATE entries SET text = 'of today'");
    const crm = startSqlitePeer(path);
    await crm.run(`PRAGMA journal_mode = ${journalMode}`);
    await crm.run('DELETE FROM entries WHERE id = 7');
    const before = readFileSync(path);
    await expect(restoreBackup(engine, made, path)).rejects.toMatchObject({
      failure: { code: 'target-in-use' },
    });
    expect(readFileSync(path).equals(before)).toBe(true);
    expect(await crm.run('SELECT count(*) FROM entries')).toEqual([[299]]);
    await crm.close();
    await restoreBackup(engine, made, path);
    expect(contentAt(path).length).toBeGreaterThan(0);
    expect(withDatabase(path, (db) => db.pragma('integrity_check', { simple: true }))).toBe('ok');
  },
);

describe('what SQLite cannot open is replaced as a file', () => {
  async function backUpAndBreak(left: string) {
    const { engine, path } = await openOffice();
    createLedger(path, { rows: 300, seed: 4 });
    const truth = readFileSync(path);
    const made = await engine.backup(path);
    writeFileSync(path, left);
    return { engine, path, truth, made };
  }

  test.each([
    ['a file of something else', 'not a database'],
    ['a database of which only the beginning is left', 'SQLite format 3\0'],
    ['an empty file', ''],
  ])('%s', async (_, left) => {
    const { engine, path, truth, made } = await backUpAndBreak(left);
    const { way } = await restoreBackup(engine, made, path, {
      safety: { inVault: safetyInVault(engine), folders: [engine.folder], goOnWithout: false },
    });
    expect(['swap', 'file-by-file']).toContain(way.kind);
    expect(readFileSync(path).equals(truth)).toBe(true);
    expect(filesAround(path)).toEqual(['crm.db']);
  });

  test('but not while a program has it open: it stays, whole, until that lets it go', async () => {
    const { engine, path, truth, made } = await backUpAndBreak('not a database');
    const holder = await holdFile(path, 0);
    await expect(restoreBackup(engine, made, path)).rejects.toMatchObject({
      failure: { code: 'target-in-use' },
    });
    expect(readFileSync(path, 'utf8')).toBe('not a database');
    await holder.end();
    await restoreBackup(engine, made, path);
    expect(readFileSync(path).equals(truth)).toBe(true);
    expect(readdirSync(join(engine.folder, 'crm'))).toEqual(['crm.db']);
  });
});
