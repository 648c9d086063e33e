/** The storage that the fault tests stand on: a fault that does not happen as planned would make them all empty. */
import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { StorageStopped, type Fault } from '../../electron/engine/storage/fault-plan.ts';
import {
  createFaultyStorage,
  type FaultyStorage,
} from '../../electron/engine/storage/faulty-storage.ts';
import {
  createMemoryStorage,
  type MemoryStorage,
} from '../../electron/engine/storage/memory-storage.ts';
import type { Storage } from '../../electron/engine/storage/storage.ts';
import { createTestClock } from '../support/test-clock.ts';
import { codeOf } from './storage.suite.ts';

const rig = (
  faults: readonly Fault[],
  onStop?: () => void,
): { readonly memory: MemoryStorage; readonly faulty: FaultyStorage } => {
  const memory = createMemoryStorage({ clock: createTestClock(), random: randomBytes });
  return { memory, faulty: createFaultyStorage(memory, faults, onStop) };
};

/** Seven mutations. */
async function work(storage: Storage): Promise<void> {
  await storage.put('a', Buffer.from('aaaa'));
  await storage.putExclusive('b', Buffer.from('bbbb'));
  const writer = await storage.startWriter('c', '1');
  await writer.write(Buffer.from('cccc'));
  await writer.write(Buffer.from('dddd'));
  await writer.publish();
  await storage.remove('a');
}
const MUTATIONS = 7;

const stateOf = async (storage: Storage): Promise<string> => {
  const published = (await storage.list('')).map(({ name, size }) => `${name}${size}`);
  const temporary = (await storage.listTemporary()).map(({ size }) => `tmp${size}`);
  return [...published, ...temporary].join(' ');
};

describe('a planned stop', () => {
  test('without a fault all mutations are counted, reads are not among them', async () => {
    const { faulty } = rig([]);
    await work(faulty);
    await faulty.list('');
    await faulty.read('b', 0, 1);
    expect(faulty.plan.counts()).toEqual({ mutations: MUTATIONS, calls: MUTATIONS + 2, bytes: 16 });
    faulty.plan.assertAllHit();
  });

  const states: Readonly<Record<Extract<Fault, { kind: 'stop' }>['at'], readonly string[]>> = {
    before: ['', 'a4', 'a4 b4', 'a4 b4 tmp0', 'a4 b4 tmp4', 'a4 b4 tmp8', 'a4 b4 c8'],
    after: ['a4', 'a4 b4', 'a4 b4 tmp0', 'a4 b4 tmp4', 'a4 b4 tmp8', 'a4 b4 c8', 'b4 c8'],
    torn: ['tmp2', 'a4 tmp2', 'a4 b4', 'a4 b4 tmp2', 'a4 b4 tmp6', 'a4 b4 tmp8', 'a4 b4 c8'],
    'torn-final': ['a2', 'a4 b2', 'a4 b4', 'a4 b4 tmp2', 'a4 b4 tmp6', 'a4 b4 c4 tmp8', 'a4 b4 c8'],
  };

  test.each(['before', 'after', 'torn', 'torn-final'] as const)(
    'a stop %s each write leaves exactly what a dead process would',
    async (at) => {
      for (let mutation = 1; mutation <= MUTATIONS; mutation++) {
        const { memory, faulty } = rig([{ kind: 'stop', at, mutation }]);
        await expect(work(faulty)).rejects.toThrow(StorageStopped);
        expect(await stateOf(memory)).toBe(states[at][mutation - 1]);
        faulty.plan.assertAllHit();
      }
    },
  );

  test('after it nothing reaches the storage any more, whoever still cleans up', async () => {
    const { memory, faulty } = rig([{ kind: 'stop', at: 'after', mutation: 3 }]);
    await faulty.put('a', Buffer.from('aaaa'));
    const writer = await faulty.startWriter('c', '1');
    await expect(faulty.remove('nothing')).rejects.toThrow(StorageStopped);
    expect(faulty.plan.isStopped()).toBe(true);
    await expect(writer.abandon()).rejects.toThrow(StorageStopped);
    await expect(writer.publish()).rejects.toThrow(StorageStopped);
    await expect(faulty.remove('a')).rejects.toThrow(StorageStopped);
    await expect(faulty.list('')).rejects.toThrow(StorageStopped);
    expect(await stateOf(memory)).toBe('a4 tmp0');
  });

  test('it may end the process in earnest', async () => {
    let isEnded = false;
    const { faulty } = rig([{ kind: 'stop', at: 'before', mutation: 1 }], () => {
      isEnded = true;
    });
    await expect(faulty.put('a', Buffer.from('a'))).rejects.toThrow(StorageStopped);
    expect(isEnded).toBe(true);
  });
});

describe('a planned error', () => {
  test('meets the n-th call of its operation, as often as planned', async () => {
    const failure = { code: 'place-read-only', place: 'memory' } as const;
    const { memory, faulty } = rig([
      { kind: 'error', operation: 'put', call: 2, calls: 2, failure },
    ]);
    const codes: string[] = [];
    for (const name of ['a', 'b', 'c', 'd']) {
      codes.push(await codeOf(faulty.put(name, Buffer.from(name))));
    }
    expect(codes).toEqual(['no failure', 'place-read-only', 'place-read-only', 'no failure']);
    expect(await stateOf(memory)).toBe('a1 d1');
  });

  test('a full place takes so many bytes and no more', async () => {
    const { memory, faulty } = rig([{ kind: 'full', afterBytes: 10 }]);
    await faulty.put('a', Buffer.alloc(6));
    expect(await codeOf(faulty.put('b', Buffer.alloc(5)))).toBe('place-full');
    const writer = await faulty.startWriter('c', '1');
    await writer.write(Buffer.alloc(4));
    expect(await codeOf(writer.write(Buffer.alloc(1)))).toBe('place-full');
    await writer.abandon();
    expect(await codeOf(faulty.putExclusive('d', Buffer.alloc(1)))).toBe('place-full');
    expect(await stateOf(memory)).toBe('a6');
    faulty.plan.assertAllHit();
  });

  test('a place that is away fails every call, then is back with all it had', async () => {
    const { faulty } = rig([{ kind: 'away', call: 2, calls: 3, code: 'place-missing' }]);
    await faulty.put('a', Buffer.from('aaaa'));
    expect(await codeOf(faulty.list(''))).toBe('place-missing');
    expect(await codeOf(faulty.put('b', Buffer.from('b')))).toBe('place-missing');
    expect(await codeOf(faulty.clockMs())).toBe('place-missing');
    expect(await stateOf(faulty)).toBe('a4');
    faulty.plan.assertAllHit();
  });

  test('a turned bit is seen by every read that covers it, and by no other', async () => {
    const { memory, faulty } = rig([
      { kind: 'flip', object: 'a', byte: 2, bit: 0 },
      { kind: 'flip', object: 'a', byte: -1, bit: 1 },
    ]);
    await faulty.put('a', Buffer.from('aaaaaa'));
    await faulty.put('b', Buffer.from('aaaaaa'));
    expect((await faulty.readWhole('a', 10)).toString()).toBe('aa`aac');
    expect((await faulty.read('a', 2, 2)).toString()).toBe('`a');
    expect((await faulty.read('a', 3, 2)).toString()).toBe('aa');
    expect((await faulty.read('a', 5, 1)).toString()).toBe('c');
    expect((await faulty.readWhole('b', 10)).toString()).toBe('aaaaaa');
    expect((await memory.readWhole('a', 10)).toString()).toBe('aaaaaa');
    faulty.plan.assertAllHit();
  });

  const never: readonly Fault[] = [
    { kind: 'stop', at: 'after', mutation: MUTATIONS + 1 },
    { kind: 'error', operation: 'put', call: 2, failure: { code: 'cancelled' } },
    { kind: 'full', afterBytes: 16 },
    { kind: 'away', call: 100, calls: 1, code: 'place-missing' },
    { kind: 'flip', object: 'b', byte: 4, bit: 0 },
  ];

  test.each(never)('a fault that was never met is an error of its test: $kind', async (fault) => {
    const { faulty } = rig([fault]);
    await work(faulty);
    await faulty.readWhole('b', 10);
    expect(() => faulty.plan.assertAllHit()).toThrow(
      `planned but never met: [{"kind":"${fault.kind}"`,
    );
  });
});
