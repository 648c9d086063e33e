/** Small databases that change between backups and are closed, so that their file alone is their state. */
import Database from 'better-sqlite3';
import { createSeededRandom, type SeededRandom } from './seeded-random.ts';

/** Runs SQL on the database at `path` (made if need be) and closes it. */
export function editDatabase(path: string, ...statements: readonly string[]): void {
  withDatabase(path, (db) => statements.forEach((sql) => db.exec(sql)));
}

/** Opens the database at `path`, which is made if need be, and closes it again. */
export function withDatabase<T>(path: string, work: (db: Database.Database) => T): T {
  const db = new Database(path);
  try {
    return work(db);
  } finally {
    db.close();
  }
}

export interface LedgerOptions {
  /** Default 4096. */
  readonly pageSize?: number;
  readonly rows: number;
  readonly seed: number;
}

/** A database with one table of about 700 bytes a row that hardly compresses. */
export function createLedger(path: string, { pageSize = 4096, rows, seed }: LedgerOptions): void {
  withDatabase(path, (db) => {
    db.pragma(`page_size = ${pageSize}`);
    db.pragma('synchronous = OFF');
    db.exec('CREATE TABLE entries (id INTEGER PRIMARY KEY, kind TEXT, text TEXT)');
    db.exec('CREATE INDEX entries_by_kind ON entries (kind)');
    addEntries(db, rows, createSeededRandom(seed));
  });
}

function addEntries(db: Database.Database, rows: number, random: SeededRandom): void {
  const insert = db.prepare('INSERT INTO entries (kind, text) VALUES (?, ?)');
  db.transaction(() => {
    for (let row = 0; row < rows; row++) insert.run(random.token(8), random.token(680));
  })();
}

/** One step in the life of a ledger. Says what it did. */
export function changeLedger(path: string, random: SeededRandom): string {
  return withDatabase(path, (db) => {
    db.pragma('synchronous = OFF');
    const step = random.below(10);
    if (step < 4) return updateSome(db, random, random.between(1, 12));
    if (step === 4) return updateSome(db, random, 400);
    if (step === 5) return grow(db, random);
    if (step === 6) return shrink(db, random);
    if (step === 7) return overwriteFreed(db, random);
    if (step === 8) return 'nothing';
    return rollBack(db, random);
  });
}

function updateSome(db: Database.Database, random: SeededRandom, rows: number): string {
  const last = Number(db.prepare('SELECT max(id) FROM entries').pluck().get());
  const update = db.prepare('UPDATE entries SET text = ? WHERE id = ?');
  db.transaction(() => {
    for (let row = 0; row < rows; row++) update.run(random.token(680), random.between(1, last));
  })();
  return `updated ${rows}`;
}

function grow(db: Database.Database, random: SeededRandom): string {
  addEntries(db, random.between(50, 300), random);
  return 'grew';
}

function shrink(db: Database.Database, random: SeededRandom): string {
  const last = Number(db.prepare('SELECT max(id) FROM entries').pluck().get());
  db.prepare('DELETE FROM entries WHERE id > ?').run(
    Math.floor((last * random.between(60, 95)) / 100),
  );
  db.exec('VACUUM');
  return 'shrank';
}

/** With secure_delete, as several systems ship SQLite, freed pages become all zeros. */
function overwriteFreed(db: Database.Database, random: SeededRandom): string {
  db.pragma('secure_delete = ON');
  const last = Number(db.prepare('SELECT max(id) FROM entries').pluck().get());
  const first = random.between(1, last);
  db.prepare('DELETE FROM entries WHERE id BETWEEN ? AND ?').run(first, first + 60);
  return 'overwrote freed pages';
}

function rollBack(db: Database.Database, random: SeededRandom): string {
  db.exec('BEGIN');
  updateSomeIn(db, random);
  db.exec('ROLLBACK');
  return 'rolled back';
}

function updateSomeIn(db: Database.Database, random: SeededRandom): void {
  db.prepare('UPDATE entries SET text = ? WHERE id % 5 = 0').run(random.token(680));
}
