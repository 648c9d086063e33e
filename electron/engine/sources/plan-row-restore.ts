// Says what a restore of rows would do: figures per table, values that are taken, and what a person should know before.
// Promise: figures come from the collected keys themselves; the restore acts on the same ones in the same transaction.
import { BackupError } from '../../../shared/model/backup-error.ts';
import type {
  RowClash,
  RowRestorePlan,
  RowRestoreWarning,
  RowSelection,
  TableRestore,
} from '../../../shared/model/row-restore.ts';
import {
  chooseRows,
  collectEmptiedLinks,
  countTakenKeys,
  type EmptiedLink,
  followLinks,
} from './collect-rows.ts';
import { warnOfTriggers } from './held-triggers.ts';
import { quoteName } from './quote-name.ts';
import {
  createExchange,
  dropTable,
  equalSql,
  keySlots,
  liveTable,
  lookUpSql,
} from './row-exchange.ts';
import { formatRowKey, type SqlValue } from './row-key.ts';
import {
  copyTable,
  findColumn,
  linkTable,
  type RowWork,
  setTable,
  type SharedTable,
  writtenSql,
} from './row-work.ts';
import { readUniqueIndexes } from './table-shape.ts';

/** The plan, and what carrying it out needs besides the collected keys. */
export interface CollectedRows {
  readonly plan: RowRestorePlan;
  /** Tables with rows that are written or removed. */
  readonly touched: readonly SharedTable[];
  readonly emptied: readonly EmptiedLink[];
}

const MOST_CLASHES = 20;

/** Collects and describes. Throws table-missing, rows-missing, and schema-differs where that is not to be mapped. */
export async function collectPlan(
  work: RowWork,
  selections: readonly RowSelection[],
  takeTurns: () => Promise<void>,
): Promise<CollectedRows> {
  createExchange(work.database, [...work.tables.values()]);
  await chooseRows(work, selections, takeTurns);
  await followLinks(work, takeTurns);
  const emptied = collectEmptiedLinks(work);
  const wholeTables = new Set(
    selections.flatMap(({ table, keys }) => (keys === 'all' ? [table.toLowerCase()] : [])),
  );
  const chosen = new Set(selections.map(({ table }) => table.toLowerCase()));
  const all = [...work.tables].map(([name, table]) => ({
    table,
    isChosen: chosen.has(name),
    figures: readFigures(work, table, wholeTables.has(name)),
  }));
  const touched = all.filter(({ figures }) => figures.touched > 0).map(({ table }) => table);
  const names = touched.map(({ shape }) => shape.name);
  const plan = {
    tables: all
      .filter(({ figures, isChosen }) => isChosen || figures.touched > 0)
      .map(({ figures }) => figures),
    clashes: touched.flatMap((table) => findClashes(work, table)).slice(0, MOST_CLASHES),
    warnings: [
      ...touched.flatMap((table) => judgeSchema(work, table)),
      ...touched
        .filter(({ shape }) => shape.key.kind === 'row-number')
        .map(({ shape }) => ({ kind: 'row-numbers' as const, table: shape.name })),
      ...countTakenKeys(work).map((taken) => ({ kind: 'key-taken' as const, ...taken })),
      ...warnOfTriggers(work.database, names),
    ],
  };
  return { plan, touched, emptied };
}

interface SetFigures {
  readonly missing: number;
  readonly changed: number;
  readonly unchanged: number;
  readonly parents: number;
  readonly children: number;
  readonly written: number;
}

function readFigures(work: RowWork, table: SharedTable, isWhole: boolean): TableRestore {
  const count = (what: string): number => readCount(work, what);
  const sql = `SELECT count(*) FILTER (WHERE role = 0 AND state = 0) AS missing,
      count(*) FILTER (WHERE role = 0 AND state = 2) AS changed,
      count(*) FILTER (WHERE role = 0 AND state = 1) AS unchanged,
      count(*) FILTER (WHERE role = 1 AND state = 0) AS children,
      count(*) FILTER (WHERE role = 2 AND state = 0) AS parents,
      count(*) FILTER (WHERE ${writtenSql(work, 's')}) AS written
    FROM ${setTable(table)} s`;
  const { written, ...found } = work.database.prepare<[], SetFigures>(sql).get() ?? noFigures;
  const rowsThen = count(copyTable(table));
  const [relinked, removed] = [count(linkTable(table)), count(dropTable(table))];
  return {
    table: table.shape.name,
    identity: table.shape.key.kind === 'row-number' ? 'row-number' : 'key',
    rowsThen,
    rowsNow: count(liveTable(table)),
    ...found,
    unchanged: isWhole ? rowsThen - found.missing - found.changed : found.unchanged,
    relinked,
    removed,
    touched: written + relinked + removed,
  };
}

const noFigures: SetFigures = {
  missing: 0,
  changed: 0,
  unchanged: 0,
  parents: 0,
  children: 0,
  written: 0,
};

function readCount(work: RowWork, table: string): number {
  return work.database.prepare<[], number>(`SELECT count(*) FROM ${table}`).pluck().get() ?? 0;
}

/** Rows that cannot come back because another row has a value now that must be unique. */
function findClashes(work: RowWork, table: SharedTable): readonly RowClash[] {
  const [keys, slots] = [table.keys, keySlots(table)];
  return readUniqueIndexes(work.database, 'main', table.shape)
    .filter(
      ({ columns }) => !isKey(table, columns) && columns.every((name) => isShared(table, name)),
    )
    .flatMap(({ columns }) => {
      const names = columns.map(quoteName);
      const list = [
        ...table.copyKeys.map((key) => `x.${key}`),
        ...keys.map((key) => `y.${key}`),
      ].join(', ');
      const sql = `SELECT ${list} FROM ${setTable(table)} s
        CROSS JOIN ${copyTable(table)} x ON ${equalSql('x', table.copyKeys, 's', slots)}
        CROSS JOIN ${liveTable(table)} y ON ${equalSql('y', names, 'x', names)}
        WHERE ${writtenSql(work, 's')} AND NOT (${equalSql('y', keys, 'x', table.copyKeys)})
          AND NOT EXISTS (SELECT 1 FROM ${setTable(table)} z WHERE ${lookUpSql('z', slots, 'y', keys)} AND ${writtenSql(work, 'z')})
          AND NOT EXISTS (SELECT 1 FROM ${dropTable(table)} d WHERE ${lookUpSql('d', slots, 'y', keys)})
        LIMIT ${MOST_CLASHES}`;
      const rows = work.database.prepare<[], SqlValue[]>(sql).safeIntegers().raw().all();
      return rows.map((row) => ({
        table: table.shape.name,
        key: formatRowKey(row.slice(0, keys.length)),
        columns,
        heldBy: formatRowKey(row.slice(keys.length)),
      }));
    });
}

function isKey({ shape }: SharedTable, columns: readonly string[]): boolean {
  return shape.key.kind === 'columns' && shape.key.columns.join() === columns.join();
}

function isShared({ common }: SharedTable, name: string): boolean {
  return common.some((column) => column.name === name);
}

/** Throws schema-differs unless the request says that columns may be mapped. */
function judgeSchema(work: RowWork, table: SharedTable): readonly RowRestoreWarning[] {
  const { shape, copy, common } = table;
  const writable = copy.columns.filter((column) => !column.isGenerated);
  const onlyNow = table.columns
    .filter((column) => !common.includes(column))
    .map(({ name }) => name);
  const onlyThen = writable
    .filter(({ name }) => !isShared(table, findColumn(shape, name)?.name ?? ''))
    .map(({ name }) => name);
  const otherType = common
    .filter(
      (column) =>
        findColumn(copy, column.name)?.declaredType.toLowerCase() !==
        column.declaredType.toLowerCase(),
    )
    .map(({ name }) => name);
  const parts = [
    ['only now', onlyNow] as const,
    ['only then', onlyThen] as const,
    ['of another type', otherType] as const,
  ].flatMap(([what, names]) => (names.length === 0 ? [] : [`${what}: ${names.join(', ')}`]));
  if (parts.length === 0) return [];
  const detail = parts.join('; ');
  if (work.options.onSchemaDifference === 'refuse') {
    throw new BackupError({ code: 'schema-differs', table: shape.name, detail });
  }
  return [{ kind: 'schema-differs', table: shape.name, detail }];
}
