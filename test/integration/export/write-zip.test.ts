import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { writeZip, type ZipEntry } from '../../../electron/engine/export/write-zip.ts';
import type { Failure } from '../../../shared/model/failure.ts';
import { EXPORT_WARNING_NAME } from '../../../shared/text/export-warning.ts';
import { readZip } from '../../support/read-zip.ts';
import { makeTemporaryFolder } from '../../support/temporary-folder.ts';

// Far from UTC, so that a time in the wrong zone is seen.
process.env['TZ'] = 'Asia/Shanghai';
const deep = process.env['HOLDFAST_DEEP'] === '1';
const mtimeMs = new Date(2026, 10, 21, 12, 34, 56).getTime();
const nowMs = Date.now();

let folder = '';
let zip = '';
beforeEach(async () => {
  folder = await makeTemporaryFolder();
  zip = join(folder, 'export 导出.zip');
});

const entry = (path: string, content: Buffer | string, extra: Partial<ZipEntry> = {}): ZipEntry => {
  const bytes = Buffer.from(content);
  return {
    path,
    size: bytes.length,
    mtimeMs,
    mode: 0o640,
    async *open() {
      for (let at = 0; at < bytes.length; at += 50_000) yield bytes.subarray(at, at + 50_000);
    },
    ...extra,
  };
};
async function* list(...entries: readonly ZipEntry[]): AsyncGenerator<ZipEntry> {
  yield* entries;
}
const failureOf = async (running: Promise<unknown>): Promise<Failure> => {
  const error: unknown = await running.then(
    () => new Error('did not fail'),
    (reason: unknown) => reason,
  );
  return (error as { failure?: Failure }).failure ?? { code: 'unexpected', detail: String(error) };
};

const python = `import sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as z:
    bad = z.testzip()
    assert bad is None, bad
    sys.stdout.buffer.write("\\n".join(i.filename for i in z.infolist()).encode())`;

/** What other people's programs make of the archive; those that are not installed here are left out. */
function openElsewhere(file: string): { program: string; status: number | null; output: string }[] {
  const programs = [
    ['unzip', '-tqq', file],
    ['python3', '-c', python, file],
  ] as const;
  return programs.flatMap(([program, ...args]) => {
    const run = spawnSync(program, args, { encoding: 'utf8', maxBuffer: 1 << 26 });
    if (run.error !== undefined) return [];
    return [{ program, status: run.status, output: run.stdout + run.stderr }];
  });
}

const big = randomBytes(3_000_000);
const files = [
  entry('crm.db', Buffer.concat([Buffer.alloc(200_000), big])),
  entry('附件/客户 合同.pdf', 'contract 合同', { mode: 0o600 }),
  entry('empty.txt', ''),
  entry('short.txt', 'x'),
  entry('limit.bin', Buffer.alloc(64 * 1024, 7)),
  entry('over.bin', Buffer.alloc(64 * 1024 + 1, 8)),
  entry('old/very old.txt', 'from before ZIP', { mtimeMs: 0 }),
  entry('old/no time.txt', 'no time', { mtimeMs: Number.NaN }),
];

test('an exported restore point opens anywhere, with every byte, name, time and right', async () => {
  const progress: [number, string][] = [];
  const written = await writeZip(list(...files), zip, {
    nowMs,
    onProgress: (bytes, path) => progress.push([bytes, path]),
  });
  const contentBytes = files.reduce((sum, { size }) => sum + size, 0);
  expect(written).toEqual({ files: files.length, contentBytes, fileBytes: (await stat(zip)).size });
  expect(progress.at(-1)).toEqual([contentBytes, 'old/no time.txt']);
  expect(progress.length).toBeGreaterThan(60);

  const found = await readZip(zip, 1 << 23);
  expect(found.map(({ name }) => name)).toEqual([
    EXPORT_WARNING_NAME,
    ...files.map(({ path }) => path),
  ]);
  for (const [index, file] of files.entries()) {
    const read = found[index + 1];
    expect(read?.content?.equals(Buffer.concat(await Array.fromAsync(file.open())))).toBe(true);
    expect(read?.mode).toBe(file.mode);
  }
  expect(found[1]?.date.getTime()).toBe(mtimeMs);
  expect(found[7]?.date.getFullYear()).toBe(1980);
  expect(found.map(({ isNamedInUtf8 }) => isNamedInUtf8)).toEqual([
    false,
    false,
    true,
    false,
    false,
    false,
    false,
    false,
    false,
  ]);

  for (const { program, status, output } of openElsewhere(zip)) {
    expect({ program, status, output: status === 0 ? '' : output }).toEqual({
      program,
      status: 0,
      output: '',
    });
    if (program === 'python3') expect(output).toContain('附件/客户 合同.pdf');
  }
  expect(await readdir(folder)).toEqual(['export 导出.zip']);
});

test('whoever opens it is told in both languages that it is not sealed', async () => {
  await writeZip(list(), zip, { nowMs });
  const [note, ...rest] = await readZip(zip);
  expect(rest).toEqual([]);
  expect(note?.name).toBe('README-NOT-SEALED.txt');
  expect(note?.content?.toString()).toMatch(/NOT SEALED[^]*not encrypted[^]*没有加密/u);
});

test('a file that is there already is never overwritten, even if it comes in the middle', async () => {
  await writeFile(zip, 'mine');
  const exists = { code: 'target-exists', path: zip };
  expect(await failureOf(writeZip(list(...files), zip, { nowMs }))).toEqual(exists);
  expect(await readFile(zip, 'utf8')).toBe('mine');

  const later = join(folder, 'later.zip');
  const meanwhile = entry('a', 'a', {
    async *open() {
      await writeFile(later, 'mine');
      yield Buffer.from('a');
    },
  });
  expect(await failureOf(writeZip(list(meanwhile), later, { nowMs }))).toEqual({
    ...exists,
    path: later,
  });
  expect(await readFile(later, 'utf8')).toBe('mine');

  const dangling = join(folder, 'dangling.zip');
  await symlink(join(folder, 'nowhere'), dangling);
  expect(await failureOf(writeZip(list(), dangling, { nowMs }))).toEqual({
    ...exists,
    path: dangling,
  });
  expect((await readdir(folder)).sort()).toEqual(['dangling.zip', 'export 导出.zip', 'later.zip']);
});

const broken = (size: number, ending: () => Promise<void> | void): ZipEntry =>
  entry('broken.bin', '', {
    size,
    async *open() {
      for (let done = 0; done < size; done += 10_000)
        yield big.subarray(0, Math.min(10_000, size - done));
      await ending();
    },
  });
const fail = (): never => {
  throw new Error('the place is gone');
};

test.each([
  [
    'a small file breaks off',
    list(entry('a', 'a'), broken(500, fail)),
    'unexpected',
    'the place is gone',
  ],
  [
    'a large file breaks off',
    list(entry('a', 'a'), broken(2_000_000, fail)),
    'unexpected',
    'the place is gone',
  ],
  [
    'a small file is shorter than it should be',
    list(entry('a', 'abc', { size: 4 })),
    'restore-differs',
    'only 3',
  ],
  [
    'a small file is longer than it should be',
    list(entry('a', 'abc', { size: 2 })),
    'restore-differs',
    'at least 3',
  ],
  [
    'a large file is shorter than it should be',
    list(entry('a', big, { size: big.length + 1 })),
    'restore-differs',
    'only 3000000',
  ],
  [
    'a large file is longer than it should be',
    list(entry('a', big, { size: 100_000 })),
    'restore-differs',
    'at least',
  ],
  [
    'the list of files breaks off',
    (async function* () {
      yield entry('a', big);
      fail();
    })(),
    'unexpected',
    'the place is gone',
  ],
  [
    'a file name leaves the folder',
    list(entry('a/../../evil', 'x')),
    'target-refused',
    'unsafe file name',
  ],
  ['a file name is absolute', list(entry('/etc/evil', 'x')), 'target-refused', 'unsafe file name'],
  ['a file has no name', list(entry('', 'x')), 'target-refused', 'unsafe file name'],
])('when %s, no archive is left that looks whole', async (_, entries, code, detail) => {
  const failure = await failureOf(writeZip(entries, zip, { nowMs }));
  expect(failure).toMatchObject({ code, detail: expect.stringContaining(detail) });
  expect(await readdir(folder)).toEqual([]);
});

test('a folder that is not there is said', async () => {
  const missing = join(folder, 'absent', 'a.zip');
  expect(await failureOf(writeZip(list(), missing, { nowMs }))).toMatchObject({
    code: 'target-refused',
    path: missing,
    detail: `there is no folder ${join(folder, 'absent')}`,
  });
});

test.each([1000, 2_000_000])('cancelling in a file of %d bytes leaves nothing', async (size) => {
  const stop = new AbortController();
  const entries = list(
    entry('first', 'x'),
    broken(size, () => undefined),
    entry('last', 'x'),
  );
  const running = writeZip(entries, zip, {
    nowMs,
    signal: stop.signal,
    onProgress: (_, path) => {
      if (path === 'broken.bin') stop.abort();
    },
  });
  expect(await failureOf(running)).toEqual({ code: 'cancelled' });
  expect(await readdir(folder)).toEqual([]);
});

test('a full disk is said, and the unfinished archive does not stay on it', () => {
  const script = `
    const { writeZip } = await import(${JSON.stringify(new URL('../../../electron/engine/export/write-zip.ts', import.meta.url).href)});
    const { randomBytes } = await import('node:crypto');
    const bytes = randomBytes(2_000_000);
    async function* entries() {
      yield { path: 'a', size: bytes.length, mtimeMs: 0, mode: 0o600, async *open() { yield bytes; } };
    }
    await writeZip(entries(), process.argv[1], { nowMs: 0 }).then(
      () => console.log('written'), (error) => console.log(JSON.stringify(error.failure ?? String(error))));`;
  // The system refuses to let a file of this shell grow over 500 KiB, as a full disk does.
  const run = spawnSync(
    'bash',
    [
      '-c',
      'ulimit -f 500; exec "$0" --input-type=module -e "$1" "$2"',
      process.execPath,
      script,
      zip,
    ],
    { encoding: 'utf8' },
  );
  expect(run.stdout.trim()).toBe(JSON.stringify({ code: 'place-full', place: folder }));
  const left = spawnSync('ls', ['-A', folder], { encoding: 'utf8' });
  expect(left.stdout).toBe('');
});

test('names that other systems cannot tell apart or take for paths do not overwrite each other', async () => {
  const names = [
    'A.txt',
    'a.txt',
    'dir/a.txt',
    'C:evil.txt',
    'x\\y.txt',
    'x_y.txt',
    '.hidden',
    '.HIDDEN',
    'readme-not-sealed.TXT',
    '..name',
    'é.txt',
    'e\u0301.txt',
  ];
  await writeZip(list(...names.map((name) => entry(name, name))), zip, { nowMs });
  const found = await readZip(zip);
  expect(found.slice(1).map(({ name }) => name)).toEqual([
    'A.txt',
    'a (2).txt',
    'dir/a.txt',
    'C_evil.txt',
    'x_y.txt',
    'x_y (2).txt',
    '.hidden',
    '.HIDDEN (2)',
    'readme-not-sealed (2).TXT',
    '..name',
    'é.txt',
    'e\u0301 (2).txt',
  ]);
  expect(found.slice(1).map(({ content }) => content?.toString())).toEqual(names);
});

test('more than 65,535 files fit', async () => {
  const count = 66_000;
  async function* many(): AsyncGenerator<ZipEntry> {
    for (let number = 0; number < count; number += 1)
      yield entry(`letters/${number}.txt`, String(number));
  }
  expect((await writeZip(many(), zip, { nowMs })).files).toBe(count);
  const readings = openElsewhere(zip);
  for (const { program, status, output } of readings) {
    expect({ program, status }).toEqual({ program, status: 0 });
    if (program === 'python3') expect(output.split('\n')).toHaveLength(count + 1);
  }
  if (deep || readings.length === 0) expect(await readZip(zip)).toHaveLength(count + 1);
});

test('a database of more than 4 GiB fits, and what follows it', async () => {
  const piece = Buffer.alloc(1 << 20);
  const size = 4100 * piece.length;
  const huge = entry('huge.db', '', {
    size,
    async *open() {
      for (let done = 0; done < size; done += piece.length) yield piece;
    },
  });
  await writeZip(list(huge, entry('after.txt', 'after')), zip, { nowMs });
  // Unpacking 4 GiB again takes longer than writing them: the deep run does it three times.
  const found = await readZip(zip, 1 << 20, deep ? Infinity : 1 << 30);
  expect(found.map((read) => [read.name, read.size])).toEqual([
    [EXPORT_WARNING_NAME, expect.any(Number)],
    ['huge.db', size],
    ['after.txt', 5],
  ]);
  expect(found[2]?.content?.toString()).toBe('after');
  if (deep) {
    for (const { program, status } of openElsewhere(zip))
      expect({ program, status }).toEqual({ program, status: 0 });
  }
});
