import { expect, test } from 'vitest';
import type { KeepReason } from '../../../shared/model/retention.ts';
import { keepReasonWords } from '../../../shared/text/retention-words.ts';

const bucket = '2026-11-20';
const nth = 2;

/** Every reason, every doubt: the compiler refuses a missing code. */
const samples: {
  readonly [Code in KeepReason['code']]: readonly Extract<KeepReason, { code: Code }>[];
} = {
  newest: [{ code: 'newest' }],
  'newest-proved': [{ code: 'newest-proved' }],
  'newest-full': [{ code: 'newest-full' }],
  'doubtful-time': [{ code: 'doubtful-time' }],
  damaged: [{ code: 'damaged' }],
  'no-rule': [{ code: 'no-rule' }],
  hold: [{ code: 'hold', reason: 'lawsuit' }],
  'in-doubt': (['clock-jump', 'anomaly', 'unreachable'] as const).map((doubt) => ({
    code: 'in-doubt',
    doubt,
  })),
  last: [{ code: 'last', nth }],
  within: [{ code: 'within' }],
  hourly: [{ code: 'hourly', bucket, nth }],
  daily: [{ code: 'daily', bucket, nth }],
  weekly: [{ code: 'weekly', bucket, nth }],
  monthly: [{ code: 'monthly', bucket, nth }],
  yearly: [{ code: 'yearly', bucket, nth }],
};

test('the preview of tidying up tells every reason in both languages, with its facts', () => {
  const reasons = Object.values(samples).flat() as KeepReason[];
  for (const reason of reasons) {
    const [en, zh] = [keepReasonWords(reason, 'en'), keepReasonWords(reason, 'zh-CN')];
    expect(zh).toMatch(/\p{Script=Han}/u);
    expect(en).not.toMatch(/\p{Script=Han}|undefined/u);
    for (const words of [en, zh]) {
      if ('bucket' in reason) expect(words).toContain(bucket);
      else if ('nth' in reason) expect(words).toContain('2');
      if ('reason' in reason) expect(words).toContain('lawsuit');
    }
  }
  expect(new Set(reasons.map((reason) => keepReasonWords(reason, 'en'))).size).toBe(reasons.length);
  expect(new Set(reasons.map((reason) => keepReasonWords(reason, 'zh-CN'))).size).toBe(
    reasons.length,
  );
});
