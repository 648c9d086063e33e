/**
 * The large CRM database of a test: generated, or copied from HOLDFAST_LARGE_DATABASE, for making 8 GiB takes half an hour. Rows
 * all over it can be changed, and its content told without the product.
 */
import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { copyFile, open } from 'node:fs/promises';
import Database from 'better-sqlite3';
import { createSampleCrm } from '../sample-crm.ts';

const CHUNK_BYTES = 2 ** 22;

export async function makeLargeDatabase(path: string, bytes: number): Promise<void> {
  const made = process.env['HOLDFAST_LARGE_DATABASE'];
  if (made === undefined)
    createSampleCrm(path, { seed: 1, size: { bytes }, journalMode: 'delete' });
  else await copyFile(made, path, constants.COPYFILE_FICLONE);
}

/** One column of `rows` contacts, evenly over the table. */
export function changeRows(path: string, rows: number, score: number): void {
  const db = new Database(path);
  try {
    const last = db.prepare<[], number>('SELECT max(id) FROM contacts').pluck().get() ?? 0;
    const update = db.prepare('UPDATE contacts SET score = ? WHERE id = ?');
    const changeAll = db.transaction(() => {
      for (let row = 0; row < rows; row++) update.run(score, 1 + Math.floor((row * last) / rows));
    });
    changeAll();
  } finally {
    db.close();
  }
}

/** SHA-256 of the file but for what SQLite counts up itself: bytes 24 to 27, 40 to 43 and 92 to 99. */
export async function digestDatabase(path: string): Promise<string> {
  const hash = createHash('sha256');
  const buffer = Buffer.alloc(CHUNK_BYTES);
  await using file = await open(path, 'r');
  for (let at = 0; ;) {
    const { bytesRead } = await file.read(buffer, 0, CHUNK_BYTES, at);
    if (bytesRead === 0) return hash.digest('hex');
    if (at === 0) buffer.fill(0, 24, 28).fill(0, 40, 44).fill(0, 92, 100);
    hash.update(buffer.subarray(0, bytesRead));
    at += bytesRead;
  }
}
