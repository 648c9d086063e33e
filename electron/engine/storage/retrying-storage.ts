// A storage that rides out a place that is away for a moment: a server that restarts, a cable that was moved.
// Promise: only failures that are not final are tried again, for at most a minute; the last one is thrown. A writer is
// not repeated once it began: what the system lost of its bytes is not known, its caller abandons it and its name.
import type { Clock } from '../../../shared/model/clock.ts';
import type { Storage } from './storage.ts';
import { isFinalFailure } from './storage-failure.ts';

/** How long an unreachable place is waited for: a router restarts in less; after it, the run says so and comes back when due. */
export const UNREACHABLE_FOR_MS = 60_000;

const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 8_000;

export interface RetryingStorageOptions {
  readonly clock: Clock;
  readonly forMs?: number;
  /** Ends the waiting. */
  readonly signal?: AbortSignal;
}

/** Wraps `storage`; everything that it does can be done twice. */
export function createRetryingStorage(storage: Storage, options: RetryingStorageOptions): Storage {
  const retry = async <T>(action: () => Promise<T>): Promise<T> => retryPassing(options, action);
  return {
    location: storage.location,
    list: async (folder) => retry(async () => storage.list(folder)),
    read: async (name, offset, length) => retry(async () => storage.read(name, offset, length)),
    readWhole: async (name, maxBytes) => retry(async () => storage.readWhole(name, maxBytes)),
    size: async (name) => retry(async () => storage.size(name)),
    put: async (name, bytes) => retry(async () => storage.put(name, bytes)),
    putExclusive: async (name, bytes) => putExclusive(storage, retry, name, bytes),
    startWriter: async (name, tag) => retry(async () => storage.startWriter(name, tag)),
    remove: async (name) => retry(async () => storage.remove(name)),
    listTemporary: async () => retry(async () => storage.listTemporary()),
    removeTemporary: async (name) => retry(async () => storage.removeTemporary(name)),
    freeBytes: async () => retry(async () => storage.freeBytes()),
    clockMs: async () => retry(async () => storage.clockMs()),
  };
}

async function retryPassing<T>(
  { clock, forMs = UNREACHABLE_FOR_MS, signal }: RetryingStorageOptions,
  action: () => Promise<T>,
): Promise<T> {
  const untilMs = clock.monotonicMs() + forMs;
  for (let waitMs = FIRST_WAIT_MS; ; waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS)) {
    try {
      return await action();
    } catch (error) {
      if (isFinalFailure(error) || clock.monotonicMs() >= untilMs) throw error;
      await clock.sleep(waitMs, signal);
    }
  }
}

async function putExclusive(
  storage: Storage,
  retry: <T>(action: () => Promise<T>) => Promise<T>,
  name: string,
  bytes: Uint8Array,
): Promise<boolean> {
  let isRepeated = false;
  return retry(async () => {
    const isRepeat = isRepeated;
    isRepeated = true;
    if (await storage.putExclusive(name, bytes)) return true;
    // The answer of the first try may have been lost, not its effect. Sealed bytes are nobody else's.
    return isRepeat && (await holds(storage, name, bytes));
  });
}

async function holds(storage: Storage, name: string, bytes: Uint8Array): Promise<boolean> {
  if ((await storage.size(name)) !== bytes.length) return false;
  return (await storage.read(name, 0, bytes.length)).equals(bytes);
}
