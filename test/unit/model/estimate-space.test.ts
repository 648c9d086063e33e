import { expect, test } from 'vitest';
import { estimateSpaceBytes } from '../../../shared/model/estimate-space.ts';
import { keepEverything } from '../../../shared/model/keep-rules.ts';
import type { Schedule } from '../../../shared/model/schedule.ts';

const daily: Schedule = {
  kind: 'times',
  timesOfDay: ['18:00'],
  days: [1, 2, 3, 4, 5, 6, 7],
  zone: 'UTC',
};
const gibibyte = 2 ** 30;

test('longer kept copies need more room, and no rule at all the most', () => {
  const size = (part: Partial<typeof keepEverything>): number =>
    estimateSpaceBytes(gibibyte, daily, { ...keepEverything, ...part });
  const rules = [{ last: 1 }, { daily: 7 }, { daily: 31 }, { daily: 31, monthly: 12 }, {}];
  const sizes = rules.map(size);
  expect(sizes).toEqual([...sizes].sort((a, b) => a - b));
  expect(new Set(sizes).size).toBe(rules.length);
});

test('a month of days of a gigabyte takes between one and two gigabytes', () => {
  const bytes = estimateSpaceBytes(gibibyte, daily, { ...keepEverything, daily: 31 });
  expect(bytes).toBeGreaterThan(gibibyte);
  expect(bytes).toBeLessThan(2 * gibibyte);
});
