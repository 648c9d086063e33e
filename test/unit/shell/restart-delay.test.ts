import { expect, test } from 'vitest';
import {
  DEATH_WINDOW_MS,
  recentDeaths,
  restartDelayMs,
  TOO_MANY_DEATHS,
} from '../../../electron/shell/restart-delay.ts';

test('an agent that ends is started again: soon at first, slowly when it keeps ending, and always', () => {
  const waits = [1, 2, 3, 4, 5, 6, 50].map(restartDelayMs);
  expect(waits).toEqual([1_000, 2_000, 5_000, 15_000, 60_000, 60_000, 60_000]);
});

test('a death long ago slows nothing down', () => {
  const nowMs = 5 * DEATH_WINDOW_MS;
  expect(recentDeaths([0, nowMs - DEATH_WINDOW_MS, nowMs - 1, nowMs], nowMs)).toEqual([
    nowMs - 1,
    nowMs,
  ]);
});

test('at its slowest it still ends often enough for the user to be told', () => {
  expect(DEATH_WINDOW_MS / restartDelayMs(99)).toBeGreaterThan(TOO_MANY_DEATHS);
});
