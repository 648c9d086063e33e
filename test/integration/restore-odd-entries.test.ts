/** What a user would lose of attachments that are no plain files with plain names: links, holes, accents, upper case. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  closeSync,
  existsSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { isAvailable } from '../support/machine.ts';
import { restoreFolder, restoreInto } from '../support/restore-trial.ts';
import { openTestEngine, type TestEngine } from '../support/test-engine.ts';

const MIB = 1024 * 1024;

async function openWithFolder() {
  const engine = await openTestEngine();
  const folder = join(engine.folder, 'attachments');
  mkdirSync(folder);
  return { engine, folder, out: join(engine.folder, 'out') };
}

function writeAll(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
}

/** Content by name, folders and links left out. */
function contentsOf(folder: string): Readonly<Record<string, string>> {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
  const files = names.filter((name) => statSync(join(folder, name)).isFile());
  return Object.fromEntries(files.map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
}

const sha256 = (path: string): string =>
  createHash('sha256').update(readFileSync(path)).digest('hex');

test('a link is kept as a link and never followed; a pipe is left out and said', async () => {
  const { engine, folder, out } = await openWithFolder();
  const outside = join(engine.folder, 'outside');
  writeAll(outside, { 'secret.txt': 'not an attachment' });
  writeAll(folder, { 'a/b.txt': 'b' });
  symlinkSync(outside, join(folder, 'away'));
  symlinkSync('nowhere', join(folder, 'dangling'));
  execFileSync('mkfifo', [join(folder, 'pipe')]);
  const made = await engine.backup(folder);
  expect(made.point.problems.map(({ failure }) => failure)).toMatchObject([
    { code: 'source-unreadable', path: join(folder, 'pipe') },
  ]);
  expect(made.point.sources[0]?.list?.files).toBe(1);

  await restoreInto(engine, made, out);
  expect(readdirSync(out).sort()).toEqual(['a', 'away', 'dangling']);
  expect([readlinkSync(join(out, 'away')), readlinkSync(join(out, 'dangling'))]).toEqual([
    outside,
    'nowhere',
  ]);

  // Somebody puts a link where a folder was: what was in the folder must not come to lie behind the link.
  const putLink = async (): Promise<void> => {
    rmSync(join(folder, 'a'), { recursive: true });
    symlinkSync(outside, join(folder, 'a'));
  };
  rmSync(join(folder, 'a', 'b.txt'));
  for (const onSafetyPoint of [putLink, async () => undefined]) {
    await expect(restoreFolder(engine, made, folder, { onSafetyPoint })).rejects.toMatchObject({
      failure: { code: 'target-refused' },
    });
  }
  expect(readdirSync(outside)).toEqual(['secret.txt']);
});

test('holes stay holes, in a new folder and in place', async () => {
  const { engine, folder, out } = await openWithFolder();
  const path = join(folder, 'disk.img');
  const size = 48 * MIB + 77;
  const file = openSync(path, 'w');
  ftruncateSync(file, size);
  // At the beginning, across a border of chunks, and alone in the middle of nothing; it ends in a hole.
  for (const at of [0, 8 * MIB - 10, 31 * MIB + 5]) writeSync(file, 'written', at);
  closeSync(file);
  const truth = sha256(path);
  const bytesOnDisk = (name: string): number => statSync(name).blocks * 512;
  const made = await engine.backup(folder);
  expect(made.point.written.bytes).toBeLessThan(MIB);

  await restoreInto(engine, made, out);
  const copy = join(out, 'disk.img');
  expect([statSync(copy).size, sha256(copy)]).toEqual([size, truth]);
  expect(bytesOnDisk(copy)).toBeLessThan(MIB);

  truncateSync(path, 1000);
  await restoreFolder(engine, made, folder);
  expect([statSync(path).size, sha256(path)]).toEqual([size, truth]);
  expect(bytesOnDisk(path)).toBeLessThan(MIB);
});

test('moved and renamed attachments cost their new names alone', async () => {
  const { engine, folder } = await openWithFolder();
  for (let number = 0; number < 12; number++) {
    const text = `scan ${number} `.repeat(40_000);
    writeAll(folder, { [`2023/scan ${number}.txt`]: text });
  }
  const random = Buffer.from(engine.vault.random(4 * MIB));
  writeFileSync(join(folder, '2023', 'film.bin'), random);
  const first = await engine.backup(folder);
  expect(first.point.written.bytes).toBeGreaterThan(random.length);

  renameSync(join(folder, '2023'), join(folder, '2024'));
  renameSync(join(folder, '2024', 'film.bin'), join(folder, 'renamed.bin'));
  const moved = await engine.backup(folder);
  expect(moved.point.written.packs).toEqual([]);
  expect(moved.point.written.bytes).toBeLessThan(64 * 1024);

  // A few bytes more at the front move the rest: only what is around them is new.
  writeFileSync(join(folder, 'renamed.bin'), Buffer.concat([Buffer.from('a new title'), random]));
  const edited = await engine.backup(folder);
  expect(edited.point.written.bytes).toBeLessThan(random.length / 2);
});

test('an accent written as one sign and as two are two files where the disk has both', async () => {
  const { engine, folder, out } = await openWithFolder();
  const names = { 'caf\u00e9.txt': 'composed', 'cafe\u0301.txt': 'decomposed' };
  writeAll(folder, names);
  const made = await engine.backup(folder);
  const { problems } = await restoreInto(engine, made, out);
  expect([contentsOf(out), problems]).toEqual([names, []]);
  rmSync(join(folder, 'cafe\u0301.txt'));
  await restoreFolder(engine, made, folder);
  expect(contentsOf(folder)).toEqual(names);
});

describe.skipIf(!isAvailable('ntfs'))('a disk that takes upper and lower case for one', () => {
  /** NTFS, as particular as on Windows. */
  function mountNtfs(engine: TestEngine): string {
    const [image, disk] = [join(engine.folder, 'ntfs.img'), join(engine.folder, 'disk')];
    writeFileSync(image, '');
    truncateSync(image, 8 * MIB);
    execFileSync('mkntfs', ['--fast', '--force', '--quiet', image], { stdio: 'ignore' });
    mkdirSync(disk);
    execFileSync('lowntfs-3g', ['-o', 'ignore_case,windows_names', image, disk]);
    onTestFinished(() => void execFileSync('umount', ['--lazy', disk]));
    return disk;
  }

  test('gets all attachments, and names for those that would meet', async () => {
    const { engine, folder } = await openWithFolder();
    const files = {
      'Offer.txt': 'great',
      'offer.txt': 'small',
      'Docs/one.txt': 'one',
      'docs/one.txt': 'another one',
      'what?.txt': 'a question',
      'caf\u00e9.txt': 'composed',
      'cafe\u0301.txt': 'decomposed',
    };
    writeAll(folder, files);
    const made = await engine.backup(folder);
    const target = join(mountNtfs(engine), 'out');
    const { problems } = await restoreInto(engine, made, target);

    // This driver shows all names in lower case.
    const expected = {
      'docs/one.txt': 'one',
      'offer.txt': 'great',
      'cafe\u0301.txt': 'decomposed',
      'caf\u00e9.txt': 'composed',
      'docs (2)/one.txt': 'another one',
      'offer (2).txt': 'small',
      'what_.txt': 'a question',
    };
    expect(contentsOf(target)).toEqual(expected);
    const said = problems.map(({ failure }) => failure);
    expect(said).toEqual([
      { code: 'target-renamed', path: join(target, 'docs (2)'), name: 'docs' },
      { code: 'target-renamed', path: join(target, 'offer (2).txt'), name: 'offer.txt' },
      { code: 'target-renamed', path: join(target, 'what_.txt'), name: 'what?.txt' },
    ]);

    // In place: nothing is missing under its name there, and what is comes back under just that.
    expect(await restoreFolder(engine, made, target)).toMatchObject({ files: 0, problems: [] });
    rmSync(join(target, 'docs (2)'), { recursive: true });
    writeFileSync(join(target, 'Offer.txt'), 'spoilt');
    const again = await restoreFolder(engine, made, target);
    expect(again.files).toBe(2);
    expect(contentsOf(target)).toEqual(expected);
    expect(existsSync(join(target, 'OFFER.TXT'))).toBe(true);
  });
});

describe.skipIf(!isAvailable('bindfs'))('a disk that keeps no rights', () => {
  test('gets all attachments all the same, each with its time', async () => {
    const { engine, folder } = await openWithFolder();
    writeAll(folder, { 'a/b.txt': 'b' });
    utimesSync(join(folder, 'a', 'b.txt'), 1_700_000_000, 1_700_000_000);
    const made = await engine.backup(folder);
    const [behind, disk] = [join(engine.folder, 'behind'), join(engine.folder, 'disk')];
    for (const path of [behind, disk]) mkdirSync(path);
    execFileSync('bindfs', ['--chmod-deny', behind, disk]);
    onTestFinished(() => void execFileSync('umount', ['--lazy', disk]));
    const target = join(disk, 'out');
    await restoreInto(engine, made, target);
    expect(contentsOf(target)).toEqual({ 'a/b.txt': 'b' });
    expect(statSync(join(target, 'a', 'b.txt')).mtimeMs).toBe(1_700_000_000_000);
    rmSync(join(target, 'a'), { recursive: true });
    expect(await restoreFolder(engine, made, target)).toMatchObject({ files: 1, problems: [] });
  });
});
