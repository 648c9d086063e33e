// Restore points as every layer above the vault sees them.
import type { ObjectId, PlanId, PointId, SourceId, VaultId } from './ids.ts';
import type { Problem } from './failure.ts';

export type BackupKind = 'full' | 'incremental' | 'differential';

/** How the state of a source was fixed; shown to the user, never prettified. */
export type CaptureLabel =
  | 'transactional' // one committed state, by SQLite's own locks
  | 'quiet-copy' // read twice, equal, nobody wrote meanwhile
  | 'recovered-after-crash' // a crash of the CRM left a journal; its last committed state
  | 'crash-consistent' // files read one after the other
  | 'damaged-source'; // stored raw, as found

export type CaptureMethod = 'scanned' | 'guided' | 'unchanged';

/** Position in the vault's order; (epoch, counter) is unique and grows. */
export interface Sequence {
  readonly epoch: number;
  readonly counter: number;
}

/** Wall time for people; `doubtful` when a clock ran backwards or ahead of the storage's. */
export interface WallTime {
  readonly ms: number;
  readonly zone: string;
  readonly offsetMinutes: number;
  readonly doubtful: boolean;
}

export interface TableCount {
  readonly table: string;
  readonly rows: number;
}

/** A database file stored page by page. */
export interface PageFile {
  /** Path below the source's folder in a restore, `/`-separated. */
  readonly path: string;
  readonly size: number;
  readonly pageSize: number;
  readonly pageCount: number;
  readonly mode: number;
  /** 64 hex digits, FORMAT.md section 5. */
  readonly root: string;
  /** Table ids, oldest level first. */
  readonly levels: readonly ObjectId[];
  readonly changedPages: number;
  readonly storedPages: number;
}

/** The entries of a folder (or of files stored raw). */
export interface FileList {
  readonly levels: readonly ObjectId[];
  readonly files: number;
  readonly bytes: number;
}

export interface PointSource {
  readonly id: SourceId;
  readonly kind: 'sqlite' | 'page-file' | 'folder' | 'raw';
  readonly name: string;
  /** Absolute path at capture. */
  readonly path: string;
  readonly capturedAtMs: number;
  readonly label: CaptureLabel;
  readonly method: CaptureMethod;
  readonly pages: PageFile | null;
  readonly list: FileList | null;
  readonly counts: readonly TableCount[] | null;
  /** What the next capture wants to know; opaque to all but `sources/`. */
  readonly marker: unknown;
}

export interface PackUse {
  readonly id: ObjectId;
  readonly bytes: number;
  readonly liveBytes: number;
}

export interface ObjectUse {
  readonly id: ObjectId;
  readonly bytes: number;
}

/** A restore point, as its manifest says (FORMAT.md section 7). */
export interface RestorePoint extends Sequence {
  readonly vaultId: VaultId;
  readonly id: PointId;
  readonly kind: BackupKind;
  readonly parent: PointId | null;
  readonly family: PointId;
  readonly planId: PlanId | null;
  readonly takenAt: WallTime;
  readonly finishedAtMs: number;
  readonly host: string;
  readonly app: string;
  readonly sources: readonly PointSource[];
  readonly packs: readonly PackUse[];
  readonly tables: readonly ObjectUse[];
  readonly lists: readonly ObjectUse[];
  readonly written: {
    readonly packs: readonly ObjectId[];
    readonly bytes: number;
    readonly readBytes: number;
  };
  readonly problems: readonly Problem[];
}

/** Negative when `a` is older. */
export function compareSequence(a: Sequence, b: Sequence): number {
  return a.epoch - b.epoch || a.counter - b.counter;
}
