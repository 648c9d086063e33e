// SQL that tells whether two rows differ, byte by byte: collations make Anna and anna one name, but not one value.
import { quoteName } from './quote-name.ts';
import type { TableColumn } from './table-shape.ts';

/** An expression that is true where any of the columns differs between the rows of aliases `x` and `y`. */
export function differsSql(columns: readonly TableColumn[], x: string, y: string): string {
  const terms = columns.flatMap((column) => {
    const [a, b] = [`${x}.${quoteName(column.name)}`, `${y}.${quoteName(column.name)}`];
    const differ = `${a} IS NOT ${b} COLLATE BINARY`;
    // Only such a column keeps 1 and 1.0 apart, and SQLite calls them equal.
    return column.affinity === 'blob' ? [differ, `typeof(${a}) <> typeof(${b})`] : [differ];
  });
  return terms.length === 0 ? '0' : `(${terms.join(' OR ')})`;
}

/** A condition that pairs rows by key columns; the index of `x`'s table can serve it. */
export function sameKeySql(keys: readonly string[], x: string, y: string): string {
  return keys.map((key) => `${x}.${key} = ${y}.${key}`).join(' AND ');
}
