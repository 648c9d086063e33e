/** A place that never answers holds nothing up for longer than a minute, and one thread at most. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { lookInTime } from '../../../electron/jobs/look-in-time.ts';
import { failureOf } from '../../../shared/model/backup-error.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(() => void vi.useRealTimers());

/** Of the failure. */
const codeOf = async (work: Promise<string>): Promise<string> =>
  work.catch((error: unknown) => failureOf(error).code);

test('a look that hangs is given up after a minute, and the next one waits for it', async () => {
  const hang = Promise.withResolvers<string>();
  const began: string[] = [];
  const look = (name: string, answer: Promise<string>) => async () => {
    began.push(name);
    return answer;
  };
  const first = codeOf(lookInTime('/share', null, look('first', hang.promise)));
  await vi.advanceTimersByTimeAsync(60_000);
  expect(await first).toBe('place-unreachable');
  const second = codeOf(lookInTime('/share', null, look('second', Promise.resolve('late'))));
  expect(await lookInTime('/disk', null, look('elsewhere', Promise.resolve('here')))).toBe('here');
  await vi.advanceTimersByTimeAsync(60_000);
  expect(await second).toBe('place-unreachable');
  const third = lookInTime('/share', null, look('third', Promise.resolve('back')));
  expect(began).toEqual(['first', 'elsewhere']);
  // The server answers: who still waits looks for himself, who gave up does not.
  hang.resolve('old answer');
  expect(await third).toBe('back');
  expect(began).toEqual(['first', 'elsewhere', 'third']);
  expect(await lookInTime('/share', null, look('fourth', Promise.resolve('again')))).toBe('again');
});

test('a look is cancelled at once, also one that had been cancelled before it began', async () => {
  const stop = new AbortController();
  const hang = async (): Promise<string> => new Promise(() => undefined);
  const work = codeOf(lookInTime('/dead', stop.signal, hang));
  stop.abort(new Error('a person'));
  expect(await work).toBe('cancelled');
  expect(await codeOf(lookInTime('/other', stop.signal, hang))).toBe('cancelled');
});

test('what a look throws is thrown', async () => {
  const work = lookInTime('/disk', new AbortController().signal, async () => {
    throw new Error('damaged');
  });
  await expect(work).rejects.toThrow('damaged');
});
