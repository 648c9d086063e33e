// Keeps the database's own actions still while rows are exchanged: a trigger that stamps a time, writes a log or empties
// another table would do more than bring rows back, and no undo would know of it.
// How: they are dropped and made again, word for word, inside the same transaction; nobody else ever sees them gone.
// Full-text indexes that take their text from a touched table depend on such triggers: they are built anew instead.
import type Database from 'better-sqlite3';
import { BackupError } from '../../../shared/model/backup-error.ts';
import type { RowRestoreWarning } from '../../../shared/model/row-restore.ts';
import { quoteName } from './quote-name.ts';

export interface HeldTriggers {
  /** Makes the triggers again and builds the indexes. Throws when the schema is not the same as before. */
  release(): void;
}

interface Trigger {
  readonly name: string;
  readonly sql: string;
}

/** Holds the triggers of these tables; the caller's transaction is open. */
export function holdTriggers(database: Database.Database, tables: readonly string[]): HeldTriggers {
  const triggers = listTriggers(database, tables);
  const before = readSchema(database);
  for (const { name } of triggers) database.exec(`DROP TRIGGER main.${quoteName(name)}`);
  const release = (): void => {
    for (const { sql } of triggers) database.exec(sql);
    if (readSchema(database) !== before) {
      throw new BackupError({
        code: 'unexpected',
        detail: 'triggers did not come back as they were',
      });
    }
    for (const index of listSearchIndexes(database, tables)) {
      const name = quoteName(index);
      database.exec(`INSERT INTO main.${name} (${name}) VALUES ('rebuild')`);
    }
  };
  return { release };
}

/** What the caller is told about it. */
export function warnOfTriggers(
  database: Database.Database,
  tables: readonly string[],
): readonly RowRestoreWarning[] {
  const triggers = listTriggers(database, tables).map(({ name }) => name);
  const indexes = listSearchIndexes(database, tables);
  return [
    ...(triggers.length === 0 ? [] : [{ kind: 'triggers-held' as const, triggers }]),
    ...(indexes.length === 0 ? [] : [{ kind: 'search-index-rebuilt' as const, indexes }]),
  ];
}

/** In the order in which they were made: that is the order in which SQLite runs them. */
function listTriggers(database: Database.Database, tables: readonly string[]): readonly Trigger[] {
  const sql = `SELECT name, sql FROM main.sqlite_schema WHERE type = 'trigger'
    AND lower(tbl_name) IN (SELECT lower(value) FROM json_each(?)) ORDER BY rowid`;
  return database.prepare<[string], Trigger>(sql).all(JSON.stringify(tables));
}

function readSchema(database: Database.Database): string {
  const sql = `SELECT type, name, tbl_name, sql FROM main.sqlite_schema ORDER BY type, name, tbl_name`;
  return JSON.stringify(database.prepare(sql).raw().all());
}

const SEARCH_INDEX = /\busing\s+fts[45]\s*\(/i;
const CONTENT_TABLE = /\bcontent\s*=\s*(?:'([^']*)'|"([^"]*)"|([\w$]+))/i;

/** FTS tables whose text lies in one of these tables. */
function listSearchIndexes(
  database: Database.Database,
  tables: readonly string[],
): readonly string[] {
  const wanted = new Set(tables.map((table) => table.toLowerCase()));
  const sql = `SELECT name, sql FROM main.sqlite_schema WHERE type = 'table' AND sql LIKE 'CREATE VIRTUAL%'`;
  return database
    .prepare<[], Trigger>(sql)
    .all()
    .filter(({ sql: text }) => {
      const content = CONTENT_TABLE.exec(text);
      const table = content?.[1] ?? content?.[2] ?? content?.[3] ?? '';
      return SEARCH_INDEX.test(text) && wanted.has(table.toLowerCase());
    })
    .map(({ name }) => name);
}
