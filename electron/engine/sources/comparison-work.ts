// What the two ways of comparing a table share: one goes by its key, the other by whole rows.
import type Database from 'better-sqlite3';
import type { TableComparison } from '../../../shared/model/comparison.ts';
import type { TableColumn, TableShape } from './table-shape.ts';

/** One table, seen from both sides. */
export interface TablePair {
  readonly before: TableShape;
  readonly after: TableShape;
}

export interface CompareOptions {
  readonly sampleLimit: number;
  /** Lets others have their turn; throws cancelled. */
  readonly takeTurns: () => Promise<void>;
}

/** What the ways of comparing need. */
export interface Work {
  readonly database: Database.Database;
  /** The table with its schema, as SQL. */
  readonly before: string;
  readonly after: string;
  /** Key columns as SQL names; null where the table has none that both sides share. */
  readonly keys: readonly string[] | null;
  readonly columns: readonly TableColumn[];
  readonly shapes: TablePair;
  readonly options: CompareOptions;
}

export type FoundChanges = Pick<TableComparison, 'added' | 'removed' | 'changed' | 'examples'>;
