/** What counts as a loss, and for how long: a wrong answer offers the state without the lost customers as the good one. */
import { describe, expect, test } from 'vitest';
import { chooseGoodPoint, findSafetyPoints } from '../../../shared/model/choose-good-point.ts';
import type { PlanId, PointId, SourceId } from '../../../shared/model/ids.ts';
import { followRows, type CountedPoint } from '../../../shared/model/table-losses.ts';

const crm = 'crm' as SourceId;
/** Null: not counted. */
type Rows = Readonly<Record<string, number>> | null;

interface Moment {
  readonly rows: Rows;
  readonly isPartial?: boolean;
  readonly isAcknowledged?: boolean;
}

const pointsOf = (moments: readonly Moment[]): readonly CountedPoint[] =>
  moments.map(({ rows, isPartial, isAcknowledged }, index) => ({
    id: `p${index}` as PointId,
    isAcknowledged: isAcknowledged === true,
    sources: [
      {
        id: crm,
        counts:
          rows === null ? null : Object.entries(rows).map(([table, n]) => ({ table, rows: n })),
        areAllCounted: rows !== null && isPartial !== true,
      },
    ],
  }));

/** For each point: tables that are lost there. */
const lostAt = (...moments: readonly Moment[]): readonly string[] =>
  followRows(pointsOf(moments)).map(({ losses }) => losses.map(({ table }) => table).join());

const contacts = (rows: number): Moment => ({ rows: { contacts: rows } });

describe('a fall of rows between two restore points', () => {
  test.each([
    ['412 of 4,000 contacts', 4_000, 3_588, true],
    ['every row of a small table', 40, 0, true],
    ['a day of tidying up in a large table', 200_000, 199_000, false],
    ['exactly two percent', 4_000, 3_920, false],
    ['one row more than two percent', 4_000, 3_919, true],
    ['20 rows of a small table', 100, 80, false],
    ['21 rows of a small table', 100, 79, true],
    ['rows that were added', 4_000, 9_000, false],
  ])('%s', (_, before, after, isLoss) => {
    expect(lostAt(contacts(before), contacts(after))).toEqual(['', isLoss ? 'contacts' : '']);
  });

  test('lasts until the rows are nearly all back', () => {
    const seen = lostAt(
      contacts(4_000),
      contacts(3_588),
      contacts(3_700),
      contacts(3_930),
      contacts(3_929),
    );
    expect(seen).toEqual(['', 'contacts', 'contacts', '', '']);
  });

  test('is seen across points that were not counted, which count as after it once it was seen', () => {
    const none = { rows: null };
    expect(lostAt(contacts(4_000), none, contacts(3_588), none)).toEqual([
      '',
      '',
      'contacts',
      'contacts',
    ]);
  });

  test('many small deletes are no loss', () => {
    const days = Array.from({ length: 60 }, (_, day) => contacts(4_000 - day * 15));
    expect(lostAt(...days).join('')).toBe('');
  });
});

describe('a table that vanishes', () => {
  const both: Moment = { rows: { contacts: 4_000, deals: 3 } };
  test('is a loss however small it was, and none once it is back', () => {
    expect(lostAt(both, contacts(4_000), both)).toEqual(['', 'deals', '']);
  });
  test('is none where counting was not finished', () => {
    expect(lostAt(both, { rows: { contacts: 4_000 }, isPartial: true })).toEqual(['', '']);
  });
  test('that was empty is none', () => {
    expect(lostAt({ rows: { contacts: 4_000, deals: 0 } }, contacts(4_000))).toEqual(['', '']);
  });
});

describe('a loss that was meant', () => {
  test('is none any more, and the next one counts from there', () => {
    const meant = { ...contacts(3_588), isAcknowledged: true };
    const before = { ...contacts(4_000), isAcknowledged: true };
    expect(lostAt(before, meant, contacts(3_580), contacts(3_100))).toEqual([
      '',
      '',
      '',
      'contacts',
    ]);
  });
  test('a table that programs empty is no news the second time', () => {
    const outbox = (rows: number, isAcknowledged = false): Moment => ({
      rows: { outbox: rows },
      isAcknowledged,
    });
    const seen = lostAt(outbox(500, true), outbox(0, true), outbox(400), outbox(2), { rows: {} });
    expect(seen).toEqual(['', '', '', '', 'outbox']);
  });
});

test('changes are told against what was known before, the largest first', () => {
  const [, , third, last] = followRows(
    pointsOf([
      { rows: { contacts: 100, deals: 10, notes: 7 } },
      { rows: null },
      { rows: { contacts: 90, deals: 50, notes: 7 } },
      { rows: { contacts: 90, deals: 50, tags: 1 } },
    ]),
  );
  const said = (deltas = third?.deltas) => deltas?.map((d) => [d.table, d.rowsBefore, d.rowsAfter]);
  expect(said()).toEqual([
    ['deals', 10, 50],
    ['contacts', 100, 90],
  ]);
  expect(said(last?.deltas)).toEqual([
    ['notes', 7, null],
    ['tags', 0, 1],
  ]);
});

test('the point to begin with is the newest that is whole, from before the loss, and from a backup', () => {
  const point = (id: string, part: object = {}) => ({
    id: id as PointId,
    isDamaged: false,
    isAfterLoss: false,
    isSafetyPoint: false,
    ...part,
  });
  const bad = [
    point('a', { isAfterLoss: true }),
    point('b', { isSafetyPoint: true }),
    point('c', { isDamaged: true }),
  ];
  expect(chooseGoodPoint([...bad, point('d'), point('e')])).toBe('d');
  expect(chooseGoodPoint(bad)).toBeNull();
});

test('a point without a plan is a safety point where a plan writes, or where this computer says so', () => {
  const point = (id: string, planId: string | null, sources = 1) => ({
    id: id as PointId,
    planId: planId as PlanId | null,
    sources: Array.from({ length: sources }, () => ({})) as never,
  });
  const oldestFirst = [
    point('by-hand', null),
    point('plan', 'x', 2),
    point('kept', null),
    point('both', null, 2),
    point('by-hand-here', null),
  ];
  const known = {
    kept: new Set(['plan', 'both'] as PointId[]),
    backedUp: new Set(['by-hand-here'] as PointId[]),
  };
  expect([...findSafetyPoints(oldestFirst, known)]).toEqual(['kept', 'both']);
});
