/**
 * A CRM as a service: holds its database for itself alone, writes into it all the time, says so on its standard output,
 * and ends in order at SIGTERM.
 *
 *   node test/support/crm-server.ts DATABASE LOG PID-FILE
 */
import { appendFileSync, rmSync, writeFileSync } from 'node:fs';
import Database from 'better-sqlite3';

const [database = '', log = '', pidFile = ''] = process.argv.slice(2);
const db = new Database(database, { timeout: 60_000 });
db.pragma('locking_mode = EXCLUSIVE');
db.exec('CREATE TABLE IF NOT EXISTS service (id INTEGER PRIMARY KEY, state TEXT, ticks INTEGER)');
const say = db.prepare('INSERT OR REPLACE INTO service VALUES (1, ?, ?)');
const note = (what: string): void => appendFileSync(log, `${Date.now()} ${what}\n`);

let ticks = 0;
say.run('running', ticks);
const work = setInterval(() => {
  ticks += 1;
  say.run('running', ticks);
  process.stdout.write(`tick ${ticks}\n`);
}, 50);
process.on('SIGTERM', () => {
  clearInterval(work);
  say.run('stopped', ticks);
  db.close();
  note('down');
  rmSync(pidFile);
  process.exit(0);
});
note('up');
writeFileSync(pidFile, String(process.pid));
