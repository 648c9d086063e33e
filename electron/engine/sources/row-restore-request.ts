// What a restore of rows is asked for, inside the worker.
import type { RowRestoreOptions, RowSelection } from '../../../shared/model/row-restore.ts';

export interface RowRestoreRequest extends RowRestoreOptions {
  /** The live database. */
  readonly live: string;
  /** A restored copy of ours that nobody else touches. */
  readonly copy: string;
  readonly rows: readonly RowSelection[];
  /** How long to wait for the program that writes, milliseconds. */
  readonly patienceMs: number;
}
