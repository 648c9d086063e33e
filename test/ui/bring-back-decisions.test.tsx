// What the guided way decides by itself: choices by what happened, the point that is proposed, days, labels, differences,
// and whether it may begin.
import { describe, expect, test } from 'vitest';
import {
  beginFlow,
  changeFlow,
  countRecords,
  isComplete,
  MOST_RECORDS,
  requestOf,
  scopesOf,
  type BringBackFlow,
  type FlowChange,
} from '../../renderer/bring-back/bring-back-flow.ts';
import { changeCarryOut, MOST_ATTEMPTS, notBegun } from '../../renderer/bring-back/carry-out.ts';
import { differenceWords } from '../../renderer/bring-back/difference-list.tsx';
import { differencesOf } from '../../renderer/bring-back/differences.ts';
import { changesOf, marksOf } from '../../renderer/bring-back/point-changes.ts';
import { readinessOf } from '../../renderer/bring-back/readiness.ts';
import {
  dayOf,
  groupByDay,
  nearestDay,
  preselect,
} from '../../renderer/bring-back/timeline-days.ts';
import type { BringBackRequest } from '../../shared/model/bring-back.ts';
import type { Failure } from '../../shared/model/failure.ts';
import { createI18n } from '../../renderer/text/i18n.ts';
import { crmPath, planId, sourceId } from './states/sample-answers.ts';
import {
  clashingTarget,
  crmSource,
  delta,
  folderSource,
  inUseTarget,
  pointAt,
  pointIdOf,
  previewOf,
  sampleResult,
  sampleTarget,
  timelineOf,
} from './states/sample-restore.ts';

const flowAfter = (...changes: FlowChange[]): BringBackFlow =>
  changes.reduce(changeFlow, beginFlow(planId));
const happening = (what: BringBackFlow['happening'] & string): FlowChange => ({
  kind: 'happening',
  happening: what,
});
const point: FlowChange = { kind: 'point', point: pointIdOf(1) };
const source: FlowChange = { kind: 'source', source: sourceId };
const records = (table: string, keys: readonly string[], areChosen = true): FlowChange => ({
  kind: 'records',
  table,
  keys,
  areChosen,
});

describe('what is chosen', () => {
  test.each([
    ['record-lost', 'rows', 'in-place'],
    ['crm-broken', 'everything', 'in-place'],
    ['earlier-state', 'everything', 'in-place'],
    ['just-a-file', 'file', 'folder'],
  ] as const)('%s proposes %s, %s', (what, scope, where) => {
    expect(flowAfter(happening(what))).toMatchObject({ scope, where, point: null });
  });

  test('going back and forth loses nothing', () => {
    const chosen = flowAfter(happening('record-lost'), point, source, records('contacts', ['1']));
    const there = [
      { kind: 'go', step: 'happened' },
      happening('record-lost'),
      point,
      source,
      { kind: 'go', step: 'what' },
    ] as const;
    expect(there.reduce(changeFlow, chosen)).toEqual({ ...chosen, step: 'what' });
  });

  test('records stay chosen over tables and searches, until taken away one by one', () => {
    const flow = flowAfter(
      records('contacts', ['1', '2']),
      records('companies', ['7']),
      records('contacts', ['2', '3']),
      records('contacts', ['1'], false),
    );
    expect(flow.records).toEqual({ companies: ['7'], contacts: ['2', '3'] });
    expect(countRecords(flow.records)).toBe(3);
    expect(changeFlow(flow, records('companies', ['7'], false)).records).toEqual({
      contacts: ['2', '3'],
    });
  });

  test('no more records of a table are chosen than the agent takes', () => {
    const keys = Array.from({ length: MOST_RECORDS + 5 }, (_, index) => String(index));
    expect(countRecords(flowAfter(records('contacts', keys)).records)).toBe(MOST_RECORDS);
  });

  test('records of another restore point or CRM are never brought back by mistake', () => {
    const chosen = flowAfter(happening('record-lost'), point, source, records('contacts', ['1']));
    expect(changeFlow(chosen, { kind: 'point', point: pointIdOf(2) }).records).toEqual({});
    const other = changeFlow(chosen, { kind: 'plan', plan: pointIdOf(9) as never });
    expect(other).toMatchObject({ records: {}, point: null, source: null, scope: 'rows' });
  });

  test('the request says exactly what was chosen', () => {
    const rows = flowAfter(
      happening('record-lost'),
      point,
      source,
      { kind: 'added-since', addedSince: 'remove' },
      records('contacts', ['1']),
    );
    expect(requestOf(rows)).toEqual({
      plan: planId,
      point: pointIdOf(1),
      what: {
        kind: 'rows',
        source: sourceId,
        rows: [{ table: 'contacts', keys: ['1'] }],
        addedSince: 'keep',
      },
      where: { kind: 'in-place' },
      goOnWithoutUndo: false,
    });
    const table = [
      { kind: 'scope', scope: 'table' },
      { kind: 'table', table: 'deals' },
    ] as const;
    expect(requestOf(table.reduce(changeFlow, rows))?.what).toEqual({
      kind: 'rows',
      source: sourceId,
      rows: [{ table: 'deals', keys: 'all' }],
      addedSince: 'remove',
    });
  });

  test('a step without its choice does not go on', () => {
    const file = flowAfter(happening('just-a-file'), point);
    expect(isComplete(beginFlow(planId), 'happened')).toBe(false);
    expect(isComplete({ ...file, plan: null }, 'happened')).toBe(false);
    expect(isComplete(file, 'what')).toBe(false);
    expect(isComplete(file, 'where')).toBe(false);
    const folder: FlowChange = { kind: 'folder', folder: 'D:\\Zum Ansehen' };
    expect(isComplete(changeFlow(file, folder), 'where')).toBe(true);
    expect(requestOf(changeFlow(file, folder))).toBeNull();
  });

  test('records always go back in place', () => {
    const file = flowAfter(happening('just-a-file'), { kind: 'scope', scope: 'rows' });
    expect(file.where).toBe('in-place');
  });

  test('only what a restore point has is offered', () => {
    expect(scopesOf(pointAt(1, 1))).toEqual(['everything', 'table', 'rows']);
    expect(scopesOf(pointAt(1, 1, { sources: [crmSource, folderSource] }))).toEqual([
      'everything',
      'source',
      'file',
      'table',
      'rows',
    ]);
  });
});

describe('the timeline', () => {
  test('days are those of the wall clock, also around midnight and a change of the clocks', () => {
    const at = (iso: string, index: number) => ({
      ...pointAt(index, 0),
      takenAtMs: Date.parse(iso),
    });
    const points = [
      at('2026-10-25T23:30:00+01:00', 0),
      at('2026-10-25T00:30:00+02:00', 1),
      at('2026-10-24T23:59:00+02:00', 2),
    ];
    const days = groupByDay(points, 'Europe/Berlin');
    expect(days.map(({ day, points: of }) => [day, of.length])).toEqual([
      ['2026-10-25', 2],
      ['2026-10-24', 1],
    ]);
    expect(dayOf(Date.parse('2026-10-24T23:59:00+02:00'), 'Asia/Shanghai')).toBe('2026-10-25');
    expect(nearestDay(days, '2026-10-30')).toBe('2026-10-25');
    expect(nearestDay(days, '2026-10-24')).toBe('2026-10-24');
    expect(nearestDay(days, '2026-10-01')).toBeNull();
  });

  test('for a CRM that does not open, neither a loss nor a copy of the broken file is proposed', () => {
    const broken = { ...crmSource, label: 'damaged-source' } as const;
    const timeline = timelineOf(
      [
        pointAt(0, 1, { isAfterLoss: true }),
        pointAt(1, 2, { sources: [broken] }),
        pointAt(2, 3, { isDamaged: true }),
        pointAt(3, 4, { isSafetyPoint: true }),
        pointAt(4, 5, { isProved: false }),
        pointAt(5, 6),
      ],
      pointIdOf(1),
    );
    expect(preselect(timeline, 'crm-broken')).toBe(pointIdOf(5));
    expect(preselect(timeline, 'record-lost')).toBe(pointIdOf(1));
    expect(preselect(timelineOf([], null), 'crm-broken')).toBeNull();
  });

  test('a label names the largest changes and a table that is gone', () => {
    const deltas = [
      delta('contacts', 500, 88),
      delta('notes', 12, null),
      delta('deals', 5, 5),
      delta('activities', 10, 47),
      delta('a', 1, 2),
      delta('b', 1, 2),
    ];
    expect(changesOf(pointAt(1, 1, { deltas }))).toEqual([
      { kind: 'rows', table: 'contacts', by: -412 },
      { kind: 'table-gone', table: 'notes', rows: 12 },
      { kind: 'rows', table: 'activities', by: 37 },
      { kind: 'more-tables', count: 2 },
    ]);
    expect(changesOf(pointAt(1, 1))).toEqual([{ kind: 'nothing' }]);
    expect(changesOf(pointAt(1, 1, { sources: [folderSource] }))).toEqual([
      { kind: 'not-counted' },
    ]);
  });

  test('a damaged point is never called proved', () => {
    expect(marksOf(pointAt(1, 1, { isDamaged: true, isAfterLoss: true, holds: ['x'] }))).toEqual([
      'damaged',
      'after-loss',
      'held',
    ]);
  });
});

describe('what will differ', () => {
  const table = {
    rowsBefore: 1,
    rowsAfter: 1,
    identity: 'key',
    added: 0,
    removed: 0,
    changed: 0,
    columns: [],
    examples: [],
  } as const;

  test('what the point has comes back, what was added since goes', () => {
    const database = {
      tables: [
        { ...table, table: 'contacts', removed: 412, changed: 3 },
        { ...table, table: 'activities', added: 37, removed: 500 },
      ],
      onlyBefore: [{ table: 'notes', rows: 9 }],
      onlyAfter: [{ table: 'leads', rows: 4 }],
      schema: [
        { change: 'removed', kind: 'table', name: 'notes' },
        { change: 'added', kind: 'index', name: 'by_city' },
      ],
    } as const;
    expect(differencesOf({ kind: 'rows', database })).toEqual([
      { kind: 'table-comes-back', table: 'notes', rows: 9 },
      { kind: 'come-back', table: 'activities', rows: 500 },
      { kind: 'come-back', table: 'contacts', rows: 412 },
      { kind: 'go', table: 'activities', rows: 37 },
      { kind: 'as-before', table: 'contacts', rows: 3 },
      { kind: 'table-goes', table: 'leads', rows: 4 },
      { kind: 'structure', names: ['by_city'] },
    ]);
  });

  test('counts alone never claim that nothing changed', () => {
    const count = (name: string, rowsBefore: number | null, rowsAfter: number | null) => ({
      table: name,
      rowsBefore,
      rowsAfter,
    });
    const tables = [
      count('activities', 10, 47),
      count('contacts', 500, 88),
      count('deals', 5, 5),
      count('new', null, 3),
      count('old', 8, null),
    ];
    expect(differencesOf({ kind: 'counts', tables })).toEqual([
      { kind: 'table-comes-back', table: 'old', rows: 8 },
      { kind: 'more', table: 'contacts', rows: 412 },
      { kind: 'fewer', table: 'activities', rows: 37 },
      { kind: 'table-goes', table: 'new', rows: 3 },
    ]);
    expect(differencesOf({ kind: 'counts', tables: [count('deals', 5, 5)] })).toEqual([
      { kind: 'same-counts' },
    ]);
  });

  test('files, sameness and what cannot be looked into', () => {
    const files = {
      filesBefore: 5,
      filesAfter: 4,
      added: 1,
      removed: 2,
      changed: 0,
      examples: [],
    } as const;
    expect(differencesOf({ kind: 'files', files })).toEqual([
      { kind: 'files-come-back', files: 2 },
      { kind: 'files-go', files: 1 },
    ]);
    expect(differencesOf({ kind: 'identical', by: 'digest' })).toEqual([{ kind: 'nothing' }]);
    expect(differencesOf({ kind: 'opaque', detail: 'x' })).toEqual([{ kind: 'cannot-tell' }]);
  });
});

describe('whether it may begin', () => {
  const obstacle = (failure: Failure) => ({ ...sampleTarget, obstacle: failure });
  const full: Failure = { code: 'target-full', path: crmPath, neededBytes: 9, freeBytes: 1 };
  const noUndo: Failure = { code: 'no-safety-point', path: crmPath, detail: 'x' };

  test('the worst of all targets counts', () => {
    expect(readinessOf(previewOf(sampleTarget)).kind).toBe('ready');
    expect(readinessOf(previewOf(inUseTarget, sampleTarget))).toEqual({
      kind: 'in-use',
      holders: [{ path: crmPath, names: ['KundenPlus.exe'] }],
    });
    expect(readinessOf(previewOf(inUseTarget, obstacle(noUndo))).kind).toBe('no-undo');
    expect(readinessOf(previewOf(inUseTarget, obstacle(full), obstacle(noUndo)))).toEqual({
      kind: 'blocked',
      failures: [full],
    });
    expect(readinessOf(previewOf(clashingTarget)).kind).toBe('blocked');
  });

  const request: BringBackRequest = {
    plan: planId,
    point: pointIdOf(1),
    what: { kind: 'everything' },
    where: { kind: 'in-place' },
    goOnWithoutUndo: false,
  };
  const inUse = readinessOf(previewOf(inUseTarget));
  const busy: Failure = { code: 'target-in-use', path: crmPath, by: null };

  test('a file in use is waited for, and taken as soon as it is free', () => {
    const waiting = changeCarryOut(notBegun, { kind: 'begin', request, readiness: inUse });
    expect(waiting.kind).toBe('waiting');
    expect(changeCarryOut(waiting, { kind: 'looked', readiness: inUse }).kind).toBe('waiting');
    const running = changeCarryOut(waiting, { kind: 'looked', readiness: { kind: 'ready' } });
    expect(running.kind).toBe('running');
    expect(changeCarryOut(running, { kind: 'done', result: sampleResult }).kind).toBe('done');
  });

  test('a file that is taken again each time ends in a failure, not in a circle', () => {
    let state = changeCarryOut(notBegun, { kind: 'begin', request, readiness: { kind: 'ready' } });
    for (let attempt = 1; attempt < MOST_ATTEMPTS; attempt += 1) {
      state = changeCarryOut(state, { kind: 'failed', failure: busy });
      expect(state.kind).toBe('waiting');
      state = changeCarryOut(state, { kind: 'looked', readiness: { kind: 'ready' } });
    }
    expect(changeCarryOut(state, { kind: 'failed', failure: busy })).toMatchObject({
      kind: 'failed',
      failure: busy,
    });
  });

  test('what is told after a cancel begins nothing', () => {
    const state = changeCarryOut(notBegun, { kind: 'looked', readiness: { kind: 'ready' } });
    expect(state).toBe(notBegun);
  });
});

test.each([
  ['en', 1, '1 record of contacts comes back'],
  ['en', 1412, '1,412 contacts come back'],
  ['zh-CN', 1, 'contacts：1 条回来'],
] as const)('in %s, %i missing rows are said as people say it', (locale, rows, words) => {
  const t = createI18n(locale).getFixedT(locale, 'bringBack');
  const view = { into: 'in-place', since: '08:32', canUndo: true } as const;
  expect(differenceWords({ kind: 'come-back', table: 'contacts', rows }, view, t, locale)).toBe(
    words,
  );
});
