// References that an exchange of rows broke, looked for only where rows were touched.
import type Database from 'better-sqlite3';
import { quoteName } from './quote-name.ts';
import {
  equalSql,
  type ExchangeTable,
  keysInSlots,
  liveTable,
  lookUpSql,
  prevTable,
  putTable,
  slotOf,
} from './row-exchange.ts';
import type { ForeignKey } from './table-shape.ts';

export interface BrokenLink {
  readonly child: string;
  readonly parent: string;
  readonly rows: number;
}

/** Rows that were not touched and refer to something that this exchange took away. */
export function findOrphans(
  database: Database.Database,
  tables: ReadonlyMap<string, ExchangeTable>,
  foreignKeys: readonly ForeignKey[],
): readonly BrokenLink[] {
  return findReferrers(database, tables, foreignKeys, prevTable);
}

/** Before the exchange: rows that will not be touched and refer to nothing yet, but to something that comes. */
export function findMended(
  database: Database.Database,
  tables: ReadonlyMap<string, ExchangeTable>,
  foreignKeys: readonly ForeignKey[],
): readonly BrokenLink[] {
  return findReferrers(database, tables, foreignKeys, putTable);
}

/** Untouched rows that refer to a row of `source`, where the live table has none of that kind now. */
function findReferrers(
  database: Database.Database,
  tables: ReadonlyMap<string, ExchangeTable>,
  foreignKeys: readonly ForeignKey[],
  source: (table: ExchangeTable) => string,
): readonly BrokenLink[] {
  return foreignKeys.flatMap((link) => {
    const parent = tables.get(link.parent.toLowerCase());
    const slots = parent && link.to.map((column) => slotOf(parent, column));
    if (parent === undefined || slots === undefined || slots.includes(null)) return [];
    const [to, from] = [link.to.map(quoteName), link.from.map(quoteName)];
    const child = tables.get(link.child.toLowerCase());
    const isTouched =
      child === undefined
        ? '0'
        : `EXISTS (SELECT 1 FROM ${putTable(child)} p WHERE ${lookUpSql('p', keysInSlots(child), 'c', child.keys)})`;
    const sql = `SELECT count(*) FROM ${source(parent)} o
      CROSS JOIN main.${quoteName(link.child)} c ON ${equalSql('o', slots as string[], 'c', from)}
      WHERE NOT EXISTS (SELECT 1 FROM ${liveTable(parent)} q WHERE ${equalSql('q', to, 'c', from)})
        AND NOT ${isTouched}`;
    return broken(database, link, sql);
  });
}

/** Rows of `source` (what was put, or what was there before) that refer to nothing; `also` is a further condition on row `m`. */
export function findDangling(
  database: Database.Database,
  tables: ReadonlyMap<string, ExchangeTable>,
  foreignKeys: readonly ForeignKey[],
  source: 'put' | 'prev',
  also: (link: ForeignKey) => string = () => '1',
): readonly BrokenLink[] {
  return foreignKeys.flatMap((link) => {
    const child = tables.get(link.child.toLowerCase());
    if (child === undefined) return [];
    const [to, from] = [link.to.map(quoteName), link.from.map(quoteName)];
    const rows = source === 'put' ? putTable(child) : prevTable(child);
    const sql = `SELECT count(*) FROM ${rows} p
      CROSS JOIN ${liveTable(child)} m ON ${equalSql('m', child.keys, 'p', keysInSlots(child))}
      WHERE ${from.map((column) => `m.${column} IS NOT NULL`).join(' AND ')}
        AND NOT EXISTS (SELECT 1 FROM main.${quoteName(link.parent)} q WHERE ${equalSql('q', to, 'm', from)})
        AND ${also(link)}`;
    return broken(database, link, sql);
  });
}

function broken(database: Database.Database, link: ForeignKey, sql: string): readonly BrokenLink[] {
  const rows = database.prepare<[], number>(sql).pluck().get() ?? 0;
  return rows === 0 ? [] : [{ child: link.child, parent: link.parent, rows }];
}
