// What changed between two states of a database: counts per table, with examples that a person recognises.

/** How rows of the two states were recognised as the same row. */
export type RowIdentity =
  | 'key' // by the table's primary key
  | 'row-number' // by SQLite's own number of the row: the table declares no key
  | 'content'; // only whole rows can be compared; nothing counts as changed, but as removed and added

export type RowChange = 'added' | 'removed' | 'changed';

export interface RowExample {
  readonly change: RowChange;
  /** In the form that `--rows` takes. */
  readonly key: string;
  /** What the row is called, as far as a column tells. */
  readonly label: string | null;
}

export interface ColumnChange {
  readonly change: RowChange;
  readonly column: string;
}

/** A table that both states have. */
export interface TableComparison {
  readonly table: string;
  readonly rowsBefore: number;
  readonly rowsAfter: number;
  readonly identity: RowIdentity;
  readonly added: number;
  readonly removed: number;
  readonly changed: number;
  /** Columns that only one state has, or with another type; rows are compared by the others. */
  readonly columns: readonly ColumnChange[];
  readonly examples: readonly RowExample[];
}

export interface LoneTable {
  readonly table: string;
  readonly rows: number;
}

export interface SchemaChange {
  readonly change: RowChange;
  readonly kind: 'table' | 'index' | 'trigger' | 'view';
  readonly name: string;
}

export interface DatabaseComparison {
  readonly tables: readonly TableComparison[];
  readonly onlyBefore: readonly LoneTable[];
  readonly onlyAfter: readonly LoneTable[];
  readonly schema: readonly SchemaChange[];
}

/** Rows of a table in two restore points, as they were counted when these were made. */
export interface CountComparison {
  readonly table: string;
  /** Null: that state had no such table. */
  readonly rowsBefore: number | null;
  readonly rowsAfter: number | null;
}

export interface FileExample {
  readonly change: RowChange;
  readonly path: string;
}

export interface FileComparison {
  readonly filesBefore: number;
  readonly filesAfter: number;
  readonly added: number;
  readonly removed: number;
  readonly changed: number;
  readonly examples: readonly FileExample[];
}

/** What is said about one source; the cheapest way that answers was taken. */
export type SourceComparison =
  /** Not a byte differs: by the digests of all pages, or because the live file was not written to since. */
  | { readonly kind: 'identical'; readonly by: 'digest' | 'marker' }
  /** From what was counted at the backups; no data was fetched. */
  | { readonly kind: 'counts'; readonly tables: readonly CountComparison[] }
  | { readonly kind: 'rows'; readonly database: DatabaseComparison }
  | { readonly kind: 'files'; readonly files: FileComparison }
  /** Bytes differ, and nothing here can look inside. */
  | { readonly kind: 'opaque'; readonly detail: string };
