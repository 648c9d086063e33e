/**
 * Databases made, written and checked by the real Firebird (Debian's firebird3.0-utils, its engine embedded in isql), in
 * processes of their own. The ledger: transfers between accounts, so that their sum never changes in a committed state.
 */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';

/** Locks of the engine lie in a folder of the test's own. */
function environmentFor(path: string): NodeJS.ProcessEnv {
  const locks = join(dirname(path), '..', 'firebird-locks');
  mkdirSync(locks, { recursive: true });
  return { ...process.env, ISC_USER: 'SYSDBA', FIREBIRD_LOCK: locks };
}

/** What isql prints. Throws when a statement fails. */
export function runIsql(path: string, sql: string, database: readonly string[] = [path]): string {
  const args = ['-q', '-b', '-m', ...database];
  const options = { env: environmentFor(path), input: sql, encoding: 'utf8' } as const;
  return execFileSync('isql-fb', args, options);
}

export interface LedgerWish {
  readonly pageSize: 4096 | 8192 | 16384;
  readonly accounts: number;
  /** A second file, in which the database goes on. */
  readonly goesOnIn?: string;
}

export const SALDO = 1_000;

/** A new database with so many accounts, closed. */
export function makeFirebirdLedger(path: string, wish: LedgerWish): void {
  const second = wish.goesOnIn === undefined ? '' : ` FILE '${wish.goesOnIn}' STARTING AT PAGE 400`;
  const sql = `
    CREATE DATABASE '${path}' PAGE_SIZE ${wish.pageSize}${second};
    CREATE TABLE ACCOUNTS(ID INTEGER NOT NULL PRIMARY KEY, SALDO INTEGER, NOTE VARCHAR(400));
    COMMIT;
    SET TERM ^;
    EXECUTE BLOCK AS DECLARE I INTEGER = 0; BEGIN
      WHILE (I < ${wish.accounts}) DO BEGIN
        INSERT INTO ACCOUNTS VALUES(:I, ${SALDO}, RPAD(UUID_TO_CHAR(GEN_UUID()), 300, UUID_TO_CHAR(GEN_UUID())));
        I = I + 1;
      END
    END^
    SET TERM ;^
    COMMIT;`;
  runIsql(path, sql, []);
}

/** Moves money between two accounts in one transaction. */
export function transferSql(from: number, to: number): string {
  return `UPDATE ACCOUNTS SET SALDO = SALDO - 7 WHERE ID = ${from}; UPDATE ACCOUNTS SET SALDO = SALDO + 7 WHERE ID = ${to}; COMMIT;`;
}

/** Accounts and the sum of what is on them, as the engine finds them. */
export function readLedger(path: string): { readonly accounts: number; readonly saldo: number } {
  const out = runIsql(path, 'SET HEADING OFF; SELECT COUNT(*), SUM(SALDO) FROM ACCOUNTS;');
  const [accounts = NaN, saldo = NaN] = out.trim().split(/\s+/u).map(Number);
  return { accounts, saldo };
}

/** What the engine's own validation complains about; empty: nothing. */
export function validateFirebird(path: string): string {
  const run = spawnSync('gfix', ['-v', '-full', '-n', path], {
    env: environmentFor(path),
    encoding: 'utf8',
  });
  return `${run.stdout}${run.stderr}`.trim();
}

export interface FirebirdPeer {
  readonly pid: number;
  /** Resolves when the engine has done it. */
  run(sql: string): Promise<void>;
  close(): Promise<void>;
}

/** A program that has the database open until it is closed, or the test ends. */
export async function openFirebird(path: string): Promise<FirebirdPeer> {
  const child = spawn('isql-fb', ['-q', path], { env: environmentFor(path), stdio: 'pipe' });
  const closed = once(child, 'close');
  let output = '';
  let marks = 0;
  const collect = (part: Buffer): void => void (output += part.toString());
  child.stdout.on('data', collect);
  child.stderr.on('data', collect);
  const run = async (sql: string): Promise<void> => {
    const mark = `done-${(marks += 1)}.`;
    child.stdin.write(`${sql}\nSELECT '${mark}' FROM RDB$DATABASE;\n`);
    while (!output.includes(mark)) {
      const isOver = await Promise.race([
        once(child.stdout, 'data').then(() => false),
        closed.then(() => true),
      ]);
      if (isOver) throw new Error(`isql ended: ${output}`);
    }
    if (output.includes('SQLSTATE')) throw new Error(output);
    output = '';
  };
  const close = async (): Promise<void> => {
    child.stdin.end();
    await closed;
  };
  onTestFinished(close);
  await run('');
  if (child.pid === undefined) throw new Error('isql did not start');
  return { pid: child.pid, run, close };
}
