// What a backup is asked for and what it answers.
import type { ProcessIdentity } from '../vault/process-identity.ts';
import type { PlanId, SourceId } from '../../../shared/model/ids.ts';
import type { Progress } from '../../../shared/model/progress.ts';
import type { BackupKind, RestorePoint } from '../../../shared/model/restore-point.ts';
import type { ComputePool } from '../pipeline/compute-pool.ts';
import type { SourceHost } from '../sources/source-host.ts';
import type { ReportDamage } from '../vault/sealed-stream-reader.ts';
import type { Vault } from '../vault/vault.ts';
import type { FullReason } from './plan-backup.ts';

export interface SourceRequest {
  /** Absolute path. */
  readonly path: string;
  /** Null: that of the newest point's source with this path, else a new one. */
  readonly id: SourceId | null;
  /** Null: the file's name. */
  readonly name: string | null;
}

export interface BackupRequest {
  readonly vault: Vault;
  readonly host: SourceHost;
  readonly pool: ComputePool;
  readonly owner: ProcessIdentity;
  readonly sources: readonly SourceRequest[];
  readonly kind: BackupKind | 'auto';
  readonly planId: PlanId | null;
  readonly app: string;
  /** Folder for the page hash cache and scratch files; made if need be. */
  readonly cacheFolder: string;
  /** Reads every page even where the WAL would tell; done by itself once a day. */
  readonly forceScan: boolean;
  readonly onProgress: (progress: Progress) => void;
  readonly report: ReportDamage;
  readonly signal: AbortSignal;
}

export interface PhaseTime {
  readonly phase: 'open' | 'read' | 'commit' | 'prove';
  readonly ms: number;
}

export interface BackupResult {
  readonly point: RestorePoint;
  readonly stem: string;
  /** Tables and lists that this run wrote, for the read-back. */
  readonly writtenLevels: readonly string[];
  /** Why it is a full; null for others. */
  readonly fullReason: FullReason | null;
  /** Names of sources that share no page with the point before: another database under the same path, or one rebuilt. */
  readonly replacedSources: readonly string[];
  readonly phases: readonly PhaseTime[];
  /** Files of the emergency kit that differed from the app's own and were put right. */
  readonly foreignKitFiles: readonly string[];
  /** Pages of older points that this backup brought back. */
  readonly healedPages: number;
}
