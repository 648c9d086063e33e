/**
 * Stands for the CRM program: keeps the database open in WAL mode and writes small transactions at a steady rate, until
 * SIGTERM or the end of its input. Takes commands on stdin (`sum`, `pause`, `resume`), says on stdout, one JSON document
 * a line, what it did and what its own open connection sees.
 *
 *   node test/support/crm-writer.ts FILE [--rate TRANSACTIONS_PER_SECOND] [--seed N]
 */
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import Database from 'better-sqlite3';
import type { CrmSum, CrmWriterEvent } from './crm-writer-events.ts';
import { sampleCrmTables } from './sample-crm-schema.ts';
import { formatTime, makeActivity } from './sample-crm-rows.ts';
import { createSeededRandom } from './seeded-random.ts';

const countsEveryMs = 1000;
/** How long it waits for another program's lock; a transaction that gets none is counted and tried again. */
const patienceMs = 2000;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rate: { type: 'string', default: '20' },
    seed: { type: 'string', default: '1' },
  },
});
const [path] = positionals;
if (path === undefined) throw new Error('which database?');

const db = new Database(path, { fileMustExist: true, timeout: patienceMs });
db.pragma('journal_mode = WAL');
db.pragma('foreign_keys = ON');

const random = createSeededRandom(Number(values.seed));
const totals = { transactions: 0, busy: 0, slowestMs: 0 };
let isPaused = false;

const say = (event: CrmWriterEvent): void =>
  void process.stdout.write(`${JSON.stringify(event)}\n`);

const pickContact = db.prepare('SELECT id FROM contacts WHERE id >= ? ORDER BY id LIMIT 1').pluck();
const lastContact = db.prepare('SELECT max(id) FROM contacts').pluck();
const addActivity = db.prepare('INSERT INTO activities VALUES (?,?,?,?,?,?,?,?,?,?)');
const touchContact = db.prepare('UPDATE contacts SET score = ?, updated_at = ? WHERE id = ?');

/** Somebody logs a call or a mail: a new activity, and the contact that it belongs to. */
const workOnce = db.transaction((): void => {
  const id = Number(pickContact.get(random.between(1, Number(lastContact.get()))));
  const nowMs = Date.now();
  addActivity.run(makeActivity(random, null, id, 'de', nowMs));
  touchContact.run(random.between(0, 100), formatTime(nowMs), id);
});

function work(): void {
  if (isPaused) return;
  const startedMs = performance.now();
  try {
    workOnce.immediate();
    totals.transactions++;
  } catch (error) {
    if (!(error instanceof Database.SqliteError && error.code.startsWith('SQLITE_BUSY')))
      throw error;
    totals.busy++;
  } finally {
    totals.slowestMs = Math.max(totals.slowestMs, performance.now() - startedMs);
  }
}

/** Read in one transaction, so that the figures belong together. */
const readSum = db.transaction((): CrmSum => {
  const count = (table: string): number =>
    Number(db.prepare(`SELECT count(*) FROM ${table}`).pluck().get());
  return {
    rows: Object.fromEntries(sampleCrmTables.map((table) => [table, count(table)])),
    dealCents: Number(db.prepare('SELECT total(amount_cents) FROM deals').pluck().get()),
    newestActivity: Number(db.prepare('SELECT max(id) FROM activities').pluck().get()),
  };
});

function obey(command: string): void {
  if (command === 'sum') {
    say({ event: 'sum', ...totals, ...readSum() });
    totals.slowestMs = 0;
  } else if (command === 'pause' || command === 'resume') {
    isPaused = command === 'pause';
    say({ event: isPaused ? 'paused' : 'resumed', ...totals });
  } else if (command !== '') say({ event: 'unknown-command', ...totals });
}

const pace = setInterval(work, 1000 / Number(values.rate));
const reports = setInterval(() => say({ event: 'counts', ...totals }), countsEveryMs);
const commands = createInterface({ input: process.stdin });

function stop(): void {
  clearInterval(pace);
  clearInterval(reports);
  commands.close();
  process.stdin.destroy();
  db.close();
  say({ event: 'stopped', ...totals });
}

process.once('SIGTERM', () => commands.close());
commands.on('line', (line) => obey(line.trim()));
commands.once('close', stop);
say({ event: 'ready', ...totals });
