/**
 * A database whose damage shows: amounts move between accounts, so their total never changes, and each committed
 * transaction is counted twice, as a row and as a number.
 */
import Database from 'better-sqlite3';

export const ledgerAccounts = 4000;
const amountEach = 1000;
export const ledgerTotal = ledgerAccounts * amountEach;

export type LedgerOptions = {
  readonly journalMode: 'wal' | 'delete' | 'truncate' | 'persist';
  readonly pageSize?: number;
  readonly autoVacuum?: 'none' | 'full' | 'incremental';
};

/** Makes a ledger of about 1 MB and closes it. */
export function makeLedger(path: string, options: LedgerOptions): void {
  const db = new Database(path);
  try {
    db.pragma(`page_size = ${options.pageSize ?? 4096}`);
    db.pragma(`auto_vacuum = ${options.autoVacuum ?? 'none'}`);
    db.pragma(`journal_mode = ${options.journalMode}`);
    db.exec(`
      CREATE TABLE accounts(id INTEGER PRIMARY KEY, amount INTEGER NOT NULL, note TEXT);
      CREATE INDEX accounts_by_amount ON accounts(amount);
      CREATE TABLE log(id INTEGER PRIMARY KEY, note TEXT);
      CREATE TABLE done(id INTEGER PRIMARY KEY CHECK (id = 1), transactions INTEGER NOT NULL);
      INSERT INTO done VALUES (1, 0);
      WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${ledgerAccounts})
        INSERT INTO accounts SELECT i, ${amountEach}, hex(zeroblob(60)) FROM n;`);
  } finally {
    db.close();
  }
}

/** What is wrong with a copy of a ledger; empty = nothing. */
export function findLedgerDamage(
  path: string,
  counts: readonly { readonly table: string; readonly rows: number }[] | null,
): readonly string[] {
  const damage: string[] = [];
  let db: Database.Database | null = null;
  try {
    db = new Database(path, { fileMustExist: true });
    const integrity = db.prepare<[], string>('PRAGMA integrity_check').pluck().all();
    if (integrity[0] !== 'ok') damage.push(`integrity: ${integrity[0]}`);
    const number = (sql: string): number =>
      Number((db as Database.Database).prepare(sql).pluck().get());
    const total = number('SELECT sum(amount) FROM accounts');
    if (total !== ledgerTotal) damage.push(`total is ${total}, not ${ledgerTotal}`);
    const done = number('SELECT transactions FROM done');
    const logged = number('SELECT count(*) FROM log');
    if (done !== logged) damage.push(`${done} transactions, ${logged} of them in the log`);
    for (const { table, rows } of counts ?? []) {
      const found = number(`SELECT count(*) FROM ${table}`);
      if (found !== rows) damage.push(`${table}: ${rows} rows counted, ${found} in the copy`);
    }
  } catch (error) {
    damage.push(String(error));
  } finally {
    db?.close();
  }
  return damage;
}
