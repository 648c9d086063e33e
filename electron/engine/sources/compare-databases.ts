// Compares two databases table by table: rows by key, tables that one side lacks, differences of the schema.
// Promise: both sides are one state each for the whole comparison, and a live one never waits for it.
import type Database from 'better-sqlite3';
import { BackupError } from '../../../shared/model/backup-error.ts';
import type {
  DatabaseComparison,
  LoneTable,
  SchemaChange,
  TableComparison,
} from '../../../shared/model/comparison.ts';
import type { CaptureParts } from './capture-parts.ts';
import { compareTables } from './compare-tables.ts';
import { type DatabasePair, type DatabaseSide, openPair } from './database-pair.ts';
import { startTurns, type WorkContext } from './give-way.ts';
import { quoteName } from './quote-name.ts';
import { readTableShapes, type TableShape } from './table-shape.ts';

export interface ComparisonRequest {
  readonly before: DatabaseSide;
  readonly after: DatabaseSide;
  /** Null: all tables. */
  readonly tables: readonly string[] | null;
  /** Most examples of each change of a table. */
  readonly sampleLimit: number;
}

/** The path that failures of a comparison are about: the live file where there is one. */
export function pathOfPair({ before, after }: ComparisonRequest): string {
  return before.isLive ? before.path : after.path;
}

/** Throws table-missing when a named table is on neither side. Reports `{ table, done, total }`. */
export async function compareDatabases(
  request: ComparisonRequest,
  parts: CaptureParts,
  context: WorkContext,
): Promise<DatabaseComparison> {
  using pair = openPair(request.before, request.after, parts);
  const { database } = pair.connection;
  const before = readTableShapes(database, pair.before);
  const after = readTableShapes(database, pair.after);
  const wanted = chooseTables(request.tables, before, after);
  const options = { sampleLimit: request.sampleLimit, takeTurns: startTurns(context) };
  const tables: TableComparison[] = [];
  for (const [done, name] of wanted.entries()) {
    const [then, now] = [before.get(name), after.get(name)];
    context.report({ table: now?.name ?? then?.name, done, total: wanted.length });
    if (then === undefined || now === undefined) continue;
    tables.push(await compareTables(pair, { before: then, after: now }, options));
  }
  const missingIn = (side: ReadonlyMap<string, TableShape>) =>
    wanted.filter((name) => !side.has(name));
  return {
    tables,
    onlyBefore: countLone(database, pair.before, missingIn(after), before),
    onlyAfter: countLone(database, pair.after, missingIn(before), after),
    schema: request.tables === null ? compareSchemas(pair) : [],
  };
}

function chooseTables(
  tables: readonly string[] | null,
  before: ReadonlyMap<string, TableShape>,
  after: ReadonlyMap<string, TableShape>,
): readonly string[] {
  if (tables === null) return [...new Set([...before.keys(), ...after.keys()])].sort();
  const names = tables.map((table) => table.toLowerCase());
  const unknown = names.findIndex((name) => !before.has(name) && !after.has(name));
  if (unknown >= 0) throw new BackupError({ code: 'table-missing', table: tables[unknown] ?? '' });
  return [...new Set(names)];
}

function countLone(
  database: Database.Database,
  schema: string,
  names: readonly string[],
  shapes: ReadonlyMap<string, TableShape>,
): readonly LoneTable[] {
  return names.flatMap((name) => {
    const shape = shapes.get(name);
    if (shape === undefined) return [];
    const sql = `SELECT count(*) FROM ${schema}.${quoteName(shape.name)}`;
    return [{ table: shape.name, rows: database.prepare<[], number>(sql).pluck().get() ?? 0 }];
  });
}

/** By the text of their CREATE statements. */
function compareSchemas(pair: DatabasePair): readonly SchemaChange[] {
  const sql = `SELECT type AS kind, name,
      CASE WHEN then_ IS NULL THEN 'added' WHEN now_ IS NULL THEN 'removed' ELSE 'changed' END AS change
    FROM (SELECT type, name, max(then_) AS then_, max(now_) AS now_ FROM (
        SELECT type, name, coalesce(sql, '') AS then_, NULL AS now_ FROM ${pair.before}.sqlite_schema
        UNION ALL SELECT type, name, NULL, coalesce(sql, '') FROM ${pair.after}.sqlite_schema)
      WHERE name NOT LIKE 'sqlite~_%' ESCAPE '~' GROUP BY type, name)
    WHERE then_ IS NOT now_ ORDER BY type, name`;
  return pair.connection.database.prepare<[], SchemaChange>(sql).all();
}
