// Rows per table within a budget of time: small tables first, so that a huge one costs only its own figure.
// Promise: a figure is exact or missing. Counting goes in steps; no lock is held longer than a step.
import type Database from 'better-sqlite3';
import type { TableCount } from '../../../shared/model/restore-point.ts';

export interface CountOptions {
  readonly budgetMs: number;
  /** Longest time for one step, milliseconds. */
  readonly stepMs: number;
  /** A table that takes less than this by its estimate is counted in one step, over its smallest index. */
  readonly wholeTableMs: number;
  readonly monotonicMs: () => number;
  /** Runs one step on the state that is counted; null when that state is gone. */
  readonly inState: <T>(step: () => T) => Promise<T | null>;
}

const FIRST_STEP_ROWS = 10_000;
/** What a disk gives that has to read every row; an index or a warm cache is many times faster. */
const WHOLE_TABLE_ROWS_PER_MS = 1_000;

/** A larger table may lie worse than the one that the speed was seen on. */
const LEARNT_MARGIN = 4;

interface CountedTable {
  readonly name: string;
  /** A name of the row id that no column hides; null for tables without one. */
  readonly rowId: string | null;
  /** Upper bound of the rows; only for the order. */
  readonly estimate: number;
}

export interface CountedTables {
  readonly counts: readonly TableCount[];
  /** Every table that exists was counted: one that is missing here is gone. */
  readonly isComplete: boolean;
}

/** Counts the rows of the main schema's ordinary tables; those beyond the budget are left out. */
export async function countTables(
  database: Database.Database,
  options: CountOptions,
): Promise<CountedTables> {
  const until = options.monotonicMs() + options.budgetMs;
  const tables = await options.inState(() => listTables(database));
  if (tables === null) return { counts: [], isComplete: false };
  const counts: TableCount[] = [];
  // Where a count holds no lock that others wait for, smaller tables tell how fast the next one will be.
  const mayLearn = options.wholeTableMs >= options.budgetMs;
  let rowsPerMs = FIRST_STEP_ROWS / options.stepMs;
  let wholeRowsPerMs = WHOLE_TABLE_ROWS_PER_MS;
  for (const table of tables) {
    let rows = 0;
    let after: bigint | null = null;
    for (;;) {
      const left = until - options.monotonicMs();
      if (left <= 0) return { counts, isComplete: false };
      const limit = Math.max(100, Math.floor(rowsPerMs * Math.min(left, options.stepMs)));
      const startedAt = options.monotonicMs();
      const isSmall = table.estimate <= Math.min(left, options.wholeTableMs) * wholeRowsPerMs;
      const step = await options.inState(() =>
        isSmall ? countWhole(database, table) : countStep(database, table, after, rows, limit),
      );
      if (step === null) return { counts, isComplete: false };
      const spent = Math.max(0.05, options.monotonicMs() - startedAt);
      rowsPerMs = Math.min(rowsPerMs * 4, Math.max(step.visited, 100) / spent);
      if (isSmall && mayLearn && step.visited >= FIRST_STEP_ROWS) {
        wholeRowsPerMs = Math.max(WHOLE_TABLE_ROWS_PER_MS, step.visited / spent / LEARNT_MARGIN);
      }
      rows = step.rows;
      after = step.last;
      if (step.isComplete) break;
    }
    counts.push({ table: table.name, rows });
  }
  return { counts, isComplete: true };
}

interface Step {
  readonly rows: number;
  readonly visited: number;
  readonly last: bigint | null;
  readonly isComplete: boolean;
}

function countWhole(database: Database.Database, table: CountedTable): Step {
  const sql = `SELECT count(*) FROM ${quote(table.name)}`;
  const rows = database.prepare<[], number>(sql).pluck().get() ?? 0;
  return { rows, visited: rows, last: null, isComplete: true };
}

function countStep(
  database: Database.Database,
  table: CountedTable,
  after: bigint | null,
  rows: number,
  limit: number,
): Step {
  const name = quote(table.name);
  if (table.rowId === null) {
    // Without a row id there is no place to go on from: each step counts from the start, twice as far.
    const reach = Math.max(limit, rows * 2);
    const sql = `SELECT count(*) FROM (SELECT 1 FROM ${name} LIMIT ${reach})`;
    const found = database.prepare<[], number>(sql).pluck().get() ?? 0;
    return { rows: found, visited: found, last: null, isComplete: found < reach };
  }
  const where = after === null ? '' : `WHERE ${table.rowId} > ?`;
  const inner = `SELECT ${table.rowId} AS id FROM ${name} ${where} ORDER BY ${table.rowId} LIMIT ${limit}`;
  const statement = database
    .prepare<bigint[], [bigint, bigint | null]>(`SELECT count(*), max(id) FROM (${inner})`)
    .raw()
    .safeIntegers();
  const [found, last] = (after === null ? statement.get() : statement.get(after)) ?? [0n, null];
  const visited = Number(found);
  return { rows: rows + visited, visited, last: last ?? after, isComplete: visited < limit };
}

function listTables(database: Database.Database): readonly CountedTable[] {
  const sql = `SELECT name, wr FROM pragma_table_list
    WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite~_%' ESCAPE '~'`;
  return database
    .prepare<[], { name: string; wr: number }>(sql)
    .all()
    .map(({ name, wr }) => estimateTable(database, name, wr === 1))
    .sort((a, b) => a.estimate - b.estimate);
}

function estimateTable(
  database: Database.Database,
  name: string,
  isWithoutRowId: boolean,
): CountedTable {
  const rowId = isWithoutRowId ? null : freeRowIdName(database, name);
  if (rowId === null) return { name, rowId, estimate: Number.MAX_SAFE_INTEGER };
  const sql = `SELECT max(${rowId}) FROM ${quote(name)}`;
  const highest = database.prepare<[], number | null>(sql).pluck().get();
  return { name, rowId, estimate: Math.max(0, highest ?? 0) };
}

function freeRowIdName(database: Database.Database, table: string): string | null {
  const columns = database
    .prepare<[string], string>('SELECT lower(name) FROM pragma_table_xinfo(?)')
    .pluck()
    .all(table);
  return ['_rowid_', 'rowid', 'oid'].find((alias) => !columns.includes(alias)) ?? null;
}

function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
