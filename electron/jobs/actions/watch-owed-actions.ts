// The agent's eye on what dead processes owe: a command line that is killed beside it must not leave a service stopped
// until the agent starts again.
import type { Engine } from '../engine.ts';
import { finishOwedActions } from './finish-owed-actions.ts';

/** A folder is listed; that costs nothing. */
const LOOK_EVERY_MS = 30_000;

/** Looks now, and every half minute until it is disposed, which waits for a command that runs. */
export function watchOwedActions(engine: Engine): AsyncDisposable {
  const stop = new AbortController();
  const look = async (): Promise<void> => {
    while (!stop.signal.aborted) {
      await finishOwedActions(engine);
      await engine.clock.sleep(LOOK_EVERY_MS, stop.signal).catch(() => undefined);
    }
  };
  const looking = look();
  return {
    async [Symbol.asyncDispose]() {
      stop.abort();
      await looking;
    },
  };
}
