import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { PointId, SourceId } from '../../../shared/model/ids.ts';
import { keepEverything, type KeepRules } from '../../../shared/model/keep-rules.ts';
import {
  planRetention,
  type Hold,
  type KeepReason,
  type RetentionPoint,
} from '../../../shared/model/retention.ts';

fc.configureGlobal({ seed: Number(process.env['HOLDFAST_SEED'] ?? 1) });

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const now = Date.parse('2026-11-21T12:00:00Z');
const crm = 'c'.repeat(32) as SourceId;
const mail = 'd'.repeat(32) as SourceId;

const at = (iso: string, extra: Partial<RetentionPoint> = {}): RetentionPoint => ({
  // The name of a point is its time, so that tables read well; its place in the order is its minute.
  id: iso as PointId,
  epoch: 1,
  counter: Math.floor(Date.parse(`${iso}Z`) / MINUTE),
  kind: 'incremental',
  takenAtMs: Date.parse(`${iso}Z`),
  isDoubtful: false,
  isDamaged: false,
  isProved: false,
  sources: [crm],
  ...extra,
});
const rules = (some: Partial<KeepRules>): KeepRules => ({ ...keepEverything, ...some });
const keptOf = (
  points: readonly RetentionPoint[],
  some: Partial<KeepRules>,
  holds: readonly Hold[] = [],
  zone = 'UTC',
  nowMs = now,
): string[] => planRetention(points, rules(some), holds, nowMs, zone).keep.map(({ id }) => id);

/** Twice a day for 400 days: the newest on 21 November 2026. */
const longHistory = Array.from({ length: 800 }, (_, index) => {
  const iso = new Date(Date.parse('2026-11-21T06:00:00Z') - index * 12 * HOUR).toISOString();
  return at(iso.slice(0, 16));
});

const a = at('2026-11-18T18:00');
const b = at('2026-11-19T08:00');
const c = at('2026-11-19T18:00');
const d = at('2026-11-20T18:00');
const few = [a, b, c, d];

const doubtful = { isDoubtful: true };
const damaged = { isDamaged: true };

type Row = readonly [
  what: string,
  points: readonly RetentionPoint[],
  some: Partial<KeepRules>,
  kept: readonly string[],
  holds?: readonly Hold[],
  zone?: string,
  nowMs?: number,
];

const rows: readonly Row[] = [
  ['there is nothing', [], { last: 1 }, []],
  ['no rule is set', few, {}, [d.id, c.id, b.id, a.id]],
  ['the last two are wanted', few, { last: 2 }, [d.id, c.id]],
  ['more are wanted than there are', few, { last: 99 }, [d.id, c.id, b.id, a.id]],
  ['two days are wanted: the newest of each', few, { daily: 2 }, [d.id, c.id]],
  ['three days are wanted', few, { daily: 3 }, [d.id, c.id, a.id]],
  [
    'days without a point do not use up the rule',
    [at('2026-01-02T10:00'), at('2026-05-05T10:00'), d],
    { daily: 3 },
    [d.id, '2026-05-05T10:00', '2026-01-02T10:00'],
  ],
  [
    'hours',
    [at('2026-11-20T17:05'), at('2026-11-20T17:55'), d],
    { hourly: 2 },
    [d.id, '2026-11-20T17:55'],
  ],
  [
    'weeks begin on Monday',
    [at('2026-11-15T10:00'), at('2026-11-16T10:00'), d],
    { weekly: 2 },
    [d.id, '2026-11-15T10:00'],
  ],
  [
    'the last days of December lie in the first week',
    [at('2026-12-28T10:00'), at('2026-12-31T10:00'), at('2027-01-03T10:00')],
    { weekly: 2 },
    ['2027-01-03T10:00'],
    [],
    'UTC',
    Date.parse('2027-01-03T11:00Z'),
  ],
  [
    'the first days of January lie in the last week',
    [at('2026-12-30T10:00'), at('2027-01-04T10:00'), at('2027-01-01T10:00')],
    { weekly: 2 },
    ['2027-01-04T10:00', '2027-01-01T10:00'],
    [],
    'UTC',
    Date.parse('2027-01-04T11:00Z'),
  ],
  [
    'months',
    [at('2026-09-30T23:00'), at('2026-10-01T01:00'), d],
    { monthly: 2 },
    [d.id, '2026-10-01T01:00'],
  ],
  [
    'years',
    [at('2024-06-01T00:00'), at('2025-06-01T00:00'), d],
    { yearly: 2 },
    [d.id, '2025-06-01T00:00'],
  ],
  ['rules add to each other', few, { last: 1, daily: 3 }, [d.id, c.id, a.id]],
  ['younger than a day, counted from the newest', few, { withinMs: DAY }, [d.id, c.id]],
  ['exactly as old as the rule says', few, { withinMs: DAY + 10 * HOUR }, [d.id, c.id, b.id]],
  ['the PC was off for a year', few, { withinMs: DAY }, [d.id, c.id], [], 'UTC', now + 365 * DAY],
  [
    'the clock jumped a year ahead under count rules',
    few,
    { daily: 2 },
    [d.id, c.id],
    [],
    'UTC',
    now + 365 * DAY,
  ],
  [
    'the clock fell back a year',
    few,
    { last: 1 },
    [d.id, c.id, b.id, a.id],
    [],
    'UTC',
    now - 365 * DAY,
  ],
  [
    'the clock fell back a day: what lies ahead is kept and does not count',
    few,
    { last: 1 },
    [d.id, c.id],
    [],
    'UTC',
    Date.parse('2026-11-19T20:00Z'),
  ],
  ['the clocks differ by a minute', few, { last: 1 }, [d.id], [], 'UTC', d.takenAtMs - MINUTE],

  [
    'the day in Berlin ends at 23:00 UTC',
    [at('2026-11-19T22:30'), at('2026-11-19T23:30'), d],
    { daily: 2 },
    [d.id, '2026-11-19T22:30'],
    [],
    'Europe/Berlin',
  ],
  [
    'the day in Shanghai ends at 16:00 UTC',
    [at('2026-11-20T15:00'), at('2026-11-20T16:30'), d],
    { daily: 2 },
    [d.id, '2026-11-20T15:00'],
    [],
    'Asia/Shanghai',
  ],
  [
    'the hour that comes twice in October is two hours',
    [at('2026-10-25T00:30'), at('2026-10-25T01:30'), at('2026-10-25T02:30')],
    { hourly: 3 },
    ['2026-10-25T02:30', '2026-10-25T01:30', '2026-10-25T00:30'],
    [],
    'Europe/Berlin',
  ],
  [
    'the day of 25 hours is one day',
    [at('2026-10-24T22:10'), at('2026-10-25T22:50'), at('2026-10-25T23:10')],
    { daily: 2 },
    ['2026-10-25T23:10', '2026-10-25T22:50'],
    [],
    'Europe/Berlin',
  ],
  [
    'the day of 23 hours is one day',
    [at('2026-03-28T23:10'), at('2026-03-29T21:50'), at('2026-03-29T22:10')],
    { daily: 2 },
    ['2026-03-29T22:10', '2026-03-29T21:50'],
    [],
    'Europe/Berlin',
  ],
  [
    'zones of half hours',
    [at('2026-11-20T18:20'), at('2026-11-20T18:40')],
    { daily: 2 },
    ['2026-11-20T18:40', '2026-11-20T18:20'],
    [],
    'Asia/Kolkata',
  ],

  [
    'a point with a doubtful time is kept and is no day',
    [a, { ...b, ...doubtful }, { ...c, ...doubtful }, d],
    { daily: 2 },
    [d.id, c.id, b.id, a.id],
  ],
  [
    'doubtful points do not push the last good ones out',
    [a, b, { ...c, ...doubtful }, { ...d, ...doubtful }],
    { last: 1 },
    [d.id, c.id, b.id],
  ],
  [
    'a damaged newest does not stand for its day',
    [b, { ...c, ...damaged }, d],
    { daily: 2 },
    [d.id, c.id, b.id],
  ],
  [
    'everything is damaged',
    few.map((point) => ({ ...point, ...damaged })),
    { last: 1 },
    [d.id, c.id, b.id, a.id],
  ],
  ['the newest is damaged', [a, b, c, { ...d, ...damaged }], { last: 1 }, [d.id, c.id]],
  ['the newest proved stays', [a, { ...b, isProved: true }, c, d], { last: 1 }, [d.id, b.id]],
  [
    'only the newest proved stays',
    [{ ...a, isProved: true }, { ...b, isProved: true }, d],
    { last: 1 },
    [d.id, b.id],
  ],
  [
    'a damaged point proves nothing',
    [{ ...a, isProved: true }, { ...b, isProved: true, ...damaged }, d],
    { last: 1 },
    [d.id, b.id, a.id],
  ],
  [
    'the newest full stays',
    [{ ...a, kind: 'full' }, { ...b, kind: 'full' }, c, d],
    { last: 1 },
    [d.id, b.id],
  ],

  [
    'a legal hold keeps its points',
    few,
    { last: 1 },
    [d.id, a.id],
    [{ kind: 'points', points: [a.id], reason: 'lawsuit' }],
  ],
  [
    'a hold names a point that is gone',
    few,
    { last: 1 },
    [d.id],
    [{ kind: 'points', points: ['gone' as PointId], reason: 'x' }],
  ],
  [
    'the clock jumped',
    few,
    { last: 1 },
    [d.id, c.id, b.id, a.id],
    [{ kind: 'all', doubt: 'clock-jump' }],
  ],
  [
    'an anomaly is not acknowledged',
    few,
    { last: 1 },
    [d.id, c.id, b.id, a.id],
    [{ kind: 'all', doubt: 'anomaly' }],
  ],
  [
    'another place cannot be reached',
    few,
    { last: 1 },
    [d.id, c.id, b.id, a.id],
    [{ kind: 'all', doubt: 'unreachable' }],
  ],

  [
    'two sources take turns in one copy',
    [{ ...a, sources: [mail] }, b, { ...c, sources: [mail] }, d],
    { last: 1 },
    [d.id, c.id],
  ],
  [
    'a source failed in the newest point of its day',
    [
      { ...b, sources: [crm, mail] },
      { ...c, sources: [crm] },
    ],
    { daily: 1 },
    [c.id, b.id],
  ],
  [
    'a source was added later',
    [a, b, { ...c, sources: [crm, mail] }, { ...d, sources: [crm, mail] }],
    { last: 2 },
    [d.id, c.id],
  ],
  [
    'points that hold no source whole',
    [{ ...a, sources: [] }, { ...b, sources: [] }, d],
    { last: 1 },
    [d.id, b.id],
  ],
  [
    'a newer epoch counts as newer, whatever its time',
    [{ ...a, epoch: 2, counter: 1 }, d],
    { last: 1 },
    [a.id],
  ],
];

for (const [what, points, some, kept, holds, zone, nowMs] of rows) {
  test(`when ${what}, exactly the right points stay`, () => {
    expect(keptOf(points, some, holds, zone, nowMs)).toEqual(kept);
  });
}

test('a year of two backups a day under the usual rules', () => {
  const some = { last: 10, daily: 30, weekly: 8, monthly: 12, yearly: 3 };
  const { keep, remove } = planRetention(longHistory, rules(some), [], now, 'Europe/Berlin');
  const count = (code: KeepReason['code']): number =>
    keep.filter(({ reasons }) => reasons.some((reason) => reason.code === code)).length;
  expect(
    ['last', 'daily', 'weekly', 'monthly', 'yearly'].map((code) => count(code as 'last')),
  ).toEqual([10, 30, 8, 12, 2]);
  expect(keep.length + remove.length).toBe(800);
  // Ten, 24 more days, three Sundays before these, ten ends of months before these; the years are among them.
  expect(keep.length).toBe(10 + 24 + 3 + 10);
});

test('every reason to keep a point is told', () => {
  const points = [
    { ...a, kind: 'full' as const, isProved: true },
    { ...d, isProved: true },
  ];
  const held: Hold = { kind: 'points', points: [a.id], reason: 'lawsuit' };
  const { keep } = planRetention(points, rules({ last: 1, daily: 5 }), [held], now, 'UTC');
  expect(keep).toEqual([
    {
      id: d.id,
      reasons: [
        { code: 'newest' },
        { code: 'newest-proved' },
        { code: 'last', nth: 1 },
        { code: 'daily', bucket: '2026-11-20', nth: 1 },
      ],
    },
    {
      id: a.id,
      reasons: [
        { code: 'hold', reason: 'lawsuit' },
        { code: 'newest-full' },
        { code: 'daily', bucket: '2026-11-18', nth: 2 },
      ],
    },
  ]);
});

test('an unknown zone removes nothing: there is no plan at all', () => {
  expect(() => planRetention(few, rules({ daily: 1 }), [], now, 'Mars/Base')).toThrow(RangeError);
});

const anyPoints = fc
  .array(
    fc.record({
      gapMinutes: fc.oneof(
        fc.integer({ min: 1, max: 600 }),
        fc.integer({ min: 600, max: 100_000 }),
      ),
      kind: fc.constantFrom('full' as const, 'incremental' as const, 'differential' as const),
      isDoubtful: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
      isDamaged: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
      isProved: fc.boolean(),
      sources: fc.constantFrom([crm], [mail], [crm, mail], []),
    }),
    { minLength: 1, maxLength: 60, size: 'max' },
  )
  .map((list) => {
    let takenAtMs = now + 3 * HOUR;
    return list.map(({ gapMinutes, ...rest }, index): RetentionPoint => {
      takenAtMs -= gapMinutes * MINUTE;
      return { ...rest, takenAtMs, id: `p${index}` as PointId, epoch: 1, counter: 1000 - index };
    });
  });
const count = fc.option(fc.integer({ min: 1, max: 8 }));
const anyRules: fc.Arbitrary<KeepRules> = fc
  .record({
    last: fc.integer({ min: 1, max: 5 }),
    withinMs: fc.option(fc.integer({ min: HOUR, max: 60 * DAY })),
    hourly: count,
    daily: count,
    weekly: count,
    monthly: count,
    yearly: count,
  })
  .chain((all) => fc.constantFrom(all, { ...all, last: null, yearly: all.yearly ?? 1 }));
const anyHolds: fc.Arbitrary<Hold[]> = fc.array(
  fc.record({
    kind: fc.constant('points' as const),
    points: fc.array(
      fc.integer({ min: 0, max: 59 }).map((n) => `p${n}` as PointId),
      { maxLength: 4 },
    ),
    reason: fc.constant('hold'),
  }),
  { maxLength: 2 },
);
const zone = fc.constantFrom('UTC', 'Europe/Berlin', 'Asia/Shanghai', 'Australia/Lord_Howe');
const ids = (list: readonly { readonly id: PointId }[]): Set<PointId> =>
  new Set(list.map(({ id }) => id));

test('no order, no second round and no further rule ever loses a point; holds and the newest always stay', () => {
  let removedInAll = 0;
  fc.assert(
    fc.property(
      anyPoints,
      anyRules,
      anyRules,
      anyHolds,
      zone,
      fc.func(fc.integer()),
      (points, some, more, holds, zoneName, shuffle) => {
        const plan = planRetention(points, some, holds, now, zoneName);
        const kept = ids(plan.keep);
        removedInAll += plan.remove.length;
        expect(plan.keep.length + plan.remove.length).toBe(points.length);

        const shuffled = [...points].sort((x, y) => shuffle(x.id) - shuffle(y.id));
        expect(planRetention(shuffled, some, holds, now, zoneName)).toEqual(plan);

        const rest = points.filter(({ id }) => kept.has(id));
        expect(planRetention(rest, some, holds, now, zoneName).remove).toEqual([]);

        const stricter = Object.fromEntries(
          Object.entries(some).map(([rule, value]) => {
            const other = more[rule as keyof KeepRules];
            return [rule, value === null ? other : Math.max(value, other ?? 0)];
          }),
        ) as unknown as KeepRules;
        const keptByMore = ids(planRetention(points, stricter, holds, now, zoneName).keep);
        for (const id of kept) expect(keptByMore.has(id)).toBe(true);

        for (const { points: held } of holds as readonly Extract<Hold, { kind: 'points' }>[]) {
          for (const { id } of plan.remove) expect(held).not.toContain(id);
        }
        for (const source of [crm, mail]) {
          const own = points.filter((point) => point.sources.includes(source));
          const good = own.filter((point) => !point.isDamaged);
          for (const must of [
            own[0],
            good[0],
            good.find((p) => p.isProved),
            good.find((p) => p.kind === 'full'),
          ]) {
            if (must !== undefined) expect(kept.has(must.id)).toBe(true);
          }
        }
        for (const point of points) {
          if (point.isDoubtful || point.takenAtMs > now + 5 * MINUTE)
            expect(kept.has(point.id)).toBe(true);
        }
      },
    ),
    { numRuns: 1000 },
  );
  // The property says something only if points were removed.
  expect(removedInAll).toBeGreaterThan(1000);
});

test('ten thousand points are decided in the blink of an eye', () => {
  const many = Array.from({ length: 10_000 }, (_, index) =>
    at(new Date(now - index * HOUR).toISOString().slice(0, 16)),
  );
  // Of this thread alone: how busy the machine is says nothing.
  const before = process.threadCpuUsage();
  const all = {
    last: 100,
    withinMs: DAY,
    hourly: 1000,
    daily: 1000,
    weekly: 500,
    monthly: 200,
    yearly: 50,
  };
  expect(planRetention(many, all, [], now, 'Europe/Berlin').keep.length).toBeGreaterThan(1000);
  const { user, system } = process.threadCpuUsage(before);
  expect((user + system) / 1000).toBeLessThan(2000);
});
