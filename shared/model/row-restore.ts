// Bringing chosen records back from a restore point into the live database: what is asked for, foreseen and done.

/** Rows of one table: by their keys as text (see `--rows`), or all that the copy has. */
export interface RowSelection {
  readonly table: string;
  readonly keys: readonly string[] | 'all';
}

export interface RowRestoreOptions {
  /** A chosen row exists now with other content: put the old content in its place, or leave it. */
  readonly onConflict: 'replace' | 'keep';
  /** Rows that were deleted together with a chosen row come back with it, and links to it that were emptied are set again. */
  readonly withChildren: boolean;
  /** With `keys: 'all'`: rows that were added since stay, or go. */
  readonly addedSince: 'keep' | 'remove';
  /** Tables that look different now: give up, or carry over the columns that both have. */
  readonly onSchemaDifference: 'refuse' | 'map';
}

/** What is done to one table. */
export interface TableRestore {
  readonly table: string;
  /** `row-number`: the table declares no key; rows are recognised by SQLite's number of them. */
  readonly identity: 'key' | 'row-number';
  readonly rowsThen: number;
  readonly rowsNow: number;
  /** Chosen rows, by what became of them since. */
  readonly missing: number;
  readonly changed: number;
  readonly unchanged: number;
  /** Rows that come along: what chosen rows refer to, and what was deleted with them. */
  readonly parents: number;
  readonly children: number;
  /** Rows whose emptied links to rows that come back are set again. */
  readonly relinked: number;
  /** Rows added since that go. */
  readonly removed: number;
  /** All rows that are written or removed. */
  readonly touched: number;
}

/** A value that must be unique is now another row's; nothing is restored until one of the two gives way. */
export interface RowClash {
  readonly table: string;
  readonly key: string;
  readonly columns: readonly string[];
  /** The row that has the value now. */
  readonly heldBy: string;
}

export type RowRestoreWarning =
  | { readonly kind: 'schema-differs'; readonly table: string; readonly detail: string }
  /** Actions of the database that do not run for this: they would do more than bring rows back. */
  | { readonly kind: 'triggers-held'; readonly triggers: readonly string[] }
  /** Full-text indexes that are built anew in the same transaction, in place of their triggers. */
  | { readonly kind: 'search-index-rebuilt'; readonly indexes: readonly string[] }
  /** Restored rows refer to rows that the copy does not have either. */
  | {
      readonly kind: 'dangling';
      readonly table: string;
      readonly parent: string;
      readonly rows: number;
    }
  /** Rows that belonged to restored rows, and whose keys are other rows' now: they do not come back. */
  | { readonly kind: 'key-taken'; readonly table: string; readonly rows: number }
  | { readonly kind: 'row-numbers'; readonly table: string };

export interface RowRestorePlan {
  /** Only tables that rows were chosen in or come along in. */
  readonly tables: readonly TableRestore[];
  readonly clashes: readonly RowClash[];
  readonly warnings: readonly RowRestoreWarning[];
}

export interface RowRestoreResult extends RowRestorePlan {
  /** Rows written or removed in all tables; 0 = nothing was to be done and no undo file exists. */
  readonly touched: number;
  readonly undoBytes: number;
}

export interface UndoRowsResult {
  readonly touched: number;
  readonly warnings: readonly RowRestoreWarning[];
}

/** Some rows of a table, for people: values as text, long ones cut. */
export interface RowPage {
  readonly table: string;
  readonly columns: readonly string[];
  readonly rows: readonly { readonly key: string; readonly values: readonly (string | null)[] }[];
  readonly totalRows: number;
}
