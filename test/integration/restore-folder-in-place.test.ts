/** What a user would lose of a folder of attachments that is put back where it was: files written meanwhile, rights, room. */
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { compareFolderSince } from '../../electron/engine/restore/compare-folder-since.ts';
import { tryDiskNames } from '../../electron/engine/restore/disk-names.ts';
import { removeDeadScratchBelow } from '../../electron/engine/restore/scratch-file.ts';
import { isAvailable } from '../support/machine.ts';
import {
  pointToRestore,
  restoreFolder,
  restoreToolsOf,
  sourceOf,
} from '../support/restore-trial.ts';
import { openTestEngine, TEST_PASSPHRASE, type TestEngine } from '../support/test-engine.ts';

type Made = Awaited<ReturnType<TestEngine['backup']>>;

const storedOf = async (engine: TestEngine, made: Made) => ({
  from: await pointToRestore(engine, made),
  source: sourceOf(made),
});

const program = fileURLToPath(new URL('../support/restore-process.ts', import.meta.url));
const nobody = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'];

/** By root alone, and where others may read the project. */
function canBeNobody(): boolean {
  return spawnSync('env', [...nobody, 'test', '-r', program]).status === 0;
}

/** In a process of its own, which `under` starts. */
function restoreElsewhere(
  engine: TestEngine,
  { point }: Made,
  folder: string,
  under: readonly string[],
  more: readonly string[] = [],
) {
  const task = [process.execPath, program, engine.place, point.id, folder];
  return spawnSync('env', [...under, ...task, ...more], {
    encoding: 'utf8',
    env: { ...process.env, HOLDFAST_PASSPHRASE: TEST_PASSPHRASE, UV_THREADPOOL_SIZE: '1' },
  });
}

/** A folder with these files. */
async function openWithFiles(files: Readonly<Record<string, string | Buffer>>) {
  const engine = await openTestEngine();
  const folder = join(engine.folder, 'attachments');
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return { engine, folder };
}

test('what an undo would take away, but somebody has written to since, stays and is said', async () => {
  const { engine, folder } = await openWithFiles({ 'mine.txt': 'mine', 'other.txt': 'other' });
  const made = await engine.backup(folder);
  for (const name of ['mine.txt', 'other.txt']) rmSync(join(folder, name));
  const before = await engine.backup(folder);
  await restoreFolder(engine, made, folder);
  const tools = restoreToolsOf(engine);
  const names = await tryDiskNames(folder, tools);
  const kept = await storedOf(engine, before);
  const lists = { restored: await storedOf(engine, made), kept, names };
  const since = await compareFolderSince(tools, folder, lists);
  expect([since.isAsRestored, since.added.map(({ path }) => path)]).toEqual([
    true,
    ['mine.txt', 'other.txt'],
  ]);

  const { removed, problems } = await restoreFolder(engine, before, folder, {
    only: since.replaced,
    removes: since.added,
    // After the comparison, before anything goes.
    onSafetyPoint: async () => writeFileSync(join(folder, 'mine.txt'), 'mine again'),
  });

  expect(removed).toBe(1);
  const path = join(folder, 'mine.txt');
  expect(problems.map(({ failure }) => failure)).toEqual([{ code: 'target-changed', path }]);
  expect(readdirSync(folder)).toEqual(['mine.txt']);
  expect(readFileSync(path, 'utf8')).toBe('mine again');
});

test('folders come back with their rights and times, those for reading only as well', async () => {
  const { engine, folder } = await openWithFiles({
    'signed/2024/contract.pdf': 'signed',
    'secret/key.txt': 'secret',
  });
  utimesSync(join(folder, 'signed', '2024'), 1_700_000_000, 1_700_000_000);
  const modes = [
    ['signed/2024', 0o555],
    ['signed', 0o555],
    ['secret', 0o700],
  ] as const;
  for (const [name, mode] of modes) chmodSync(join(folder, name), mode);
  const made = await engine.backup(folder);
  for (const [name] of modes.toReversed()) chmodSync(join(folder, name), 0o755);
  rmSync(folder, { recursive: true });

  if (canBeNobody()) {
    // Root may write anywhere: somebody else has to try.
    for (const path of [engine.folder, engine.place]) chmodSync(path, 0o777);
    for (const name of readdirSync(engine.place, { recursive: true, encoding: 'utf8' })) {
      chownSync(join(engine.place, name), 65_534, 65_534);
    }
    const { status, stdout, stderr } = restoreElsewhere(engine, made, folder, nobody);
    expect([status, stderr]).toEqual([0, '']);
    expect(JSON.parse(stdout)).toEqual({ files: 2, problems: [] });
  } else {
    expect(await restoreFolder(engine, made, folder)).toMatchObject({ files: 2, problems: [] });
  }

  expect(readFileSync(join(folder, 'signed', '2024', 'contract.pdf'), 'utf8')).toBe('signed');
  for (const [name, mode] of modes) expect(statSync(join(folder, name)).mode & 0o777).toBe(mode);
  expect(statSync(join(folder, 'signed', '2024')).mtimeMs).toBe(1_700_000_000_000);
  for (const [name] of modes.toReversed()) chmodSync(join(folder, name), 0o755);
});

describe.skipIf(!isAvailable('mount'))('a folder of attachments on a disk of its own', () => {
  const small = (folder: string): readonly string[] => {
    const mount = `mount -t tmpfs -o size=2m tmpfs ${folder} && exec "$@"`;
    return ['unshare', '--mount', '--propagation', 'private', 'sh', '-c', mount, 'sh'];
  };

  test('is asked for room itself, not the disk around it', async () => {
    const { engine, folder } = await openWithFiles({ 'big.bin': Buffer.alloc(3_000_000, 7) });
    const made = await engine.backup(folder);
    rmSync(join(folder, 'big.bin'));
    const { status, stderr } = restoreElsewhere(engine, made, folder, small(folder));
    expect(status).not.toBe(0);
    expect(stderr).toContain('target-full');
  });

  test.each([[[]], [['into']]])('has room for a file that is mostly holes %j', async (more) => {
    const { engine, folder } = await openWithFiles({ 'holes.img': 'at the beginning' });
    truncateSync(join(folder, 'holes.img'), 12_000_000);
    const made = await engine.backup(folder);
    rmSync(join(folder, 'holes.img'));
    const { status, stdout, stderr } = restoreElsewhere(engine, made, folder, small(folder), more);
    expect([status, stderr]).toEqual([0, '']);
    expect(JSON.parse(stdout)).toEqual({ files: 1, problems: [] });
  });
});

describe.skipIf(!isAvailable('strace'))('a restore of a folder killed at a system call', () => {
  test('leaves each file as it was or as it shall be; the next start tidies up, and doing it again ends it', async () => {
    const old = { 'a/one.txt': 'old one', 'a/two.txt': 'old two', 'three.txt': 'old three' };
    const { engine, folder } = await openWithFiles(old);
    const made = await engine.backup(folder);
    writeFileSync(join(folder, 'a', 'one.txt'), 'today');
    rmSync(join(folder, 'a', 'two.txt'));
    writeFileSync(join(folder, 'three.txt'), 'today');
    writeFileSync(join(folder, 'a', 'since.txt'), 'since');
    const before = join(engine.folder, 'before');
    cpSync(folder, before, { recursive: true });
    const text = (name: string) =>
      existsSync(join(folder, name)) ? readFileSync(join(folder, name), 'utf8') : null;
    const seen = { kills: 0, scratches: 0 };
    for (const [call, at] of [
      ['rename', 1],
      ['rename', 3],
      ['fsync', 1],
      ['chmod|fchmodat', 2],
    ] as const) {
      rmSync(folder, { recursive: true });
      cpSync(before, folder, { recursive: true });
      const inject = [
        '-e',
        `trace=/^(${call})$`,
        '-e',
        `inject=/^(${call})$:signal=KILL:when=${at}`,
      ];
      const strace = ['strace', '-f', '-qq', '-o', '/dev/null', ...inject];
      const { signal } = restoreElsewhere(engine, made, folder, strace);
      if (signal !== null) seen.kills += 1;
      expect(['today', 'old one']).toContain(text('a/one.txt'));
      expect([null, 'old two']).toContain(text('a/two.txt'));
      expect(['today', 'old three']).toContain(text('three.txt'));
      expect(text('a/since.txt')).toBe('since');
      const scratches = () =>
        readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
          name.includes('.holdfast-restore-'),
        );
      seen.scratches += scratches().length;
      await removeDeadScratchBelow(folder, engine.owner);
      expect(scratches()).toEqual([]);
    }
    expect(seen.kills).toBeGreaterThan(2);
    expect(seen.scratches).toBeGreaterThan(0);
    const { problems } = await restoreFolder(engine, made, folder);
    expect(problems).toEqual([]);
    for (const [name, content] of Object.entries(old)) expect(text(name)).toBe(content);
    expect(text('a/since.txt')).toBe('since');
  });
});
