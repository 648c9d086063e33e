// The computer's own clock and random bytes, handed to the engine by the entries.
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock, RandomBytes } from '../../shared/model/clock.ts';

export const systemClock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  zone: () => Intl.DateTimeFormat().resolvedOptions().timeZone,
  offsetMinutes: (atMs) => -new Date(atMs).getTimezoneOffset(),
  sleep: async (ms, signal) => {
    await sleep(ms, undefined, signal === undefined ? {} : { signal });
  },
};

export const systemRandom: RandomBytes = (length) => randomBytes(length);
