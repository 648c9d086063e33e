// Capturing a source: the interface between the backup and the worker that holds the source open.
// Promise: the pages handed out between `openCapture` and a `consistent` end of pass are one committed state of the
// database (or, for other page files, one quiet state); the source and its side files are never changed.
import type {
  CaptureLabel,
  CaptureMethod,
  TableCount,
} from '../../../shared/model/restore-point.ts';
import type { SourceLock } from '../../../shared/model/source-lock.ts';

/** What a path is, found by plain reads and, where that is safe, by opening it. */
export interface SourceInspection {
  /** Absolute, symlinks resolved. */
  readonly path: string;
  readonly kind: 'sqlite' | 'page-file' | 'folder' | 'raw';
  /** In words for people, e.g. "SQLite database"; `raw` says why in `detail`. */
  readonly format: string;
  readonly detail: string | null;
  readonly bytes: number;
  readonly journalMode: 'wal' | 'rollback' | null;
  readonly encrypted: boolean;
  readonly tables: readonly TableCount[] | null;
  /** Other processes that have it open; null when it cannot be told here. Names only when known. */
  readonly heldBy: readonly string[] | null;
  /** Names of the side files (-wal, -shm, -journal) that lie beside `path` now. */
  readonly sideFiles: readonly string[];
  /** The lock file of another maker's program, which may name other computers. */
  readonly lock: SourceLock | null;
  /** Names of files beside it that only together with it are one database. */
  readonly companions: readonly string[];
  /** Pages of another maker's format; null where it has none, or they are SQLite's affair. */
  readonly pageSize: number | null;
  /** Shorter than its header says, or no whole number of its pages. Null: it cannot be told. */
  readonly isCutShort: boolean | null;
}

export interface CaptureRequest {
  /** Absolute path of the database file. */
  readonly path: string;
  /** The parent point's marker, as it was returned; null means: read everything. Unknown or foreign markers count as null. */
  readonly parentMarker: unknown;
  /** `scan` reads every page even if the marker would allow less. */
  readonly method: 'auto' | 'scan';
  /** Longest time for counting rows, milliseconds; 0 = do not count. Only scans count. */
  readonly countBudgetMs: number;
  /** Bytes of each slice buffer. */
  readonly sliceBytes: number;
}

/** The state that one pass hands out. */
export interface CapturedState {
  readonly kind: 'sqlite' | 'page-file';
  readonly method: CaptureMethod;
  /**
   * For a scan of a source that could have been guided: the pages that would have been read. A page that differs from the
   * parent and is none of these would have been missed. Null when guiding was not possible, or the pass is no scan.
   */
  readonly expectedChanges: readonly (readonly [first: number, count: number])[] | null;
  readonly pageSize: number;
  /** Pages of the state, whether or not this pass hands them out. */
  readonly pageCount: number;
  /** Bytes of the file as it is restored. */
  readonly size: number;
  readonly mode: number;
  /** Pages this pass hands out: all when scanned, the changed ones when guided, none when unchanged. */
  readonly pagesInPass: number;
}

/** Pages in a slice buffer, one after the other, in the order of the runs `[first page, count]`. */
export interface Slice {
  readonly runs: readonly (readonly [first: number, count: number])[];
  readonly pageCount: number;
}

export type EndOfPass =
  | {
      readonly kind: 'consistent';
      readonly label: CaptureLabel;
      readonly counts: readonly TableCount[] | null;
      /** A table without a count does not exist; false also where nothing was counted. */
      readonly areAllCounted: boolean;
      readonly marker: unknown;
      readonly capturedAtMs: number;
    }
  /** Somebody wrote meanwhile: hand out all pages once more (`state` may differ, method is `scanned`). */
  | { readonly kind: 'again'; readonly state: CapturedState };

/** An open capture. Calls of `nextSlice` may overlap; they are answered in order. */
export interface Capture extends AsyncDisposable {
  readonly state: CapturedState;
  /** Fills `buffer` and tells which pages it holds; null at the end of the pass. */
  nextSlice(buffer: SharedArrayBuffer): Promise<Slice | null>;
  /** After the last slice. Throws source-busy when no consistent state could be had within the tries. */
  endPass(): Promise<EndOfPass>;
}
