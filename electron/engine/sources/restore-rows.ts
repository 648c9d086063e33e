// Brings chosen rows from a copy back into the live database, in one transaction beside the program that uses it.
// Promise: all or nothing. References hold afterwards as they held before, triggers run for nothing, and the previous
// content of every touched row is on the disk before the commit, so that `undoRows` can put it back exactly.
import type Database from 'better-sqlite3';
import { BackupError } from '../../../shared/model/backup-error.ts';
import type {
  RowRestorePlan,
  RowRestoreResult,
  RowRestoreWarning,
} from '../../../shared/model/row-restore.ts';
import { findDangling, findMended, findOrphans } from './broken-links.ts';
import { digestOfRow, encodeExactRow, exactColumnsSql } from './exact-values.ts';
import { startTurns, type WorkContext } from './give-way.ts';
import { holdTriggers } from './held-triggers.ts';
import { openLiveReader, openLiveWriter, withPatience } from './live-connection.ts';
import { type CollectedRows, collectPlan } from './plan-row-restore.ts';
import { quoteName } from './quote-name.ts';
import { fillPutTables } from './fill-put-tables.ts';
import {
  dropTable,
  equalSql,
  exchangeRows,
  type ExchangeTable,
  keysInSlots,
  keySlots,
  liveTable,
  lookUpSql,
  notePrevious,
  prevTable,
  putTable,
  slotNames,
} from './row-exchange.ts';
import type { SqlValue } from './row-key.ts';
import type { RowRestoreRequest } from './row-restore-request.ts';
import { type RowWork, startRowWork } from './row-work.ts';
import { readSequence } from './sequence-number.ts';
import type { ForeignKey } from './table-shape.ts';
import { createUndoFile, type UndoHeader, type UndoWriter } from './undo-file.ts';

/** What `restoreRows` would do now. Changes nothing and, in WAL mode, blocks nobody. */
export async function planRowRestore(
  request: RowRestoreRequest,
  context: WorkContext,
): Promise<RowRestorePlan> {
  using connection = await openLiveReader(request, context);
  const work = startRowWork(connection.database, request);
  return (await collectPlan(work, request.rows, startTurns(context))).plan;
}

/**
 * Restores and writes the undo file, which must not exist. Throws source-busy, schema-differs, table-missing,
 * rows-missing, target-refused (a clash, a reference that would break, a rule of the database).
 */
export async function restoreRows(
  request: RowRestoreRequest & { readonly undoPath: string },
  context: WorkContext,
): Promise<RowRestoreResult> {
  using connection = await openLiveWriter(request, context);
  const { database } = connection;
  const work = startRowWork(database, request);
  const collected = await collectPlan(work, request.rows, startTurns(context));
  const touched = collected.plan.tables.reduce((sum, table) => sum + table.touched, 0);
  refuseClashes(request.live, collected.plan);
  if (touched === 0) return { ...collected.plan, touched, undoBytes: 0 };
  const undo = createUndoOf(work, collected, request.undoPath);
  try {
    const dangling = await exchange(request, work, collected, undo, context);
    const undoBytes = undo.finish();
    await withPatience(request, context, () => database.exec('COMMIT'));
    return {
      ...collected.plan,
      warnings: [...collected.plan.warnings, ...dangling],
      touched,
      undoBytes,
    };
  } catch (error) {
    undo.abandon();
    throw ruleFailure(error, request.live);
  }
}

function refuseClashes(path: string, { clashes }: RowRestorePlan): void {
  const [clash] = clashes;
  if (clash === undefined) return;
  const { table, key, columns, heldBy } = clash;
  const detail = `${table} ${heldBy} now has the ${columns.join(' and ')} of ${table} ${key}`;
  throw new BackupError({ code: 'target-refused', path, detail });
}

/** A rule of the live schema that a restored row breaks is said in SQLite's words. */
export function ruleFailure(error: unknown, path: string): unknown {
  const isRule =
    error instanceof Error && 'code' in error && String(error.code).startsWith('SQLITE_CONSTRAINT');
  return isRule
    ? new BackupError({ code: 'target-refused', path, detail: error.message }, error)
    : error;
}

function createUndoOf(
  work: RowWork,
  { touched }: CollectedRows,
  path: string,
): UndoWriter & { begin(broken: Pick<UndoHeader, 'dangling' | 'mended'>): void } {
  let writer: UndoWriter | null = null;
  const opened = (): UndoWriter => {
    if (writer === null)
      throw new BackupError({ code: 'unexpected', detail: 'no undo file was begun' });
    return writer;
  };
  return {
    begin: (broken) => {
      writer = createUndoFile(path, undoHeaderOf(work.database, touched, broken));
    },
    write: (line) => opened().write(line),
    finish: () => opened().finish(),
    abandon: () => writer?.abandon(),
  };
}

/** The header of the file that takes an exchange of these tables back. */
export function undoHeaderOf(
  database: Database.Database,
  tables: readonly ExchangeTable[],
  broken: Pick<UndoHeader, 'dangling' | 'mended'>,
): UndoHeader {
  const described = tables.map(({ shape, columns }) => ({
    name: shape.name,
    columns: columns.map(({ name }) => name),
    key: shape.key.kind === 'columns' ? [...shape.key.columns] : [],
  }));
  const isUtf8Text = isUtf8(database);
  return {
    format: 'holdfast-undo-rows',
    version: 1,
    isUtf8: isUtf8Text,
    tables: described,
    ...broken,
  };
}

async function exchange(
  request: RowRestoreRequest,
  work: RowWork,
  collected: CollectedRows,
  undo: ReturnType<typeof createUndoOf>,
  context: WorkContext,
): Promise<readonly RowRestoreWarning[]> {
  const { database, foreignKeys } = work;
  const { touched } = collected;
  const takeTurns = startTurns(context);
  const byName = new Map(touched.map((table) => [table.shape.name.toLowerCase(), table]));
  fillPutTables(work, collected);
  await takeTurns();
  notePrevious(database, touched);
  const sequences = touched.map((table) => readSequence(database, table.shape));
  undo.begin({
    dangling: sumRows(findDangling(database, byName, foreignKeys, 'prev')),
    mended: sumRows(findMended(database, byName, foreignKeys)),
  });
  await takeTurns();
  const triggers = holdTriggers(
    database,
    touched.map(({ shape }) => shape.name),
  );
  exchangeRows(database, touched);
  await takeTurns();
  refuseBroken(request.live, findOrphans(database, byName, foreignKeys));
  refuseBroken(
    request.live,
    findDangling(database, byName, foreignKeys, 'put', (link) => wasThereThenSql(work, link)),
  );
  for (const [t, table] of touched.entries()) {
    await writeUndoLines(database, table, t, undo, takeTurns);
    const after = readSequence(database, table.shape);
    if (after !== sequences[t]) undo.write({ t, sequence: [sequences[t] ?? null, after] });
  }
  triggers.release();
  const dangling = findDangling(database, byName, foreignKeys, 'put');
  return dangling.map(({ child, parent, rows }) => ({
    kind: 'dangling',
    table: child,
    parent,
    rows,
  }));
}

/** How many rows in all. */
export function sumRows(links: readonly { readonly rows: number }[]): number {
  return links.reduce((sum, { rows }) => sum + rows, 0);
}

export function refuseBroken(path: string, links: ReturnType<typeof findOrphans>): void {
  const [first] = links;
  if (first === undefined) return;
  const detail = `${first.rows} rows of ${first.child} would refer to ${first.parent} that are not there`;
  throw new BackupError({ code: 'target-refused', path, detail });
}

/** What a row `m` refers to was there in the copy: its absence now is our doing, not the program's. */
function wasThereThenSql(work: RowWork, link: ForeignKey): string {
  const parent = work.copy.get(link.parent.toLowerCase());
  const isKnown =
    parent !== undefined &&
    link.to.every((name) => parent.columns.some((column) => column.name === name));
  if (!isKnown) return '0';
  const same = equalSql('t', link.to.map(quoteName), 'm', link.from.map(quoteName));
  return `EXISTS (SELECT 1 FROM copy.${quoteName(parent.name)} t WHERE ${same})`;
}

/** What takes the exchange of one table back: rows as they were, rows that were written, rows that went. */
export async function writeUndoLines(
  database: Database.Database,
  table: ExchangeTable,
  t: number,
  undo: UndoWriter,
  takeTurns: () => Promise<void>,
): Promise<void> {
  const isUtf8Text = isUtf8(database);
  const rows = (sql: string): Iterable<SqlValue[]> =>
    database.prepare<[], SqlValue[]>(sql).safeIntegers().raw().iterate();
  for (const row of rows(
    `SELECT ${exactColumnsSql(['r', ...slotNames(table)])} FROM ${prevTable(table)}`,
  )) {
    undo.write({ t, was: [...encodeExactRow(row, isUtf8Text)] });
    await takeTurns();
  }
  const columns = [...table.keys, ...table.columns.map((column) => quoteName(column.name))];
  const written = `SELECT ${exactColumnsSql(columns.map((column) => `m.${column}`))} FROM ${putTable(table)} p
    CROSS JOIN ${liveTable(table)} m ON ${equalSql('m', table.keys, 'p', keysInSlots(table))}`;
  let found = 0;
  for (const row of rows(written)) {
    const values = encodeExactRow(row, isUtf8Text);
    const [key, content] = [values.slice(0, table.keys.length), values.slice(table.keys.length)];
    undo.write({ t, key, is: digestOfRow(content) });
    found += 1;
    await takeTurns();
  }
  if (found !== countRows(database, putTable(table))) {
    throw new BackupError({
      code: 'unexpected',
      detail: `not every row of ${table.shape.name} was found after it was written`,
    });
  }
  // Of a row that went to make room for itself only its new content counts.
  const isPut = `SELECT 1 FROM ${putTable(table)} p WHERE ${lookUpSql('p', keysInSlots(table), 'd', keySlots(table))}`;
  const gone = exactColumnsSql(keySlots(table).map((slot) => `d.${slot}`));
  for (const row of rows(`SELECT ${gone} FROM ${dropTable(table)} d WHERE NOT EXISTS (${isPut})`)) {
    undo.write({ t, gone: [...encodeExactRow(row, isUtf8Text)] });
    await takeTurns();
  }
}

function countRows(database: Database.Database, table: string): number {
  return database.prepare<[], number>(`SELECT count(*) FROM ${table}`).pluck().get() ?? 0;
}

/** True where texts are stored as UTF-8. */
export function isUtf8(database: Database.Database): boolean {
  return database.pragma('main.encoding', { simple: true }) === 'UTF-8';
}
