/** A place that is away for a moment must not cost a backup, and one that stays away must not hang it. */
import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { Fault } from '../../electron/engine/storage/fault-plan.ts';
import {
  createFaultyStorage,
  type FaultyStorage,
} from '../../electron/engine/storage/faulty-storage.ts';
import { createMemoryStorage } from '../../electron/engine/storage/memory-storage.ts';
import {
  createRetryingStorage,
  UNREACHABLE_FOR_MS,
} from '../../electron/engine/storage/retrying-storage.ts';
import type { Storage } from '../../electron/engine/storage/storage.ts';
import type { Failure } from '../../shared/model/failure.ts';
import { createTestClock, type TestClock } from '../support/test-clock.ts';
import { codeOf } from './storage.suite.ts';

interface Rig {
  readonly clock: TestClock;
  readonly memory: Storage;
  readonly faulty: FaultyStorage;
  readonly storage: Storage;
}

const rig = (faults: readonly Fault[], signal?: AbortSignal): Rig => {
  const clock = createTestClock();
  const memory = createMemoryStorage({ clock, random: randomBytes });
  const faulty = createFaultyStorage(memory, faults);
  const options = signal === undefined ? { clock } : { clock, signal };
  return { clock, memory, faulty, storage: createRetryingStorage(faulty, options) };
};

const away = (calls: number, code: 'place-missing' | 'place-unreachable'): Fault => ({
  kind: 'away',
  call: 1,
  calls,
  code,
});

describe('a place that is away for a moment', () => {
  const calls: readonly (readonly [string, (storage: Storage) => Promise<unknown>])[] = [
    ['list', async (storage) => storage.list('')],
    ['read', async (storage) => storage.read('old', 0, 1)],
    ['readWhole', async (storage) => storage.readWhole('old', 10)],
    ['size', async (storage) => storage.size('old')],
    ['put', async (storage) => storage.put('new', Buffer.from('x'))],
    ['putExclusive', async (storage) => storage.putExclusive('new', Buffer.from('x'))],
    ['startWriter', async (storage) => (await storage.startWriter('new', '1')).publish()],
    ['remove', async (storage) => storage.remove('old')],
    ['listTemporary', async (storage) => storage.listTemporary()],
    ['removeTemporary', async (storage) => storage.removeTemporary('tmp-1-0011223344556677')],
    ['freeBytes', async (storage) => storage.freeBytes()],
    ['clockMs', async (storage) => storage.clockMs()],
  ];

  test.each(calls)('%s waits and is then done', async (_, call) => {
    for (const code of ['place-missing', 'place-unreachable'] as const) {
      const { clock, memory, faulty, storage } = rig([away(3, code)]);
      await memory.put('old', Buffer.from('x'));
      await call(storage);
      faulty.plan.assertAllHit();
      expect(clock.sleptMs()).toBeGreaterThan(0);
      expect(clock.sleptMs()).toBeLessThan(10_000);
    }
  });

  test('one that stays away is given up after a minute, with its own reason', async () => {
    const { clock, storage } = rig([away(1_000_000, 'place-unreachable')]);
    expect(await codeOf(storage.list(''))).toBe('place-unreachable');
    expect(clock.sleptMs()).toBeGreaterThanOrEqual(UNREACHABLE_FOR_MS);
    expect(clock.sleptMs()).toBeLessThan(UNREACHABLE_FOR_MS + 10_000);
  });

  test('who cancels does not wait for it', async () => {
    const cancelling = new AbortController();
    cancelling.abort(new Error('cancelled'));
    const { clock, storage } = rig([away(1_000_000, 'place-unreachable')], cancelling.signal);
    await expect(storage.list('')).rejects.toThrow('cancelled');
    expect(clock.sleptMs()).toBe(0);
  });

  test('a name taken by a call whose answer was lost is still our own', async () => {
    const failure: Failure = { code: 'place-unreachable', place: 'memory', detail: 'lost' };
    const { faulty, memory, storage } = rig([
      { kind: 'error', operation: 'putExclusive', call: 1, failure, isDone: true },
    ]);
    expect(await storage.putExclusive('leases/1', Buffer.from('mine'))).toBe(true);
    faulty.plan.assertAllHit();
    expect(await storage.putExclusive('leases/1', Buffer.from('mine'))).toBe(false);
    expect((await memory.readWhole('leases/1', 10)).toString()).toBe('mine');
  });

  test("a name that somebody else took meanwhile stays theirs, though it is as long as ours'", async () => {
    const failure: Failure = { code: 'place-unreachable', place: 'memory', detail: 'lost' };
    const { memory, storage } = rig([
      { kind: 'error', operation: 'putExclusive', call: 1, failure },
    ]);
    await memory.put('leases/1', Buffer.from('them'));
    expect(await storage.putExclusive('leases/1', Buffer.from('mine'))).toBe(false);
  });
});

describe('what is final is not tried again', () => {
  const finals: readonly Failure[] = [
    { code: 'place-full', place: 'memory' },
    { code: 'place-read-only', place: 'memory' },
    { code: 'object-missing', object: 'x' },
    { code: 'object-damaged', object: 'x', detail: '' },
    { code: 'object-exists', object: 'x' },
    { code: 'blocked-by-other-program', path: '/x' },
    { code: 'unexpected', detail: 'x' },
  ];

  test.each(finals)('$code', async (failure) => {
    const { clock, storage } = rig([{ kind: 'error', operation: 'put', call: 1, failure }]);
    expect(await codeOf(storage.put('x', Buffer.from('x')))).toBe(failure.code);
    expect(clock.sleptMs()).toBe(0);
  });

  test('a writer that failed is not repeated: what is lost of its bytes is not known', async () => {
    const failure: Failure = { code: 'place-unreachable', place: 'memory', detail: 'away' };
    const { clock, memory, storage } = rig([
      { kind: 'error', operation: 'publish', call: 1, failure },
    ]);
    const writer = await storage.startWriter('packs/1', '1');
    await writer.write(Buffer.from('x'));
    expect(await codeOf(writer.publish())).toBe('place-unreachable');
    await writer.abandon();
    expect(clock.sleptMs()).toBe(0);
    expect(await memory.list('')).toEqual([]);
    expect(await memory.listTemporary()).toEqual([]);
  });
});
