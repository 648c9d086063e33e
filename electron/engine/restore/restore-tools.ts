// What every restore works with, and what it is asked to bring back.
import type { Clock, RandomBytes } from '../../../shared/model/clock.ts';
import type { Phase, ReportProgress } from '../../../shared/model/progress.ts';
import type { RestorePoint } from '../../../shared/model/restore-point.ts';
import type { ComputePool } from '../pipeline/compute-pool.ts';
import type { SourceHost } from '../sources/source-host.ts';
import type { Note } from '../vault/notes.ts';
import type { ProcessIdentity } from '../vault/process-identity.ts';
import type { ReportDamage } from '../vault/sealed-stream-reader.ts';
import type { Vault } from '../vault/vault.ts';

export interface RestoreTools {
  readonly clock: Clock;
  readonly random: RandomBytes;
  readonly host: SourceHost;
  readonly pool: ComputePool;
  readonly owner: ProcessIdentity;
  readonly onProgress: ReportProgress;
  readonly report: ReportDamage;
  readonly signal: AbortSignal;
}

/** A restore point as the caller found it. */
export interface PointToRestore {
  readonly vault: Vault;
  readonly point: RestorePoint;
  /** The vault's notes: they tell where lost pages lie too. */
  readonly notes: readonly Note[];
}

export interface RestorePhaseTime {
  readonly phase: Phase;
  readonly ms: number;
}
