/** What a user would lose between the vault and the disk: pages, tables, packs, and the trust in what comes back. */
import {
  closeSync,
  existsSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import type { RestorePoint } from '../../shared/model/restore-point.ts';
import { packName, tableName } from '../../electron/engine/format/object-names.ts';
import { fetchPageFile, type FetchedFile } from '../../electron/engine/restore/fetch-page-file.ts';
import { takeLease } from '../../electron/engine/vault/lease.ts';
import { writeNote, type Note, type NoteContent } from '../../electron/engine/vault/notes.ts';
import { openPageTable } from '../../electron/engine/vault/page-table.ts';
import { readPointIndex } from '../../electron/engine/vault/point-index.ts';
import { changeLedger, createLedger, editDatabase } from '../support/quiet-database.ts';
import { createSeededRandom } from '../support/seeded-random.ts';
import { openTestEngine, type TestEngine } from '../support/test-engine.ts';

let engine: TestEngine;
let path: string;
let target: string;

/** Fetches the only source of a point the way another process would: nothing remembered. */
async function fetch(
  point: RestorePoint,
  wishes: {
    readonly notes?: readonly Note[];
    readonly signal?: AbortSignal;
    readonly onBytes?: () => void;
  } = {},
): Promise<FetchedFile> {
  const vault = await engine.openAgain();
  const notes = wishes.notes ?? (await readPointIndex(vault, engine.report)).notes;
  const [source] = point.sources;
  if (source?.pages === null || source === undefined) throw new Error('no page file');
  return fetchPageFile({
    vault,
    pool: engine.pool,
    pointId: point.id,
    sourceId: source.id,
    file: source.pages,
    packs: point.packs,
    notes,
    targetPath: target,
    onBytes: wishes.onBytes ?? (() => undefined),
    report: engine.report,
    signal: wishes.signal ?? new AbortController().signal,
  });
}

const inVault = (name: string): string => join(engine.place, ...name.split('/'));

function flipByte(name: string, at: number): void {
  const bytes = readFileSync(inVault(name));
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  writeFileSync(inVault(name), bytes);
}

function removeTables(point: RestorePoint): void {
  for (const { id } of point.tables) {
    for (const side of ['a', 'b'] as const) rmSync(inVault(tableName(id, side)), { force: true });
  }
}

beforeEach(() => {
  target = '';
});

async function start(rows = 3000, pageSize = 4096): Promise<void> {
  engine = await openTestEngine();
  path = join(engine.folder, 'ledger.db');
  target = join(engine.folder, 'fetched.db');
  createLedger(path, { rows, seed: 11, pageSize });
}

/** Nobody has it open: the file is the truth. */
const truth = (): Buffer => readFileSync(path);

describe('what comes back', () => {
  test.each([512, 4096, 65_536])(
    'every point of a changing database of %i byte pages is that of its day, byte for byte',
    async (pageSize) => {
      await start(600, pageSize);
      const random = createSeededRandom(pageSize);
      const days: { readonly point: RestorePoint; readonly bytes: Buffer }[] = [];
      for (let day = 0; day < 8; day++) {
        const { point } = await engine.backup(path);
        days.push({ point, bytes: truth() });
        changeLedger(path, random);
      }
      for (const { point, bytes } of days) {
        const fetched = await fetch(point);
        expect(readFileSync(target).equals(bytes)).toBe(true);
        expect(fetched.isRebuilt).toBe(false);
        expect(fetched.root).toBe(point.sources[0]?.pages?.root);
        rmSync(target);
      }
      expect(engine.damage).toEqual([]);
    },
  );

  test('a file whose last page is cut off, and which is no database', async () => {
    await start(1);
    const foreign = join(engine.folder, 'export.dat');
    writeFileSync(foreign, Buffer.alloc(100_001, 'records '));
    const { point } = await engine.backup(foreign);
    expect(point.sources[0]?.kind).toBe('page-file');
    await fetch(point);
    expect(readFileSync(target).equals(readFileSync(foreign))).toBe(true);
  });

  test('zero pages take no room on the disk', async () => {
    await start(1);
    const sparse = join(engine.folder, 'sparse.dat');
    const fd = openSync(sparse, 'w');
    writeSync(fd, Buffer.from('first'), 0, 5, 0);
    writeSync(fd, Buffer.from('last'), 0, 4, 200 * 1024 * 1024);
    closeSync(fd);
    const { point } = await engine.backup(sparse);
    const fetched = await fetch(point);
    expect(fetched.storedPages).toBe(2);
    expect(statSync(target).size).toBe(statSync(sparse).size);
    expect(statSync(target).blocks * 512).toBeLessThan(1024 * 1024);
    expect(readFileSync(target).equals(readFileSync(sparse))).toBe(true);
  });

  test('an existing file is never overwritten', async () => {
    await start(50);
    const { point } = await engine.backup(path);
    writeFileSync(target, 'mine');
    await expect(fetch(point)).rejects.toMatchObject({ failure: { code: 'target-exists' } });
    expect(readFileSync(target, 'utf8')).toBe('mine');
  });

  test('cancelled in the middle: nothing is left', async () => {
    await start();
    const { point } = await engine.backup(path);
    const controller = new AbortController();
    const fetched = fetch(point, { signal: controller.signal, onBytes: () => controller.abort() });
    await expect(fetched).rejects.toMatchObject({ failure: { code: 'cancelled' } });
    expect(existsSync(target)).toBe(false);
  });
});

describe('damage in the vault', () => {
  test.each(['a', 'b'] as const)(
    'one copy of a table (%s) is enough, its loss is reported',
    async (side) => {
      await start(300);
      const { point } = await engine.backup(path);
      const name = tableName(point.tables[0]?.id ?? '', side);
      flipByte(name, 60);
      await fetch(point);
      expect(readFileSync(target).equals(truth())).toBe(true);
      const reported = engine.damage.map(([object]) => object);
      // The second copy is read only where the first one fails.
      expect(reported.includes(name)).toBe(side === 'a');
    },
  );

  test('all tables gone: the packs tell where the pages lie', async () => {
    await start(600);
    const random = createSeededRandom(7);
    let last = await engine.backup(path);
    for (let day = 0; day < 6; day++) {
      changeLedger(path, random);
      last = await engine.backup(path);
    }
    removeTables(last.point);
    const fetched = await fetch(last.point);
    expect(fetched.isRebuilt).toBe(true);
    expect(readFileSync(target).equals(truth())).toBe(true);
  });

  test('tables of another state under the right name are not believed', async () => {
    await start(600);
    const first = await engine.backup(path);
    editDatabase(path, "UPDATE entries SET text = 'later'");
    const second = await engine.backup(path, { kind: 'full' });
    const forged = structuredClone(second.point) as unknown as {
      sources: { pages: { levels: readonly string[] } }[];
    };
    const pages = forged.sources[0]?.pages;
    if (pages === undefined) throw new Error('no pages');
    pages.levels = first.point.sources[0]?.pages?.levels ?? [];
    const fetched = await fetch(forged as unknown as RestorePoint);
    expect(fetched.isRebuilt).toBe(true);
    expect(readFileSync(target).equals(truth())).toBe(true);
  });

  test('tables and a pack gone: the loss is named, nothing is written', async () => {
    await start(600);
    const { point } = await engine.backup(path);
    removeTables(point);
    rmSync(inVault(packName(point.packs[0]?.id ?? '')));
    const tables = point.tables.flatMap(({ id }) => [tableName(id, 'a'), tableName(id, 'b')]);
    await expect(fetch(point)).rejects.toMatchObject({
      failure: { code: 'point-damaged', point: point.id, objects: tables },
    });
    expect(existsSync(target)).toBe(false);
  });

  test.each([
    ['missing', (name: string) => rmSync(inVault(name))],
    ['empty', (name: string) => truncateSync(inVault(name), 0)],
    ['cut short', (name: string) => truncateSync(inVault(name), 5000)],
    ['changed in one bit', (name: string) => flipByte(name, 3000)],
    [
      'overwritten with zeros',
      (name: string) => writeFileSync(inVault(name), readFileSync(inVault(name)).fill(0, 16)),
    ],
  ])('a pack that is %s is named, and nothing is written', async (_, damage) => {
    await start(600);
    const { point } = await engine.backup(path);
    const name = packName(point.packs[0]?.id ?? '');
    damage(name);
    await expect(fetch(point)).rejects.toMatchObject({
      failure: { code: 'point-damaged', point: point.id, objects: [name] },
    });
    expect(existsSync(target)).toBe(false);
    expect(engine.damage.map(([object]) => object)).toContain(name);
  });
});

describe('lost pages that lie elsewhere too', () => {
  /** Two fulls of the same content: each page of the first pack lies in the second one as well. */
  async function startTwins(): Promise<{
    readonly first: RestorePoint;
    readonly slots: NoteContent<'replace'>;
  }> {
    await start(600);
    const first = await engine.backup(path);
    const second = await engine.backup(path, { kind: 'full' });
    const [from, to] = [first.point.packs[0]?.id ?? '', second.point.packs[0]?.id ?? ''];
    const pages = first.point.sources[0]?.pages;
    const twin = second.point.sources[0]?.pages;
    if (!pages || !twin) throw new Error('no pages');
    const here = await (await openPageTable(engine.vault, pages, engine.report)).readWindow(0);
    const there = await (await openPageTable(engine.vault, twin, engine.report)).readWindow(0);
    if (here === null || there === null) throw new Error('no window');
    const slots = Array.from(
      { length: here.count },
      (_, page): [number, number, number, number] => [
        here.frame[page] ?? 0,
        here.slot[page] ?? 0,
        there.frame[page] ?? 0,
        there.slot[page] ?? 0,
      ],
    );
    return { first: first.point, slots: { what: 'replace', from, to, slots } };
  }

  async function note(content: NoteContent<'replace'>): Promise<void> {
    const { vault, owner, report } = engine;
    const lease = await takeLease(vault, { purpose: 'test', owner, report, waitMs: 0 });
    await writeNote(vault, lease, content);
    await lease.end([]);
  }

  test('a replace note leads to them', async () => {
    const { first, slots } = await startTwins();
    await note(slots);
    rmSync(inVault(packName(slots.from)));
    const fetched = await fetch(first);
    expect(fetched.replacedPages).toBe(slots.slots.length);
    expect(readFileSync(target).equals(truth())).toBe(true);
  });

  test('a note that leads through a lost page to its own replacement is followed', async () => {
    const { first, slots } = await startTwins();
    const between = '0'.repeat(32);
    await note({
      ...slots,
      to: between,
      slots: slots.slots.map(([frame, slot]) => [frame, slot, 1, slot]),
    });
    await note({
      ...slots,
      from: between,
      slots: slots.slots.map(([, slot, toFrame, toSlot]) => [1, slot, toFrame, toSlot]),
    });
    rmSync(inVault(packName(slots.from)));
    await fetch(first);
    expect(readFileSync(target).equals(truth())).toBe(true);
  });

  test('a note that lies is not believed: another page of a whole pack never takes the place', async () => {
    const { first, slots } = await startTwins();
    await note({
      ...slots,
      slots: slots.slots.map(([frame, slot, toFrame], page) => [
        frame,
        slot,
        toFrame,
        (page + 1) % slots.slots.length,
      ]),
    });
    rmSync(inVault(packName(slots.from)));
    await expect(fetch(first)).rejects.toMatchObject({
      failure: { code: 'point-damaged', objects: [packName(slots.from)] },
    });
    expect(existsSync(target)).toBe(false);
  });

  test('a lying note before a true one does not hide it', async () => {
    const { first, slots } = await startTwins();
    await note({
      ...slots,
      slots: slots.slots.map(([frame, slot, toFrame], page) => [
        frame,
        slot,
        toFrame,
        (page + 1) % slots.slots.length,
      ]),
    });
    await note(slots);
    rmSync(inVault(packName(slots.from)));
    await fetch(first);
    expect(readFileSync(target).equals(truth())).toBe(true);
  });

  test('a note about pages that are not lost is not followed', async () => {
    const { first, slots } = await startTwins();
    await note(slots);
    rmSync(inVault(packName(slots.to)));
    const fetched = await fetch(first);
    expect(fetched.replacedPages).toBe(0);
    expect(readFileSync(target).equals(truth())).toBe(true);
  });
});
