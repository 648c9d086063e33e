/** What a check says about a vault: nothing that is lost stays unsaid, nothing that is whole is called lost. */
import { readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { packName, pointName, tableName } from '../../electron/engine/format/object-names.ts';
import { TRAILER_BYTES } from '../../electron/engine/format/sealed-object.ts';
import { takeLease } from '../../electron/engine/vault/lease.ts';
import { openPack } from '../../electron/engine/vault/pack-reader.ts';
import { toEntry } from '../../electron/engine/vault/point-index.ts';
import { recordDamage } from '../../electron/engine/verify/record-damage.ts';
import {
  isSound,
  verifyVault,
  type VerifyReport,
} from '../../electron/engine/verify/verify-vault.ts';
import { createLedger, editDatabase } from '../support/quiet-database.ts';
import { createPointLedger, readAllPoints } from '../support/restored-points.ts';
import { openTestEngine, type TestEngine } from '../support/test-engine.ts';

async function verify(
  engine: TestEngine,
  depth: VerifyReport['depth'] = 'data',
): Promise<VerifyReport> {
  const { pool } = engine;
  const signal = new AbortController().signal;
  const vault = await engine.openAgain();
  return verifyVault({ vault, pool, depth, onProgress: () => undefined, signal });
}

const inPlace = (engine: TestEngine, name: string): string =>
  join(engine.place, ...name.split('/'));
const readAll = async (engine: TestEngine) =>
  readAllPoints({ ...engine, vault: await engine.openAgain(), folder: join(engine.folder, 'out') });

async function flip(file: string, at: number): Promise<void> {
  const bytes = await readFile(file);
  const index = at < 0 ? bytes.length + at : at;
  await writeFile(file, bytes.with(index, (bytes[index] ?? 0) ^ 4));
}

/** Two sources; a full, an increment after a change of a few rows, and one without any. */
async function makeVault() {
  const engine = await openTestEngine();
  const ledger = createPointLedger();
  const paths = ['crm.db', 'mail.db'].map((name) => join(engine.folder, name));
  for (const [index, path] of paths.entries()) createLedger(path, { rows: 300, seed: index });
  const back = async () => ledger.record(paths, async () => engine.backup(paths));
  const full = await back();
  editDatabase(paths[0] ?? '', "UPDATE entries SET text = 'x' WHERE id IN (5, 150)");
  const second = await back();
  const third = await back();
  return { engine, ledger, back, full, second, third, paths };
}

describe('a whole vault', () => {
  test('is sound at both depths, and a look at sizes reads no pack', async () => {
    const { engine } = await makeVault();
    const data = await verify(engine);
    expect(data).toMatchObject({
      points: 3,
      damage: [],
      affected: [],
      vanished: [],
      lostPacks: [],
    });
    expect(isSound(data)).toBe(true);
    const packs = await engine.storage.list('packs');
    const packBytes = packs.reduce((sum, { size }) => sum + size, 0);
    expect(data.bytesRead).toBeGreaterThan(packBytes * 0.99);
    const structure = await verify(engine, 'structure');
    expect(structure).toMatchObject({ points: 3, damage: [], bytesRead: 0 });
    expect(isSound(structure)).toBe(true);
  });

  test('is checked without changing it', async () => {
    const { engine } = await makeVault();
    const before = await engine.storage.list('');
    await verify(engine);
    expect(await engine.storage.list('')).toEqual(before);
  });
});

describe('a lost pack', () => {
  test('is named with the restore points and files that it costs, at both depths', async () => {
    const { engine, second, third } = await makeVault();
    const [pack = ''] = second.point.written.packs;
    await rm(inPlace(engine, packName(pack)));
    for (const depth of ['structure', 'data'] as const) {
      const report = await verify(engine, depth);
      expect(isSound(report)).toBe(false);
      expect(report.damage).toMatchObject([{ object: packName(pack), isRepaired: false }]);
      // The full and the other database do not need it.
      expect(report.affected).toEqual(
        [second, third].map(({ point }) => ({
          point: point.id,
          source: 'crm.db',
          file: 'crm.db',
          parts: second.point.sources[0]?.pages?.storedPages,
        })),
      );
      expect(report.lostPacks).toEqual([{ id: pack, frames: null }]);
    }
  });

  test('that the next backup healed is still named, but nothing is lost by it any more', async () => {
    const { engine, ledger, back, second } = await makeVault();
    const [pack = ''] = second.point.written.packs;
    await rm(inPlace(engine, packName(pack)));
    const { healedPages } = await back();
    expect(healedPages).toBe(second.point.sources[0]?.pages?.storedPages);
    for (const depth of ['structure', 'data'] as const) {
      const report = await verify(engine, depth);
      expect(report.damage).toMatchObject([
        { object: packName(pack), isRepaired: true, isHealed: true },
      ]);
      expect(isSound(report)).toBe(true);
    }
    expect(await readAll(engine)).toEqual(ledger.expected);
  });

  test('whose replacement is lost in its turn is healed once more', async () => {
    const { engine, ledger, back, second } = await makeVault();
    await rm(inPlace(engine, packName(second.point.written.packs[0] ?? '')));
    const healing = await back();
    for (const id of healing.point.written.packs) await rm(inPlace(engine, packName(id)));
    expect(isSound(await verify(engine))).toBe(false);
    await back();
    expect(isSound(await verify(engine))).toBe(true);
    expect(await readAll(engine)).toEqual(ledger.expected);
  });
});

describe('a damaged frame', () => {
  test('is found by its data alone, recorded, stored anew by the next backup, and healed', async () => {
    const { engine, ledger, back, full } = await makeVault();
    const [pack = ''] = full.point.written.packs;
    await flip(inPlace(engine, packName(pack)), 2000);
    expect(isSound(await verify(engine, 'structure'))).toBe(true);
    const report = await verify(engine);
    expect(isSound(report)).toBe(false);
    expect(report.lostPacks).toEqual([{ id: pack, frames: [0] }]);
    expect(new Set(report.affected.map(({ source }) => source))).toEqual(new Set(['crm.db']));
    expect(report.affected).toHaveLength(3);

    const { vault, owner } = engine;
    const request = { purpose: 'verify', owner, report: engine.report, waitMs: 0 };
    const lease = await takeLease(vault, request);
    expect(await recordDamage(vault, lease, report)).toBe(true);
    await lease.end(lease.points.live.map(toEntry));
    const again = await takeLease(vault, request);
    expect(await recordDamage(vault, again, report)).toBe(false);
    await again.end(again.points.live.map(toEntry));

    const next = await back();
    expect(next).toMatchObject({ fullReason: 'parent-damaged' });
    const after = await verify(engine);
    // Two pages of the full went on changing and nobody else has them.
    expect(after.affected.map(({ point }) => point)).toEqual([full.point.id]);
    const { [full.point.id]: _damaged, ...others } = ledger.expected;
    expect(await readAllBut(engine, full.point.id)).toEqual(others);
  });
});

/** What all points but one give back. */
async function readAllBut(engine: TestEngine, id: string) {
  const vault = await engine.openAgain();
  const stems = (await engine.storage.list('points')).map(({ name }) => name);
  for (const name of stems) if (name.includes(id)) await engine.storage.remove(name);
  return readAllPoints({ ...engine, vault, folder: join(engine.folder, 'out') });
}

describe('a pack whose end is damaged', () => {
  test.each([
    ['its directory', async (file: string) => flip(file, -TRAILER_BYTES - 40)],
    ['its end marker', async (file: string) => flip(file, -4)],
    ['its last bytes', async (file: string) => truncate(file, (await readFile(file)).length - 30)],
    ['its header', async (file: string) => flip(file, 9)],
  ])('loses nothing: without %s', async (_what, harm) => {
    const { engine, ledger, full } = await makeVault();
    const [pack = ''] = full.point.written.packs;
    await harm(inPlace(engine, packName(pack)));
    const report = await verify(engine);
    expect(report.damage).toMatchObject([
      { object: packName(pack), isRepaired: true, isHealed: false },
    ]);
    expect(report).toMatchObject({ affected: [], lostPacks: [] });
    expect(isSound(report)).toBe(true);
    expect(await readAll(engine)).toEqual(ledger.expected);
    expect((await openPack(engine.vault, pack)).damage?.failure.code).toBe('object-damaged');
  });

  test('costs only the frames that are cut off', async () => {
    const { engine, full, second, third } = await makeVault();
    const [pack = ''] = full.point.written.packs;
    const { offsets } = await openPack(engine.vault, pack);
    expect(offsets.length).toBe(3);
    await truncate(inPlace(engine, packName(pack)), (offsets[1] ?? 0) + 50);
    const report = await verify(engine);
    // The first frame holds the first database, the second one the other.
    expect(report.affected.map(({ point, source }) => `${point} ${source}`).toSorted()).toEqual(
      [full, second, third].map(({ point }) => `${point.id} mail.db`).toSorted(),
    );
    expect(report.lostPacks).toEqual([{ id: pack, frames: [1] }]);
  });
});

describe('lost small objects', () => {
  test('one copy of a table or manifest costs nothing; the check names it', async () => {
    const { engine, ledger, third } = await makeVault();
    const table = tableName(third.point.tables[0]?.id ?? '', 'a');
    const manifest = pointName(third.stem, 'b');
    await rm(inPlace(engine, table));
    await flip(inPlace(engine, manifest), 100);
    const report = await verify(engine);
    expect(report.damage.map(({ object, isRepaired }) => [object, isRepaired])).toEqual([
      [manifest, true],
      [table, true],
    ]);
    expect(isSound(report)).toBe(true);
    expect(await readAll(engine)).toEqual(ledger.expected);
  });

  test('both copies of a table cost nothing as long as the packs tell where the pages lie', async () => {
    const { engine, ledger, full } = await makeVault();
    const id = full.point.tables[0]?.id ?? '';
    for (const side of ['a', 'b'] as const) await rm(inPlace(engine, tableName(id, side)));
    for (const depth of ['structure', 'data'] as const) {
      const report = await verify(engine, depth);
      expect(report.damage.map(({ object }) => object)).toContain(tableName(id, 'a'));
      expect(report.affected).toEqual([]);
      expect(isSound(report)).toBe(true);
    }
    expect(await readAll(engine)).toEqual(ledger.expected);
    // With a pack's directory gone as well, nobody knows any more.
    await flip(inPlace(engine, packName(full.point.written.packs[0] ?? '')), -TRAILER_BYTES - 40);
    const report = await verify(engine);
    expect(report.affected).toHaveLength(3);
    expect(isSound(report)).toBe(false);
  });

  test('both copies of a manifest make its restore point unreadable, not forgotten', async () => {
    const { engine, second } = await makeVault();
    for (const side of ['a', 'b'] as const)
      await flip(inPlace(engine, pointName(second.stem, side)), 100);
    const damaged = await verify(engine);
    expect(damaged).toMatchObject({ points: 2, unreadablePoints: [second.stem], vanished: [] });
    expect(isSound(damaged)).toBe(false);
    for (const side of ['a', 'b'] as const) await rm(inPlace(engine, pointName(second.stem, side)));
    const removed = await verify(engine);
    expect(removed.vanished).toHaveLength(1);
    expect(isSound(removed)).toBe(false);
  });
});

test('a check can be stopped', async () => {
  const { engine } = await makeVault();
  const stop = new AbortController();
  stop.abort(new Error('enough'));
  await expect(
    verifyVault({
      vault: engine.vault,
      pool: engine.pool,
      depth: 'data',
      onProgress: () => undefined,
      signal: stop.signal,
    }),
  ).rejects.toThrow('enough');
});
