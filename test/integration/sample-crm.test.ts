/**
 * The sample CRM is what demo, benchmark and many tests stand on: if it changed from run to run, broke its own rules or
 * compressed like a toy, every figure measured with it would be worth nothing.
 */
import { createHash } from 'node:crypto';
import { copyFileSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { constants, zstdCompressSync } from 'node:zlib';
import Database from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { createSampleCrm, type SampleCrmOptions } from '../support/sample-crm.ts';
import { deleteContactsByAccident, sampleDay } from '../support/sample-day.ts';
import { startCrmWriter } from '../support/start-crm-writer.ts';
import { makeTemporaryFolder } from '../support/temporary-folder.ts';

const mebibyte = 2 ** 20;
const pageSize = 4096;

const digestOf = (path: string): string =>
  createHash('sha256').update(readFileSync(path)).digest('hex');

/** A connection that is closed at the end of its block. */
function openCrm(path: string): Database.Database & Disposable {
  const db = new Database(path, { fileMustExist: true });
  return Object.assign(db, { [Symbol.dispose]: () => void db.close() });
}

/** A database in a folder of its own, which is removed at the end of the test. */
async function makeCrm(options: SampleCrmOptions): Promise<string> {
  const path = join(await makeTemporaryFolder(), 'crm.db');
  createSampleCrm(path, options);
  return path;
}

/** What zstd 3 makes of the file in frames of 4 MiB, as a ratio. */
function compressionRatioOf(path: string): number {
  const file = readFileSync(path);
  let compressed = 0;
  for (let offset = 0; offset < file.length; offset += 4 * mebibyte) {
    const frame = file.subarray(offset, offset + 4 * mebibyte);
    const params = { [constants.ZSTD_c_compressionLevel]: 3 };
    compressed += zstdCompressSync(frame, { params }).length;
  }
  return file.length / compressed;
}

function countChangedPages(oldPath: string, newPath: string): { changed: number; total: number } {
  const [older, newer] = [readFileSync(oldPath), readFileSync(newPath)];
  let changed = 0;
  for (let offset = 0; offset < newer.length; offset += pageSize) {
    const page = newer.subarray(offset, offset + pageSize);
    if (!page.equals(older.subarray(offset, offset + pageSize))) changed++;
  }
  return { changed, total: newer.length / pageSize };
}

describe('the sample CRM', () => {
  test('is the same file for the same seed and another one for another seed', async () => {
    const size = { bytes: 6 * mebibyte };
    const first = digestOf(await makeCrm({ seed: 7, size }));
    expect(digestOf(await makeCrm({ seed: 7, size }))).toBe(first);
    expect(digestOf(await makeCrm({ seed: 8, size }))).not.toBe(first);
  });

  test('is as large as asked for, by bytes or by contacts', async () => {
    const bytes = 5 * mebibyte;
    const { size } = statSync(await makeCrm({ seed: 1, size: { bytes } }));
    expect(size).toBeGreaterThanOrEqual(bytes);
    expect(size).toBeLessThan(bytes + 2 * mebibyte);
    const path = await makeCrm({ seed: 1, size: { contacts: 412 } });
    using db = openCrm(path);
    expect(db.prepare('SELECT count(*) FROM contacts').pluck().get()).toBe(412);
  });

  test.each([
    { pageSize: 512, journalMode: 'delete' },
    { pageSize: 4096, journalMode: 'wal' },
    { pageSize: 65536, journalMode: 'delete' },
  ] as const)('is a sound database, every row with its parents: %o', async (shape) => {
    const path = await makeCrm({ seed: 3, size: { contacts: 700 }, ...shape });
    using db = openCrm(path);
    expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
    expect(db.pragma('foreign_key_check')).toEqual([]);
    expect(db.pragma('page_size', { simple: true })).toBe(shape.pageSize);
    expect(db.pragma('journal_mode', { simple: true })).toBe(shape.journalMode);
    const chinese = db
      .prepare("SELECT count(*) FROM contacts WHERE last_name = '王'")
      .pluck()
      .get();
    expect(chinese).toBeGreaterThan(0);
  });

  test('compresses like real text, and its day of work touches few pages', async () => {
    const path = await makeCrm({ seed: 5, size: { bytes: 48 * mebibyte } });
    expect(compressionRatioOf(path)).toBeGreaterThan(2.4);
    expect(compressionRatioOf(path)).toBeLessThan(2.65);

    const [before, again] = [`${path}.before`, `${path}.again`];
    copyFileSync(path, before);
    copyFileSync(path, again);
    for (const each of [path, again]) {
      using db = openCrm(each);
      sampleDay(db, 6, { contactUpdates: 94, newActivities: 234 });
    }
    expect(digestOf(again)).toBe(digestOf(path));
    const { changed, total } = countChangedPages(before, path);
    expect(changed / total).toBeGreaterThan(0.02);
    expect(changed / total).toBeLessThan(0.03);
  });

  test('loses by accident exactly the contacts asked for, with all that hangs on them', async () => {
    const path = await makeCrm({ seed: 9, size: { contacts: 4000 } });
    using db = openCrm(path);
    const rowsOf = (table: string) =>
      Number(db.prepare(`SELECT count(*) FROM ${table}`).pluck().get());
    const before = {
      contacts: rowsOf('contacts'),
      activities: rowsOf('activities'),
      notes: rowsOf('notes'),
    };
    const accident = deleteContactsByAccident(db, 412);
    expect(new Set(accident.contactIds).size).toBe(412);
    expect(accident.activities).toBeGreaterThan(412);
    expect({
      contacts: rowsOf('contacts') + 412,
      activities: rowsOf('activities') + accident.activities,
      notes: rowsOf('notes') + accident.notes,
    }).toEqual(before);
    expect(db.pragma('foreign_key_check')).toEqual([]);
    expect(() => deleteContactsByAccident(db, 4000)).toThrow(/only \d+ contacts/);
    expect(rowsOf('contacts')).toBe(before.contacts - 412);
  });
});

describe('the writer beside it', () => {
  test('keeps writing, sees what others write, pauses, and ends in good order', async () => {
    const path = await makeCrm({ seed: 2, size: { contacts: 500 } });
    await using writer = await startCrmWriter(path, { rate: 200 });
    const before = await writer.sum();
    await expect.poll(async () => (await writer.sum()).transactions).toBeGreaterThan(20);
    await writer.pause();
    const paused = await writer.sum();
    expect(paused.rows['activities']).toBe(
      (before.rows['activities'] ?? 0) + paused.transactions - before.transactions,
    );
    expect(paused.dealCents).toBe(before.dealCents);
    {
      using db = openCrm(path);
      db.exec(
        'DELETE FROM notes WHERE id = 1; UPDATE deals SET amount_cents = amount_cents + 1 WHERE id = 1',
      );
    }
    const after = await writer.sum();
    expect(after.rows['notes']).toBe((paused.rows['notes'] ?? 0) - 1);
    expect(after.dealCents).toBe(paused.dealCents + 1);
    expect(await writer.stop()).toBe(paused.transactions);
  });

  test('says why it could not start', async () => {
    await expect(startCrmWriter('/nowhere/crm.db')).rejects.toThrow(/directory does not exist/);
  });
});
