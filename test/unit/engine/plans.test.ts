/** Pure decisions of the engine: which kind of backup, which levels merge, what prune may remove, where content is cut. */
import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { planBackup, type BackupFacts } from '../../../electron/engine/backup/plan-backup.ts';
import { planMerge } from '../../../electron/engine/backup/write-levels.ts';
import {
  cutChunks,
  MAX_CHUNK_BYTES,
  MIN_CHUNK_BYTES,
} from '../../../electron/engine/pipeline/content-defined-chunks.ts';
import {
  planPrune,
  PRUNE_GRACE_MS,
  type PruneFacts,
} from '../../../electron/engine/retention/plan-prune.ts';
import type { ObjectId } from '../../../shared/model/ids.ts';
import type { PageFile, RestorePoint } from '../../../shared/model/restore-point.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

describe('which kind a backup is', () => {
  const pack = (bytes: number, liveBytes: number) => ({
    id: 'a'.repeat(32) as ObjectId,
    bytes,
    liveBytes,
  });
  const point = (packs = [pack(100, 100)]) => ({ kind: 'full', packs }) as unknown as RestorePoint;
  const whole: BackupFacts = {
    wanted: 'auto',
    nowMs: 100 * DAY_MS,
    newest: { point: point(), areLevelsThere: true, areBytesThere: true },
    newestFull: { point: point(), areLevelsThere: true },
    family: { points: 3, startedAtMs: 90 * DAY_MS },
    fullFits: true,
  };
  const newest = (facts: Partial<NonNullable<BackupFacts['newest']>>) => ({
    newest: { point: point(), areLevelsThere: true, areBytesThere: true, ...facts },
  });

  test.each<[string, Partial<BackupFacts>, string]>([
    ['an empty vault', { newest: null, newestFull: null, family: null }, 'full first'],
    ['a whole parent', {}, 'incremental'],
    ['a full that was asked for', { wanted: 'full' }, 'full asked'],
    ['tables that are gone', newest({ areLevelsThere: false }), 'full parent-damaged'],
    [
      'tables that are gone, incremental asked',
      { wanted: 'incremental', ...newest({ areLevelsThere: false }) },
      'full parent-damaged',
    ],
    ['packs that are gone', newest({ areBytesThere: false }), 'full parent-damaged'],
    [
      'packs that are gone, incremental asked',
      { wanted: 'incremental', ...newest({ areBytesThere: false }) },
      'incremental',
    ],
    [
      'packs that are gone, no room for a full',
      { fullFits: false, ...newest({ areBytesThere: false }) },
      'incremental',
    ],
    [
      'a family of 91 days',
      { family: { points: 3, startedAtMs: 9 * DAY_MS - 1 } },
      'full family-old',
    ],
    [
      'an old family, no room for a full',
      { fullFits: false, family: { points: 3, startedAtMs: 0 } },
      'incremental',
    ],
    ['200 points', { family: { points: 200, startedAtMs: 99 * DAY_MS } }, 'full family-long'],
    ['dead share of 60 %', newest({ point: point([pack(160, 100)]) }), 'full family-mostly-dead'],
    ['dead share of 50 %', newest({ point: point([pack(150, 100)]) }), 'incremental'],
    [
      'an old family, incremental asked',
      { wanted: 'incremental', family: { points: 300, startedAtMs: 0 } },
      'incremental',
    ],
    ['a differential', { wanted: 'differential' }, 'differential'],
    ['a differential without any full', { wanted: 'differential', newestFull: null }, 'full first'],
    [
      'a differential on a damaged full',
      { wanted: 'differential', newestFull: { point: point(), areLevelsThere: false } },
      'full parent-damaged',
    ],
  ])('%s', (_name, facts, expected) => {
    const plan = planBackup({ ...whole, ...facts });
    expect(plan.kind === 'full' ? `full ${plan.reason}` : plan.kind).toBe(expected);
  });
});

describe('which levels a new one swallows', () => {
  const idOf = (number: number) => number.toString(16).padStart(32, '0') as ObjectId;
  const merge = (entries: readonly number[], changed: number, pageCount: number) => {
    const levels = entries.map((_, index) => idOf(index));
    const sizes = entries.map((count, index) => ({ id: idOf(index), bytes: count * 28 }));
    const { kept, merged } = planMerge(
      { levels } as unknown as PageFile,
      sizes,
      changed,
      pageCount,
    );
    return [kept.length, merged.length];
  };

  test('a full keeps none', () =>
    expect(planMerge(null, [], 5, 10)).toEqual({ kept: [], merged: [] }));
  test('the first delta stands beside the base', () =>
    expect(merge([1000], 10, 1000)).toEqual([1, 0]));
  test('deltas of like size merge', () => expect(merge([1000, 10], 10, 1000)).toEqual([1, 1]));
  test('a large delta is left alone by a small one', () =>
    expect(merge([1000, 100], 10, 1000)).toEqual([2, 0]));
  test('merging cascades', () => expect(merge([1000, 40, 20, 10], 10, 1000)).toEqual([1, 3]));
  test('a delta over half of the base becomes the base', () =>
    expect(merge([1000, 200], 400, 1000)).toEqual([0, 2]));

  test('levels stay few, however many increments follow', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 300 }),
        (changes) => {
          const pages = 10_000;
          let levels: number[] = [pages];
          for (const changed of changes) {
            const [kept = 0] = merge(levels, changed, pages);
            const swallowed = levels.slice(kept).reduce((sum, size) => sum + size, 0);
            levels = [...levels.slice(0, kept), Math.min(pages, changed + swallowed)];
          }
          expect(levels.length).toBeLessThanOrEqual(12);
        },
      ),
    );
  });
});

describe('what prune may remove', () => {
  const then = { epoch: 5, counter: 1 };
  const condemned = (atMs: number, storageAtMs = atMs) => ({
    name: 'note',
    content: {
      what: 'condemn' as const,
      packs: ['p1'],
      tables: [],
      lists: [],
      notes: [],
      atMs,
      storageAtMs,
      newest: 'x',
    },
  });
  const facts: PruneFacts = {
    nowMs: 100 * HOUR_MS,
    storageNowMs: 100 * HOUR_MS,
    condemned: [condemned(100 * HOUR_MS - PRUNE_GRACE_MS)],
    newest: { epoch: 6, counter: 1 },
    newestThen: new Map([['note', then]]),
    present: { packs: new Set(['p1', 'p2', 'p3']), tables: new Set(['t1']), lists: new Set() },
    references: { packs: new Set(['p3']), tables: new Set(['t1']), lists: new Set(), points: [] },
  };
  const verdict = (change: Partial<PruneFacts>) => {
    const plan = planPrune({ ...facts, ...change });
    return plan.due.length > 0
      ? 'due'
      : plan.restart.length > 0
        ? 'restart'
        : plan.waiting[0]?.reason;
  };

  test('after 72 hours by both clocks and another backup it is due', () =>
    expect(verdict({})).toBe('due'));
  test('not a minute earlier', () =>
    expect(verdict({ condemned: [condemned(100 * HOUR_MS - PRUNE_GRACE_MS + 60_000)] })).toBe(
      'grace',
    ));
  test('not without a backup since', () =>
    expect(verdict({ newest: then })).toBe('no-backup-since'));
  test('not in an empty vault', () => expect(verdict({ newest: null })).toBe('no-backup-since'));
  test('our clock jumped ahead: the grace starts again', () =>
    expect(verdict({ nowMs: 200 * DAY_MS })).toBe('restart'));
  test('our clock jumped back: the grace starts again', () =>
    expect(verdict({ nowMs: 0 })).toBe('restart'));
  test('the storage’s clock jumped: the grace starts again', () =>
    expect(verdict({ storageNowMs: 400 * DAY_MS })).toBe('restart'));

  test('only what nobody needs and nobody condemned yet is condemned', () => {
    expect(planPrune(facts).condemn).toEqual({ packs: ['p2'], tables: [], lists: [] });
    expect(planPrune({ ...facts, condemned: [] }).condemn.packs).toEqual(['p1', 'p2']);
    expect(planPrune({ ...facts, nowMs: 0 }).condemn.packs).toEqual(['p1', 'p2']);
  });
});

describe('where content is cut', () => {
  test('chunks add up and keep their bounds', () => {
    const content = randomBytes(5_000_000);
    const lengths = cutChunks(content, true);
    expect(lengths.reduce((sum, length) => sum + length, 0)).toBe(content.length);
    expect(Math.max(...lengths)).toBeLessThanOrEqual(MAX_CHUNK_BYTES);
    expect(Math.min(...lengths.slice(0, -1))).toBeGreaterThan(MIN_CHUNK_BYTES - 1);
    const mean = content.length / lengths.length;
    expect(mean).toBeGreaterThan(150_000);
    expect(mean).toBeLessThan(450_000);
  });

  test('windows cut as the whole does', () => {
    const content = randomBytes(6_000_000);
    const whole = cutChunks(content, true);
    const pieces: number[] = [];
    for (let at = 0; at < content.length;) {
      const window = content.subarray(at, at + 2 * MAX_CHUNK_BYTES);
      const lengths = cutChunks(window, at + window.length === content.length);
      pieces.push(...lengths);
      at += lengths.reduce((sum, length) => sum + length, 0);
    }
    expect(pieces).toEqual(whole);
  });

  test('an insertion moves the borders near it only', () => {
    const content = randomBytes(8_000_000);
    const borders = (bytes: Buffer) => {
      let at = 0;
      return new Set(
        cutChunks(bytes, true).map((length) =>
          bytes.toString('hex', at, (at += length)).slice(0, 64),
        ),
      );
    };
    const before = borders(content);
    const after = borders(
      Buffer.concat([content.subarray(0, 1000), Buffer.from('inserted'), content.subarray(1000)]),
    );
    const shared = [...after].filter((start) => before.has(start)).length;
    expect(shared).toBeGreaterThan(before.size - 4);
  });

  test('zeros are cut at the longest', () => {
    expect(new Set(cutChunks(Buffer.alloc(4 * MAX_CHUNK_BYTES), true))).toEqual(
      new Set([MAX_CHUNK_BYTES]),
    );
  });
});
