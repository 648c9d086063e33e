/** What a user would lose if folders of attachments were not kept: files, names, links, and databases torn inside them. */
import { createHash, randomBytes } from 'node:crypto';
import {
  chmod,
  cp,
  mkdir,
  readFile,
  readlink,
  rename,
  rm,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { readFolderList, type FolderEntry } from '../../electron/engine/vault/folder-list.ts';
import { provePoint } from '../../electron/engine/verify/prove-point.ts';
import { isSound, verifyVault } from '../../electron/engine/verify/verify-vault.ts';
import { openTestEngine, TEST_PASSPHRASE, type TestEngine } from '../support/test-engine.ts';

const signal = new AbortController().signal;

async function makeFolder(engine: TestEngine): Promise<string> {
  const folder = join(engine.folder, 'Anhänge 附件');
  await mkdir(join(folder, 'a', 'leer'), { recursive: true });
  await writeFile(join(folder, 'a', 'vertrag.pdf'), randomBytes(3_000_000));
  await writeFile(join(folder, 'a-b.txt'), 'sorts between a and a/vertrag.pdf\n');
  await writeFile(join(folder, 'empty'), '');
  await symlink('a/vertrag.pdf', join(folder, 'link'));
  await chmod(join(folder, 'a-b.txt'), 0o640);
  const old = new Date(Date.now() - 3_600_000);
  for (const name of ['a/vertrag.pdf', 'a-b.txt', 'empty'])
    await utimes(join(folder, name), old, old);
  return folder;
}

async function entriesOf(engine: TestEngine, levels: readonly string[]): Promise<FolderEntry[]> {
  return Array.fromAsync(readFolderList(engine.vault, levels, engine.report));
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Restores with the reader that lies in the vault: another implementation. */
function restoreWithReader(engine: TestEngine, point: string, target: string): void {
  const env = { ...process.env, HOLDFAST_PASSPHRASE: TEST_PASSPHRASE };
  execFileSync(process.execPath, [join(engine.place, 'restore.mjs'), 'restore', point, target], {
    env,
  });
}

test('attachments come back byte for byte, with links, modes and empty folders', async () => {
  const engine = await openTestEngine();
  const folder = await makeFolder(engine);
  const { point, writtenLevels } = await engine.backup(folder);
  await provePoint({ ...engine, point, writtenLevels, onBytes: () => undefined, signal });
  const target = join(engine.folder, 'out');
  restoreWithReader(engine, point.id, target);
  for (const name of ['a/vertrag.pdf', 'a-b.txt', 'empty']) {
    expect(sha256(await readFile(join(target, name)))).toBe(
      sha256(await readFile(join(folder, name))),
    );
  }
  expect(await readlink(join(target, 'link'))).toBe('a/vertrag.pdf');
  const paths = (await entriesOf(engine, point.sources[0]?.list?.levels ?? [])).map(
    (entry) => entry.path,
  );
  expect(paths).toEqual(['a', 'a-b.txt', 'a/leer', 'a/vertrag.pdf', 'empty', 'link']);
});

test('a moved file costs no bytes, a removed one stays in the older point', async () => {
  const engine = await openTestEngine();
  const folder = await makeFolder(engine);
  const first = await engine.backup(folder);
  await rename(join(folder, 'a', 'vertrag.pdf'), join(folder, 'moved.pdf'));
  await rm(join(folder, 'empty'));
  const second = await engine.backup(folder);
  expect(second.point.kind).toBe('incremental');
  expect(second.point.written.packs).toEqual([]);
  const paths = (await entriesOf(engine, second.point.sources[0]?.list?.levels ?? [])).map(
    (entry) => entry.path,
  );
  expect(paths).toEqual(['a', 'a-b.txt', 'a/leer', 'link', 'moved.pdf']);
  for (const [point, name] of [
    [first.point, 'a/vertrag.pdf'],
    [second.point, 'moved.pdf'],
  ] as const) {
    const target = join(engine.folder, `out-${point.counter}-${point.epoch}`);
    restoreWithReader(engine, point.id, target);
    expect(sha256(await readFile(join(target, name)))).toBe(
      sha256(await readFile(join(folder, 'moved.pdf'))),
    );
  }
});

test('an unchanged folder writes no list and reads no file', async () => {
  const engine = await openTestEngine();
  const folder = await makeFolder(engine);
  const first = await engine.backup(folder);
  const second = await engine.backup(folder);
  expect(second.writtenLevels).toEqual([]);
  expect(second.point.sources[0]?.list).toEqual(first.point.sources[0]?.list);
});

test('many small changes stay readable after the levels were merged into a new base', async () => {
  const engine = await openTestEngine();
  const folder = join(engine.folder, 'many');
  await mkdir(folder);
  for (let index = 0; index < 40; index++)
    await writeFile(join(folder, `f${index}`), `content ${index}`);
  let last = await engine.backup(folder);
  for (let round = 0; round < 12; round++) {
    await writeFile(join(folder, `f${round}`), `changed in round ${round}`);
    last = await engine.backup(folder);
  }
  expect(last.point.sources[0]?.list?.levels.length).toBeLessThanOrEqual(8);
  const target = join(engine.folder, 'out');
  restoreWithReader(engine, last.point.id, target);
  for (let index = 0; index < 40; index++) {
    expect(await readFile(join(target, `f${index}`), 'utf8')).toBe(
      await readFile(join(folder, `f${index}`), 'utf8'),
    );
  }
  expect(
    isSound(await verifyVault({ ...engine, depth: 'data', onProgress: () => undefined, signal })),
  ).toBe(true);
});

test('a live database inside a folder is captured as a database, never read as a file', async () => {
  const engine = await openTestEngine();
  const folder = await makeFolder(engine);
  const path = join(folder, 'a', 'crm.db');
  const database = new Database(path);
  database.pragma('journal_mode = wal');
  database.pragma('wal_autocheckpoint = 0');
  database.exec('CREATE TABLE t(x); INSERT INTO t VALUES (1), (2), (3);');
  const { point } = await engine.backup(folder);
  database.exec('INSERT INTO t VALUES (4)');
  database.close();
  expect(point.sources.map(({ kind, label }) => [kind, label])).toEqual([
    ['folder', 'crash-consistent'],
    ['sqlite', 'transactional'],
  ]);
  const paths = (await entriesOf(engine, point.sources[0]?.list?.levels ?? [])).map(
    (entry) => entry.path,
  );
  expect(paths.filter((name) => name.includes('crm.db'))).toEqual([]);
  const target = join(engine.folder, 'out');
  restoreWithReader(engine, point.id, target);
  const [name] = point.sources.slice(1).map((source) => source.name);
  const copy = new Database(join(target, name ?? '', 'crm.db'), { readonly: true });
  expect(copy.prepare('SELECT count(*) AS n FROM t').get()).toEqual({ n: 3 });
  copy.close();
});

test('a file that cannot be read keeps its older copy, and the run says so', async () => {
  const engine = await openTestEngine();
  const folder = await makeFolder(engine);
  await engine.backup(folder);
  await rm(join(folder, 'a-b.txt'));
  execFileSync('mkfifo', [join(folder, 'a-b.txt')]);
  const { point } = await engine.backup(folder);
  expect(point.problems.map(({ failure }) => failure.code)).toEqual(['source-unreadable']);
  const entries = await entriesOf(engine, point.sources[0]?.list?.levels ?? []);
  expect(entries.find((entry) => entry.path === 'a-b.txt')?.kind).toBe('file');
});

test('a copy of the folder elsewhere shares every chunk of the same run', async () => {
  const engine = await openTestEngine();
  const folder = await makeFolder(engine);
  await cp(join(folder, 'a', 'vertrag.pdf'), join(folder, 'copy.pdf'));
  const { point } = await engine.backup(folder);
  expect(point.written.bytes).toBeLessThan(3_200_000);
});
