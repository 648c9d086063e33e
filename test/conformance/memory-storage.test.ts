/** The crash states that tests take from memory are the ones that a real place would be found in. */
import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import {
  createMemoryStorage,
  type MemoryStorage,
} from '../../electron/engine/storage/memory-storage.ts';
import type { Storage } from '../../electron/engine/storage/storage.ts';
import { createTestClock } from '../support/test-clock.ts';
import { codeOf } from './storage.suite.ts';

const create = (capacityBytes?: number): MemoryStorage =>
  createMemoryStorage({
    clock: createTestClock(),
    random: randomBytes,
    ...(capacityBytes === undefined ? {} : { capacityBytes }),
  });

const contentsOf = async (storage: Storage): Promise<Record<string, string>> => {
  const objects = await storage.list('');
  const entries = objects.map(async ({ name }): Promise<[string, string]> => {
    const bytes = await storage.readWhole(name, 1000);
    return [name, bytes.toString()];
  });
  return Object.fromEntries(await Promise.all(entries));
};

const half = async (storage: Storage): Promise<void> => {
  const writer = await storage.startWriter('packs/half', '1');
  await writer.write(Buffer.from('ha'));
};

test('a power cut keeps what was published, empties what was not, and may bring removed objects back', async () => {
  const storage = create();
  await storage.put('points/1', Buffer.from('one'));
  await storage.put('points/2', Buffer.from('two'));
  await storage.remove('points/1');
  await half(storage);

  const done = storage.afterPowerCut('done');
  const undone = storage.afterPowerCut('undone');
  expect(await contentsOf(done)).toEqual({ 'points/2': 'two' });
  expect(await contentsOf(undone)).toEqual({ 'points/1': 'one', 'points/2': 'two' });
  expect((await done.listTemporary()).map(({ size }) => size)).toEqual([0]);
});

test('a killed process leaves its half objects as far as it came, and a survivor lives on alone', async () => {
  const storage = create();
  await storage.put('points/1', Buffer.from('one'));
  const writer = await storage.startWriter('packs/half', '1');
  await writer.write(Buffer.from('ha'));
  const survivor = storage.afterKill();
  await writer.write(Buffer.from('lf'));
  await writer.publish();
  await storage.remove('points/1');

  expect(await contentsOf(survivor)).toEqual({ 'points/1': 'one' });
  expect((await survivor.listTemporary()).map(({ size }) => size)).toEqual([2]);
  await survivor.put('points/2', Buffer.from('two'));
  expect(await storage.size('points/2')).toBeNull();
});

test('a full memory refuses as a full disk does: nothing is lost, and a removal makes room', async () => {
  const storage = create(10);
  await storage.put('points/1', Buffer.alloc(6));
  expect(await codeOf(storage.put('points/2', Buffer.alloc(6)))).toBe('place-full');
  expect(await codeOf(storage.putExclusive('leases/1', Buffer.alloc(6)))).toBe('place-full');
  const writer = await storage.startWriter('packs/1', '1');
  await writer.write(Buffer.alloc(4));
  expect(await storage.freeBytes()).toBe(0);
  expect(await codeOf(writer.write(Buffer.alloc(1)))).toBe('place-full');
  await storage.remove('points/1');
  // Bytes are missing in the middle: this writer must never publish.
  expect(await codeOf(writer.write(Buffer.alloc(1)))).toBe('place-full');
  expect(await codeOf(writer.publish())).toBe('place-full');
  await writer.abandon();
  expect(await storage.freeBytes()).toBe(10);
  await storage.put('points/2', Buffer.alloc(10));
});
