// A storage that fails as planned, for tests: it wraps a real one and carries out a FaultPlan.
// Promise: what the plan does not name is passed through unchanged; after a planned stop nothing reaches the storage, so
// it holds exactly what a dead process would have left.
import { createFaultPlan, type Fault, type FaultPlan, type Mutation } from './fault-plan.ts';
import type { Reading, StopFault } from './fault-plan.ts';
import { TAG_OF_NOBODY } from './object-name.ts';
import type { ObjectWriter, Storage } from './storage.ts';

/** A storage together with what happened to it. */
export interface FaultyStorage extends Storage {
  readonly plan: Pick<FaultPlan, 'counts' | 'isStopped' | 'assertAllHit'>;
}

/** `onStop` runs at a planned stop, e.g. to kill this process in earnest. */
export function createFaultyStorage(
  storage: Storage,
  faults: readonly Fault[],
  onStop?: () => void,
): FaultyStorage {
  const plan = createFaultPlan(faults, storage.location, onStop);
  const read = async <T>(operation: Reading, work: () => Promise<T>): Promise<T> =>
    runReading(plan, operation, work);
  const mutate = async <T>(operation: Mutation, work: () => Promise<T>, tear?: Tear): Promise<T> =>
    runMutation(plan, operation, work, tear);

  return {
    plan,
    location: storage.location,
    list: async (folder) => read('list', async () => storage.list(folder)),
    listTemporary: async () => read('listTemporary', async () => storage.listTemporary()),
    size: async (name) => read('size', async () => storage.size(name)),
    freeBytes: async () => read('freeBytes', async () => storage.freeBytes()),
    clockMs: async () => read('clockMs', async () => storage.clockMs()),
    read: async (name, offset, length) =>
      read('read', async () => {
        const bytes = await storage.read(name, offset, length);
        plan.flipBits(name, bytes, offset, (await storage.size(name)) ?? 0);
        return bytes;
      }),
    readWhole: async (name, maxBytes) =>
      read('readWhole', async () => {
        const bytes = await storage.readWhole(name, maxBytes);
        plan.flipBits(name, bytes, 0, bytes.length);
        return bytes;
      }),
    put: async (name, bytes) =>
      mutate(
        'put',
        async () => {
          plan.takeBytes(bytes.length);
          await storage.put(name, bytes);
        },
        tearOf(storage, name, bytes),
      ),
    putExclusive: async (name, bytes) =>
      mutate(
        'putExclusive',
        async () => {
          plan.takeBytes(bytes.length);
          return storage.putExclusive(name, bytes);
        },
        tearOf(storage, name, bytes),
      ),
    startWriter: async (name, tag) =>
      mutate('startWriter', async () =>
        writerOf(plan, storage, name, await storage.startWriter(name, tag)),
      ),
    remove: async (name) => mutate('remove', async () => storage.remove(name)),
    removeTemporary: async (name) =>
      mutate('removeTemporary', async () => storage.removeTemporary(name)),
  };
}

/** Does half of a mutation, under a temporary or the final name. */
type Tear = (under: 'temporary' | 'final') => Promise<void>;

async function runReading<T>(
  plan: FaultPlan,
  operation: Reading,
  work: () => Promise<T>,
): Promise<T> {
  const { error } = plan.meet(operation, false);
  if (error !== null) throw error.error;
  return work();
}

async function runMutation<T>(
  plan: FaultPlan,
  operation: Mutation,
  work: () => Promise<T>,
  tear: Tear = async () => undefined,
): Promise<T> {
  const { stop, error } = plan.meet(operation, true);
  if (stop !== null) return runStop(plan, stop, work, tear);
  if (error !== null && !error.isDone) throw error.error;
  const result = await work();
  if (error !== null) throw error.error;
  return result;
}

async function runStop(
  plan: FaultPlan,
  { at }: StopFault,
  work: () => Promise<unknown>,
  tear: Tear,
): Promise<never> {
  if (at === 'torn') await tear('temporary');
  if (at === 'torn-final') await tear('final');
  if (at === 'after') await work();
  return plan.endProcess();
}

function tearOf(storage: Storage, name: string, bytes: Uint8Array): Tear {
  const half = bytes.subarray(0, bytes.length >> 1);
  return async (under) => {
    if (under === 'final') return storage.put(name, half);
    await (await storage.startWriter(name, TAG_OF_NOBODY)).write(half);
  };
}

function writerOf(
  plan: FaultPlan,
  storage: Storage,
  name: string,
  writer: ObjectWriter,
): ObjectWriter {
  const written: Buffer[] = [];
  const publishHalf: Tear = async (under) => {
    if (under === 'final') await tearOf(storage, name, Buffer.concat(written))('final');
  };
  const half = (bytes: Uint8Array): Uint8Array => bytes.subarray(0, bytes.length >> 1);
  return {
    write: async (bytes) =>
      runMutation(
        plan,
        'write',
        async () => {
          plan.takeBytes(bytes.length);
          written.push(Buffer.from(bytes));
          await writer.write(bytes);
        },
        async () => writer.write(half(bytes)),
      ),
    publish: async () => runMutation(plan, 'publish', async () => writer.publish(), publishHalf),
    abandon: async () => runMutation(plan, 'abandon', async () => writer.abandon()),
  };
}
