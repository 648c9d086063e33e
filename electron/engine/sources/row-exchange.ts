// Takes rows out of live tables and puts others in, all tables together: what a restore of rows and its undo both are.
// Promise: exactly the rows in the `put` and `drop` tables are touched; their previous content is in `prev` afterwards.
// The caller holds the transaction, has held the triggers, and judges broken references.
import type Database from 'better-sqlite3';
import { quoteName } from './quote-name.ts';
import type { TableColumn, TableShape } from './table-shape.ts';

/** A live table whose rows are exchanged. Its temporary tables hold the row number `r` and columns `c0`, `c1`, ... */
export interface ExchangeTable {
  readonly number: number;
  readonly shape: TableShape;
  /** Columns that are written: all but computed ones. */
  readonly columns: readonly TableColumn[];
  /** Key columns of the live table as SQL names. */
  readonly keys: readonly string[];
}

/** Rows that are written. */
export const putTable = ({ number }: ExchangeTable): string => `temp.holdfast_put_${number}`;
/** Keys (`k0`, ...) of rows that go. */
export const dropTable = ({ number }: ExchangeTable): string => `temp.holdfast_drop_${number}`;
/** Rows as they were. */
export const prevTable = ({ number }: ExchangeTable): string => `temp.holdfast_prev_${number}`;

/** The live table as SQL. */
export const liveTable = ({ shape }: ExchangeTable): string => `main.${quoteName(shape.name)}`;

/** Names of the columns in `put` and `prev`. */
export const slotNames = ({ columns }: ExchangeTable): readonly string[] =>
  columns.map((_, index) => `c${index}`);

/** Names of the key columns in `drop`. */
export const keySlots = ({ keys }: ExchangeTable): readonly string[] =>
  keys.map((_, index) => `k${index}`);

/** Names of the key columns in `put` and `prev`. */
export function keysInSlots(table: ExchangeTable): readonly string[] {
  const { key } = table.shape;
  if (key.kind !== 'columns') return ['r'];
  return key.columns.map((name) => slotOf(table, name) ?? 'NULL');
}

/** The name in `put` and `prev` of a column, or null for a computed one. */
export function slotOf(table: ExchangeTable, column: string): string | null {
  const index = table.columns.findIndex((each) => each.name.toLowerCase() === column.toLowerCase());
  return index < 0 ? null : `c${index}`;
}

/** `a.x = b.y AND ...` */
export function equalSql(
  a: string,
  columnsOfA: readonly string[],
  b: string,
  columnsOfB: readonly string[],
): string {
  return columnsOfA
    .map((column, index) => `${a}.${column} = ${b}.${columnsOfB[index] ?? 'NULL'}`)
    .join(' AND ');
}

/**
 * The same where `a` is one of our temporary tables, looked up by its index: without `+` SQLite would compare by the rules
 * of `b`'s column type, which an index over columns without a type cannot serve.
 */
export function lookUpSql(
  a: string,
  columnsOfA: readonly string[],
  b: string,
  columnsOfB: readonly string[],
): string {
  return columnsOfA
    .map((column, index) => `${a}.${column} = +${b}.${columnsOfB[index] ?? 'NULL'}`)
    .join(' AND ');
}

/** Makes the empty temporary tables of an exchange; they go with the connection. */
export function createExchange(
  database: Database.Database,
  tables: readonly ExchangeTable[],
): void {
  for (const table of tables) {
    const slots = ['r', ...slotNames(table)].join(', ');
    // Without types SQLite keeps every value as it is.
    database.exec(`CREATE TABLE ${putTable(table)} (${slots})`);
    database.exec(`CREATE TABLE ${prevTable(table)} (${slots})`);
    database.exec(`CREATE TABLE ${dropTable(table)} (${keySlots(table).join(', ')})`);
    addIndex(database, putTable(table), keysInSlots(table));
    addIndex(database, dropTable(table), keySlots(table));
  }
}

function addIndex(database: Database.Database, table: string, columns: readonly string[]): void {
  const name = table.slice('temp.'.length);
  database.exec(`CREATE INDEX temp.${name}_by_key ON ${name} (${columns.join(', ')})`);
}

/** Notes the present content of all rows that will be touched. */
export function notePrevious(database: Database.Database, tables: readonly ExchangeTable[]): void {
  for (const table of tables) {
    const columns = table.columns.map((column) => `m.${quoteName(column.name)}`);
    const list = [
      table.shape.hiddenRowId === null ? 'NULL' : `m.${table.shape.hiddenRowId}`,
      ...columns,
    ].join(', ');
    const live = liveTable(table);
    const ofPut = equalSql('m', table.keys, 'p', keysInSlots(table));
    const ofDrop = equalSql('m', table.keys, 'd', keySlots(table));
    // UNION would compare whole rows; a key is in one of the two only, or the undo of a forced restore has it in both.
    database.exec(`INSERT INTO ${prevTable(table)}
      SELECT ${list} FROM ${putTable(table)} p CROSS JOIN ${live} m ON ${ofPut}`);
    database.exec(`INSERT INTO ${prevTable(table)}
      SELECT ${list} FROM ${dropTable(table)} d CROSS JOIN ${live} m ON ${ofDrop}
      WHERE NOT EXISTS (SELECT 1 FROM ${putTable(table)} p WHERE ${lookUpSql('p', keysInSlots(table), 'd', keySlots(table))})`);
  }
}

/** Out with the noted rows, in with the new ones. */
export function exchangeRows(database: Database.Database, tables: readonly ExchangeTable[]): void {
  // All out before any in: a value that must be unique may pass from one row to another.
  for (const table of tables) {
    const keys = table.keys.join(', ');
    const gone = `SELECT ${keysInSlots(table).join(', ')} FROM ${prevTable(table)}`;
    database.exec(`DELETE FROM ${liveTable(table)} WHERE (${keys}) IN (${gone})`);
  }
  for (const table of tables) putRows(database, table);
}

function putRows(database: Database.Database, table: ExchangeTable): void {
  const { hiddenRowId } = table.shape;
  const live = liveTable(table);
  const names = table.columns.map((column) => quoteName(column.name));
  const slots = slotNames(table);
  const put = putTable(table);
  if (hiddenRowId === null) {
    database.exec(
      `INSERT INTO ${live} (${names.join(', ')}) SELECT ${slots.join(', ')} FROM ${put}`,
    );
    return;
  }
  // Rows keep their number where it is free; the others get one after all that have.
  const number = `CASE WHEN EXISTS (SELECT 1 FROM ${live} q WHERE q.${hiddenRowId} = p.r) THEN NULL ELSE p.r END`;
  database.exec(`INSERT INTO ${live} (${[hiddenRowId, ...names].join(', ')})
    SELECT * FROM (SELECT ${[`${number} AS r`, ...slots].join(', ')} FROM ${put} p) ORDER BY r IS NULL`);
}
