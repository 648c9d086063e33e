/**
 * What the demo holds Holdfast's answers against: row counts and digests of the CRM, read by plain SQL on a connection of
 * its own, without any part of Holdfast.
 */
import { createHash } from 'node:crypto';
import Database from 'better-sqlite3';
import { sampleCrmTables } from '../support/sample-crm-schema.ts';

export interface CrmFigures {
  readonly rows: Readonly<Record<string, number>>;
  readonly newestActivity: number;
  /** SHA-256 over rows in the order of their ids, by table. */
  readonly digests: Readonly<Record<(typeof digested)[number], string>>;
}

const digested = ['companies', 'contacts', 'deals', 'notes', 'activities'] as const;

/**
 * The second program changes these two columns of random contacts all the time, and adds activities; everything else in
 * the digests stays as it is under its hands.
 */
const restless = ['score', 'updated_at'];

/** One state of the database. `activitiesUpTo`: activities with a higher id are left out of the digest; null: none. */
export function readCrmFigures(path: string, activitiesUpTo: number | null): CrmFigures {
  return withDatabase(path, (db) => {
    const newestActivity = Number(db.prepare('SELECT max(id) FROM activities').pluck().get());
    const until = activitiesUpTo ?? newestActivity;
    const digestOf = (table: string): string =>
      digestRows(db, table, table === 'activities' ? `WHERE id <= ${until}` : '');
    const count = (table: string): number =>
      Number(db.prepare(`SELECT count(*) FROM ${table}`).pluck().get());
    return {
      rows: Object.fromEntries(sampleCrmTables.map((table) => [table, count(table)])),
      newestActivity,
      digests: Object.fromEntries(
        digested.map((table) => [table, digestOf(table)]),
      ) as CrmFigures['digests'],
    };
  });
}

/** Reads in one transaction; changes nothing. */
export function withDatabase<T>(path: string, read: (db: Database.Database) => T): T {
  const db = new Database(path, { fileMustExist: true, timeout: 10_000 });
  try {
    db.pragma('query_only = ON');
    return db.transaction(() => read(db))();
  } finally {
    db.close();
  }
}

function digestRows(db: Database.Database, table: string, where: string): string {
  const columns = (db.pragma(`table_info(${table})`) as { name: string }[])
    .map(({ name }) => name)
    .filter((name) => !restless.includes(name));
  const rows = db.prepare(`SELECT ${columns.join(', ')} FROM ${table} ${where} ORDER BY id`).raw();
  const hash = createHash('sha256');
  for (const row of rows.iterate()) hash.update(JSON.stringify(row)).update('\n');
  return hash.digest('hex');
}
