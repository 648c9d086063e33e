/**
 * A second process with one connection that does what it is told: the CRM program in the hands of a test. One JSON
 * document a line on stdin: `{"sql": "..."}`; one line back with the rows, or with SQLite's error.
 *
 *   node test/support/sqlite-peer.ts FILE
 */
import { createInterface } from 'node:readline';
import Database from 'better-sqlite3';

const [path] = process.argv.slice(2);
if (path === undefined) throw new Error('which database?');
const db = new Database(path, { timeout: 5000 });

function run(sql: string): unknown {
  if (sql.includes(';')) return db.exec(sql) && [];
  const statement = db.prepare(sql);
  return statement.reader ? statement.raw().all() : statement.run();
}

const lines = createInterface({ input: process.stdin });
lines.on('line', (line) => {
  const { sql } = JSON.parse(line) as { sql: string };
  try {
    process.stdout.write(`${JSON.stringify({ rows: run(sql) })}\n`);
  } catch (error) {
    process.stdout.write(`${JSON.stringify({ error: String(error) })}\n`);
  }
});
lines.once('close', () => db.close());
