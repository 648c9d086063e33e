// Key columns of a table as SQL names, wherever rows have to be found again.
import { quoteName } from './quote-name.ts';
import type { TableShape } from './table-shape.ts';

/** Null for a table whose rows nothing tells apart. */
export function keyNames({ key }: TableShape): readonly string[] | null {
  if (key.kind === 'none') return null;
  return key.kind === 'columns' ? key.columns.map(quoteName) : [key.name];
}
