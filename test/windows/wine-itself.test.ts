/**
 * What stands for Windows here, and where it is not Windows: each line is a fact that the other tests lean on, or one that
 * they cannot show. A Wine that learns better turns it red, and then more can be tested.
 */
import {
  closeSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { join, sep } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { makeTemporaryFolder } from '../support/temporary-folder.ts';

function errorOf(action: () => void): string {
  try {
    action();
    return 'done';
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : String(error);
  }
}

/** As SQLite opens everything: others may read and write, nobody may rename or remove. */
async function openWithoutSharingRemoval() {
  const folder = await makeTemporaryFolder();
  const path = join(folder, 'held');
  writeFileSync(path, 'x');
  return { folder, path, held: new Database(path, { readonly: true }) };
}

describe('as on Windows', () => {
  test('it is win32, with its separator', () => {
    expect([process.platform, sep]).toEqual(['win32', '\\']);
  });

  test('a name is the same in capitals', async () => {
    const folder = await makeTemporaryFolder();
    writeFileSync(join(folder, 'Crm.db'), 'x');
    expect(readFileSync(join(folder, 'CRM.DB'), 'utf8')).toBe('x');
    expect(errorOf(() => openSync(join(folder, 'crm.DB'), 'wx'))).toBe('EEXIST');
  });

  test('a file that a program has open without sharing removal is neither renamed nor removed nor replaced', async () => {
    const { folder, path, held } = await openWithoutSharingRemoval();
    const other = join(folder, 'other');
    writeFileSync(other, 'y');
    expect(errorOf(() => renameSync(path, join(folder, 'new')))).toBe('EBUSY');
    expect(errorOf(() => unlinkSync(path))).toBe('EBUSY');
    expect(errorOf(() => renameSync(other, path))).toBe('EPERM');
    held.close();
    expect(errorOf(() => renameSync(other, path))).toBe('done');
  });

  test('it may be given a second name meanwhile, and be written to', async () => {
    const { folder, path, held } = await openWithoutSharingRemoval();
    expect(errorOf(() => linkSync(path, join(folder, 'second')))).toBe('done');
    expect(errorOf(() => writeFileSync(path, 'z'))).toBe('done');
    held.close();
  });

  test('a folder cannot be flushed', async () => {
    const fd = openSync(await makeTemporaryFolder(), 'r');
    expect(errorOf(() => fsyncSync(fd))).toBe('EPERM');
    closeSync(fd);
  });

  test('a question mark is in no name', async () => {
    const folder = await makeTemporaryFolder();
    expect(errorOf(() => writeFileSync(join(folder, 'what?.txt'), 'x'))).toBe('ENOENT');
  });
});

describe('unlike Windows', () => {
  test('names of devices, and dots and blanks at the end, are plain names', async () => {
    const folder = await makeTemporaryFolder();
    const names = ['CON', 'nul.txt', 'dot.', 'blank '];
    for (const name of names) writeFileSync(join(folder, name), 'x');
    expect(readdirSync(folder).sort()).toEqual(names.sort());
  });

  test('a colon makes a file and no stream of another one', async () => {
    const folder = await makeTemporaryFolder();
    writeFileSync(join(folder, 'crm.db:stream'), 'x');
    expect(readdirSync(folder)).toEqual(['crm.db:stream']);
  });

  test('a path of more than 259 characters needs no long form', async () => {
    const folder = join(
      await makeTemporaryFolder(),
      ...Array.from({ length: 5 }, () => 'd'.repeat(60)),
    );
    mkdirSync(folder, { recursive: true });
    const database = new Database(join(folder, 'crm.db'));
    expect(database.open).toBe(true);
    database.close();
  });

  test('there are no links and no junctions', async () => {
    const folder = await makeTemporaryFolder();
    expect(errorOf(() => symlinkSync(folder, join(folder, 'junction'), 'junction'))).toBe(
      'ENOTSUP',
    );
    expect(errorOf(() => symlinkSync(folder, join(folder, 'link'), 'dir'))).toBe('done');
    expect(readdirSync(folder)).toEqual([]);
  });
});
