/** What a user would lose when restoring into a folder: files, names, times, what was there before, and their trust. */
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { chmod, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Progress } from '../../shared/model/progress.ts';
import type { RestorePoint } from '../../shared/model/restore-point.ts';
import { packName } from '../../electron/engine/format/object-names.ts';
import type { RestoreScope } from '../../electron/engine/restore/plan-into-folder.ts';
import {
  restoreIntoFolder,
  type FolderRestoreResult,
} from '../../electron/engine/restore/restore-into-folder.ts';
import type { RestoreTools } from '../../electron/engine/restore/restore-tools.ts';
import { createLedger, withDatabase } from '../support/quiet-database.ts';
import { pointToRestore, restoreToolsOf } from '../support/restore-trial.ts';
import { openTestEngine, type TestEngine } from '../support/test-engine.ts';

interface Wishes {
  readonly scope?: RestoreScope;
  readonly checkIntegrity?: boolean;
  readonly tools?: Partial<RestoreTools>;
}

async function restore(
  engine: TestEngine,
  point: RestorePoint,
  folder: string,
  { scope = { kind: 'everything' }, checkIntegrity = true, tools = {} }: Wishes = {},
): Promise<FolderRestoreResult> {
  const from = await pointToRestore(engine, { point });
  return restoreIntoFolder({
    tools: restoreToolsOf(engine, tools),
    from,
    folder,
    scope,
    checkIntegrity,
  });
}

async function openWithLedger() {
  const engine = await openTestEngine();
  const path = join(engine.folder, 'crm.db');
  createLedger(path, { rows: 300, seed: 2 });
  return { engine, path, out: join(engine.folder, 'out') };
}

async function makeAttachments(engine: TestEngine): Promise<string> {
  const folder = join(engine.folder, 'Anhänge');
  mkdirSync(join(folder, 'a', 'empty folder'), { recursive: true });
  writeFileSync(join(folder, 'a', 'contract.pdf'), Buffer.alloc(2_500_000, 'contract and more '));
  writeFileSync(join(folder, 'a-b.txt'), 'between');
  writeFileSync(join(folder, 'nothing'), '');
  symlinkSync('a/contract.pdf', join(folder, 'link'));
  await chmod(join(folder, 'a-b.txt'), 0o640);
  const old = new Date('2024-02-29T12:00:00Z');
  for (const name of ['a/contract.pdf', 'a-b.txt', 'nothing', 'a'])
    await utimes(join(folder, name), old, old);
  return folder;
}

describe('what comes back', () => {
  test('a single database lies directly in the folder, with mode and time of capture', async () => {
    const { engine, path, out } = await openWithLedger();
    await chmod(path, 0o640);
    const { point } = await engine.backup(path);

    const result = await restore(engine, point, out);

    expect(readdirSync(out)).toEqual(['crm.db']);
    expect(readFileSync(join(out, 'crm.db')).equals(readFileSync(path))).toBe(true);
    const { mode, mtimeMs } = statSync(join(out, 'crm.db'));
    expect(mode & 0o777).toBe(0o640);
    expect(Math.abs(mtimeMs - (point.sources[0]?.capturedAtMs ?? 0))).toBeLessThan(2);
    expect(result.databases).toMatchObject([
      { path: join(out, 'crm.db'), complaints: [], root: point.sources[0]?.pages?.root },
    ]);
    expect(result.problems).toEqual([]);
    expect(result.phases.map(({ phase }) => phase)).toEqual(['plan', 'fetch', 'check']);
  });

  test('several sources get a folder each, named after them, never the same', async () => {
    const { engine, path, out } = await openWithLedger();
    const other = join(engine.folder, 'b', 'crm.db');
    mkdirSync(join(engine.folder, 'b'));
    createLedger(other, { rows: 20, seed: 3 });
    const { point } = await engine.backup([
      { path, id: null, name: '../Kunden: alt' },
      { path: other, id: null, name: '.._kunden_ ALT' },
    ]);
    await restore(engine, point, out);
    expect(readdirSync(out).sort()).toEqual(['.._Kunden_ alt', '.._kunden_ ALT (2)']);
    expect(readFileSync(join(out, '.._Kunden_ alt', 'crm.db')).equals(readFileSync(path))).toBe(
      true,
    );
    expect(
      readFileSync(join(out, '.._kunden_ ALT (2)', 'crm.db')).equals(readFileSync(other)),
    ).toBe(true);
  });

  test('attachments come back with names, links, modes and times, folders too', async () => {
    const engine = await openTestEngine();
    const folder = await makeAttachments(engine);
    const out = join(engine.folder, 'out');
    const { point } = await engine.backup(folder);

    const result = await restore(engine, point, out);

    expect(result.files).toBe(3);
    const namesIn = (root: string) =>
      new Set(readdirSync(root, { recursive: true, encoding: 'utf8' }));
    expect(namesIn(out)).toEqual(namesIn(folder));
    for (const name of ['a/contract.pdf', 'a-b.txt', 'nothing']) {
      expect(readFileSync(join(out, name)).equals(readFileSync(join(folder, name)))).toBe(true);
      const [was, is] = [statSync(join(folder, name)), statSync(join(out, name))];
      expect([is.mode, is.mtimeMs]).toEqual([was.mode, was.mtimeMs]);
    }
    expect(statSync(join(out, 'a')).mtimeMs).toBe(statSync(join(folder, 'a')).mtimeMs);
    expect(readlinkSync(join(out, 'link'))).toBe('a/contract.pdf');
  });

  test('one file of many', async () => {
    const engine = await openTestEngine();
    const folder = await makeAttachments(engine);
    const out = join(engine.folder, 'out');
    const { point } = await engine.backup(folder);
    const source = point.sources[0]?.id ?? '';

    const result = await restore(engine, point, out, {
      scope: { kind: 'file', source, path: 'a/contract.pdf' },
    });
    expect(result.files).toBe(1);
    expect(readdirSync(out, { recursive: true })).toEqual(['a', 'a/contract.pdf']);

    const missing = restore(engine, point, out, {
      scope: { kind: 'file', source, path: 'a/nowhere.pdf' },
    });
    await expect(missing).rejects.toMatchObject({
      failure: { code: 'file-missing-in-point', file: 'a/nowhere.pdf' },
    });
  });

  test('one source of several lies directly in the folder', async () => {
    const { engine, path, out } = await openWithLedger();
    const folder = await makeAttachments(engine);
    const { point } = await engine.backup([path, folder]);
    const source = point.sources.find(({ kind }) => kind === 'sqlite')?.id ?? '';
    await restore(engine, point, out, { scope: { kind: 'source', source } });
    expect(readdirSync(out)).toEqual(['crm.db']);
    const nobody = restore(engine, point, out, {
      scope: { kind: 'source', source: 'f'.repeat(32) },
    });
    await expect(nobody).rejects.toMatchObject({ failure: { code: 'file-missing-in-point' } });
  });

  test('a faithful copy of a damaged database comes back as it was, and is said to be damaged', async () => {
    const { engine, path, out } = await openWithLedger();
    const bytes = readFileSync(path);
    bytes.fill(0xee, 8 * 4096, 9 * 4096);
    writeFileSync(path, bytes);
    const { point } = await engine.backup(path);
    const result = await restore(engine, point, out);
    expect(result.databases[0]?.complaints?.length).toBeGreaterThan(0);
    expect(result.problems).toMatchObject([
      { failure: { code: 'source-damaged' }, source: 'crm.db' },
    ]);
    expect(readFileSync(join(out, 'crm.db')).equals(bytes)).toBe(true);
  });

  test('files stored as found come back as found', async () => {
    const { engine, path, out } = await openWithLedger();
    withDatabase(path, (db) => db.pragma('journal_mode = WAL'));
    writeFileSync(path, '');
    writeFileSync(`${path}-wal`, Buffer.alloc(70_000, 'left over'));
    const { point } = await engine.backup(path);
    expect(point.sources[0]?.kind).toBe('raw');
    const result = await restore(engine, point, out);
    expect(result.files).toBe(2);
    expect(statSync(join(out, 'crm.db')).size).toBe(0);
    expect(readFileSync(join(out, 'crm.db-wal')).equals(readFileSync(`${path}-wal`))).toBe(true);
  });

  test('progress reaches the whole', async () => {
    const { engine, path, out } = await openWithLedger();
    const { point } = await engine.backup(path);
    const seen: Progress[] = [];
    await restore(engine, point, out, { tools: { onProgress: (progress) => seen.push(progress) } });
    const fetched = seen.filter(({ phase }) => phase === 'fetch').at(-1);
    expect(fetched).toMatchObject({
      bytesDone: statSync(path).size,
      bytesTotal: statSync(path).size,
    });
  });
});

describe('what was there before', () => {
  test.each(['crm.db', 'crm.db-wal', 'crm.db-journal', 'crm.db-shm'])(
    'an existing %s stops the restore before anything is written',
    async (name) => {
      const { engine, path, out } = await openWithLedger();
      const { point } = await engine.backup(path);
      mkdirSync(out);
      writeFileSync(join(out, name), 'mine');
      await expect(restore(engine, point, out)).rejects.toMatchObject({
        failure: { code: 'target-exists' },
      });
      expect(readdirSync(out)).toEqual([name]);
      expect(readFileSync(join(out, name), 'utf8')).toBe('mine');
    },
  );

  test('a dangling link of the name is not written through', async () => {
    const { engine, path, out } = await openWithLedger();
    const { point } = await engine.backup(path);
    mkdirSync(out);
    symlinkSync(join(engine.folder, 'outside.db'), join(out, 'crm.db'));
    await expect(restore(engine, point, out)).rejects.toMatchObject({
      failure: { code: 'target-exists' },
    });
    expect(existsSync(join(engine.folder, 'outside.db'))).toBe(false);
  });

  test('a link where a folder should be leads nothing outside', async () => {
    const engine = await openTestEngine();
    const folder = await makeAttachments(engine);
    const out = join(engine.folder, 'out');
    const outside = join(engine.folder, 'outside');
    mkdirSync(out);
    mkdirSync(outside);
    symlinkSync(outside, join(out, 'a'));
    const { point } = await engine.backup(folder);
    const source = point.sources[0]?.id ?? '';
    const one: RestoreScope = { kind: 'file', source, path: 'a/contract.pdf' };
    for (const scope of [{ kind: 'everything' } as const, one]) {
      await expect(restore(engine, point, out, { scope })).rejects.toMatchObject({
        failure: { code: expect.stringMatching(/^target-(exists|refused)$/) },
      });
      expect(readdirSync(outside)).toEqual([]);
    }
  });

  test('a manifest that names a path outside is refused', async () => {
    const { engine, path, out } = await openWithLedger();
    const { point } = await engine.backup(path);
    for (const hostile of ['../crm.db', '/crm.db', 'a/../../crm.db', 'C:crm.db']) {
      const forged = structuredClone(point) as unknown as {
        sources: { pages: { path: string } }[];
      };
      for (const { pages } of forged.sources) pages.path = hostile;
      const restored = restore(engine, forged as unknown as RestorePoint, out);
      await expect(restored).rejects.toMatchObject({ failure: { code: 'target-refused' } });
    }
    expect(readdirSync(engine.folder).sort()).toEqual(['cache', 'crm.db', 'vault']);
  });
});

test.each(['lost', 'cancelled'] as const)(
  '%s in the middle: no half file has its name',
  async (how) => {
    const { engine, path, out } = await openWithLedger();
    const { point } = await engine.backup(path);
    const controller = new AbortController();
    if (how === 'lost') rmSync(join(engine.place, packName(point.packs[0]?.id ?? '')));
    const onProgress = ({ phase, bytesDone }: Progress): void => {
      if (how === 'cancelled' && phase === 'fetch' && bytesDone > 0) controller.abort();
    };
    const restored = restore(engine, point, out, {
      tools: { onProgress, signal: controller.signal },
    });
    const code = how === 'lost' ? 'point-damaged' : 'cancelled';
    await expect(restored).rejects.toMatchObject({ failure: { code } });
    expect(readdirSync(out)).toEqual([]);
  },
);

test('what a killed restore left in the folder is removed by the next one, a living one is left alone', async () => {
  const { engine, path, out } = await openWithLedger();
  const { point } = await engine.backup(path);
  mkdirSync(out);
  const { scratchPath } = await import('../../electron/engine/restore/scratch-file.ts');
  const random = (length: number): Uint8Array => Buffer.alloc(length, 5);
  const ofDead = scratchPath(out, { ...engine.owner, pid: 2 ** 22 + 1 }, random);
  const ofLiving = scratchPath(out, { ...engine.owner, pid: process.ppid }, random);
  const ofOtherMachine = scratchPath(
    out,
    { ...engine.owner, pid: 2 ** 22 + 1, machine: 'f'.repeat(32) },
    random,
  );
  // The power failed: whoever has the number now did not make it.
  const beforePowerCut = { ...engine.owner, boot: 'e'.repeat(32) };
  const ofOtherBoot = scratchPath(out, beforePowerCut, random);
  const files = [ofDead, ofLiving, ofOtherMachine, ofOtherBoot];
  for (const file of files) writeFileSync(file, 'half');
  await restore(engine, point, out);
  expect(files.map((file) => existsSync(file))).toEqual([false, true, true, false]);
});
