// Compares a table that two databases have, row by row, inside SQLite.
// Promise: exact counts. One walk over the older table and one look-up per row in the newer; rows that are equal never
// leave SQLite. What was added follows from the counts, and is looked for only to show examples.
import type Database from 'better-sqlite3';
import type {
  ColumnChange,
  RowChange,
  RowExample,
  RowIdentity,
  TableComparison,
} from '../../../shared/model/comparison.ts';
import { compareByContent } from './compare-by-content.ts';
import type { CompareOptions, FoundChanges, TablePair, Work } from './comparison-work.ts';
import type { DatabasePair } from './database-pair.ts';
import { quoteName } from './quote-name.ts';
import { differsSql, sameKeySql } from './row-differs.ts';
import { formatRowKey, type SqlValue } from './row-key.ts';
import { labelSql } from './row-label.ts';
import type { TableColumn } from './table-shape.ts';

/** Counts and examples. */
export async function compareTables(
  pair: DatabasePair,
  table: TablePair,
  options: CompareOptions,
): Promise<TableComparison> {
  const { database } = pair.connection;
  const work: Work = {
    database,
    before: `${pair.before}.${quoteName(table.before.name)}`,
    after: `${pair.after}.${quoteName(table.after.name)}`,
    keys: sharedKey(table),
    columns: sharedColumns(table),
    shapes: table,
    options,
  };
  const rowsBefore = countRows(database, work.before);
  await options.takeTurns();
  const rowsAfter = countRows(database, work.after);
  await options.takeTurns();
  const counts = { rowsBefore, rowsAfter };
  const found =
    work.keys === null ? await compareByContent(work) : await compareByKey(work, work.keys, counts);
  return {
    table: table.after.name,
    ...counts,
    identity: identityOf(table, work.keys),
    ...found,
    columns: columnChanges(table),
  };
}

const [REMOVED, CHANGED] = [1n, 2n] as const;

async function compareByKey(
  work: Work,
  keys: readonly string[],
  counts: { readonly rowsBefore: number; readonly rowsAfter: number },
): Promise<FoundChanges> {
  const { sampleLimit, takeTurns } = work.options;
  const samples: { readonly change: RowChange; readonly key: readonly SqlValue[] }[] = [];
  const keep = (change: RowChange, key: readonly SqlValue[]): void =>
    void samples.push({ change, key });
  let [removed, changed] = [0, 0];
  for (const [mark, ...key] of iterate(work.database, differencesSql(work, keys))) {
    if (mark === REMOVED && (removed += 1) <= sampleLimit) keep('removed', key);
    if (mark === CHANGED && (changed += 1) <= sampleLimit) keep('changed', key);
    await takeTurns();
  }
  const added = counts.rowsAfter - (counts.rowsBefore - removed);
  const wanted = Math.min(added, sampleLimit);
  if (wanted > 0) {
    for (const [mark, ...key] of iterate(work.database, additionsSql(work, keys))) {
      if (mark !== 0n) keep('added', key);
      if (samples.filter(({ change }) => change === 'added').length >= wanted) break;
      await takeTurns();
    }
  }
  const examples = samples.map(({ change, key }) => toExample(work, keys, change, key));
  return { added, removed, changed, examples };
}

/** A row in a few thousand comes out although nothing is wrong with it: on it the walk gives way to others. */
const BEAT = '(random() & 4095) = 0';

function differencesSql(work: Work, keys: readonly string[]): string {
  const mark = `CASE WHEN y.${keys[0]} IS NULL THEN 1 WHEN ${differsSql(work.columns, 'x', 'y')} THEN 2 ELSE 0 END`;
  const list = keys.map((key) => `x.${key}`).join(', ');
  const join = `${work.before} x LEFT JOIN ${work.after} y ON ${sameKeySql(keys, 'y', 'x')}`;
  return `SELECT ${mark} AS mark, ${list} FROM ${join} WHERE mark <> 0 OR ${BEAT}`;
}

/** New rows mostly lie at the end. */
function additionsSql(work: Work, keys: readonly string[]): string {
  const mark = `NOT EXISTS (SELECT 1 FROM ${work.before} x WHERE ${sameKeySql(keys, 'x', 'y')})`;
  const list = keys.map((key) => `y.${key}`).join(', ');
  const order = keys.map((key) => `y.${key} DESC`).join(', ');
  return `SELECT ${mark} AS mark, ${list} FROM ${work.after} y WHERE mark <> 0 OR ${BEAT} ORDER BY ${order}`;
}

function iterate(database: Database.Database, sql: string): Iterable<SqlValue[]> {
  return database.prepare<[], SqlValue[]>(sql).safeIntegers().raw().iterate();
}

function toExample(
  work: Work,
  keys: readonly string[],
  change: RowChange,
  key: readonly SqlValue[],
): RowExample {
  const isGone = change === 'removed';
  const [table, shape] = isGone
    ? [work.before, work.shapes.before]
    : [work.after, work.shapes.after];
  const where = keys.map((name) => `y.${name} = ?`).join(' AND ');
  const sql = `SELECT ${labelSql(shape, 'y')} FROM ${table} y WHERE ${where}`;
  const label = work.database
    .prepare<SqlValue[], string | null>(sql)
    .pluck()
    .get(...key);
  return { change, key: formatRowKey(key), label: label ?? null };
}

function countRows(database: Database.Database, table: string): number {
  return database.prepare<[], number>(`SELECT count(*) FROM ${table}`).pluck().get() ?? 0;
}

function sharedColumns({ before, after }: TablePair): readonly TableColumn[] {
  return after.columns.filter(
    (column) =>
      !column.isGenerated &&
      isNamed(
        before.columns.filter((each) => !each.isGenerated),
        column.name,
      ),
  );
}

/** Null unless both sides tell their rows apart by the same columns. */
function sharedKey({ before, after }: TablePair): readonly string[] | null {
  const [one, two] = [before.key, after.key];
  if (one.kind === 'row-number' && two.kind === 'row-number') {
    return one.name === two.name ? [one.name] : null;
  }
  if (one.kind !== 'columns' || two.kind !== 'columns') return null;
  const names = (columns: readonly string[]): string =>
    JSON.stringify(columns.map((name) => name.toLowerCase()));
  return names(one.columns) === names(two.columns) ? two.columns.map(quoteName) : null;
}

function identityOf({ after }: TablePair, keys: readonly string[] | null): RowIdentity {
  if (keys === null) return 'content';
  return after.key.kind === 'row-number' ? 'row-number' : 'key';
}

function columnChanges({ before, after }: TablePair): readonly ColumnChange[] {
  const added = after.columns
    .filter((column) => !isNamed(before.columns, column.name))
    .map(({ name }) => ({ change: 'added' as const, column: name }));
  const others = before.columns.flatMap((column): readonly ColumnChange[] => {
    const now = after.columns.find((each) => each.name.toLowerCase() === column.name.toLowerCase());
    if (now === undefined) return [{ change: 'removed', column: column.name }];
    const isSame =
      now.declaredType.toLowerCase() === column.declaredType.toLowerCase() &&
      now.isGenerated === column.isGenerated;
    return isSame ? [] : [{ change: 'changed', column: column.name }];
  });
  return [...added, ...others];
}

function isNamed(columns: readonly TableColumn[], name: string): boolean {
  return columns.some((column) => column.name.toLowerCase() === name.toLowerCase());
}
