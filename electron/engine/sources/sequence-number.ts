// The highest row number that AUTOINCREMENT ever gave out in a table: part of the state that an undo brings back.
import type Database from 'better-sqlite3';
import type { TableShape } from './table-shape.ts';

/** Null where the table has none, or none yet. */
export function readSequence(database: Database.Database, shape: TableShape): number | null {
  if (!shape.isAutoIncrement || !hasSequences(database)) return null;
  const sql = 'SELECT seq FROM main.sqlite_sequence WHERE name = ?';
  return database.prepare<[string], number>(sql).pluck().get(shape.name) ?? null;
}

/** Sets it back; null takes it away. */
export function writeSequence(
  database: Database.Database,
  shape: TableShape,
  sequence: number | null,
): void {
  if (sequence === null) {
    database.prepare('DELETE FROM main.sqlite_sequence WHERE name = ?').run(shape.name);
    return;
  }
  database
    .prepare('UPDATE main.sqlite_sequence SET seq = ? WHERE name = ?')
    .run(BigInt(sequence), shape.name);
}

function hasSequences(database: Database.Database): boolean {
  const sql = `SELECT count(*) FROM main.sqlite_schema WHERE name = 'sqlite_sequence'`;
  return database.prepare<[], number>(sql).pluck().get() === 1;
}
