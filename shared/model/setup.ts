// What setup looks at before a plan exists: files that may be the CRM, folders that may hold copies.
import type { Failure } from './failure.ts';
import type { PlanId, VaultId } from './ids.ts';
import type { Plan } from './plan.ts';
import type { TableCount } from './restore-point.ts';
import type { SourceLock } from './source-lock.ts';

/** The format of a file that is no database known here. */
export const UNKNOWN_FORMAT = 'file';
/** One table of what is mostly a folder of tables. */
export const DBASE_TABLE = 'dBase table';
/** The format of a file that was an SQLite database and that SQLite cannot read any more. */
export const DAMAGED_FORMAT = 'damaged SQLite database';

export interface FoundSource {
  readonly path: string;
  /** E.g. "SQLite database"; a name, the same in every language. */
  readonly format: string;
  readonly bytes: number;
  readonly modifiedAtMs: number;
}

export interface InspectedSource {
  /** Absolute, links resolved. */
  readonly path: string;
  readonly kind: 'sqlite' | 'page-file' | 'folder' | 'raw';
  readonly format: string;
  readonly bytes: number;
  readonly isEncrypted: boolean;
  readonly tables: readonly TableCount[] | null;
  /** Other programs that have it open; null: it cannot be told. Names only when known. */
  readonly heldBy: readonly string[] | null;
  /** A lock file beside it: whoever it names has it open, unless a crash left it. */
  readonly lock: SourceLock | null;
  /** Names of files beside it that only together with it are one database. */
  readonly companions: readonly string[];
  /** Shorter than its own header says. Null: it cannot be told. */
  readonly isCutShort: boolean | null;
  /** What stands against it, in the words of the system or of SQLite. */
  readonly detail: string | null;
  /** A plan that protects it already. */
  readonly protectedBy: { readonly plan: PlanId; readonly name: string } | null;
}

/** A disk or folder where copies could go. */
export interface PlaceCandidate {
  readonly path: string;
  readonly kind: 'disk' | 'removable' | 'network';
  /** The volume's name, where it has one. */
  readonly label: string | null;
  readonly freeBytes: number;
  readonly totalBytes: number;
  readonly isSystemDisk: boolean;
}

export interface PlaceTest {
  /** Null: everything below was done and is true. */
  readonly failure: Failure | null;
  readonly freeBytes: number | null;
  readonly totalBytes: number | null;
  readonly bytesPerSecond: number | null;
  /** It lies on the disk of one of the sources. Null: it cannot be told. */
  readonly isOwnDisk: boolean | null;
  /** Vaults that are in it or in a folder of it. */
  readonly vaults: readonly FoundVault[];
}

export interface FoundVault {
  readonly vault: VaultId;
  readonly path: string;
}

/** Shown once; the app keeps no recovery key. */
export interface RecoveryKit {
  readonly plan: PlanId;
  readonly planName: string;
  readonly vault: VaultId;
  readonly place: string;
  readonly sources: readonly string[];
  /** Groups of five, as it is printed. */
  readonly recoveryKey: string;
  /** SHA-256 of the emergency reader in the vault, hex. */
  readonly readerSha256: string;
  readonly madeAtMs: number;
}

export interface Protection {
  readonly plan: Plan;
  readonly kit: RecoveryKit;
  /** The passphrase is in the system's keychain. */
  readonly isRemembered: boolean;
}

export interface TakenUp {
  readonly vault: VaultId;
  readonly place: string;
  readonly points: number;
  readonly plans: readonly {
    readonly plan: Plan;
    readonly isNew: boolean;
    /** Paths of CRM data that are not on this computer. */
    readonly missingSources: readonly string[];
  }[];
  readonly isRemembered: boolean;
}
