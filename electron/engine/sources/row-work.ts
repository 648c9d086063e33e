// The ground on which rows are chosen: the tables that live database and copy share, and temporary tables that collect keys.
// State of a collected row: 0 missing in the live database, 1 as in the copy, 2 there with other content.
// Role: 0 chosen, 1 deleted together with a chosen one, 2 referred to by one that comes back.
import type Database from 'better-sqlite3';
import { BackupError } from '../../../shared/model/backup-error.ts';
import type { RowRestoreOptions } from '../../../shared/model/row-restore.ts';
import { quoteName } from './quote-name.ts';
import { differsSql } from './row-differs.ts';
import { equalSql, type ExchangeTable, keySlots } from './row-exchange.ts';
import { keyNames } from './row-identity.ts';
import {
  type ForeignKey,
  readForeignKeys,
  readTableShapes,
  type TableColumn,
  type TableShape,
} from './table-shape.ts';

/** A table of the live database that the copy has too, its rows told apart by the same key. */
export interface SharedTable extends ExchangeTable {
  readonly copy: TableShape;
  readonly copyKeys: readonly string[];
  /** Written columns that the copy has too. */
  readonly common: readonly TableColumn[];
}

export interface RowWork {
  readonly database: Database.Database;
  /** By lower-case name. */
  readonly tables: ReadonlyMap<string, SharedTable>;
  readonly live: ReadonlyMap<string, TableShape>;
  readonly copy: ReadonlyMap<string, TableShape>;
  readonly foreignKeys: readonly ForeignKey[];
  readonly options: RowRestoreOptions;
}

/** Collected keys `k0`, ... with `role`, `round` and `state`. */
export const setTable = ({ number }: ExchangeTable): string => `temp.holdfast_set_${number}`;
/** Keys of rows whose emptied links are set again. */
export const linkTable = ({ number }: ExchangeTable): string => `temp.holdfast_link_${number}`;
export const copyTable = ({ copy }: SharedTable): string => `copy.${quoteName(copy.name)}`;

/** Reads both schemas and makes the collecting tables. */
export function startRowWork(database: Database.Database, options: RowRestoreOptions): RowWork {
  const live = readTableShapes(database, 'main');
  const copy = readTableShapes(database, 'copy');
  const tables = new Map<string, SharedTable>();
  for (const [name, shape] of live) {
    const table = shareTable(shape, copy.get(name), tables.size);
    if (table === null) continue;
    tables.set(name, table);
    const keys = keySlots(table).join(', ');
    database.exec(
      `CREATE TABLE ${setTable(table)} (${keys}, role, round, state, PRIMARY KEY (${keys})) WITHOUT ROWID`,
    );
    database.exec(
      `CREATE TABLE ${linkTable(table)} (${keys}, PRIMARY KEY (${keys})) WITHOUT ROWID`,
    );
  }
  return {
    database,
    tables,
    live,
    copy,
    foreignKeys: readForeignKeys(database, 'main', live),
    options,
  };
}

/** Null where rows cannot be told apart by the same key then and now; `number` names its collecting tables. */
export function shareTable(
  live: TableShape,
  copy: TableShape | undefined,
  number: number,
): SharedTable | null {
  const keys = keyNames(live);
  const copyKeys = copy && keyNames(copy);
  if (copy === undefined || keys === null || copyKeys === null || copyKeys === undefined)
    return null;
  const isSame =
    live.key.kind === copy.key.kind &&
    (live.key.kind === 'row-number' || keys.join().toLowerCase() === copyKeys.join().toLowerCase());
  if (!isSame) return null;
  const columns = live.columns.filter((column) => !column.isGenerated);
  const common = columns.filter((column) => {
    const then = findColumn(copy, column.name);
    return then !== undefined && !then.isGenerated;
  });
  return { number, shape: live, columns, keys, copy, copyKeys, common };
}

/** By name, whatever the case. */
export function findColumn(shape: TableShape, name: string): TableColumn | undefined {
  return shape.columns.find((column) => column.name.toLowerCase() === name.toLowerCase());
}

/** The table that rows are chosen in. Throws table-missing, schema-differs, target-refused. */
export function requireTable(work: RowWork, name: string): SharedTable {
  const id = name.toLowerCase();
  const table = work.tables.get(id);
  if (table !== undefined) return table;
  if (!work.copy.has(id)) throw new BackupError({ code: 'table-missing', table: name });
  const detail = work.live.has(id)
    ? 'its rows cannot be told apart by the same key then and now'
    : 'the database no longer has this table';
  throw new BackupError({ code: 'schema-differs', table: name, detail });
}

/** SQL of the state of row `c` of the copy beside row `m` of the live table, joined by key. */
export function stateSql(table: SharedTable): string {
  return `CASE WHEN m.${table.keys[0]} IS NULL THEN 0 WHEN ${differsSql(table.common, 'c', 'm')} THEN 2 ELSE 1 END`;
}

/** `copy.T c LEFT JOIN main.T m` by key. */
export function thenAndNowSql(table: SharedTable): string {
  const live = `main.${quoteName(table.shape.name)}`;
  return `${copyTable(table)} c LEFT JOIN ${live} m ON ${equalSql('m', table.keys, 'c', table.copyKeys)}`;
}

/** Condition on row `s` of a set table: it is written. Rows that only come along never replace what is there. */
export function writtenSql({ options }: RowWork, s: string): string {
  return options.onConflict === 'replace'
    ? `(${s}.state = 0 OR (${s}.state = 2 AND ${s}.role = 0))`
    : `${s}.state = 0`;
}

/** How a row that is found again by a nearer way is noted: as found that way, and looked at once more. */
export function upsertSql(table: SharedTable): string {
  return `ON CONFLICT (${keySlots(table).join(', ')}) DO UPDATE
    SET role = excluded.role, round = excluded.round WHERE excluded.role < role`;
}
