/** Everything that a database says, as text: schema, rows with types and row numbers, counters. Two equal dumps = the same database. */
import Database from 'better-sqlite3';

const quote = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** Rows of ordinary and full-text tables in the order of their content. */
export function dumpDatabase(path: string): string {
  const db = new Database(path, { readonly: true });
  try {
    const schema = db
      .prepare('SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name')
      .raw()
      .all();
    const tables = db
      .prepare(
        "SELECT name, wr FROM pragma_table_list WHERE schema = 'main' AND type = 'table' ORDER BY name",
      )
      .raw()
      .all() as [string, number][];
    return JSON.stringify(
      [schema, ...tables.map(([name, wr]) => [name, ...dumpTable(db, name, wr === 1)])],
      null,
      1,
    );
  } finally {
    db.close();
  }
}

function dumpTable(db: Database.Database, name: string, isWithoutRowId: boolean): string[] {
  const columns = db
    .prepare('SELECT name FROM pragma_table_xinfo(?)')
    .pluck()
    .all(name) as string[];
  const parts = columns.map(
    (column) => `typeof(${quote(column)}) || ' ' || hex(CAST(${quote(column)} AS BLOB))`,
  );
  const number = isWithoutRowId || name === 'sqlite_schema' ? "''" : 'rowid';
  const rows = db
    .prepare(
      `SELECT ${number}, ${parts.map((part) => `coalesce(${part}, 'null')`).join(', ')} FROM ${quote(name)}`,
    )
    .raw()
    .all() as unknown[][];
  return rows.map((row) => row.join(' | ')).sort();
}
