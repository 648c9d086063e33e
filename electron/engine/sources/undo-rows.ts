// Takes a restore of rows back: the previous content of every touched row, exactly, in one transaction.
// Promise: refuses, and changes nothing, where a touched row was changed since, where its file is not whole, or where
// something new depends on a row that would go.
import type Database from 'better-sqlite3';
import { BackupError } from '../../../shared/model/backup-error.ts';
import type { UndoRowsResult } from '../../../shared/model/row-restore.ts';
import { findDangling, findMended, findOrphans } from './broken-links.ts';
import {
  bindingOf,
  digestOfRow,
  encodeExactRow,
  type ExactValue,
  exactColumnsSql,
} from './exact-values.ts';
import { startTurns, type WorkContext } from './give-way.ts';
import { holdTriggers, warnOfTriggers } from './held-triggers.ts';
import { openLiveWriter, withPatience } from './live-connection.ts';
import { quoteName } from './quote-name.ts';
import {
  isUtf8,
  refuseBroken,
  ruleFailure,
  sumRows,
  undoHeaderOf,
  writeUndoLines,
} from './restore-rows.ts';
import {
  createExchange,
  dropTable,
  exchangeRows,
  type ExchangeTable,
  liveTable,
  notePrevious,
  putTable,
} from './row-exchange.ts';
import { keyNames } from './row-identity.ts';
import type { SqlValue } from './row-key.ts';
import { readSequence, writeSequence } from './sequence-number.ts';
import { readForeignKeys, readTableShapes, type TableShape } from './table-shape.ts';
import {
  checkUndoFile,
  createUndoFile,
  readUndoLines,
  type UndoHeader,
  type UndoLine,
  type UndoWriter,
} from './undo-file.ts';

export interface UndoRowsRequest {
  readonly live: string;
  readonly undoPath: string;
  /** Puts the previous content back over rows that were changed since. */
  readonly evenIfChanged: boolean;
  readonly patienceMs: number;
  /** A file that takes the undo back in its turn; must not exist. Null or left out: not wanted. */
  readonly redoPath?: string | null;
}

/** Throws source-busy, target-changed, target-refused, schema-differs, undo-missing. */
export async function undoRows(
  request: UndoRowsRequest,
  context: WorkContext,
): Promise<UndoRowsResult> {
  const { live, undoPath } = request;
  const header = checkUndoFile(undoPath);
  using connection = await openLiveWriter({ ...request, copy: null }, context);
  const { database } = connection;
  const takeTurns = startTurns(context);
  const shapes = readTableShapes(database, 'main');
  const tables = header.tables.map((table, number) => matchTable(shapes, table, number));
  const foreignKeys = readForeignKeys(database, 'main', shapes);
  if (header.isUtf8 !== isUtf8(database)) throw differs('', 'its text encoding is another one now');
  createExchange(database, tables);
  const { touched, changed, sequences } = await load(database, tables, undoPath, takeTurns);
  if (changed > 0 && !request.evenIfChanged)
    throw new BackupError({ code: 'target-changed', path: live });
  const names = tables.map(({ shape }) => shape.name);
  const warnings = warnOfTriggers(database, names);
  const byName = new Map(tables.map((table) => [table.shape.name.toLowerCase(), table]));
  let redo: UndoWriter | null = null;
  try {
    // A rule that the previous rows broke then is no reason to keep them out now.
    database.pragma('ignore_check_constraints = ON');
    notePrevious(database, tables);
    const current = tables.map((table) => readSequence(database, table.shape));
    const { redoPath = null } = request;
    if (redoPath !== null) {
      const broken = {
        dangling: sumRows(findDangling(database, byName, foreignKeys, 'prev')),
        mended: sumRows(findMended(database, byName, foreignKeys)),
      };
      redo = createUndoFile(redoPath, undoHeaderOf(database, tables, broken));
    }
    const triggers = holdTriggers(database, names);
    exchangeRows(database, tables);
    await takeTurns();
    const orphans = findOrphans(database, byName, foreignKeys);
    if (sumRows(orphans) > header.mended) refuseBroken(live, orphans);
    const dangling = findDangling(database, byName, foreignKeys, 'put');
    if (sumRows(dangling) > header.dangling) refuseBroken(live, dangling);
    for (const [index, table] of tables.entries()) {
      const now = current[index] ?? null;
      const [before, after] = sequences.get(table) ?? [now, now];
      const wanted = now === after ? before : now;
      // Rows that are put back count as new ones.
      if (readSequence(database, table.shape) !== wanted)
        writeSequence(database, table.shape, wanted);
      if (redo === null) continue;
      await writeUndoLines(database, table, index, redo, takeTurns);
      if (now !== wanted) redo.write({ t: index, sequence: [now, wanted] });
    }
    triggers.release();
    redo?.finish();
    await withPatience(request, context, () => database.exec('COMMIT'));
  } catch (error) {
    redo?.abandon();
    throw ruleFailure(error, live);
  }
  return { touched, warnings };
}

function matchTable(
  shapes: ReadonlyMap<string, TableShape>,
  { name, columns, key }: UndoHeader['tables'][number],
  number: number,
): ExchangeTable {
  const shape = shapes.get(name.toLowerCase());
  if (shape === undefined) throw differs(name, 'the database no longer has this table');
  const written = shape.columns.filter((column) => !column.isGenerated);
  const keys = keyNames(shape);
  const keyNow = shape.key.kind === 'columns' ? shape.key.columns : [];
  const isSame =
    written.map((column) => column.name).join('\0') === columns.join('\0') &&
    keyNow.join('\0') === key.join('\0');
  if (keys === null || !isSame) throw differs(name, 'its columns are others now');
  return { number, shape, columns: written, keys };
}

function differs(table: string, detail: string): BackupError {
  return new BackupError({ code: 'schema-differs', table, detail });
}

interface LoadedUndo {
  readonly touched: number;
  /** Rows that are not as the restore left them. */
  readonly changed: number;
  readonly sequences: ReadonlyMap<ExchangeTable, readonly [number | null, number | null]>;
}

/** Reads the file into the exchange's tables, comparing each row with what it is now. */
async function load(
  database: Database.Database,
  tables: readonly ExchangeTable[],
  undoPath: string,
  takeTurns: () => Promise<void>,
): Promise<LoadedUndo> {
  const insert = startInserts(database);
  const digests = tables.map((table) => startDigest(database, table));
  const sequences = new Map<ExchangeTable, readonly [number | null, number | null]>();
  let [touched, changed] = [0, 0];
  for (const line of readUndoLines(undoPath)) {
    const table = tables[line.t];
    const digestNow = digests[line.t];
    if (table === undefined || digestNow === undefined)
      throw new BackupError({ code: 'undo-missing', run: undoPath });
    if ('was' in line) insert(putTable(table), line.was);
    else if ('sequence' in line) sequences.set(table, line.sequence);
    else {
      touched += 1;
      if (digestNow(keyOf(line)) !== ('is' in line ? line.is : null)) changed += 1;
      if ('is' in line) insert(dropTable(table), line.key);
    }
    await takeTurns();
  }
  return { touched, changed, sequences };
}

function keyOf(line: Extract<UndoLine, { is: string } | { gone: unknown }>): readonly ExactValue[] {
  return 'is' in line ? line.key : line.gone;
}

/** Inserts exact values; statements differ only by the places of texts that are no UTF-8. */
function startInserts(
  database: Database.Database,
): (table: string, values: readonly ExactValue[]) => void {
  const statements = new Map<string, Database.Statement<SqlValue[]>>();
  return (table, values) => {
    const bound = values.map(bindingOf);
    const sql = `INSERT INTO ${table} VALUES (${bound.map((each) => each.sql).join(', ')})`;
    const statement = statements.get(sql) ?? database.prepare<SqlValue[]>(sql);
    statements.set(sql, statement);
    statement.run(...bound.map((each) => each.value));
  };
}

/** Digest of a live row by its key; null where there is none. */
function startDigest(
  database: Database.Database,
  table: ExchangeTable,
): (key: readonly ExactValue[]) => string | null {
  const isUtf8Text = isUtf8(database);
  const columns = exactColumnsSql(table.columns.map((column) => `m.${quoteName(column.name)}`));
  const statements = new Map<string, Database.Statement<SqlValue[], SqlValue[]>>();
  return (key) => {
    const bound = key.map(bindingOf);
    const where = table.keys
      .map((name, index) => `m.${name} = ${bound[index]?.sql ?? 'NULL'}`)
      .join(' AND ');
    const sql = `SELECT ${columns} FROM ${liveTable(table)} m WHERE ${where}`;
    const statement =
      statements.get(sql) ?? database.prepare<SqlValue[], SqlValue[]>(sql).safeIntegers().raw();
    statements.set(sql, statement);
    const row = statement.get(...bound.map((each) => each.value));
    return row === undefined ? null : digestOfRow(encodeExactRow(row, isUtf8Text));
  };
}
