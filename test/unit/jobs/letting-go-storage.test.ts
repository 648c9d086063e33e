/** A storage whose calls hang: the run that waits for them ends, and what is quick ends as it would. */
import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createMemoryStorage } from '../../../electron/engine/storage/memory-storage.ts';
import type { Storage } from '../../../electron/engine/storage/storage.ts';
import { createLettingGoStorage } from '../../../electron/jobs/letting-go-storage.ts';
import { failureOf } from '../../../shared/model/backup-error.ts';
import { createHandClock } from '../../support/hand-clock.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(() => void vi.useRealTimers());

const hang = async (): Promise<never> => new Promise(() => undefined);
const codeOf = async (work: Promise<unknown>): Promise<unknown> =>
  work.catch((error: unknown) => failureOf(error).code);

function open(part: Partial<Storage>) {
  const stop = new AbortController();
  const memory = createMemoryStorage({ clock: createHandClock(), random: randomBytes });
  return { stop, storage: createLettingGoStorage({ ...memory, ...part }, stop.signal) };
}

test('a stopped run is let go of half a minute later, and ends in order where the place answers', async () => {
  const { stop, storage } = open({ readWhole: hang });
  const read = codeOf(storage.readWhole('a', 10));
  let isOver = false;
  void read.then(() => (isOver = true));
  stop.abort(new Error('a person'));
  await vi.advanceTimersByTimeAsync(29_000);
  expect(isOver).toBe(false);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(await read).toBe('cancelled');
  await storage.put('leases/end', Buffer.from('over'));
  expect(await storage.size('leases/end')).toBe(4);
  const again = codeOf(storage.readWhole('a', 10));
  await vi.advanceTimersByTimeAsync(30_000);
  expect(await again).toBe('cancelled');
});

test('a call under way when the run is stopped says how it ended', async () => {
  const answer = Promise.withResolvers<number>();
  const { stop, storage } = open({ size: async () => answer.promise });
  const size = storage.size('a');
  stop.abort(new Error('a person'));
  await vi.advanceTimersByTimeAsync(20_000);
  answer.resolve(7);
  expect(await size).toBe(7);
});

test('a place that does not answer for half an hour is unreachable, for writers too', async () => {
  const writer = { write: hang, publish: hang, abandon: async () => undefined };
  const { storage } = open({ list: hang, startWriter: async () => writer });
  const { write } = await storage.startWriter('a', '00000001');
  const both = [codeOf(storage.list('')), codeOf(write(Buffer.alloc(1)))];
  await vi.advanceTimersByTimeAsync(30 * 60_000);
  expect(await Promise.all(both)).toEqual(['place-unreachable', 'place-unreachable']);
});
