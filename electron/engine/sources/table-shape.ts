// What the tables of an open database look like: columns, what tells their rows apart, what refers to what.
// Promise: read from SQLite's own tables of contents, never from the text of CREATE statements.
import type Database from 'better-sqlite3';
import { quoteName } from './quote-name.ts';

export type Affinity = 'integer' | 'real' | 'numeric' | 'text' | 'blob';

export interface TableColumn {
  readonly name: string;
  readonly declaredType: string;
  readonly affinity: Affinity;
  readonly isNotNull: boolean;
  /** Computed by SQLite from other columns; cannot be written. */
  readonly isGenerated: boolean;
  /** Its default as an SQL expression. */
  readonly defaultSql: string | null;
}

/** What tells the rows of a table apart. */
export type TableKey =
  | { readonly kind: 'columns'; readonly columns: readonly string[] }
  /** SQLite's own number of the row; `name` is a name of it that no column hides. */
  | { readonly kind: 'row-number'; readonly name: string }
  | { readonly kind: 'none' };

export interface TableShape {
  readonly name: string;
  readonly columns: readonly TableColumn[];
  readonly key: TableKey;
  /** A name of the row number where it is no column, and the table has one; else null. */
  readonly hiddenRowId: string | null;
  readonly isAutoIncrement: boolean;
}

/** One reference between tables; column lists have the same length. */
export interface ForeignKey {
  readonly child: string;
  readonly from: readonly string[];
  readonly parent: string;
  readonly to: readonly string[];
  readonly onDelete: string;
}

export interface UniqueIndex {
  readonly columns: readonly string[];
}

/** Ordinary tables of a schema by lower-case name; SQLite's own, virtual and shadow tables are left out. */
export function readTableShapes(
  database: Database.Database,
  schema: string,
): ReadonlyMap<string, TableShape> {
  const sql = `SELECT name, wr, strict FROM pragma_table_list
    WHERE schema = ? AND type = 'table' AND name NOT LIKE 'sqlite~_%' ESCAPE '~' ORDER BY name`;
  const tables = database
    .prepare<[string], { name: string; wr: number; strict: number }>(sql)
    .all(schema);
  const automatic = findAutoIncrement(database, schema);
  return new Map(
    tables.map(({ name, wr, strict }) => {
      const isAutoIncrement = automatic.has(name.toLowerCase());
      const flags = { isWithoutRowId: wr === 1, isStrict: strict === 1, isAutoIncrement };
      return [name.toLowerCase(), readShape(database, schema, name, flags)];
    }),
  );
}

interface ColumnRow {
  readonly name: string;
  readonly type: string;
  readonly notnull: number;
  readonly dflt_value: string | null;
  readonly pk: number;
  readonly hidden: number;
}

interface TableFlags {
  readonly isWithoutRowId: boolean;
  readonly isStrict: boolean;
  readonly isAutoIncrement: boolean;
}

function readShape(
  database: Database.Database,
  schema: string,
  name: string,
  flags: TableFlags,
): TableShape {
  const rows = database
    .prepare<[string, string], ColumnRow>('SELECT * FROM pragma_table_xinfo(?, ?)')
    .all(name, schema)
    .filter((row) => row.hidden !== 1);
  const columns = rows.map((row) => ({
    name: row.name,
    declaredType: row.type,
    affinity: affinityOf(row.type, flags.isStrict),
    isNotNull: row.notnull === 1,
    isGenerated: row.hidden !== 0,
    defaultSql: row.dflt_value,
  }));
  const keyRows = rows.filter((row) => row.pk > 0).sort((a, b) => a.pk - b.pk);
  const isAlias =
    keyRows.length === 1 && !flags.isWithoutRowId && !hasKeyIndex(database, schema, name);
  const hiddenRowId = flags.isWithoutRowId || isAlias ? null : freeRowIdName(rows);
  const isSure =
    flags.isWithoutRowId ||
    isAlias ||
    keyRows.every((row) => row.notnull === 1) ||
    !hasNullIn(database, schema, name, keyRows);
  return {
    name,
    columns,
    hiddenRowId,
    isAutoIncrement: flags.isAutoIncrement,
    key: chooseKey(keyRows, isSure, hiddenRowId),
  };
}

/** Outside WITHOUT ROWID a declared key may hold NULLs, and then it tells nothing apart. */
function chooseKey(
  keyRows: readonly ColumnRow[],
  isSure: boolean,
  hiddenRowId: string | null,
): TableKey {
  if (keyRows.length > 0 && isSure) {
    return { kind: 'columns', columns: keyRows.map((row) => row.name) };
  }
  if (keyRows.length > 0 || hiddenRowId === null) return { kind: 'none' };
  return { kind: 'row-number', name: hiddenRowId };
}

/** Only a key that is the row number itself has no index. */
function hasKeyIndex(database: Database.Database, schema: string, table: string): boolean {
  const sql = `SELECT count(*) FROM pragma_index_list(?, ?) WHERE origin = 'pk'`;
  return database.prepare<[string, string], number>(sql).pluck().get(table, schema) !== 0;
}

function hasNullIn(
  database: Database.Database,
  schema: string,
  table: string,
  rows: readonly ColumnRow[],
): boolean {
  const isNull = rows.map((row) => `${quoteName(row.name)} IS NULL`).join(' OR ');
  const sql = `SELECT EXISTS (SELECT 1 FROM ${schema}.${quoteName(table)} WHERE ${isNull})`;
  return database.prepare<[], number>(sql).pluck().get() === 1;
}

function freeRowIdName(rows: readonly ColumnRow[]): string | null {
  const taken = new Set(rows.map((row) => row.name.toLowerCase()));
  return ['_rowid_', 'rowid', 'oid'].find((alias) => !taken.has(alias)) ?? null;
}

/** The word can stand nowhere else outside a string, a name or a comment: a false find only costs a look-up. */
function findAutoIncrement(database: Database.Database, schema: string): ReadonlySet<string> {
  const sql = `SELECT lower(name) FROM ${schema}.sqlite_schema
    WHERE type = 'table' AND lower(sql) LIKE '%autoincrement%'`;
  return new Set(database.prepare<[], string>(sql).pluck().all());
}

/** By the declared type (sqlite.org/datatype3.html, section 3.1). */
function affinityOf(declaredType: string, isStrict: boolean): Affinity {
  const type = declaredType.toUpperCase();
  if (isStrict && type === 'ANY') return 'blob';
  if (type.includes('INT')) return 'integer';
  if (/CHAR|CLOB|TEXT/.test(type)) return 'text';
  if (type === '' || type.includes('BLOB')) return 'blob';
  return /REAL|FLOA|DOUB/.test(type) ? 'real' : 'numeric';
}

/** Every reference between tables that are there, in a steady order. */
export function readForeignKeys(
  database: Database.Database,
  schema: string,
  shapes: ReadonlyMap<string, TableShape>,
): readonly ForeignKey[] {
  const statement = database.prepare<[string, string], ForeignKeyRow>(
    `SELECT id, "table" AS parent, "from" AS source, "to" AS target, on_delete AS onDelete
      FROM pragma_foreign_key_list(?, ?) ORDER BY id, seq`,
  );
  return [...shapes.values()].flatMap((shape) => {
    const rows = statement.all(shape.name, schema);
    return [...Map.groupBy(rows, (row) => row.id).values()].flatMap((parts) => {
      const key = toForeignKey(database, schema, shape, shapes, parts);
      return key === null ? [] : [key];
    });
  });
}

interface ForeignKeyRow {
  readonly id: number;
  readonly parent: string;
  readonly source: string;
  /** Null: the parent's primary key. */
  readonly target: string | null;
  readonly onDelete: string;
}

function toForeignKey(
  database: Database.Database,
  schema: string,
  child: TableShape,
  shapes: ReadonlyMap<string, TableShape>,
  parts: readonly ForeignKeyRow[],
): ForeignKey | null {
  const [first] = parts;
  const parent = first && shapes.get(first.parent.toLowerCase());
  if (first === undefined || parent === undefined) return null;
  const named = parts.flatMap((part) => (part.target === null ? [] : [part.target]));
  const to = named.length > 0 ? named : primaryKeyOf(database, schema, parent);
  const from = parts.map((part) => part.source);
  if (to.length !== from.length) return null;
  return { child: child.name, from, parent: parent.name, to, onDelete: first.onDelete };
}

/** Declared, whether or not it is usable to tell rows apart. */
function primaryKeyOf(
  database: Database.Database,
  schema: string,
  table: TableShape,
): readonly string[] {
  const sql = 'SELECT name FROM pragma_table_xinfo(?, ?) WHERE pk > 0 ORDER BY pk';
  return database.prepare<[string, string], string>(sql).pluck().all(table.name, schema);
}

/** Unique indexes over plain columns of every row; those over expressions or some rows only are left out. */
export function readUniqueIndexes(
  database: Database.Database,
  schema: string,
  table: TableShape,
): readonly UniqueIndex[] {
  const list = `SELECT name FROM pragma_index_list(?, ?) WHERE "unique" = 1 AND partial = 0`;
  const parts = `SELECT name FROM pragma_index_xinfo(?, ?) WHERE "key" = 1 ORDER BY seqno`;
  const columnsOf = database.prepare<[string, string], string | null>(parts).pluck();
  return database
    .prepare<[string, string], string>(list)
    .pluck()
    .all(table.name, schema)
    .map((index) => columnsOf.all(index, schema))
    .flatMap((columns) => (columns.every((column) => column !== null) ? [{ columns }] : []));
}
