// Why a run was told to stop, carried as the reason of its abort signal: it decides how the run is recorded.
import { BackupError, failureOf } from '../../shared/model/backup-error.ts';
import type { Failure } from '../../shared/model/failure.ts';
import type { RunEndState } from '../../shared/model/run.ts';

/** The computer sleeps, shuts down, or the app ends. Nobody decided against the run: it is caught up. */
export const INTERRUPTION = new BackupError({ code: 'cancelled' });

/** The watchdog's reason. */
export function tooLong(limitMs: number): BackupError {
  return new BackupError({ code: 'run-too-long', limitMs });
}

export interface StoppedRun {
  readonly state: Extract<RunEndState, 'failed' | 'cancelled' | 'interrupted'>;
  /** As recorded; an interruption is not the run's failure. */
  readonly failure: Failure | null;
  /** What the caller gets. */
  readonly thrown: Failure;
}

/** How a run ends that threw `cause` while `signal` was as it is now. */
export function endOfRun(signal: AbortSignal, cause: unknown): StoppedRun {
  const cancelled: Failure = { code: 'cancelled' };
  if (signal.aborted && signal.reason === INTERRUPTION) {
    return { state: 'interrupted', failure: null, thrown: cancelled };
  }
  const reason = signal.aborted ? failureOf(signal.reason) : failureOf(cause);
  if (reason.code === 'run-too-long') return { state: 'failed', failure: reason, thrown: reason };
  if (signal.aborted || reason.code === 'cancelled') {
    return { state: 'cancelled', failure: cancelled, thrown: cancelled };
  }
  return { state: 'failed', failure: reason, thrown: reason };
}
