/**
 * Whoever can write to the place, or gives somebody a vault, harms nothing with it: nothing is written outside of the
 * folder that was chosen, nothing grows without bounds, and nothing of it is taken for something else. The vaults are
 * made by the writer that knows FORMAT.md alone; it holds the keys, so seals do not protect here.
 */
import { randomBytes } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateRawSync, zstdCompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  restoreIntoFolder,
  type FolderRestoreResult,
} from '../../electron/engine/restore/restore-into-folder.ts';
import { openFolderStorage } from '../../electron/engine/storage/folder-storage.ts';
import { openVault } from '../../electron/engine/vault/open-vault.ts';
import { loadManifest, readPointIndex } from '../../electron/engine/vault/point-index.ts';
import type { Vault } from '../../electron/engine/vault/vault.ts';
import {
  isSound,
  verifyVault,
  type VerifyReport,
} from '../../electron/engine/verify/verify-vault.ts';
import { failureOf } from '../../shared/model/backup-error.ts';
import {
  digestTree,
  fileEntry,
  listSource,
  manifestBody,
  pageSource,
  publishLease,
  publishPoint,
  sampleSources,
  sampleTables,
  samplePacks,
  writeEmptyVault,
  writeSampleVault,
  type PointInput,
  type SampleVault,
} from '../support/format-sample.ts';
import {
  bytesOf,
  hashOf,
  idOf,
  jsonFrames,
  littleEndian,
  pointName,
  putFile,
  putObject,
  sealList,
  sealManifest,
  sealObject,
  sealPack,
  sealTable,
  type FrameToSeal,
  type ListEntry,
} from '../support/format-writer.ts';
import { readTree } from '../support/emergency-reader.ts';
import { restoreToolsOf } from '../support/restore-trial.ts';
import { makeTemporaryFolder } from '../support/temporary-folder.ts';
import { realClock } from '../support/test-clock.ts';
import { openTestEngine, type TestEngine } from '../support/test-engine.ts';

let master: string;
let sample: SampleVault;
beforeAll(() => {
  master = mkdtempSync(join(tmpdir(), 'holdfast-hostile-'));
  sample = writeSampleVault(join(master, 'vault'));
});
afterAll(() => rmSync(master, { recursive: true, force: true }));

interface Bed {
  readonly engine: TestEngine;
  /** Everything lies in it: vault, target, and what must not be touched. */
  readonly root: string;
  readonly vault: SampleVault;
  readonly target: string;
  open(): Promise<Vault>;
}

async function makeBed(): Promise<Bed> {
  const engine = await openTestEngine();
  const root = await makeTemporaryFolder();
  const vault = { ...sample, folder: join(root, 'vault') };
  cpSync(join(master, 'vault'), vault.folder, { recursive: true });
  putFile(root, 'neighbour/secret.txt', 'secret');
  const surroundings = { clock: realClock, random: randomBytes };
  const open = async (): Promise<Vault> => {
    const storage = await openFolderStorage({ root: vault.folder, ...surroundings });
    const secret = { kind: 'passphrase', passphrase: vault.passphrase } as const;
    return openVault(storage, secret, surroundings, () => undefined);
  };
  return { engine, root, vault, target: join(root, 'target'), open };
}

const point = { epoch: 2, counter: 9, id: idOf('hostile') };
const packId = idOf('hostile pack');
const listId = idOf('hostile list');
const tableId = idOf('hostile table');
const content = Buffer.alloc(100, 'what is in the file; ');
const chunk = { packId, frame: 0, offset: 0, bytes: content };
const good = fileEntry('good.txt', [chunk]);

function publishHostile({ vault }: Bed, input: Partial<PointInput>): void {
  const pack = sealPack(
    vault.keys,
    packId,
    [],
    [{ kind: 'chunks', codec: 'none', chunks: [content] }],
  );
  if (!existsSync(join(vault.folder, `packs/${packId.slice(0, 2)}/${packId}`)))
    putObject(vault.folder, 'pack', packId, pack.bytes);
  publishPoint(vault, {
    ...point,
    kind: 'full',
    sources: [listSource(sampleSources.folder, 'attachments', [listId])],
    packs: [packId],
    tables: [],
    lists: [listId],
    catalogue: [],
    ...input,
  });
}

const putList = ({ vault }: Bed, entries: readonly ListEntry[]): void =>
  putObject(vault.folder, 'list', listId, sealList(vault.keys, listId, entries, 2).bytes);

/** Restores a point; everything beside the target must be as before. The result, or the failure's code. */
async function restore(bed: Bed, id: string = point.id): Promise<FolderRestoreResult | string> {
  const beside = () =>
    Object.entries(digestTree(readTree(bed.root))).filter(([path]) => !/^target(\/|$)/.test(path));
  const before = beside();
  const vault = await bed.open();
  const index = await readPointIndex(vault, () => undefined);
  try {
    const ref = index.live.find((one) => one.id === id);
    if (ref === undefined) return 'point-missing';
    const { point: loaded } = await loadManifest(vault, ref, () => undefined);
    return await restoreIntoFolder({
      tools: restoreToolsOf(bed.engine),
      from: { vault, point: loaded, notes: index.notes },
      folder: bed.target,
      scope: { kind: 'everything' },
      checkIntegrity: false,
    });
  } catch (error) {
    return failureOf(error).code;
  } finally {
    expect(beside()).toEqual(before);
    expect(existsSync('/holdfast-hostile.txt')).toBe(false);
  }
}

async function verify(bed: Bed): Promise<VerifyReport> {
  return verifyVault({
    vault: await bed.open(),
    pool: bed.engine.pool,
    depth: 'data',
    onProgress: () => undefined,
    signal: new AbortController().signal,
  });
}

/** Names of what lies in the target, or nothing. */
const restored = ({ target }: Bed): readonly string[] =>
  existsSync(target) ? [...readTree(target).keys()] : [];

test('the vault of the independent writer comes back, point by point', async () => {
  for (const which of ['full', 'increment', 'merged'] as const) {
    const bed = await makeBed();
    expect(await restore(bed, sample[which].id)).toMatchObject({ problems: [] });
    expect(digestTree(readTree(bed.target))).toEqual(digestTree(sample[which].tree));
  }
});

describe('paths that lead out', () => {
  const paths = [
    '../neighbour/new.txt',
    'sub/../../neighbour/new.txt',
    '..',
    '/holdfast-hostile.txt',
    'a//b',
    './a',
    'nul\0byte',
    '',
  ];
  test.each(paths)('the path %j of a file is refused', async (path) => {
    const bed = await makeBed();
    putList(bed, [fileEntry(path, [chunk]), good]);
    publishHostile(bed, {});
    const outcome = await restore(bed);
    if (typeof outcome === 'string')
      expect(outcome).toMatch(/^(target-refused|point-damaged|object-damaged)$/);
    else expect(outcome.problems.length).toBeGreaterThan(0);
    for (const name of restored(bed)) expect(name).toMatch(/good\.txt$|^attachments$/);
  });

  test.each(['../neighbour/new.db', '/holdfast-hostile.txt', 'a/../../new.db'])(
    'the path %j of a database is refused',
    async (path) => {
      const bed = await makeBed();
      const page = bytesOf('page', 512);
      const entries = [[0, { packId, frame: 0, slot: 0, hash: hashOf(page) }]] as const;
      const table = sealTable(bed.vault.keys, tableId, entries, { kind: 'base' });
      putObject(bed.vault.folder, 'table', tableId, table.bytes);
      const source = pageSource(sampleSources.crm, 'crm.db', path, 512, 512, [page], [tableId]);
      publishHostile(bed, { sources: [source], tables: [tableId], lists: [] });
      expect(typeof (await restore(bed))).toBe('string');
      expect(restored(bed).filter((name) => name.includes('new'))).toEqual([]);
    },
  );

  test('names of sources lead nowhere', async () => {
    const bed = await makeBed();
    putList(bed, [good]);
    const names = ['../neighbour', '/', '..', 'a/b'];
    const sources = names.map((name, index) => listSource(idOf(`source ${index}`), name, [listId]));
    publishHostile(bed, { sources });
    const outcome = await restore(bed);
    if (typeof outcome !== 'string')
      expect(restored(bed).filter((name) => name.endsWith('good.txt'))).toHaveLength(4);
  });

  test.each(['/etc', '../neighbour', 'sub/../../neighbour', '..'])(
    'no file goes through a link to %j',
    async (to) => {
      const bed = await makeBed();
      putList(bed, [
        good,
        { kind: 'link', path: 'link', target: to },
        fileEntry('link/new.txt', [chunk]),
      ]);
      publishHostile(bed, {});
      await restore(bed);
      expect(existsSync(join(bed.root, 'neighbour/new.txt'))).toBe(false);
    },
  );
});

describe('absurd sizes', () => {
  const lies: [string, Record<string, unknown>][] = [
    ['a size beyond all numbers', { size: 2 ** 60 }],
    ['a size that is not its pages', { size: 512 * 9 }],
    ['more pages than there are', { pageCount: 2 ** 32, size: 2 ** 41 }],
    ['a page size of 3', { pageSize: 3, size: 3 }],
    ['a page size of 128 KiB', { pageSize: 131072, size: 131072 }],
    ['levels that are no ids', { levels: ['../../../etc/passwd'] }],
  ];
  test.each(lies)('a manifest with %s is no restore point', async (_what, lie) => {
    const bed = await makeBed();
    const page = bytesOf('page', 512);
    const source = pageSource(sampleSources.crm, 'crm.db', 'crm.db', 512, 512, [page], [tableId]);
    publishHostile(bed, {
      sources: [{ ...source, pages: { ...(source['pages'] as object), ...lie } }],
    });
    expect(await restore(bed)).toBe('point-damaged');
    expect(await verify(bed)).toMatchObject({ unreadablePoints: [pointName(point)] });
    expect(restored(bed)).toEqual([]);
  });

  test('the largest database that the format knows, without a table, is refused at once', async () => {
    const bed = await makeBed();
    const page = bytesOf('p', 65536);
    const source = pageSource(sampleSources.crm, 'crm.db', 'crm.db', 65536, 65536, [page], []);
    const pageCount = 2 ** 32 - 2;
    const pages = { ...(source['pages'] as object), pageCount, size: pageCount * 65536 };
    publishHostile(bed, { sources: [{ ...source, pages }], lists: [] });
    expect(await restore(bed)).toMatch(/^(point-damaged|target-full)$/);
    expect((await verify(bed)).affected.map((one) => one.point)).toEqual([point.id]);
  });
});

describe('bombs', () => {
  const bomb = Buffer.alloc(64 * 1024 * 1024);
  const zstd = (forged: NonNullable<FrameToSeal['forged']>): FrameToSeal => ({
    content,
    codec: 'zstd',
    forged,
  });
  const bombs: [string, FrameToSeal][] = [
    ['a zstd bomb', zstd({ r: 4_000_000, packed: zstdCompressSync(bomb) })],
    [
      'a deflate bomb',
      { content, codec: 'deflate', forged: { r: 4_000_000, packed: deflateRawSync(bomb) } },
    ],
    ['a frame over 4 MiB', zstd({ r: 4 * 1024 * 1024 + 1, packed: zstdCompressSync(content) })],
    ['a frame that says more than it has', zstd({ r: 101, packed: zstdCompressSync(content) })],
    ['a frame that says less than it has', zstd({ r: 99, packed: zstdCompressSync(content) })],
    ['bytes that do not unpack', zstd({ r: 400, packed: content })],
  ];
  test.each(bombs)('%s in a pack is refused and named', async (_what, frame) => {
    const bed = await makeBed();
    putList(bed, [good]);
    const directory = Buffer.from(
      '{"frames":[{"at":32,"kind":"chunks","lengths":[100]}],"files":[]}',
    );
    const closing = Buffer.concat([
      littleEndian([directory.length, 4]),
      directory,
      hashOf(content),
    ]);
    const { bytes } = sealObject(bed.vault.keys, 'pack', packId, [frame], () => [
      { content: closing },
    ]);
    putObject(bed.vault.folder, 'pack', packId, bytes);
    publishHostile(bed, {});
    const outcome = await restore(bed);
    expect(outcome).toBe('point-damaged');
    expect(restored(bed).filter((name) => name.endsWith('good.txt'))).toEqual([]);
    const report = await verify(bed);
    expect(report.affected.filter((one) => one.point === point.id)).not.toEqual([]);
    expect(isSound(report)).toBe(false);
  });

  test('a manifest that unpacks to gigabytes is no restore point', async () => {
    const bed = await makeBed();
    const body = { content: Buffer.alloc(4 * 1024 * 1024, ' '), codec: 'zstd' } as const;
    const frames = Array.from({ length: 70 }, () => body);
    const { bytes } = sealObject(bed.vault.keys, 'manifest', point.id, [], () => frames);
    const name = `points/${pointName(point)}`;
    for (const copy of ['.a', '.b']) putFile(bed.vault.folder, name + copy, bytes);
    const said: string[] = [];
    await readPointIndex(await bed.open(), (object, error) =>
      said.push(`${object} ${error.message}`),
    );
    // Not that it makes no sense once unpacked: it is not unpacked.
    expect(said.filter((line) => line.startsWith(name))).toEqual([
      expect.stringContaining('content out of bounds'),
      expect.stringContaining('content out of bounds'),
    ]);
  });
});

describe('tables and lists that lie', () => {
  const run = (count: number, pack: number, hashes: number): Buffer =>
    Buffer.concat([
      littleEndian([1, 4], [0, 4], [count, 2], [pack, 2], [0, 2], [0, 2]),
      Buffer.alloc(hashes * 16),
    ]);
  const wild: [string, Buffer][] = [
    ['more runs than bytes', Buffer.from('ffffffff', 'hex')],
    ['no bytes to speak of', Buffer.alloc(2)],
    ['a pack that it does not name', run(1, 1, 1)],
    ['too few hashes', run(65535, 0, 3)],
    ['too many hashes', run(1, 0, 2)],
  ];
  test.each(wild)('a segment with %s: the packs make a new table', async (_what, segment) => {
    const bed = await makeBed();
    const id = sampleTables.crmDelta;
    const { bytes } = sealObject(bed.vault.keys, 'table', id, [{ content: segment }], ([at]) =>
      jsonFrames({ packs: [samplePacks.full], segments: [{ at, first: 0, last: 9 }] }),
    );
    putObject(bed.vault.folder, 'table', id, bytes);
    await restore(bed, sample.increment.id);
    expect(digestTree(readTree(bed.target))).toEqual(digestTree(sample.increment.tree));
  });

  test('a file larger than the world is refused', async () => {
    const bed = await makeBed();
    putList(bed, [
      { kind: 'file', path: 'huge.bin', mode: 0o644, mtimeMs: 0, size: 2 ** 52, chunks: [chunk] },
    ]);
    publishHostile(bed, {});
    expect(typeof (await restore(bed))).toBe('string');
    expect(restored(bed).filter((name) => name.endsWith('huge.bin'))).toEqual([]);
  });
});

describe('what belongs to another vault', () => {
  test('a manifest is not believed, whoever sealed it', async () => {
    const bed = await makeBed();
    const input: PointInput = {
      ...point,
      kind: 'full',
      sources: [],
      packs: [],
      tables: [],
      lists: [],
      catalogue: [],
    };
    const other = writeEmptyVault(join(bed.root, 'other'), 'other');
    publishPoint(other, input);
    const name = `points/${pointName(point)}`;
    for (const copy of ['.a', '.b'])
      cpSync(join(other.folder, name + copy), join(bed.vault.folder, name + copy));
    expect(await restore(bed)).toBe('point-damaged');
    const body = { ...manifestBody(bed.vault.keys, input), vaultId: idOf('other') };
    for (const copy of ['.a', '.b'])
      putFile(bed.vault.folder, name + copy, sealManifest(bed.vault.keys, point.id, body, []));
    expect(await restore(bed)).toBe('point-damaged');
    expect((await verify(bed)).unreadablePoints).toEqual([pointName(point)]);
  });

  test('key headers under a foreign marker open nothing', async () => {
    const bed = await makeBed();
    const marker = { format: 'holdfast-vault', version: 1, vaultId: idOf('other') };
    putFile(bed.vault.folder, 'holdfast-vault.json', JSON.stringify(marker));
    await expect(bed.open()).rejects.toMatchObject({ failure: { code: 'vault-damaged' } });
  });
});

describe('links inside of the vault', () => {
  test('to a pack elsewhere: not followed', async () => {
    const bed = await makeBed();
    const name = `packs/${samplePacks.full.slice(0, 2)}/${samplePacks.full}`;
    const [inside, outside] = [join(bed.vault.folder, name), join(bed.root, 'elsewhere')];
    renameSync(inside, outside);
    symlinkSync(outside, inside);
    expect(await restore(bed, sample.full.id)).toBe('point-damaged');
  });

  test('to a folder elsewhere: nothing is written or removed there', async () => {
    const bed = await makeBed();
    const elsewhere = join(bed.root, 'elsewhere');
    mkdirSync(elsewhere);
    putFile(elsewhere, 'precious', 'data');
    rmSync(join(bed.vault.folder, 'packs'), { recursive: true });
    symlinkSync(elsewhere, join(bed.vault.folder, 'packs'));
    publishLease(bed.vault, 3, [sample.full, sample.increment, sample.merged], []);
    const path = join(bed.engine.folder, 'crm.db');
    putFile(bed.engine.folder, 'crm.db', Buffer.alloc(8192, 'no database'));
    await expect(bed.engine.backup(path, { vault: await bed.open() })).rejects.toThrow(/./);
    expect(readdirSync(elsewhere)).toEqual(['precious']);
  });
});
