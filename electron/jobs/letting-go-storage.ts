// A storage that lets go of calls that hang: a file system call cannot be stopped, but whoever waits for it can.
// Promise: no call is waited for longer than half an hour, and after the run was stopped no call longer than half a
// minute. What a call still does after it was let go is what it would have done after the process was killed.
import { BackupError } from '../../shared/model/backup-error.ts';
import type { ObjectWriter, Storage } from '../engine/storage/storage.ts';
import { withinTime } from './within-time.ts';

/** A slow share lists its objects or takes a pack in less; one that takes longer has lost its server. */
const LONGEST_CALL_MS = 30 * 60_000;
/** What is under way when a run is stopped is mostly done in this time: then it is known how it ended. */
const GRACE_MS = 30_000;

/** Wraps `storage` for one run, which `signal` stops. */
export function createLettingGoStorage(storage: Storage, signal: AbortSignal): Storage {
  const wait = createWaiting(storage.location, signal);
  return {
    location: storage.location,
    list: async (folder) => wait(storage.list(folder)),
    read: async (name, offset, length) => wait(storage.read(name, offset, length)),
    readWhole: async (name, maxBytes) => wait(storage.readWhole(name, maxBytes)),
    size: async (name) => wait(storage.size(name)),
    put: async (name, bytes) => wait(storage.put(name, bytes)),
    putExclusive: async (name, bytes) => wait(storage.putExclusive(name, bytes)),
    startWriter: async (name, tag) => writerOf(wait, await wait(storage.startWriter(name, tag))),
    remove: async (name) => wait(storage.remove(name)),
    listTemporary: async () => wait(storage.listTemporary()),
    removeTemporary: async (name) => wait(storage.removeTemporary(name)),
    freeBytes: async () => wait(storage.freeBytes()),
    clockMs: async () => wait(storage.clockMs()),
  };
}

type Wait = <T>(call: Promise<T>) => Promise<T>;

function writerOf(wait: Wait, writer: ObjectWriter): ObjectWriter {
  return {
    write: async (bytes) => wait(writer.write(bytes)),
    publish: async () => wait(writer.publish()),
    abandon: async () => wait(writer.abandon()),
  };
}

function createWaiting(place: string, signal: AbortSignal): Wait {
  const over = new AbortController();
  const endSoon = (): void => void setTimeout(() => over.abort(), GRACE_MS).unref();
  signal.addEventListener('abort', endSoon, { once: true });
  return async <T>(call: Promise<T>): Promise<T> => {
    // The orderly end of a stopped run has its own half minute for each call.
    const limitMs = signal.aborted ? GRACE_MS : LONGEST_CALL_MS;
    const done = call.then((value) => ({ value }));
    const stop = signal.aborted ? null : over.signal;
    const ended = await withinTime(limitMs, done, null, stop).catch((error: unknown) => {
      if (stop?.aborted === true) return null;
      throw error;
    });
    if (ended !== null) return ended.value;
    if (signal.aborted) throw new BackupError({ code: 'cancelled' });
    const detail = `no answer within ${limitMs / 60_000} min`;
    throw new BackupError({ code: 'place-unreachable', place, detail });
  };
}
