// What bringing back would change, from a comparison of the restore point (before) with now (after). Facts that one
// sentence each can say; the words are in the texts. Promise: nothing that differs is left out, only examples are.
import type {
  CountComparison,
  DatabaseComparison,
  SourceComparison,
} from '../../shared/model/comparison.ts';

export type Difference =
  | { readonly kind: 'nothing' }
  /** Rows that the restore point has and now are missing. */
  | { readonly kind: 'come-back'; readonly table: string; readonly rows: number }
  /** Rows that were added since. */
  | { readonly kind: 'go'; readonly table: string; readonly rows: number }
  | { readonly kind: 'as-before'; readonly table: string; readonly rows: number }
  | { readonly kind: 'table-comes-back'; readonly table: string; readonly rows: number }
  | { readonly kind: 'table-goes'; readonly table: string; readonly rows: number }
  /** Only numbers of rows are known: what changed within them is not. */
  | { readonly kind: 'more' | 'fewer'; readonly table: string; readonly rows: number }
  | { readonly kind: 'columns'; readonly table: string; readonly columns: readonly string[] }
  | { readonly kind: 'structure'; readonly names: readonly string[] }
  | { readonly kind: 'files-come-back' | 'files-go' | 'files-as-before'; readonly files: number }
  /** The numbers of rows are the same; that alone does not say that nothing changed. */
  | { readonly kind: 'same-counts' }
  | { readonly kind: 'cannot-tell' };

/** Largest first within each kind; never empty. */
export function differencesOf(comparison: SourceComparison): readonly Difference[] {
  switch (comparison.kind) {
    case 'identical':
      return [{ kind: 'nothing' }];
    case 'opaque':
      return [{ kind: 'cannot-tell' }];
    case 'counts':
      return orElse(byCounts(comparison.tables), { kind: 'same-counts' });
    case 'rows':
      return orElse(byRows(comparison.database), { kind: 'nothing' });
    case 'files': {
      const { removed, added, changed } = comparison.files;
      const found: readonly Difference[] = [
        { kind: 'files-come-back', files: removed },
        { kind: 'files-go', files: added },
        { kind: 'files-as-before', files: changed },
      ];
      return orElse(
        found.filter((one) => !('files' in one) || one.files > 0),
        { kind: 'nothing' },
      );
    }
  }
}

const orElse = (found: readonly Difference[], none: Difference): readonly Difference[] =>
  found.length === 0 ? [none] : found;

function byRows(database: DatabaseComparison): readonly Difference[] {
  const { tables, onlyBefore, onlyAfter, schema } = database;
  const lone = new Set([...onlyBefore, ...onlyAfter].map(({ table }) => table));
  const names = schema.map(({ name }) => name).filter((name) => !lone.has(name));
  return [
    ...onlyBefore.map(({ table, rows }) => ({ kind: 'table-comes-back' as const, table, rows })),
    ...largestFirst(
      tables.map(({ table, removed }) => ({ kind: 'come-back', table, rows: removed })),
    ),
    ...largestFirst(tables.map(({ table, added }) => ({ kind: 'go', table, rows: added }))),
    ...largestFirst(
      tables.map(({ table, changed }) => ({ kind: 'as-before', table, rows: changed })),
    ),
    ...onlyAfter.map(({ table, rows }) => ({ kind: 'table-goes' as const, table, rows })),
    ...tables
      .filter(({ columns }) => columns.length > 0)
      .map(({ table, columns }) => ({
        kind: 'columns' as const,
        table,
        columns: columns.map(({ column }) => column),
      })),
    ...(names.length > 0 ? [{ kind: 'structure' as const, names }] : []),
  ];
}

function byCounts(tables: readonly CountComparison[]): readonly Difference[] {
  const come: Difference[] = [];
  const go: Difference[] = [];
  const counted: RowDifference[] = [];
  for (const { table, rowsBefore, rowsAfter } of tables) {
    if (rowsBefore === null && rowsAfter !== null) {
      go.push({ kind: 'table-goes', table, rows: rowsAfter });
    } else if (rowsBefore !== null && rowsAfter === null) {
      come.push({ kind: 'table-comes-back', table, rows: rowsBefore });
    } else {
      const by = (rowsBefore ?? 0) - (rowsAfter ?? 0);
      counted.push({ kind: by > 0 ? 'more' : 'fewer', table, rows: Math.abs(by) });
    }
  }
  return [...come, ...largestFirst(counted), ...go];
}

type RowDifference = Extract<Difference, { readonly table: string; readonly rows: number }>;

function largestFirst(rows: readonly RowDifference[]): readonly RowDifference[] {
  return rows.filter((one) => one.rows > 0).toSorted((a, b) => b.rows - a.rows);
}
