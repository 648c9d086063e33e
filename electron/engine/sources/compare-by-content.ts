// Compares a table whose rows have nothing that tells them apart: how often does each whole row occur, then and now?
// Promise: a row that is there twice counts twice. The hashes lie in a temporary table: memory does not grow with rows.
import { createHash } from 'node:crypto';
import type Database from 'better-sqlite3';
import { quoteName } from './quote-name.ts';
import type { FoundChanges, Work } from './comparison-work.ts';
import type { SqlValue } from './row-key.ts';

const HASH_BYTES = 16;
const table = 'temp.holdfast_row_hashes';

/** `changed` is always 0; examples name rows by the first bytes of their hash. */
export async function compareByContent(work: Work): Promise<FoundChanges> {
  const { database, columns, options } = work;
  registerRowHash(database);
  const list = columns.map((column) => quoteName(column.name)).join(', ');
  database.exec(
    `CREATE TABLE ${table} (hash BLOB PRIMARY KEY, then_ INTEGER, now_ INTEGER) WITHOUT ROWID`,
  );
  try {
    for (const [side, figures] of [
      [work.before, '1, 0'],
      [work.after, '0, 1'],
    ] as const) {
      database.exec(`INSERT INTO ${table} SELECT holdfast_row_hash(${list}), ${figures} FROM ${side} WHERE true
        ON CONFLICT (hash) DO UPDATE SET then_ = then_ + excluded.then_, now_ = now_ + excluded.now_`);
      await options.takeTurns();
    }
    return readFindings(database, options.sampleLimit);
  } finally {
    database.exec(`DROP TABLE ${table}`);
  }
}

function readFindings(database: Database.Database, sampleLimit: number): FoundChanges {
  const sums = `SELECT total(max(now_ - then_, 0)), total(max(then_ - now_, 0)) FROM ${table}`;
  const [added, removed] = database.prepare<[], [number, number]>(sums).raw().get() ?? [0, 0];
  const sample = `SELECT CASE WHEN now_ > then_ THEN 'added' ELSE 'removed' END AS change,
    lower(hex(hash)) AS key, NULL AS label FROM ${table} WHERE now_ <> then_ LIMIT ?`;
  const examples = database
    .prepare<[number], FoundChanges['examples'][number]>(sample)
    .all(sampleLimit);
  return { added, removed, changed: 0, examples };
}

/** Type and bytes of every value, each with its length: no two different rows are spelled alike. */
function registerRowHash(database: Database.Database): void {
  const hashRow = (...values: SqlValue[]): Buffer => {
    const hash = createHash('sha256');
    for (const value of values) {
      const bytes = Buffer.isBuffer(value) ? value : Buffer.from(String(value));
      hash.update(`${value === null ? 'null' : typeof value} ${bytes.length} `).update(bytes);
    }
    return hash.digest().subarray(0, HASH_BYTES);
  };
  const options = { varargs: true, deterministic: true, safeIntegers: true };
  database.function('holdfast_row_hash', options, hashRow as (...values: unknown[]) => unknown);
}
