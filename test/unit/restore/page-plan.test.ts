import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { PageFile } from '../../../shared/model/restore-point.ts';
import { rootDigest, segmentDigest } from '../../../electron/engine/format/page-digest.ts';
import { ZERO_PACK } from '../../../electron/engine/format/page-segment.ts';
import { planPages } from '../../../electron/engine/restore/page-plan.ts';
import type { PageTable, PageWindow } from '../../../electron/engine/vault/page-table.ts';

const signal = new AbortController().signal;
const pageSize = 4096;

/** Where page `page` of the file lies. Every 10th page is all zeros, every 7th was changed later, into another pack. */
function placeOf(page: number): { pack: number; frame: number; slot: number } {
  if (page % 10 === 0) return { pack: ZERO_PACK, frame: 0, slot: 0 };
  if (page % 7 === 0) return { pack: 3, frame: Math.floor(page / 7000), slot: page % 500 };
  return {
    pack: Math.floor(page / 400_000),
    frame: Math.floor((page % 400_000) / 512),
    slot: page % 512,
  };
}

function windowOf(index: number, pageCount: number): PageWindow | null {
  const first = index * 4096;
  const count = Math.min(4096, pageCount - first);
  if (count <= 0) return null;
  const window = {
    first,
    count,
    has: new Uint8Array(count).fill(1),
    hashes: Buffer.alloc(count * 16),
    pack: new Uint32Array(count),
    frame: new Uint16Array(count),
    slot: new Uint16Array(count),
  };
  for (let at = 0; at < count; at++) {
    const { pack, frame, slot } = placeOf(first + at);
    window.hashes.writeUInt32LE(first + at, at * 16);
    [window.pack[at], window.frame[at], window.slot[at]] = [pack, frame, slot];
  }
  return window;
}

function makeTable(pageCount: number): { table: PageTable; file: PageFile } {
  const digests: Buffer[] = [];
  for (let index = 0; index * 4096 < pageCount; index++) {
    digests.push(segmentDigest(windowOf(index, pageCount)?.hashes ?? Buffer.alloc(0)));
  }
  const size = pageCount * pageSize;
  const root = rootDigest({ pageSize, pageCount, size }, Buffer.concat(digests));
  const table = {
    packs: ['a', 'b', 'c', 'd'].map((digit) => digit.repeat(32)),
    readWindow: async (index: number) => windowOf(index, pageCount),
  };
  const file = { path: 'crm.db', size, pageSize, pageCount, mode: 0o600, root };
  return { table, file: { ...file, levels: [], changedPages: 0, storedPages: 0 } };
}

describe.each([1, 4096, 30_000, 1_100_000])('a file of %i pages', (pageCount) => {
  test('has each page that is stored in the plan once, with its place and hash', async () => {
    const { table, file } = makeTable(pageCount);
    const plan = await planPages(table, file, signal);
    const seen = new Uint8Array(pageCount);
    const wrong: number[] = [];
    for await (const band of plan.bands()) {
      for (const { packId, frame, runs } of band.frames()) {
        for (const { first, count, slot, hashes } of runs) {
          for (let at = 0; at < count; at++) {
            const page = first + at;
            const place = placeOf(page);
            const isRight =
              table.packs[place.pack] === packId &&
              place.frame === frame &&
              place.slot === slot + at &&
              hashes.readUInt32LE(at * 16) === page;
            if (!isRight || seen[page] === 1) wrong.push(page);
            seen[page] = 1;
          }
        }
      }
    }
    expect(wrong.slice(0, 5)).toEqual([]);
    const stored = seen.reduce((sum, one) => sum + one, 0);
    expect(stored).toBe(pageCount - Math.ceil(pageCount / 10));
    expect(plan.storedPages).toBe(stored);
  });

  test('has each frame of a band once, pack by pack, ascending', async () => {
    const { table, file } = makeTable(pageCount);
    const plan = await planPages(table, file, signal);
    const read = new Map<string, number>();
    for await (const band of plan.bands()) {
      const order = [...band.frames()].map(
        ({ packId, frame }) => `${packId} ${`${frame}`.padStart(5, '0')}`,
      );
      expect(order).toEqual([...order].sort());
      expect(new Set(order).size).toBe(order.length);
      expect(band.packIds).toEqual([...new Set(order.map((place) => place.slice(0, 32)))]);
      for (const place of order) read.set(place, (read.get(place) ?? 0) + 1);
    }
    // Only frames that hold pages of two bands are read twice.
    const twice = [...read.values()].filter((times) => times > 1).length;
    expect(twice).toBeLessThanOrEqual(2 * Math.floor(pageCount / 524_288));
    expect(plan.packIds).toEqual([...plan.packIds].sort());
  });
});

test('a table with one wrong hash is not planned', async () => {
  const { table, file } = makeTable(30_000);
  const other = createHash('sha256').update(file.root).digest('hex');
  await expect(planPages(table, { ...file, root: other }, signal)).rejects.toThrow(
    'object-damaged',
  );
});

test('a table with a gap is not planned', async () => {
  const { table, file } = makeTable(30_000);
  const withGap: PageTable = {
    ...table,
    async readWindow(index) {
      const window = await table.readWindow(index);
      if (index === 5) window?.has.fill(0, 17, 18);
      return window;
    },
  };
  await expect(planPages(withGap, file, signal)).rejects.toThrow('gaps');
});
