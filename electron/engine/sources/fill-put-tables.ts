// Fills the `put` tables of a restore: the copy's rows, and live rows whose emptied links are set again.
// Columns that the copy lacks keep their present value, or begin with their default.
import type { CollectedRows } from './plan-row-restore.ts';
import { emptiedRowsSql } from './collect-rows.ts';
import { quoteName } from './quote-name.ts';
import { equalSql, keysInSlots, keySlots, liveTable, putTable, slotOf } from './row-exchange.ts';
import {
  linkTable,
  type RowWork,
  setTable,
  type SharedTable,
  thenAndNowSql,
  writtenSql,
} from './row-work.ts';

/** The caller made the tables and collected the keys. */
export function fillPutTables(work: RowWork, { touched, emptied }: CollectedRows): void {
  for (const table of touched) {
    work.database.exec(`INSERT INTO ${putTable(table)} SELECT ${rowThenSql(table)}
      FROM ${setTable(table)} s CROSS JOIN ${thenAndNowSql(table)}
      WHERE ${equalSql('c', table.copyKeys, 's', keySlots(table))} AND ${writtenSql(work, 's')}`);
    work.database
      .exec(`INSERT INTO ${putTable(table)} SELECT ${rowNowSql(table)} FROM ${linkTable(table)} s
      CROSS JOIN ${liveTable(table)} m ON ${equalSql('m', table.keys, 's', keySlots(table))}`);
  }
  for (const ends of emptied) {
    const { child, link } = ends;
    const set = link.from.flatMap((name) => {
      const slot = slotOf(child, name);
      return slot === null ? [] : [{ slot, value: `c.${quoteName(name)}` }];
    });
    const keys = child.keys.map((key, index) => `+m.${key} AS k${index}`);
    const values = set.map(({ value }, index) => `${value} AS v${index}`);
    work.database
      .exec(`UPDATE ${putTable(child)} AS p SET ${set.map(({ slot }, index) => `${slot} = f.v${index}`).join(', ')}
      FROM (SELECT ${[...keys, ...values].join(', ')} ${emptiedRowsSql(work, ends)}) f
      WHERE ${equalSql('p', keysInSlots(child), 'f', keySlots(child))}`);
  }
}

/** A row of the copy, as it is written. */
function rowThenSql(table: SharedTable): string {
  const isNew = `m.${table.keys[0]} IS NULL`;
  const columns = table.columns.map((column) => {
    const name = quoteName(column.name);
    if (table.common.includes(column)) return `c.${name}`;
    return `CASE WHEN ${isNew} THEN (${column.defaultSql ?? 'NULL'}) ELSE m.${name} END`;
  });
  const { hiddenRowId } = table.shape;
  const number =
    hiddenRowId === null || table.copy.hiddenRowId === null
      ? hiddenRowId === null
        ? 'NULL'
        : `m.${hiddenRowId}`
      : `coalesce(m.${hiddenRowId}, c.${table.copy.hiddenRowId})`;
  return [number, ...columns].join(', ');
}

/** A live row as it is. */
function rowNowSql(table: SharedTable): string {
  const { hiddenRowId } = table.shape;
  const number = hiddenRowId === null ? 'NULL' : `m.${hiddenRowId}`;
  return [number, ...table.columns.map((column) => `m.${quoteName(column.name)}`)].join(', ');
}
