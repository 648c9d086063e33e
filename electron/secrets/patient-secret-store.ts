// A secret store that allows for sign-in: the agent starts before the keychain is unlocked.
// Promise: for five minutes after the start a missing answer is asked for again; later it is given at once.
import type { Clock } from '../../shared/model/clock.ts';
import type { SecretStore } from './secret-store.ts';

/** Sign-in scripts, a slow disk and typing the password are through by then; after it, somebody has to be asked. */
export const UNLOCKED_WITHIN_MS = 5 * 60_000;

const FIRST_WAIT_MS = 1_000;
/** A keychain that shows a window each time it is asked must not become a plague. */
const LONGEST_WAIT_MS = 30_000;

/** Wraps `store`; `startedAtMs` is the monotonic time of the sign-in, or of the agent's start. */
export function createPatientSecretStore(
  store: SecretStore,
  clock: Clock,
  startedAtMs: number = clock.monotonicMs(),
): SecretStore {
  return {
    kind: store.kind,
    async get(name, signal) {
      for (let waitMs = FIRST_WAIT_MS; ; waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS)) {
        const answer = await store.get(name, signal);
        const isLate = clock.monotonicMs() - startedAtMs >= UNLOCKED_WITHIN_MS;
        if (answer.kind === 'found' || store.kind !== 'keychain' || isLate) return answer;
        await clock.sleep(waitMs, signal);
      }
    },
    peek: async (name) => store.peek(name),
    set: async (name, secret) => store.set(name, secret),
    remove: async (name) => store.remove(name),
  };
}
