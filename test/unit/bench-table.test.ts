/** A benchmark that calls a missed target met, or mixes up the tools, would let a slow release through. */
import { describe, expect, test } from 'vitest';
import { formatMedians, formatVerdicts, judge, medianOf } from '../bench/bench-table.ts';
import type { Round, Sample } from '../bench/run-round.ts';

const sample = (seconds: number, bytesAdded = 0, peakBytes = 1): Sample => ({
  seconds,
  bytesAdded,
  peakBytes,
  proveSeconds: 0,
  flushSeconds: 0,
  cpuSeconds: 0,
});

const round = (full: Sample, nothing: Sample, day: Sample, restore: Sample): Round => ({
  full,
  nothing,
  day,
  restore,
});

const restic = [round(sample(10, 1000), sample(1), sample(8, 900), sample(4))];
const borg = [round(sample(9, 1000), sample(2), sample(10, 900), sample(5))];
/** Each figure exactly at its limit. */
const atLimit = [round(sample(7, 1030), sample(1), sample(2, 30), sample(3.6, 0, 250e6))];

describe('the verdict on the targets', () => {
  test('is met at the limit, and missed just above it', () => {
    const verdicts = judge({ holdfast: atLimit, restic, borg });
    expect(verdicts).toHaveLength(8);
    expect(verdicts.filter(({ isMet }) => !isMet)).toEqual([]);

    const over = (value: Sample): Sample => ({
      ...value,
      seconds: value.seconds * 1.02,
      bytesAdded: value.bytesAdded + 1,
      peakBytes: value.peakBytes * 1.02,
    });
    const { full, nothing, day, restore } = atLimit[0] as Round;
    const slower = [round(over(full), over(nothing), over(day), over(restore))];
    expect(judge({ holdfast: slower, restic, borg }).filter(({ isMet }) => isMet)).toEqual([]);
  });

  test('compares a restore with the faster of the two, whichever that is', () => {
    const restoreOf = (verdicts: ReturnType<typeof judge>) =>
      verdicts.find(({ measure }) => measure.startsWith('restore'))?.ratio;
    expect(restoreOf(judge({ holdfast: atLimit, restic, borg }))).toBeCloseTo(3.6 / 4);
    expect(restoreOf(judge({ holdfast: atLimit, restic: borg, borg: restic }))).toBeCloseTo(
      3.6 / 4,
    );
  });

  test('leaves out a target whose peer did not run, instead of calling it met', () => {
    const measures = judge({ holdfast: atLimit, borg }).map(({ due }) => due);
    expect(measures).toEqual(['at most 1/5 of borg', 'at most 250 MB']);
    expect(judge({ restic, borg })).toEqual([]);
  });

  test('says by how much a target is missed', () => {
    const slow = [round(sample(14, 1000), sample(1), sample(2, 30), sample(3))];
    const text = formatVerdicts(judge({ holdfast: slow, restic, borg }));
    expect(text).toContain('| first full, time | at most 0.7 of restic | 1.40 | missed by 100 % |');
    expect(text).toContain('| the day, time | at most 1/4 of restic | 1/4.0 | met |');
  });
});

describe('the medians', () => {
  test('are not moved by one slow round', () => {
    expect(medianOf([9, 1, 2])).toBe(2);
    expect(medianOf([4, 1, 3, 2])).toBe(2.5);
    const once = restic[0] as Round;
    const slowOnce = [once, { ...once, full: sample(60) }, once];
    expect(formatMedians({ restic: slowOnce })).toContain(
      '| first full | 10.00 s, +1.0 kB, 0 MiB |',
    );
  });
});
