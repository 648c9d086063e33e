// Long work in the source worker, cut into turns: others are answered in between, and a wish to end it is heard.
import { setImmediate as nextTurn } from 'node:timers/promises';
import { BackupError } from '../../../shared/model/backup-error.ts';

/** What long work takes from its call and its thread. */
export interface WorkContext {
  readonly signal: AbortSignal;
  readonly monotonicMs: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  readonly report: (progress: unknown) => void;
}

/** A turn lasts this long; another call of the thread waits no longer for its own. */
const TURN_MS = 40;

/** Call the result often: now and then it lets others have their turn. Throws cancelled. */
export function startTurns(context: WorkContext): () => Promise<void> {
  let turnBeganAt = context.monotonicMs();
  return async () => {
    if (context.monotonicMs() - turnBeganAt < TURN_MS) return;
    await nextTurn();
    throwIfEnded(context.signal);
    turnBeganAt = context.monotonicMs();
  };
}

/** Throws cancelled when the caller no longer wants an answer. */
export function throwIfEnded(signal: AbortSignal): void {
  if (signal.aborted) throw new BackupError({ code: 'cancelled' });
}
