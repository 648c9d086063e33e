// The one way in which a restore gives way to its caller.
import { BackupError } from '../../../shared/model/backup-error.ts';

/** Throws `cancelled` once the signal is given. */
export function throwIfCancelled(signal: AbortSignal): void {
  if (signal.aborted) throw new BackupError({ code: 'cancelled' });
}
