// Everything that the source worker can be asked: name -> input and output. The only list.
// Host and worker derive their types from it: an operation that nobody serves does not compile.
import type { RowSearchPage } from '../../../shared/model/bring-back.ts';
import type { DatabaseComparison } from '../../../shared/model/comparison.ts';
import type { Failure } from '../../../shared/model/failure.ts';
import type { TableCount } from '../../../shared/model/restore-point.ts';
import type {
  RowPage,
  RowRestorePlan,
  RowRestoreResult,
  UndoRowsResult,
} from '../../../shared/model/row-restore.ts';
import type { FolderItem } from './list-folder.ts';
import type {
  CapturedState,
  CaptureRequest,
  EndOfPass,
  Slice,
  SourceInspection,
} from './capture.ts';
import type { CommitNumber } from './commit-number.ts';
import type { ForeignKeyFindings } from './check-foreign-keys.ts';
import type { ComparisonRequest } from './compare-databases.ts';
import type { TargetLook } from './look-at-target.ts';
import type { ReadRowsRequest } from './read-rows.ts';
import type { SmallFile, SmallFileRead } from './read-small-files.ts';
import type { ReplaceOutcome, ReplaceRequest } from './replace-target.ts';
import type { RestoredThrough, RestoreThroughRequest } from './restore-through.ts';
import type { SearchRowsRequest } from './search-rows.ts';
import type { RowRestoreRequest } from './row-restore-request.ts';
import type { StateDigest } from './state-digest.ts';
import type { UndoRowsRequest } from './undo-rows.ts';

/** A new operation is one line here and one in `operation-handlers.ts`. Inputs and outputs are plain data or shared memory. */
export interface Operations {
  inspect: { input: { path: string; countBudgetMs: number }; output: SourceInspection };
  listFolder: { input: { path: string }; output: readonly FolderItem[] };
  countTables: { input: { path: string; budgetMs: number }; output: readonly TableCount[] };
  checkIntegrity: { input: { path: string }; output: readonly string[] };
  openRawFile: { input: { path: string }; output: OpenedRawFile };
  readRawFile: {
    input: { file: number; buffer: SharedArrayBuffer; offset: number };
    output: number;
  };
  closeRawFile: { input: { file: number }; output: null };
  readSmallFiles: {
    input: { files: readonly SmallFile[]; buffer: SharedArrayBuffer };
    output: readonly SmallFileRead[];
  };
  openCapture: { input: CaptureRequest & { nowMs: number }; output: OpenedCapture };
  nextSlice: { input: { capture: number; buffer: SharedArrayBuffer }; output: Slice | null };
  endPass: { input: { capture: number; nowMs: number }; output: EndOfPass };
  closeCapture: { input: { capture: number }; output: null };
  compareDatabases: { input: ComparisonRequest; output: DatabaseComparison };
  checkForeignKeys: { input: { path: string; sampleLimit: number }; output: ForeignKeyFindings };
  searchRows: { input: SearchRowsRequest; output: RowSearchPage };
  readRows: { input: ReadRowsRequest; output: RowPage };
  planRowRestore: { input: RowRestoreRequest; output: RowRestorePlan };
  restoreRows: { input: RowRestoreRequest & { undoPath: string }; output: RowRestoreResult };
  undoRows: { input: UndoRowsRequest; output: UndoRowsResult };
  lookAtTarget: { input: { path: string }; output: TargetLook };
  watchTarget: { input: { path: string; holdsWriters: boolean }; output: CommitNumber | null };
  endWatch: { input: { path: string }; output: null };
  stampTarget: { input: { path: string }; output: string };
  restoreThrough: { input: RestoreThroughRequest; output: RestoredThrough };
  replaceTarget: { input: ReplaceRequest; output: ReplaceOutcome };
  digestState: { input: { path: string }; output: StateDigest };
  closeAll: { input: object; output: null };
}

export interface OpenedRawFile {
  readonly file: number;
  readonly size: number;
  readonly mode: number;
  readonly mtimeMs: number;
}

export interface OpenedCapture {
  readonly capture: number;
  readonly state: CapturedState;
}

export type OperationName = keyof Operations;
export type Input<N extends OperationName> = Operations[N]['input'];
export type Output<N extends OperationName> = Operations[N]['output'];

/** From the host: a call, or the wish to end one. */
export type Request =
  | {
      readonly kind: 'call';
      readonly id: number;
      readonly name: OperationName;
      readonly input: unknown;
    }
  | { readonly kind: 'cancel'; readonly id: number };

/** From the worker. Any number of `progress`, then one of the others. */
export type Reply =
  | { readonly kind: 'progress'; readonly id: number; readonly progress: unknown }
  | { readonly kind: 'value'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'failure'; readonly id: number; readonly failure: Failure };

/** What a handler has besides its input. */
export interface CallContext {
  /** Aborts when the caller does; seen only by handlers that give way (await) now and then. */
  readonly signal: AbortSignal;
  /** Sends plain data to the caller's `onProgress`. */
  readonly report: (progress: unknown) => void;
}

export type Handler<N extends OperationName> = (
  input: Input<N>,
  context: CallContext,
) => Output<N> | Promise<Output<N>>;

export type Handlers = { readonly [N in OperationName]: Handler<N> };
