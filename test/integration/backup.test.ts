/** What a business gets back from its restore points: every byte, from every kind of point, whatever became of the rest. */
import { cp, mkdir, readdir, readFile, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { BackupResult } from '../../electron/engine/backup/backup-request.ts';
import { packName, pointName } from '../../electron/engine/format/object-names.ts';
import { readPointIndex } from '../../electron/engine/vault/point-index.ts';
import { readTree, runReader } from '../support/emergency-reader.ts';
import { changeLedger, createLedger, editDatabase } from '../support/quiet-database.ts';
import {
  createPointLedger,
  describeContent,
  describeFiles,
  readAllPoints,
  readPoint,
  type Contents,
} from '../support/restored-points.ts';
import { createSeededRandom } from '../support/seeded-random.ts';
import { openTestEngine, TEST_PASSPHRASE, type TestEngine } from '../support/test-engine.ts';

const seed = Number(process.env['HOLDFAST_SEED'] ?? 1);
const isDeep = process.env['HOLDFAST_DEEP'] === '1';

const readAll = async (engine: TestEngine) =>
  readAllPoints({ ...engine, vault: await engine.openAgain(), folder: join(engine.folder, 'out') });

/** What the emergency reader, a program of its own, gives back of a point. */
async function readByEmergencyReader(
  engine: TestEngine,
  id: string,
  complaints: unknown = '',
): Promise<Contents> {
  const target = join(engine.folder, `emergency-${id}`);
  const vault = { folder: engine.place, passphrase: TEST_PASSPHRASE };
  const { exitCode, errors } = runReader(vault, ['restore', id, target]);
  expect({ exitCode, errors }).toEqual({ exitCode: 0, errors: complaints });
  const files = [...readTree(target)].filter(([, content]) => Buffer.isBuffer(content));
  return Object.fromEntries(
    files.map(([path, content]) => [basename(path), describeContent(content as Buffer)]),
  );
}

const levelsOf = ({ point }: BackupResult, source = 0): number =>
  point.sources[source]?.pages?.levels.length ?? 0;

describe('a long chain of restore points', () => {
  test('gives back every one of them, byte by byte', async () => {
    const engine = await openTestEngine();
    const ledger = createPointLedger();
    const random = createSeededRandom(seed);
    const path = join(engine.folder, 'crm.db');
    createLedger(path, { rows: 1500, seed });
    const levels: number[] = [];
    const kinds = new Set<string>();
    for (let round = 0; round < (isDeep ? 120 : 26); round++) {
      const kind = random.chance(20) ? 'differential' : 'incremental';
      const made = await ledger.record([path], async () => engine.backup(path, { kind }));
      levels.push(levelsOf(made));
      kinds.add(made.point.kind);
      changeLedger(path, random);
    }
    expect(await readAll(engine)).toEqual(ledger.expected);
    expect(engine.damage).toEqual([]);
    expect([...kinds].toSorted()).toEqual(['differential', 'full', 'incremental']);
    // Deltas are merged: their number grows with the logarithm of the changes, and a base is written anew now and then.
    expect(Math.max(...levels)).toBeGreaterThan(2);
    expect(Math.max(...levels)).toBeLessThan(9);
    expect(levels.slice(1)).toContain(1);
    const ids = Object.keys(ledger.expected);
    for (const id of [ids[1], ids[Math.floor(ids.length / 2)], ids.at(-1)])
      expect(await readByEmergencyReader(engine, id ?? '')).toEqual(ledger.expected[id ?? '']);
  });
});

describe('databases of every shape', () => {
  test('come back together from one restore point', async () => {
    const engine = await openTestEngine();
    const ledger = createPointLedger();
    const folder = join(engine.folder, '客户 Müller & Söhne');
    await mkdir(folder);
    const at = (name: string): string => join(folder, name);
    const paths = [
      'empty.db',
      'one-page.db',
      'small pages.db',
      'large-pages.db',
      '客户 ñ 🐘.db',
    ].map(at);
    const [empty = '', onePage = '', small = '', large = '', unicode = ''] = paths;
    await writeFile(empty, '');
    editDatabase(onePage, 'PRAGMA user_version = 7');
    createLedger(small, { pageSize: 512, rows: 400, seed });
    createLedger(large, { pageSize: 65_536, rows: 400, seed });
    createLedger(unicode, { rows: 100, seed });
    const first = await ledger.record(paths, async () => engine.backup(paths));
    editDatabase(empty, 'CREATE TABLE filled (id INTEGER)');
    editDatabase(onePage, 'PRAGMA user_version = 8');
    for (const path of [small, large])
      editDatabase(path, "UPDATE entries SET text = 'x' WHERE id = 9");
    const second = await ledger.record(paths, async () => engine.backup(paths));
    await writeFile(empty, '');
    editDatabase(unicode, 'DELETE FROM entries', 'VACUUM');
    await ledger.record(paths, async () => engine.backup(paths));

    expect(first.point.sources.map((source) => source.pages?.pageCount).slice(0, 2)).toEqual([
      0, 1,
    ]);
    expect(first.point.sources.map((source) => source.pages?.pageSize).slice(2, 4)).toEqual([
      512, 65_536,
    ]);
    expect(second.point.problems).toEqual([]);
    expect(await readAll(engine)).toEqual(ledger.expected);
    expect(await readByEmergencyReader(engine, second.point.id)).toEqual(
      ledger.expected[second.point.id],
    );
  });

  test('come back after their page size changed', async () => {
    const engine = await openTestEngine();
    const ledger = createPointLedger();
    const path = join(engine.folder, 'crm.db');
    createLedger(path, { rows: 300, seed });
    await ledger.record([path], async () => engine.backup(path));
    for (const pageSize of [512, 65_536, 1024]) {
      editDatabase(path, `PRAGMA page_size = ${pageSize}`, 'VACUUM');
      const { point } = await ledger.record([path], async () =>
        engine.backup(path, { kind: 'incremental' }),
      );
      expect(point.sources[0]?.pages).toMatchObject({ pageSize });
      editDatabase(path, "INSERT INTO entries (kind, text) VALUES ('a', 'b')");
      await ledger.record([path], async () => engine.backup(path, { kind: 'incremental' }));
    }
    expect(await readAll(engine)).toEqual(ledger.expected);
  });

  test('of the same name in two folders do not overwrite each other', async () => {
    const engine = await openTestEngine();
    const [first, second] = [join(engine.folder, 'a/crm.db'), join(engine.folder, 'b/crm.db')];
    for (const path of [first, second]) await mkdir(join(path, '..'));
    createLedger(first, { rows: 20, seed });
    createLedger(second, { rows: 30, seed });
    const { point } = await engine.backup([first, second]);
    const names = point.sources.map((source) => source.name);
    expect(new Set(names).size).toBe(2);
    const contents = (await readAll(engine))[point.id];
    expect(contents).toEqual(
      await describeFiles({ [names[0] ?? '']: first, [names[1] ?? '']: second }),
    );
  });

  test('that no longer exist do not take the others with them', async () => {
    const engine = await openTestEngine();
    const paths = ['crm.db', 'mail.db'].map((name) => join(engine.folder, name));
    const [crm = '', mail = ''] = paths;
    for (const path of paths) createLedger(path, { rows: 40, seed });
    await engine.backup(paths);
    await rm(mail);
    const { point } = await engine.backup(paths);
    expect(point.problems).toMatchObject([
      { source: 'mail.db', failure: { code: 'source-missing' } },
    ]);
    expect((await readAll(engine))[point.id]).toEqual(await describeFiles({ 'crm.db': crm }));
  });

  test('that are damaged are kept as they lie there, with the log that holds their only data', async () => {
    const engine = await openTestEngine();
    const path = join(engine.folder, 'crm.db');
    createLedger(path, { rows: 40, seed });
    await writeFile(`${path}-wal`, await readFile(path));
    await truncate(path, 0);
    const { point } = await engine.backup(path);
    expect(point.problems).toMatchObject([{ failure: { code: 'source-damaged' } }]);
    expect(point.sources[0]).toMatchObject({ kind: 'raw', label: 'damaged-source' });
    expect((await readAll(engine))[point.id]).toEqual(
      await describeFiles({ 'crm.db/crm.db': path, 'crm.db/crm.db-wal': `${path}-wal` }),
    );
  });
});

/** A full, three increments and a differential, each after a change. */
async function makeChain(engine: TestEngine, path: string) {
  const ledger = createPointLedger();
  const made: BackupResult[] = [];
  createLedger(path, { rows: 400, seed });
  for (const kind of [
    'full',
    'incremental',
    'incremental',
    'incremental',
    'differential',
  ] as const) {
    made.push(await ledger.record([path], async () => engine.backup(path, { kind })));
    editDatabase(
      path,
      `UPDATE entries SET text = 'after ${made.length}' WHERE id % 90 = ${made.length}`,
    );
  }
  return { ledger, made };
}

const inPlace = (engine: TestEngine, name: string): string =>
  join(engine.place, ...name.split('/'));

async function contentsOf(engine: TestEngine, { point }: BackupResult): Promise<Contents> {
  const vault = await engine.openAgain();
  return readPoint({ ...engine, vault, folder: join(engine.folder, 'out') }, point, []);
}

describe('kinds of restore points', () => {
  test('build on each other as they say', async () => {
    const engine = await openTestEngine();
    const { made } = await makeChain(engine, join(engine.folder, 'crm.db'));
    const [full, first, second, third, differential] = made.map(({ point }) => point);
    expect(full).toMatchObject({ kind: 'full', parent: null, family: full?.id });
    expect(first).toMatchObject({ kind: 'incremental', parent: full?.id, family: full?.id });
    expect(second).toMatchObject({ kind: 'incremental', parent: first?.id, family: full?.id });
    expect(third).toMatchObject({ kind: 'incremental', parent: second?.id, family: full?.id });
    expect(differential).toMatchObject({
      kind: 'differential',
      parent: full?.id,
      family: full?.id,
    });
    expect(made[0]?.fullReason).toBe('asked');
    const again = await engine.backup(join(engine.folder, 'crm.db'), { kind: 'full' });
    expect(again.point).toMatchObject({ kind: 'full', parent: null, family: again.point.id });
    const next = await engine.backup(join(engine.folder, 'crm.db'));
    expect(next.point).toMatchObject({ kind: 'incremental', family: again.point.id });
  });

  test('a differential comes back when all between it and its full is lost', async () => {
    const engine = await openTestEngine();
    const { ledger, made } = await makeChain(engine, join(engine.folder, 'crm.db'));
    for (const { point } of made.slice(1, 4)) {
      for (const id of point.written.packs) await rm(inPlace(engine, packName(id)));
    }
    const [full, lost, , , differential] = made;
    for (const result of [full, differential]) {
      if (result === undefined) throw new Error('no such point');
      expect(await contentsOf(engine, result)).toEqual(ledger.expected[result.point.id]);
    }
    if (lost !== undefined) await expect(contentsOf(engine, lost)).rejects.toThrow('point-damaged');
  });

  test('a full comes back from its own packs alone', async () => {
    const engine = await openTestEngine();
    const path = join(engine.folder, 'crm.db');
    const { ledger } = await makeChain(engine, path);
    const full = await ledger.record([path], async () => engine.backup(path, { kind: 'full' }));
    expect(full.point.packs.map(({ id }) => id)).toEqual(full.point.written.packs);
    const own = new Set(full.point.written.packs.map((id) => packName(id)));
    for (const { name } of await engine.storage.list('packs'))
      if (!own.has(name)) await rm(inPlace(engine, name));
    expect(await contentsOf(engine, full)).toEqual(ledger.expected[full.point.id]);
  });

  test('an unchanged database costs no pack and is a restore point all the same', async () => {
    const engine = await openTestEngine();
    const ledger = createPointLedger();
    const path = join(engine.folder, 'crm.db');
    createLedger(path, { rows: 60, seed });
    await ledger.record([path], async () => engine.backup(path));
    const { point } = await ledger.record([path], async () => engine.backup(path));
    expect(point.written).toMatchObject({ packs: [], bytes: 0 });
    expect(point.sources[0]?.pages).toMatchObject({ changedPages: 0, storedPages: 0 });
    expect(await readAll(engine)).toEqual(ledger.expected);
  });

  test('another database under the same path begins a family of its own and is said', async () => {
    const engine = await openTestEngine();
    const ledger = createPointLedger();
    const [path, beside] = [join(engine.folder, 'crm.db'), join(engine.folder, 'mail.db')];
    createLedger(path, { rows: 300, seed });
    createLedger(beside, { rows: 50, seed: seed + 1 });
    const first = await ledger.record([path, beside], async () => engine.backup([path, beside]));
    await rm(path);
    createLedger(path, { rows: 200, seed: seed + 2 });
    const second = await ledger.record([path, beside], async () => engine.backup([path, beside]));
    expect(second).toMatchObject({ fullReason: 'source-replaced', replacedSources: ['crm.db'] });
    expect(second.point).toMatchObject({ kind: 'full', parent: null, family: second.point.id });
    expect(second.point.packs.map(({ id }) => id)).toEqual(second.point.written.packs);
    expect(first.replacedSources).toEqual([]);
    editDatabase(path, "UPDATE entries SET text = 'x' WHERE id = 3");
    const third = await ledger.record([path, beside], async () => engine.backup([path, beside]));
    expect(third.point).toMatchObject({ kind: 'incremental', family: second.point.id });
    expect(await readAll(engine)).toEqual(ledger.expected);
    // What the first try had stored is gone again.
    expect((await engine.storage.list('packs')).length).toBe(
      new Set([first, second, third].flatMap(({ point }) => point.written.packs)).size,
    );
  });
});

describe('what the app keeps on this computer', () => {
  const cacheFiles = async (engine: TestEngine): Promise<string[]> => {
    const folder = join(engine.cacheFolder, engine.vault.id);
    return (await readdir(folder)).map((name) => join(folder, name));
  };

  test('may be deleted at any time', async () => {
    const engine = await openTestEngine();
    const path = join(engine.folder, 'crm.db');
    const { ledger } = await makeChain(engine, path);
    for (const part of ['hashes', 'digests', '']) {
      for (const file of await cacheFiles(engine)) if (file.endsWith(part)) await rm(file);
      editDatabase(path, `UPDATE entries SET text = 'without ${part}' WHERE id % 50 = 3`);
      const made = await ledger.record([path], async () => engine.backup(path));
      expect(made.point.kind).toBe('incremental');
      expect(made.point.sources[0]?.pages?.changedPages).toBeLessThan(20);
    }
    expect(await readAll(engine)).toEqual(ledger.expected);
  });

  test('may be torn or overwritten in any place', async () => {
    const engine = await openTestEngine();
    const path = join(engine.folder, 'crm.db');
    const { ledger } = await makeChain(engine, path);
    const random = createSeededRandom(seed);
    for (let round = 0; round < 8; round++) {
      for (const file of await cacheFiles(engine)) {
        const bytes = await readFile(file);
        const at = random.below(bytes.length);
        if (random.chance(50)) await truncate(file, at);
        else await writeFile(file, bytes.with(at, (bytes[at] ?? 0) ^ 0x10));
      }
      editDatabase(path, `UPDATE entries SET text = 'round ${round}' WHERE id % 60 = ${round}`);
      const made = await ledger.record([path], async () =>
        engine.backup(path, { kind: 'incremental' }),
      );
      expect(made.point.kind).toBe('incremental');
    }
    expect(await readAll(engine)).toEqual(ledger.expected);
  });

  test('is not believed when the vault is an older copy of itself', async () => {
    const engine = await openTestEngine();
    const path = join(engine.folder, 'crm.db');
    const { ledger, made } = await makeChain(engine, path);
    const older = join(engine.folder, 'older');
    await cp(engine.place, older, { recursive: true });
    const atCopy = { ...ledger.expected };
    for (const round of [1, 2, 3]) {
      editDatabase(path, `UPDATE entries SET text = 'lost ${round}' WHERE id % 40 = ${round}`);
      await engine.backup(path, { vault: await engine.openAgain() });
    }
    await rm(engine.place, { recursive: true });
    await rename(older, engine.place);
    expect(await readAll(engine)).toEqual(atCopy);

    editDatabase(path, "UPDATE entries SET text = 'after' WHERE id % 70 = 1");
    const options = { vault: await engine.openAgain() };
    const next = await ledger.record([path], async () => engine.backup(path, options));
    expect(next.point.parent).toBe(made.at(-1)?.point.id);
    await ledger.record([path], async () => engine.backup(path, options));
    expect(await readAll(engine)).toEqual(ledger.expected);
  });

  test('is not believed either by a process that had the vault open all the time', async () => {
    const engine = await openTestEngine();
    const path = join(engine.folder, 'crm.db');
    const { ledger } = await makeChain(engine, path);
    const older = join(engine.folder, 'older');
    await cp(engine.place, older, { recursive: true });
    editDatabase(path, "UPDATE entries SET text = 'lost' WHERE id % 40 = 1");
    await engine.backup(path);
    await rm(engine.place, { recursive: true });
    await rename(older, engine.place);
    editDatabase(path, "UPDATE entries SET text = 'after' WHERE id % 70 = 1");
    await ledger.record([path], async () => engine.backup(path));
    expect(await readAll(engine)).toEqual(ledger.expected);
  });
});

describe('damage in the vault', () => {
  test('a lost pack is healed by the next backup, for the restore points before it too', async () => {
    const engine = await openTestEngine();
    const ledger = createPointLedger();
    const path = join(engine.folder, 'crm.db');
    createLedger(path, { rows: 400, seed });
    const full = await ledger.record([path], async () => engine.backup(path));
    await ledger.record([path], async () => engine.backup(path));
    await rm(inPlace(engine, packName(full.point.written.packs[0] ?? '')));
    await expect(readAll(engine)).rejects.toThrow('point-damaged');
    const next = await ledger.record([path], async () => engine.backup(path));
    expect(next).toMatchObject({ fullReason: 'parent-damaged' });
    expect(next.healedPages).toBe(full.point.sources[0]?.pages?.pageCount);
    expect(await readAll(engine)).toEqual(ledger.expected);
    const byReader = await readByEmergencyReader(engine, full.point.id, expect.anything());
    expect(byReader).toEqual(ledger.expected[full.point.id]);
  });

  test('a lost pack costs only the restore points whose pages nobody has any more', async () => {
    const engine = await openTestEngine();
    const path = join(engine.folder, 'crm.db');
    const { ledger, made } = await makeChain(engine, path);
    const [full, , , , differential] = made;
    await rm(inPlace(engine, packName(full?.point.written.packs[0] ?? '')));
    const next = await ledger.record([path], async () =>
      engine.backup(path, { kind: 'incremental' }),
    );
    expect(next.point.kind).toBe('incremental');
    expect(next.healedPages).toBeGreaterThan(50);
    const { notes } = await readPointIndex(await engine.openAgain(), engine.report);
    const read = async (result: BackupResult | undefined): Promise<Contents> => {
      if (result === undefined) throw new Error('no such point');
      const vault = await engine.openAgain();
      return readPoint(
        { ...engine, vault, folder: join(engine.folder, 'out') },
        result.point,
        notes,
      );
    };
    expect(await read(next)).toEqual(ledger.expected[next.point.id]);
    await expect(read(full)).rejects.toThrow('point-damaged');
    // What changed since then had been changed after the full too, so the differential had stored it itself.
    if (differential === undefined) throw new Error('no differential');
    expect(await read(differential)).toEqual(ledger.expected[differential.point.id]);
  });

  test('lost tables are made anew from the packs', async () => {
    const engine = await openTestEngine();
    const ledger = createPointLedger();
    const path = join(engine.folder, 'crm.db');
    const random = createSeededRandom(seed + 7);
    createLedger(path, { rows: 900, seed });
    for (let round = 0; round < 12; round++) {
      await ledger.record([path], async () => engine.backup(path, { kind: 'incremental' }));
      changeLedger(path, random);
    }
    await rm(inPlace(engine, 'tables'), { recursive: true });
    expect(await readAll(engine)).toEqual(ledger.expected);
    const complaint: unknown = expect.stringContaining('made anew from the packs');
    for (const id of Object.keys(ledger.expected).slice(-2))
      expect(await readByEmergencyReader(engine, id, complaint)).toEqual(ledger.expected[id]);
    // And the next backup does not build on what is not there.
    const next = await ledger.record([path], async () => engine.backup(path));
    expect(next).toMatchObject({ fullReason: 'parent-damaged' });
    expect(await readAll(engine)).toEqual(ledger.expected);
  });

  test('lost tables are made anew where pages were overwritten with zeros meanwhile', async () => {
    const engine = await openTestEngine();
    const ledger = createPointLedger();
    const path = join(engine.folder, 'crm.db');
    createLedger(path, { rows: 400, seed });
    const back = async () => engine.backup(path, { kind: 'incremental' });
    await ledger.record([path], back);
    editDatabase(
      path,
      'PRAGMA secure_delete = ON',
      'DELETE FROM entries WHERE id BETWEEN 50 AND 300',
    );
    const { point } = await ledger.record([path], back);
    const zeroPages = (await readFile(path)).toString('latin1').split('\0'.repeat(4096)).length - 1;
    expect(zeroPages).toBeGreaterThan(20);
    expect(point.written.bytes).toBeLessThan(100_000);
    await rm(inPlace(engine, 'tables'), { recursive: true });
    expect(await readAll(engine)).toEqual(ledger.expected);
  });

  test('a crash between the two copies of a manifest is made good', async () => {
    const engine = await openTestEngine();
    const path = join(engine.folder, 'crm.db');
    const { ledger, made } = await makeChain(engine, path);
    const last = made.at(-1)?.stem ?? '';
    await rm(inPlace(engine, pointName(last, 'b')));
    await ledger.record([path], async () => engine.backup(path));
    expect(await readFile(inPlace(engine, pointName(last, 'b')))).toEqual(
      await readFile(inPlace(engine, pointName(last, 'a'))),
    );
    expect(await readAll(engine)).toEqual(ledger.expected);
  });
});
