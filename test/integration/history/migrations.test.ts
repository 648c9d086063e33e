import Database from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import { migrate, migrations, NewerHistoryError } from '../../../electron/history/migrate.ts';

const atVersion = (version: number): Database.Database => {
  const db = new Database(':memory:');
  onTestFinished(() => {
    db.close();
  });
  migrate(db, version);
  return db;
};
const tablesOf = (db: Database.Database): unknown[] =>
  db.prepare(`SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name`).pluck().all();
const insertRun = `INSERT INTO runs (id, kind, started_at_ms, state) VALUES ('r1', 'backup', 1, 'ok')`;
const insertEvidence = `INSERT INTO evidence (run_id, vault_id, source_id, point_id, kind, at_ms)
  VALUES ('r1', 'v', 's', 'p', 'copy', 1)`;

test('steps are numbered without a gap, so that none is left out', () => {
  expect(migrations.map(({ version }) => version)).toEqual([1, 2, 3, 4, 5]);
});

test('0001: a new history can hold runs', () => {
  const db = atVersion(1);
  expect(db.pragma('user_version', { simple: true })).toBe(1);
  expect(tablesOf(db)).toEqual(['runs']);
  db.exec(insertRun);
  expect(db.prepare('SELECT phase_ms, problems, failure, is_rebuilt FROM runs').get()).toEqual({
    phase_ms: '{}',
    problems: '[]',
    failure: null,
    is_rebuilt: 0,
  });
});

test('0002: runs recorded before keep, and evidence hangs on them', () => {
  const db = atVersion(1);
  db.exec(insertRun);
  migrate(db, 2);
  expect(tablesOf(db)).toEqual(['evidence', 'runs', 'sightings']);
  expect(db.prepare('SELECT id FROM runs').pluck().all()).toEqual(['r1']);
  db.pragma('foreign_keys = ON');
  db.exec(insertEvidence);
  expect(() => db.exec(insertEvidence.replace('r1', 'r2'))).toThrow(/FOREIGN KEY/u);
});

test('0003: runs and evidence recorded before keep, and restores can be undone', () => {
  const db = atVersion(2);
  db.exec(insertRun);
  db.exec(insertEvidence);
  migrate(db, 3);
  expect(tablesOf(db)).toEqual(['evidence', 'runs', 'sightings', 'undo']);
  expect(db.prepare('SELECT count(*) FROM evidence').pluck().get()).toBe(1);
  db.exec(`INSERT INTO undo VALUES ('r1', 1, '/crm.db', '{}', 'null', NULL, NULL)`);
});

test('0004: what was seen before keeps, and disks can be remembered', () => {
  const db = atVersion(3);
  db.exec(`INSERT INTO sightings VALUES ('v', '/disk', 1, NULL, NULL)`);
  migrate(db, 4);
  expect(tablesOf(db)).toEqual(['disks', 'evidence', 'runs', 'sightings', 'undo']);
  expect(db.prepare('SELECT vault_id FROM sightings').pluck().all()).toEqual(['v']);
  db.exec(`INSERT INTO disks VALUES ('v', 's', 1)`);
});

test('0005: runs recorded before keep, without commands around them', () => {
  const db = atVersion(4);
  db.exec(insertRun);
  migrate(db, 5);
  expect(db.prepare('SELECT id, actions FROM runs').get()).toEqual({ id: 'r1', actions: '[]' });
});

test('a step that fails leaves the history as it was', () => {
  const db = atVersion(1);
  db.exec(insertRun);
  db.exec('CREATE TABLE undo (something)');
  expect(() => migrate(db)).toThrow(/already exists/u);
  expect(db.pragma('user_version', { simple: true })).toBe(1);
  expect(tablesOf(db)).toEqual(['runs', 'undo']);
});

test('a second start finds nothing to do, a newer history is refused', () => {
  const db = atVersion(5);
  expect(migrate(db)).toBe(5);
  db.pragma('user_version = 6');
  expect(() => migrate(db)).toThrow(NewerHistoryError);
});
