import { appendFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { NO_SAFETY, type SafetyPoint } from '../../electron/engine/restore/make-safety-point.ts';
import type { PointToRestore } from '../../electron/engine/restore/restore-tools.ts';
import { undoRestore } from '../../electron/engine/restore/undo-restore.ts';
import { loadManifest, readPointIndex } from '../../electron/engine/vault/point-index.ts';
import type { PointId, RunId } from '../../shared/model/ids.ts';
import { restoreBackup, restoreToolsOf, safetyInVault } from '../support/restore-trial.ts';
import { startSqlitePeer } from '../support/start-sqlite-peer.ts';
import { openTestEngine, type TestEngine } from '../support/test-engine.ts';

async function backUpCustomers(journalMode: string) {
  const engine = await openTestEngine();
  mkdirSync(join(engine.folder, 'crm'));
  const path = join(engine.folder, 'crm', 'crm.db');
  const db = new Database(path);
  db.pragma(`journal_mode = ${journalMode}`);
  db.exec(`CREATE TABLE customers(id INTEGER PRIMARY KEY, name TEXT);
    INSERT INTO customers VALUES (1, 'Li')`);
  db.close();
  const made = await engine.backup(path);
  const crm = startSqlitePeer(path);
  await crm.run('PRAGMA busy_timeout = 20000');
  return { engine, path, made, crm };
}

const namesIn = (path: string): unknown[] => {
  const db = new Database(path, { readonly: true });
  const names = db.prepare('SELECT name FROM customers ORDER BY id').pluck().all();
  db.close();
  return names;
};

async function pointById(engine: TestEngine, id: PointId): Promise<PointToRestore> {
  const { vault, report } = engine;
  const { live, notes } = await readPointIndex(vault, report);
  const ref = live.find((each) => each.id === id);
  if (ref === undefined) throw new Error(`no point ${id}`);
  return { vault, point: (await loadManifest(vault, ref, report)).point, notes };
}

describe.each(['wal', 'delete'])('in %s mode', (journalMode) => {
  test('a customer entered while the present state is being kept is kept too', async () => {
    const { engine, path, made, crm } = await backUpCustomers(journalMode);
    const keep = safetyInVault(engine);
    const kept: SafetyPoint[] = [];
    let second: Promise<unknown> = Promise.resolve();
    const inVault = async (target: string) => {
      const safety = await keep(target);
      const entry = `INSERT INTO customers(name) VALUES ('entered ${kept.length + 1}')`;
      // The first one gets in between; the second one waits, for the restore or for the next time that it is kept.
      if (kept.length === 0) await crm.run(entry);
      if (kept.length === 1) second = crm.run(entry);
      kept.push(safety);
      return safety;
    };

    const result = await restoreBackup(engine, made, path, {
      safety: { inVault, folders: [], goOnWithout: false },
    });
    await second;

    expect(kept.length).toBeGreaterThan(1);
    expect(result.safety).toEqual(kept.at(-1));
    const live = namesIn(path);
    expect(live).not.toContain('entered 1');
    const [last] = kept.slice(-1);
    if (last?.kind !== 'point') throw new Error('it was not kept in the vault');
    await crm.close();
    const again = join(engine.folder, 'again.db');
    await restoreBackup(engine, await pointById(engine, last.point), again);
    const before = namesIn(again);
    expect(before.slice(0, 2)).toEqual(['Li', 'entered 1']);
    expect([...live, ...before]).toContain('entered 2');
  });

  test('an undo does not lose what is written after it found nothing changed', async () => {
    const { engine, path, made, crm } = await backUpCustomers(journalMode);
    await crm.run(`INSERT INTO customers(name) VALUES ('entered before')`);
    const safety = { inVault: safetyInVault(engine), folders: [], goOnWithout: false };
    const restored = await restoreBackup(engine, made, path, { safety });
    if (restored.safety?.kind !== 'point') throw new Error('it was not kept in the vault');

    const undone = undoRestore({
      tools: restoreToolsOf(engine),
      record: {
        run: '0'.repeat(32) as RunId,
        target: path,
        safety: restored.safety,
        targetMark: restored.targetMark,
      },
      from: await pointById(engine, restored.safety.point),
      evenIfChanged: false,
      safety: NO_SAFETY,
      // Comes after the comparison, and before the target is touched.
      onSafetyPoint: async () => {
        await crm.run(`INSERT INTO customers(name) VALUES ('entered late')`);
      },
    });

    await expect(undone).rejects.toMatchObject({ failure: { code: 'target-changed' } });
    await crm.close();
    expect(namesIn(path)).toEqual(['Li', 'entered late']);
  });
});

/** Opens, changes and closes: nobody has the file open when it is replaced. */
function edit(path: string, ...sql: readonly string[]): void {
  const db = new Database(path);
  for (const statement of sql) db.exec(statement);
  db.close();
}

const enter = (path: string): void => edit(path, "INSERT INTO customers(name) VALUES ('entered')");
const append = (path: string): void => appendFileSync(path, 'entered');
const changePages = ['PRAGMA journal_mode = delete', 'PRAGMA page_size = 8192', 'VACUUM'];

test.each([
  ['of another page size', (path: string) => edit(path, ...changePages), enter, 'swap'],
  [
    'of another page size, with a log',
    (path: string) => edit(path, ...changePages, 'PRAGMA journal_mode = wal'),
    enter,
    'swap',
  ],
  ['no database', (path: string) => writeFileSync(path, 'notes '.repeat(999)), append, 'swap'],
  [
    'that SQLite cannot open',
    (path: string) => writeFileSync(path, readFileSync(path).subarray(0, 2000)),
    append,
    'file-by-file',
  ],
] as const)(
  'a target %s: what is written while it is being kept is kept too, and nothing is kept twice',
  async (_target, prepare, write, way) => {
    const { engine, path, made, crm } = await backUpCustomers('delete');
    await crm.close();
    prepare(path);
    const undo = join(engine.folder, 'undo');
    mkdirSync(undo);
    const kept: (SafetyPoint | null)[] = [];
    const onSafetyPoint = async (safety: SafetyPoint | null): Promise<void> => {
      if (kept.push(safety) === 1) write(path);
    };
    const safety = { inVault: null, folders: [undo], goOnWithout: false };
    const result = await restoreBackup(engine, made, path, { safety, onSafetyPoint });

    expect(result.way.kind).toBe(way);
    expect(namesIn(path)).toEqual(['Li']);
    expect(kept).toHaveLength(2);
    const last = kept.at(-1);
    if (last?.kind !== 'folder') throw new Error('it was not kept');
    expect(result.safety).toEqual(last);
    expect(readdirSync(undo)).toEqual([basename(last.path)]);
    expect(readFileSync(join(last.path, basename(path))).includes('entered')).toBe(true);
  },
);

test.each([
  ['of another page size', (path: string) => edit(path, ...changePages), enter, 'swap'],
  ['no database', (path: string) => writeFileSync(path, 'notes '.repeat(999)), append, 'swap'],
  [
    'that SQLite cannot open',
    (path: string) => writeFileSync(path, readFileSync(path).subarray(0, 2000)),
    append,
    'file-by-file',
  ],
] as const)(
  'an undo that puts back a target %s does not lose what is written after it found nothing changed',
  async (_target, prepare, write, way) => {
    const { engine, path, made, crm } = await backUpCustomers('delete');
    await crm.close();
    prepare(path);
    const before = readFileSync(path);
    const { record, folder } = await restoreOverKept(engine, made, path);
    let puts = 0;
    const undo = (onSafetyPoint: () => Promise<void>) =>
      undoRestore({
        tools: restoreToolsOf(engine),
        record,
        from: null,
        evenIfChanged: false,
        safety: NO_SAFETY,
        onSafetyPoint,
      });
    const late = undo(async () => {
      puts += 1;
      enter(path);
    });
    await expect(late).rejects.toMatchObject({ failure: { code: 'target-changed' } });
    expect(puts).toBe(1);
    expect(namesIn(path)).toEqual(['Li', 'entered']);

    // The entry gone again, it is what the restore made of it.
    await restoreBackup(engine, made, path, {
      safety: { inVault: null, folders: [folder], goOnWithout: false },
    });
    const undone = await undo(async () => undefined);
    expect(undone.way.kind).toBe(way);
    expect(readFileSync(path).equals(before)).toBe(true);
    write(path);
  },
);

async function restoreOverKept(
  engine: TestEngine,
  made: Awaited<ReturnType<TestEngine['backup']>>,
  path: string,
) {
  const folder = join(engine.folder, 'undo');
  mkdirSync(folder);
  const safety = { inVault: null, folders: [folder], goOnWithout: false };
  const { target, targetMark, safety: kept } = await restoreBackup(engine, made, path, { safety });
  if (kept === null) throw new Error('it was not kept');
  return { folder, record: { run: '0'.repeat(32) as RunId, target, targetMark, safety: kept } };
}

test.each([
  ['through SQLite', () => undefined, 'through-sqlite'],
  ['by a swap', (path: string) => edit(path, ...changePages), 'swap'],
] as const)(
  'going on without undo %s: what was kept first stays, for its record does',
  async (_how, prepare, way) => {
    const { engine, path, made, crm } = await backUpCustomers('delete');
    await crm.close();
    prepare(path);
    const undo = join(engine.folder, 'undo');
    mkdirSync(undo);
    const kept: (SafetyPoint | null)[] = [];
    const onSafetyPoint = async (safety: SafetyPoint | null): Promise<void> => {
      if (kept.push(safety) === 1) enter(path);
    };
    // No room any more for the second copy.
    const safety = {
      inVault: null,
      goOnWithout: true,
      get folders() {
        return kept.length === 0 ? [undo] : [];
      },
    };
    const result = await restoreBackup(engine, made, path, { safety, onSafetyPoint });

    expect(result.way.kind).toBe(way);
    const [first] = kept;
    if (first?.kind !== 'folder') throw new Error('it was not kept');
    // Whoever recorded it was never told otherwise.
    expect(kept).toEqual([first]);
    expect(result.safety).toEqual(first);
    expect(readdirSync(undo)).toEqual([basename(first.path)]);
    expect(readFileSync(join(first.path, basename(path))).length).toBeGreaterThan(0);
  },
);
