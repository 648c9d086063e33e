// Searches rows of a copy beside the live database, so that a person sees what became of each before choosing.
// Promise: a state is said only where it was looked up; a live database that cannot be asked now is a failure, never an
// empty one. In WAL mode this blocks nobody.
import { BackupError, hasCode } from '../../../shared/model/backup-error.ts';
import type { RowSearchPage, RowState } from '../../../shared/model/bring-back.ts';
import { type Connection, openConnection } from './descriptors.ts';
import { startTurns, type WorkContext } from './give-way.ts';
import { openLiveReader } from './live-connection.ts';
import { quoteName } from './quote-name.ts';
import { toText } from './read-rows.ts';
import { keyNames } from './row-identity.ts';
import { formatRowKey, type SqlValue } from './row-key.ts';
import { findColumn, type SharedTable, shareTable, stateSql, thenAndNowSql } from './row-work.ts';
import { startTextSearch } from './search-sql.ts';
import { codeOf } from './source-failure.ts';
import { readTableShapes, type TableShape } from './table-shape.ts';

export interface SearchRowsRequest {
  readonly live: string;
  /** A copy of ours. */
  readonly copy: string;
  readonly table: string;
  /** Rows in which some value contains this text, in whatever case; '' = all. */
  readonly search: string;
  /** Leaves out rows that are now as they were then. */
  readonly onlyDifferent: boolean;
  readonly offset: number;
  readonly limit: number;
  /** How long to wait for a program that has the live database locked, milliseconds. */
  readonly patienceMs: number;
}

const BUSY_TIMEOUT_MS = 1_000;
const stateWords: readonly RowState[] = ['missing', 'same', 'changed'];

/** Rows in the order of their keys. Throws table-missing, source-busy, target-refused. */
export async function searchRows(
  request: SearchRowsRequest,
  context: WorkContext,
): Promise<RowSearchPage> {
  using connection = await openBoth(request, context);
  const { database, hasLive } = connection;
  const shape = readTableShapes(database, 'copy').get(request.table.toLowerCase());
  if (shape === undefined) throw new BackupError({ code: 'table-missing', table: request.table });
  const live = hasLive
    ? readTableShapes(database, 'main').get(request.table.toLowerCase())
    : undefined;
  const query = planQuery(shape, live);
  const { limit, offset } = request;
  const { search, foundSql } = startTextSearch(database, request.search);
  const isDifferent = request.onlyDifferent ? ` AND (${query.state}) <> 1` : '';
  const where = `WHERE ${foundSql(query.was)}${isDifferent}`;
  const total = database.prepare<[{ search: string }], number>(
    `SELECT count(*) FROM ${query.from} ${where}`,
  );
  const totalRows = total.pluck().get({ search }) ?? 0;
  const list = [...query.keys, ...query.was, ...query.now, query.state].join(', ');
  const order = query.keys.length === 0 ? '' : `ORDER BY ${query.keys.join(', ')}`;
  const page = database
    .prepare<[{ search: string; limit: number; offset: number }], SqlValue[]>(
      `SELECT ${list} FROM ${query.from} ${where} ${order} LIMIT @limit OFFSET @offset`,
    )
    .safeIntegers()
    .raw();
  const takeTurns = startTurns(context);
  const found: ReturnType<typeof readRow>[] = [];
  for (const values of page.iterate({ search, limit, offset })) {
    found.push(readRow(values, query));
    await takeTurns();
  }
  return {
    table: shape.name,
    columns: shape.columns.map(({ name }) => name),
    totalRows,
    rows: found.map(({ key, values }) => ({ key, values })),
    states: found.map(({ state }) => state),
    now: found.map(({ now }) => now),
  };
}

/** The live database as `main` and the copy as `copy`; without a live one only the copy is seen. */
async function openBoth(
  request: SearchRowsRequest,
  context: WorkContext,
): Promise<Connection & { readonly hasLive: boolean }> {
  try {
    return { ...(await openLiveReader(request, context)), hasLive: true };
  } catch (error) {
    if (isLocked(error)) {
      const detail = 'another program has locked it';
      throw new BackupError({ code: 'source-busy', path: request.live, detail }, error);
    }
    const isGone =
      ['ENOENT', 'ENOTDIR'].includes(codeOf(error)) || hasCode(error, 'source-missing');
    if (!isGone) throw error;
  }
  const connection = openConnection(':memory:', {
    isReadOnly: false,
    busyTimeoutMs: BUSY_TIMEOUT_MS,
    mayCreate: true,
  });
  try {
    connection.attach(request.copy, 'copy');
    return { ...connection, hasLive: false };
  } catch (error) {
    connection.close();
    throw error;
  }
}

function isLocked(error: unknown): boolean {
  if (!(error instanceof BackupError)) return false;
  const { failure } = error;
  return failure.code === 'target-refused' && failure.detail === 'locked';
}

interface RowQuery {
  /** The copy's rows are `c`. */
  readonly from: string;
  readonly keys: readonly string[];
  readonly was: readonly string[];
  /** The same columns now; empty where rows are not found again by a key. */
  readonly now: readonly string[];
  /** 0 missing, 1 as it was, 2 changed. */
  readonly state: string;
}

function planQuery(shape: TableShape, live: TableShape | undefined): RowQuery {
  const keys = (keyNames(shape) ?? []).map((key) => `c.${key}`);
  const was = shape.columns.map(({ name }) => `c.${quoteName(name)}`);
  const alone = { from: `copy.${quoteName(shape.name)} c`, keys, was, now: [] };
  if (live === undefined) return { ...alone, state: '0' };
  const shared = shareTable(live, shape, 0);
  if (shared !== null) return planByKey(shared, { keys, was });
  // Nothing tells its rows apart but their whole content: one that is not there any more may have been changed.
  return { ...alone, state: contentStateSql(shape, live) };
}

function planByKey(table: SharedTable, { keys, was }: Pick<RowQuery, 'keys' | 'was'>): RowQuery {
  const now = table.copy.columns.map(({ name }) => {
    const column = findColumn(table.shape, name);
    return column === undefined ? 'NULL' : `m.${quoteName(column.name)}`;
  });
  return { from: thenAndNowSql(table), keys, was, now, state: stateSql(table) };
}

function contentStateSql(shape: TableShape, live: TableShape): string {
  const isSame = shape.columns.map(({ name }) => {
    const column = findColumn(live, name);
    return column === undefined
      ? '0'
      : `m.${quoteName(column.name)} IS c.${quoteName(name)} COLLATE BINARY`;
  });
  return `EXISTS (SELECT 1 FROM main.${quoteName(live.name)} m WHERE ${isSame.join(' AND ')})`;
}

function readRow(
  values: readonly SqlValue[],
  { keys, was, now }: RowQuery,
): RowSearchPage['rows'][number] & {
  readonly state: RowState;
  readonly now: readonly (string | null)[] | null;
} {
  const state = stateWords[Number(values.at(-1))] ?? 'missing';
  const first = keys.length + was.length;
  const isChanged = state === 'changed';
  return {
    key: formatRowKey(values.slice(0, keys.length)),
    values: values.slice(keys.length, first).map(toText),
    state,
    now: isChanged ? values.slice(first, first + now.length).map(toText) : null,
  };
}
