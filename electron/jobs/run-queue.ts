// One run at a time, in the order in which they were asked for.
import { BackupError } from '../../shared/model/backup-error.ts';

export interface RunQueue {
  /** Runs `work` when its turn comes; one that is cancelled while it waits never starts, and throws cancelled. */
  add<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T>;
}

/** An empty queue. */
export function createRunQueue(): RunQueue {
  let last: Promise<unknown> = Promise.resolve();
  return {
    async add(signal, work) {
      const turn = last.then(async () => {
        if (signal.aborted) throw new BackupError({ code: 'cancelled' });
        return work();
      });
      last = turn.catch(() => undefined);
      return turn;
    },
  };
}
