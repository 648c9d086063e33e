// Shows rows of a copy, so that a person can choose which of them to bring back.
import { BackupError } from '../../../shared/model/backup-error.ts';
import type { RowPage } from '../../../shared/model/row-restore.ts';
import { openConnection } from './descriptors.ts';
import { startTurns, type WorkContext } from './give-way.ts';
import { quoteName } from './quote-name.ts';
import { formatRowKey, type SqlValue } from './row-key.ts';
import { keyNames } from './row-identity.ts';
import { startTextSearch } from './search-sql.ts';
import { readTableShapes } from './table-shape.ts';

export interface ReadRowsRequest {
  /** A copy of ours. */
  readonly path: string;
  readonly table: string;
  /** Rows in which some value contains this text, in whatever case; '' = all. */
  readonly search: string;
  readonly offset: number;
  readonly limit: number;
}

type PageWish = Pick<ReadRowsRequest, 'search' | 'limit' | 'offset'>;

const BUSY_TIMEOUT_MS = 1_000;
const LONGEST_TEXT = 200;

/** Rows in the order of their keys. Throws table-missing. */
export async function readRows(request: ReadRowsRequest, context: WorkContext): Promise<RowPage> {
  const { limit, offset } = request;
  using connection = openConnection(request.path, {
    isReadOnly: false,
    busyTimeoutMs: BUSY_TIMEOUT_MS,
  });
  const { database } = connection;
  const shape = readTableShapes(database, 'main').get(request.table.toLowerCase());
  if (shape === undefined) throw new BackupError({ code: 'table-missing', table: request.table });
  const keys = keyNames(shape);
  const names = shape.columns.map((column) => quoteName(column.name));
  const { search, foundSql } = startTextSearch(database, request.search);
  const from = `FROM main.${quoteName(shape.name)} WHERE ${foundSql(names)}`;
  const order = keys === null ? '' : `ORDER BY ${keys.join(', ')}`;
  const list = [...(keys ?? []), ...names].join(', ');
  const takeTurns = startTurns(context);
  const totalRows =
    database
      .prepare<[{ search: string }], number>(`SELECT count(*) ${from}`)
      .pluck()
      .get({ search }) ?? 0;
  const rows: RowPage['rows'][number][] = [];
  const page = database
    .prepare<[PageWish], SqlValue[]>(`SELECT ${list} ${from} ${order} LIMIT @limit OFFSET @offset`)
    .safeIntegers()
    .raw();
  for (const values of page.iterate({ search, limit, offset })) {
    const key = formatRowKey(values.slice(0, keys?.length ?? 0));
    rows.push({ key, values: values.slice(keys?.length ?? 0).map(toText) });
    await takeTurns();
  }
  return {
    table: shape.name,
    columns: shape.columns.map((column) => column.name),
    rows,
    totalRows,
  };
}

/** For people: long texts cut, bytes told by their number. */
export function toText(value: SqlValue): string | null {
  if (value === null) return null;
  const text = Buffer.isBuffer(value) ? `${value.length} bytes` : String(value);
  return text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT)}…` : text;
}
