/** What a folder can lose that memory cannot: to other processes, kills, full and failing disks, links and mounts. */
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import {
  chmod,
  link,
  mkdir,
  readdir,
  readFile,
  rename,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { BLOCKED_FOR_MS } from '../../electron/engine/storage/blocked-retry.ts';
import { openFolderStorage } from '../../electron/engine/storage/folder-storage.ts';
import type { Storage } from '../../electron/engine/storage/storage.ts';
import { isAvailable } from '../support/machine.ts';
import {
  isProved,
  runStorageProcess,
  startStorageProcess,
  type StorageStep,
} from '../support/storage-process.ts';
import { makeTemporaryFolder } from '../support/temporary-folder.ts';
import { realClock } from '../support/test-clock.ts';
import { codeOf } from './storage.suite.ts';

const isDeep = process.env['HOLDFAST_DEEP'] === '1';
const refused = 'object-damaged';

const openFolder = async (root: string): Promise<Storage> =>
  openFolderStorage({ root, clock: realClock, random: randomBytes });

describe('a folder as a place', () => {
  test('a folder that is not there, or is a file, is a missing place', async () => {
    const root = await makeTemporaryFolder();
    await writeFile(join(root, 'file'), '');
    expect(await codeOf(openFolder(join(root, 'nothing')))).toBe('place-missing');
    expect(await codeOf(openFolder(join(root, 'file')))).toBe('place-missing');
    expect(await codeOf(openFolder(join(root, 'file', 'below')))).toBe('place-missing');
  });

  test('a folder that goes away is a missing place in every call, and nothing is made in its stead', async () => {
    const root = join(await makeTemporaryFolder(), 'vault');
    await mkdir(root);
    const storage = await openFolder(root);
    await storage.put('packs/one', Buffer.from('1'));
    await rename(root, `${root}-gone`);
    const missing = 'place-missing';
    expect(await codeOf(storage.put('packs/two', Buffer.from('2')))).toBe(missing);
    expect(await codeOf(storage.putExclusive('leases/1', Buffer.from('2')))).toBe(missing);
    expect(await codeOf(storage.startWriter('packs/two', '1'))).toBe(missing);
    expect(await codeOf(storage.readWhole('packs/one', 10))).toBe(missing);
    expect(await codeOf(storage.size('packs/one'))).toBe(missing);
    expect(await codeOf(storage.list(''))).toBe(missing);
    expect(await codeOf(storage.listTemporary())).toBe(missing);
    expect(await codeOf(storage.remove('packs/one'))).toBe(missing);
    expect(await codeOf(storage.clockMs())).toBe(missing);
    await expect(stat(root)).rejects.toMatchObject({ code: 'ENOENT' });
    await rename(`${root}-gone`, root);
    expect((await storage.readWhole('packs/one', 10)).toString()).toBe('1');
  });

  test('other users of the computer can neither read files nor look into folders', async () => {
    const root = await makeTemporaryFolder();
    const before = process.umask(0);
    try {
      const storage = await openFolder(root);
      await storage.put('packs/ab/one', Buffer.from('1'));
      await storage.putExclusive('leases/1', Buffer.from('1'));
      await (await storage.startWriter('packs/ab/two', '1')).publish();
    } finally {
      process.umask(before);
    }
    const modeOf = async (name: string): Promise<number> =>
      (await stat(join(root, name))).mode & 0o777;
    expect(await modeOf('packs')).toBe(0o700);
    expect(await modeOf('packs/ab')).toBe(0o700);
    expect(await modeOf('packs/ab/one')).toBe(0o600);
    expect(await modeOf('packs/ab/two')).toBe(0o600);
    expect(await modeOf('leases/1')).toBe(0o600);
  });

  test("what systems and users leave lying in the folder is not taken for the vault's", async () => {
    const root = await makeTemporaryFolder();
    const storage = await openFolder(root);
    await storage.put('packs/one', Buffer.from('1'));
    await writeFile(join(root, '.DS_Store'), '');
    await writeFile(join(root, 'packs', '._one'), '');
    await writeFile(join(root, 'packs', 'copy of one'), '');
    await writeFile(join(root, 'packs', 'tmp-mine'), '');
    await mkdir(join(root, 'lost+found'));
    await writeFile(join(root, 'lost+found', 'x'), '');
    expect((await storage.list('')).map(({ name }) => name)).toEqual(['packs/one']);
    expect(await storage.listTemporary()).toEqual([]);
  });
});

describe('links and special files in a folder', () => {
  test('a linked folder is refused: nothing behind it is listed, read, written or removed', async () => {
    const [root, outside] = [await makeTemporaryFolder(), await makeTemporaryFolder()];
    await mkdir(join(outside, 'ab'));
    await writeFile(join(outside, 'ab', 'secret'), 'kept');
    const storage = await openFolder(root);
    await symlink(outside, join(root, 'packs'));
    expect(await codeOf(storage.list(''))).toBe(refused);
    expect(await codeOf(storage.list('packs'))).toBe(refused);
    expect(await codeOf(storage.listTemporary())).toBe(refused);
    expect(await codeOf(storage.readWhole('packs/ab/secret', 10))).toBe(refused);
    expect(await codeOf(storage.size('packs/ab/secret'))).toBe(refused);
    expect(await codeOf(storage.put('packs/ab/new', Buffer.from('x')))).toBe(refused);
    expect(await codeOf(storage.putExclusive('packs/new', Buffer.from('x')))).toBe(refused);
    expect(await codeOf(storage.startWriter('packs/new/er', '1'))).toBe(refused);
    expect(await codeOf(storage.remove('packs/ab/secret'))).toBe(refused);
    expect(await codeOf(storage.removeTemporary('packs/tmp-1-0011223344556677'))).toBe(refused);
    expect(await readdir(outside, { recursive: true })).toEqual(['ab', 'ab/secret']);
    expect(await readFile(join(outside, 'ab', 'secret'), 'utf8')).toBe('kept');
  });

  test('a linked file is no object', async () => {
    const [root, outside] = [await makeTemporaryFolder(), await makeTemporaryFolder()];
    await writeFile(join(outside, 'secret'), 'kept');
    const storage = await openFolder(root);
    await storage.put('packs/one', Buffer.from('1'));
    await symlink(join(outside, 'secret'), join(root, 'packs', 'two'));
    await symlink(join(outside, 'nothing'), join(root, 'packs', 'three'));
    expect((await storage.list('')).map(({ name }) => name)).toEqual(['packs/one']);
    for (const name of ['packs/two', 'packs/three']) {
      expect(await codeOf(storage.readWhole(name, 10))).toBe(refused);
      expect(await codeOf(storage.size(name))).toBe(refused);
      expect(await codeOf(storage.remove(name))).toBe(refused);
      expect(await codeOf(storage.put(name, Buffer.from('kept')))).toBe(refused);
      expect(await storage.putExclusive(name, Buffer.from('x'))).toBe(false);
    }
    expect(await readdir(outside)).toEqual(['secret']);
    expect(await readFile(join(outside, 'secret'), 'utf8')).toBe('kept');
  });

  test('a named pipe or a folder in place of an object does not hang a reader', async () => {
    const root = await makeTemporaryFolder();
    const storage = await openFolder(root);
    await storage.put('packs/one', Buffer.from('1'));
    execFileSync('sh', ['-c', 'mkfifo "$0"', join(root, 'packs', 'pipe')]);
    await mkdir(join(root, 'packs', 'folder'));
    for (const name of ['packs/pipe', 'packs/folder']) {
      expect(await codeOf(storage.readWhole(name, 10))).toBe(refused);
      expect(await codeOf(storage.remove(name))).toBe(refused);
    }
    expect((await storage.list('')).map(({ name }) => name)).toEqual(['packs/one']);
  });
});

describe('several processes on one folder', () => {
  test.each([{ lacks: [] }, { lacks: ['hardLinks' as const] }])(
    'of two processes exactly one gets each exclusive name ($lacks)',
    async ({ lacks }) => {
      // Where the machine gave one of them no time it was no race: then there is another one.
      while (!(await race(lacks)));
    },
  );

  /** Two processes after the same names; tells whether both got some. */
  async function race(lacks: readonly 'hardLinks'[]): Promise<boolean> {
    const root = await makeTemporaryFolder();
    const startFile = join(await makeTemporaryFolder(), 'start');
    const steps: StorageStep[] = [{ do: 'race', startFile, count: 100 }];
    const racers = [0, 1].map(() => startStorageProcess({ root, lacks }, steps));
    await Promise.all(racers.map(async ({ stdout }) => readLine(stdout)));
    const outputs = racers.map(async ({ stdout }) => readLine(stdout));
    await writeFile(`${startFile}.new`, String(Date.now() + 50));
    await rename(`${startFile}.new`, startFile);
    const won = (await Promise.all(outputs)).flatMap((text) => JSON.parse(text) as number[][]);
    const all = won.flat().sort((a, b) => a - b);
    expect(all).toEqual(Array.from({ length: 100 }, (_, index) => index + 1));
    for (const [index, [name]] of won.entries()) {
      if (name === undefined) return false;
      const holder = await readFile(join(root, 'leases', String(name)), 'utf8');
      expect(holder).toBe(String(racers[index]?.pid));
    }
    return true;
  }

  test.each([{ lacks: [] }, { lacks: ['hardLinks' as const, 'folderSync' as const] }])(
    'a process killed in the middle of writing leaves no half object ($lacks)',
    async ({ lacks }) => {
      const root = await makeTemporaryFolder();
      const storage = await openFolder(root);
      let leftovers = 0;
      // At least one kill must hit a writer at work, else nothing was shown.
      for (let round = 0; round < (isDeep ? 100 : 6) || leftovers === 0; round++) {
        const writer = startStorageProcess({ root, lacks }, [{ do: 'writeForEver' }]);
        await readLine(writer.stdout);
        await wait(40 + ((round * 17) % 60));
        writer.kill('SIGKILL');
        await once(writer, 'exit');
        for (const { name, size } of await storage.list('')) {
          expect(isProved(await storage.readWhole(name, size))).toBe(true);
          await storage.remove(name);
        }
        const temporary = await storage.listTemporary();
        leftovers += temporary.length;
        for (const { name } of temporary) await storage.removeTemporary(name);
      }
    },
  );

  test('a name that was linked but not yet tidied is found whole, its second name is removed alone', async () => {
    const root = await makeTemporaryFolder();
    const storage = await openFolder(root);
    await storage.put('packs/one', Buffer.from('whole'));
    await link(join(root, 'packs', 'one'), join(root, 'packs', 'tmp-00000001-0011223344556677'));
    const [left] = await storage.listTemporary();
    await storage.removeTemporary(left?.name ?? '');
    expect((await storage.readWhole('packs/one', 10)).toString()).toBe('whole');
  });
});

describe('a folder that may not be written', () => {
  test('is a read-only place at once, and can still be read', async () => {
    const root = await makeTemporaryFolder();
    await (await openFolder(root)).put('packs/one', Buffer.from('1'));
    await chmod(join(root, 'packs', 'one'), 0o644);
    await chmod(join(root, 'packs'), 0o555);
    await chmod(root, 0o555);
    const steps: StorageStep[] = [
      { do: 'becomeNobody' },
      { do: 'put', name: 'packs/two', bytes: 1 },
      { do: 'put', name: 'points/two', bytes: 1 },
      { do: 'putExclusive', name: 'packs/two', bytes: 1 },
      { do: 'remove', name: 'packs/one' },
      { do: 'read', name: 'packs/one' },
      { do: 'list' },
      { do: 'slept' },
    ];
    const isRoot = isAvailable('root');
    const results = runStorageProcess({ root }, isRoot ? steps : steps.slice(1)).slice(
      isRoot ? 1 : 0,
    );
    await chmod(root, 0o755);
    await chmod(join(root, 'packs'), 0o755);
    const readOnly = 'failed: place-read-only';
    expect(results).toEqual([readOnly, readOnly, readOnly, readOnly, 1, ['packs/one'], 0]);
  });
});

describe.skipIf(!isAvailable('mount'))('a folder on a mount of its own', () => {
  /** Runs steps in a process whose mounts nobody else sees; they end with it. */
  const runMounted = (root: string, steps: readonly StorageStep[]): readonly unknown[] =>
    runStorageProcess({ root, under: ['unshare', '--mount', '--propagation', 'private'] }, steps);
  const shell = (command: string): StorageStep => ({ do: 'shell', command });

  test.each([{ size: '256k' }])(
    'a full disk refuses, keeps what it has, and takes more after a removal',
    async ({ size }) => {
      const root = await makeTemporaryFolder();
      const results = runMounted(root, [
        shell(`mount -t tmpfs -o size=${size} tmpfs ${root}`),
        { do: 'open' },
        { do: 'put', name: 'packs/one', bytes: 150_000 },
        { do: 'put', name: 'packs/two', bytes: 150_000 },
        { do: 'putExclusive', name: 'leases/1', bytes: 150_000 },
        { do: 'list' },
        { do: 'listTemporary' },
        { do: 'read', name: 'packs/one' },
        { do: 'remove', name: 'packs/one' },
        { do: 'put', name: 'packs/two', bytes: 150_000 },
        { do: 'list' },
      ]);
      const full = 'failed: place-full';
      expect(results.slice(2)).toEqual([
        'done',
        full,
        full,
        ['packs/one'],
        0,
        150_000,
        'done',
        'done',
        ['packs/two'],
      ]);
    },
  );

  test('a disk that becomes read-only is a read-only place', async () => {
    const root = await makeTemporaryFolder();
    const results = runMounted(root, [
      shell(`mount -t tmpfs tmpfs ${root}`),
      { do: 'open' },
      { do: 'put', name: 'packs/one', bytes: 1 },
      shell(`mount -o remount,ro ${root}`),
      { do: 'put', name: 'packs/two', bytes: 1 },
      { do: 'put', name: 'points/two', bytes: 1 },
      { do: 'remove', name: 'packs/one' },
      { do: 'read', name: 'packs/one' },
    ]);
    const readOnly = 'failed: place-read-only';
    expect(results.slice(4)).toEqual([readOnly, readOnly, readOnly, 1]);
  });

  test('an unmounted disk leaves an empty folder that is not taken for the place; mounted again, it goes on', async () => {
    const [root, disk] = [await makeTemporaryFolder(), await makeTemporaryFolder()];
    const missing = 'failed: place-missing';
    const results = runMounted(root, [
      shell(`mount -t tmpfs tmpfs ${disk} && mount --bind ${disk} ${root}`),
      { do: 'open' },
      { do: 'put', name: 'packs/one', bytes: 1 },
      shell(`umount ${root}`),
      { do: 'list' },
      { do: 'size', name: 'packs/one' },
      { do: 'read', name: 'packs/one' },
      { do: 'put', name: 'packs/two', bytes: 1 },
      { do: 'put', name: 'marker.json', bytes: 1 },
      { do: 'remove', name: 'packs/one' },
      shell(`test -z "$(ls -A ${root})" && mount --bind ${disk} ${root}`),
      { do: 'list' },
      { do: 'put', name: 'packs/two', bytes: 1 },
    ]);
    expect(results.slice(4, 10)).toEqual(Array.from({ length: 6 }, () => missing));
    expect(results.slice(10)).toEqual(['done', ['packs/one'], 'done']);
  });
});

describe.skipIf(!isAvailable('strace'))('a folder whose system calls fail', () => {
  const runFailing = (
    root: string,
    inject: string,
    steps: readonly StorageStep[],
    lacks: readonly ('hardLinks' | 'folderSync')[] = [],
  ): readonly unknown[] => {
    const call = inject.split(':')[0] ?? '';
    const under = ['strace', '-f', '-qq', '-o', '/dev/null', '-e', `trace=${call}`];
    under.push('-e', `inject=${inject}`);
    // The program loader reads as well.
    if (call === 'pread64') under.push('-P', join(root, 'one'));
    if (call === 'write') under.push('-P', join(root, 'two'));
    return runStorageProcess({ root, under, lacks }, steps);
  };
  const put: StorageStep = { do: 'put', name: 'one', bytes: 5000 };
  const take: StorageStep = { do: 'putExclusive', name: 'two', bytes: 5000 };
  const look: readonly StorageStep[] = [{ do: 'list' }, { do: 'listTemporary' }];
  // The first fsync is the probe of the folder, the second is of the object's bytes, the third of its folder.

  test.each([
    ['pwrite64:error=ENOSPC', 'place-full'],
    ['pwrite64:error=EDQUOT', 'place-full'],
    ['pwrite64:error=EIO', 'place-unreachable'],
    ['fsync:error=ENOSPC:when=2', 'place-full'],
    ['fsync:error=EIO:when=2', 'place-unreachable'],
    ['fsync:error=EHOSTDOWN:when=2', 'place-unreachable'],
    ['fsync:error=EBADF:when=2', 'place-unreachable'],
    ['link:error=ESTALE', 'place-unreachable'],
    ['link:error=ETIMEDOUT', 'place-unreachable'],
    ['link:error=EROFS', 'place-read-only'],
  ])('%s: the write fails as %s and leaves nothing behind', async (inject, code) => {
    const root = await makeTemporaryFolder();
    expect(runFailing(root, inject, [put, ...look])).toEqual([`failed: ${code}`, [], 0]);
  });

  test('a folder fsync that fails is not reported as durable', async () => {
    const root = await makeTemporaryFolder();
    const [result] = runFailing(root, 'fsync:error=EIO:when=3', [put]);
    expect(result).toBe('failed: place-unreachable');
  });

  test('a place without hard links still publishes, and its exclusive names stay exclusive', async () => {
    const root = await makeTemporaryFolder();
    const results = runFailing(root, 'link:error=EPERM', [put, put, take, take, ...look]);
    expect(results).toEqual(['done', 'done', true, false, ['one', 'two'], 0]);
  });

  test('an exclusive name that could not be filled is given back', async () => {
    const root = await makeTemporaryFolder();
    const results = runFailing(
      root,
      'write:error=ENOSPC:when=1',
      [take, ...look, take],
      ['hardLinks'],
    );
    expect(results).toEqual(['failed: place-full', [], 0, true]);
  });

  test('a place without folder fsync is read back instead, and other bytes are noticed', async () => {
    const root = await makeTemporaryFolder();
    const probe = 'fsync:error=EINVAL:when=1';
    expect(runFailing(root, probe, [put, take, ...look])).toEqual([
      'done',
      true,
      ['one', 'two'],
      0,
    ]);
    // A read that gives nothing: what was read back is not what was written.
    const [result] = runFailing(
      await makeTemporaryFolder(),
      'pread64:retval=0',
      [put],
      ['folderSync'],
    );
    expect(result).toBe('failed: object-damaged');
  });

  test.each([
    ['rename:error=EBUSY:when=1..3', ['hardLinks' as const]],
    ['rename:error=EACCES:when=1..3', ['hardLinks' as const]],
    ['unlink:error=EBUSY:when=1..3', []],
  ])('%s: another program in the way is waited for', async (inject, lacks) => {
    const root = await makeTemporaryFolder();
    const results = runFailing(root, inject, [put, ...look], lacks);
    expect(results).toEqual(['done', ['one'], 0]);
  });

  test('another program that stays in the way is named as such, after ten seconds', async () => {
    expect(BLOCKED_FOR_MS).toBe(10_000);
    const root = await makeTemporaryFolder();
    const steps: StorageStep[] = [put, { do: 'slept' }, ...look];
    const [code, sleptMs, ...left] = runFailing(root, 'rename:error=EBUSY', steps, ['hardLinks']);
    expect(code).toBe('failed: blocked-by-other-program');
    expect(sleptMs).toBeGreaterThanOrEqual(10_000);
    expect(sleptMs).toBeLessThan(11_000);
    expect(left).toEqual([[], 0]);
    await (await openFolder(root)).put('one', Buffer.from('1'));
    const removal: StorageStep = { do: 'remove', name: 'one' };
    const [result] = runFailing(root, 'unlink:error=EBUSY', [removal]);
    expect(result).toBe('failed: blocked-by-other-program');
  });

  test('a temporary name that cannot be removed does not undo an object that has its name', async () => {
    const root = await makeTemporaryFolder();
    const results = runFailing(root, 'unlink:error=EBUSY', [put, ...look]);
    expect(results).toEqual(['done', ['one'], 1]);
  });

  test('a bad sector is a damaged object, not a lost place', async () => {
    const root = await makeTemporaryFolder();
    await (await openFolder(root)).put('one', Buffer.from('1'));
    const read: StorageStep = { do: 'read', name: 'one' };
    expect(runFailing(root, 'pread64:error=EIO', [read])).toEqual(['failed: object-damaged']);
    expect(runFailing(root, 'pread64:error=ENOTCONN', [read])).toEqual([
      'failed: place-unreachable',
    ]);
  });
});

async function readLine(stream: NodeJS.ReadableStream | null): Promise<string> {
  if (stream === null) throw new Error('no output');
  const [line] = (await once(stream, 'data')) as [Buffer];
  return line.toString();
}
