// Collects the rows that a restore is about: the chosen ones, what was deleted with them, and what they refer to.
// Promise: it ends although references may run in circles; a row that is there now and was not chosen is never collected
// to be replaced. All in SQL, on keys alone: the rows themselves stay where they are.
import { BackupError } from '../../../shared/model/backup-error.ts';
import type { RowSelection } from '../../../shared/model/row-restore.ts';
import { quoteName } from './quote-name.ts';
import { equalSql, dropTable, keySlots, liveTable, lookUpSql } from './row-exchange.ts';
import { splitRowKey, type SqlValue, valuesOfKeyPart } from './row-key.ts';
import {
  copyTable,
  findColumn,
  linkTable,
  requireTable,
  type RowWork,
  setTable,
  type SharedTable,
  stateSql,
  thenAndNowSql,
  upsertSql,
  writtenSql,
} from './row-work.ts';
import type { ForeignKey } from './table-shape.ts';

/** Notes the chosen rows. Throws table-missing, rows-missing, schema-differs, usage. */
export async function chooseRows(
  work: RowWork,
  selections: readonly RowSelection[],
  takeTurns: () => Promise<void>,
): Promise<void> {
  for (const { table: name, keys } of selections) {
    const table = requireTable(work, name);
    if (keys === 'all') chooseAll(work, table);
    else await chooseKeys(work, table, keys, takeTurns);
    await takeTurns();
  }
}

/** Rows that are as they were need not be noted. */
function chooseAll(work: RowWork, table: SharedTable): void {
  const keys = table.copyKeys.map((key) => `c.${key}`).join(', ');
  work.database.exec(`INSERT INTO ${setTable(table)}
    SELECT ${keys}, 0, 0, ${stateSql(table)} AS state FROM ${thenAndNowSql(table)} WHERE state <> 1 ${upsertSql(table)}`);
  if (work.options.addedSince === 'keep') return;
  const now = table.keys.map((key) => `m.${key}`).join(', ');
  const same = equalSql('c', table.copyKeys, 'm', table.keys);
  work.database.exec(`INSERT INTO ${dropTable(table)} SELECT ${now} FROM ${liveTable(table)} m
    WHERE NOT EXISTS (SELECT 1 FROM ${copyTable(table)} c WHERE ${same})`);
}

async function chooseKeys(
  work: RowWork,
  table: SharedTable,
  keys: readonly string[],
  takeTurns: () => Promise<void>,
): Promise<void> {
  const missing: string[] = [];
  const list = table.copyKeys.map((key) => `c.${key}`).join(', ');
  for (const text of keys) {
    const choices = splitRowKey(text, table.keys.length).map((part, index) =>
      valuesOfKeyPart(part, affinityOf(table, index)),
    );
    const where = choices.map(
      (values, index) => `c.${table.copyKeys[index]} IN (${values.map(() => '?').join(', ')})`,
    );
    const sql = `INSERT INTO ${setTable(table)} SELECT ${list}, 0, 0, ${stateSql(table)} FROM ${thenAndNowSql(table)}
      WHERE ${where.join(' AND ')} ${upsertSql(table)}`;
    const found = work.database.prepare<SqlValue[]>(sql).run(...choices.flat());
    if (found.changes === 0 && !isThere(work, table, where, choices.flat())) missing.push(text);
    await takeTurns();
  }
  if (missing.length > 0) {
    throw new BackupError({ code: 'rows-missing', table: table.shape.name, ids: missing });
  }
}

/** A key that was given twice changes nothing the second time. */
function isThere(
  work: RowWork,
  table: SharedTable,
  where: readonly string[],
  values: readonly SqlValue[],
): boolean {
  const sql = `SELECT EXISTS (SELECT 1 FROM ${copyTable(table)} c WHERE ${where.join(' AND ')})`;
  return (
    work.database
      .prepare<SqlValue[], number>(sql)
      .pluck()
      .get(...values) === 1
  );
}

function affinityOf({ shape }: SharedTable, index: number) {
  const name = shape.key.kind === 'columns' ? shape.key.columns[index] : undefined;
  return name === undefined ? 'integer' : (findColumn(shape, name)?.affinity ?? 'blob');
}

/** Follows references from what was chosen, round by round, until a round finds nothing. */
export async function followLinks(work: RowWork, takeTurns: () => Promise<void>): Promise<void> {
  for (let round = 0; ; round += 1) {
    let found = 0;
    for (const link of work.foreignKeys) {
      if (work.options.withChildren && link.onDelete === 'CASCADE')
        found += findChildren(work, link, round);
      found += findParents(work, link, round);
      await takeTurns();
    }
    if (found === 0) return;
  }
}

/** Rows that were deleted because a row that comes back was deleted. */
function findChildren(work: RowWork, link: ForeignKey, round: number): number {
  const ends = endsOf(work, link);
  if (ends === null) return 0;
  const { child, parent, from, to } = ends;
  const keys = child.copyKeys.map((key) => `c.${key}`).join(', ');
  const sql = `INSERT INTO ${setTable(child)} SELECT DISTINCT ${keys}, 1, ${round + 1}, 0
    FROM ${setTable(parent)} s
    CROSS JOIN ${copyTable(parent)} p ON ${equalSql('p', parent.copyKeys, 's', keySlots(parent))}
    CROSS JOIN ${copyTable(child)} c ON ${equalSql('p', to, 'c', from)}
    WHERE s.round = ${round} AND s.state = 0 AND s.role <= 1 AND NOT ${isLiveSql(child)}
    ${upsertSql(child)}`;
  return work.database.prepare(sql).run().changes;
}

/**
 * Rows that belonged to a row that comes back, and whose key is another row's now: SQLite gives the number of a deleted
 * last row out again. They cannot come back without taking that row away.
 */
export function countTakenKeys(
  work: RowWork,
): readonly { readonly table: string; readonly rows: number }[] {
  if (!work.options.withChildren) return [];
  const links = work.foreignKeys.filter((link) => link.onDelete === 'CASCADE');
  return links.flatMap((link) => {
    const ends = endsOf(work, link);
    if (ends === null) return [];
    const { child, parent, from, to } = ends;
    const sql = `SELECT count(*) FROM ${setTable(parent)} s
      CROSS JOIN ${copyTable(parent)} p ON ${equalSql('p', parent.copyKeys, 's', keySlots(parent))}
      CROSS JOIN ${copyTable(child)} c ON ${equalSql('p', to, 'c', from)}
      CROSS JOIN ${liveTable(child)} m ON ${equalSql('m', child.keys, 'c', child.copyKeys)}
      WHERE s.state = 0 AND s.role <= 1 AND (${equalSql('m', from, 'c', from)}) IS NOT TRUE
        AND NOT EXISTS (SELECT 1 FROM ${setTable(child)} z WHERE ${lookUpSql('z', keySlots(child), 'c', child.copyKeys)})`;
    const rows = work.database.prepare<[], number>(sql).pluck().get() ?? 0;
    return rows === 0 ? [] : [{ table: child.shape.name, rows }];
  });
}

/** Rows that a row that comes back refers to, and that are gone. */
function findParents(work: RowWork, link: ForeignKey, round: number): number {
  const ends = endsOf(work, link);
  if (ends === null) return 0;
  const { child, parent, from, to } = ends;
  const keys = parent.copyKeys.map((key) => `c.${key}`).join(', ');
  const liveTo = link.to.map(quoteName);
  const sql = `INSERT INTO ${setTable(parent)} SELECT DISTINCT ${keys}, 2, ${round + 1}, ${stateSql(parent)}
    FROM ${setTable(child)} s
    CROSS JOIN ${copyTable(child)} x ON ${equalSql('x', child.copyKeys, 's', keySlots(child))}
    CROSS JOIN ${thenAndNowSql(parent)}
    WHERE s.round = ${round} AND ${writtenSql(work, 's')} AND ${equalSql('c', to, 'x', from)}
      AND NOT EXISTS (SELECT 1 FROM ${liveTable(parent)} q WHERE ${equalSql('q', liveTo, 'x', from)})
    ${upsertSql(parent)}`;
  return work.database.prepare(sql).run().changes;
}

function isLiveSql(table: SharedTable): string {
  const same = equalSql('m', table.keys, 'c', table.copyKeys);
  return `EXISTS (SELECT 1 FROM ${liveTable(table)} m WHERE ${same})`;
}

interface Ends {
  readonly child: SharedTable;
  readonly parent: SharedTable;
  readonly from: readonly string[];
  readonly to: readonly string[];
}

/** Null where the copy lacks a table or column of the reference. */
function endsOf(work: RowWork, link: ForeignKey): Ends | null {
  const child = work.tables.get(link.child.toLowerCase());
  const parent = work.tables.get(link.parent.toLowerCase());
  if (child === undefined || parent === undefined) return null;
  const isThen =
    link.from.every((name) => findColumn(child.copy, name) !== undefined) &&
    link.to.every((name) => findColumn(parent.copy, name) !== undefined);
  return isThen
    ? { child, parent, from: link.from.map(quoteName), to: link.to.map(quoteName) }
    : null;
}

/** A reference whose column SQLite emptied when a row was deleted that now comes back. */
export interface EmptiedLink extends Ends {
  readonly link: ForeignKey;
}

/** Notes rows whose links to rows that come back were emptied by their deletion, and says which references those are. */
export function collectEmptiedLinks(work: RowWork): readonly EmptiedLink[] {
  if (!work.options.withChildren) return [];
  const emptied = work.foreignKeys
    .filter((link) => link.onDelete === 'SET NULL')
    .flatMap((link) => {
      const ends = endsOf(work, link);
      return ends === null ? [] : [{ ...ends, link }];
    });
  for (const each of emptied) {
    const keys = each.child.keys.map((key) => `m.${key}`).join(', ');
    work.database.exec(
      `INSERT OR IGNORE INTO ${linkTable(each.child)} SELECT ${keys} ${emptiedRowsSql(work, each)}`,
    );
  }
  return emptied;
}

/** FROM and WHERE of emptied rows: `m` the row now, `c` the row then. */
export function emptiedRowsSql(work: RowWork, { child, parent, from, to }: Ends): string {
  return `FROM ${setTable(parent)} s
    CROSS JOIN ${copyTable(parent)} p ON ${equalSql('p', parent.copyKeys, 's', keySlots(parent))}
    CROSS JOIN ${copyTable(child)} c ON ${equalSql('p', to, 'c', from)}
    CROSS JOIN ${liveTable(child)} m ON ${equalSql('m', child.keys, 'c', child.copyKeys)}
    WHERE s.state = 0 AND s.role <= 1 AND ${from.map((column) => `m.${column} IS NULL`).join(' AND ')}
      AND NOT EXISTS (SELECT 1 FROM ${setTable(child)} z WHERE ${lookUpSql('z', keySlots(child), 'c', child.copyKeys)} AND ${writtenSql(work, 'z')})
      AND NOT EXISTS (SELECT 1 FROM ${dropTable(child)} d WHERE ${lookUpSql('d', keySlots(child), 'm', child.keys)})`;
}
