/**
 * A second process that never leaves a ledger alone: transfers, large transactions that spill and roll back, checkpoints,
 * VACUUM, switches of the journal mode; until its input ends, or somebody kills it.
 *
 *   node test/support/transfer-writer.ts FILE SEED PROFILE      PROFILE: wal | appending | rollback | spilling | switching
 */
import { setTimeout as wait } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { createSeededRandom } from './seeded-random.ts';
import { ledgerAccounts } from './transfer-ledger.ts';

const [path, seed, profile] = process.argv.slice(2);
if (path === undefined) throw new Error('which ledger?');

const db = new Database(path, { fileMustExist: true, timeout: 10_000 });
const random = createSeededRandom(Number(seed));
db.pragma(`synchronous = ${random.pick(['OFF', 'NORMAL'])}`);
process.stdin.resume();

const move = db.prepare('UPDATE accounts SET amount = amount + ? WHERE id = ?');
const log = db.prepare('INSERT INTO log(note) VALUES (?)');
const done = db.prepare('UPDATE done SET transactions = transactions + 1');

const transfer = db.transaction((pairs: number) => {
  for (let pair = 0; pair < pairs; pair += 1) {
    const amount = random.between(1, 50);
    move.run(-amount, random.between(1, ledgerAccounts));
    move.run(amount, random.between(1, ledgerAccounts));
  }
  log.run(random.hex(random.between(0, 400)));
  done.run();
});

/** Larger than the cache: uncommitted pages go into the file, and come out of it again. */
const spillAndRollBack = async (): Promise<void> => {
  db.pragma('cache_size = 20');
  db.exec('BEGIN IMMEDIATE');
  db.exec(`UPDATE accounts SET amount = amount + 7, note = hex(randomblob(60))`);
  await wait(random.between(0, 12));
  db.exec('ROLLBACK');
  db.pragma('cache_size = -2000');
};

const forgetLog = db.transaction(() => {
  db.exec('DELETE FROM log; UPDATE done SET transactions = 0');
});

const tolerant = (work: () => unknown): void => {
  try {
    work();
  } catch (error) {
    if (!(error instanceof Database.SqliteError && /BUSY|LOCKED/.test(error.code))) throw error;
  }
};

const checkpoints = ['PASSIVE', 'FULL', 'RESTART', 'TRUNCATE'];
const rollbackModes = ['DELETE', 'TRUNCATE', 'PERSIST'];

const maintain = (): void => {
  const isWal = db.pragma('journal_mode', { simple: true }) === 'wal';
  const dice = random.below(100);
  if (dice < 8) tolerant(() => db.exec('VACUUM'));
  else if (dice < 16) tolerant(forgetLog);
  else if (profile === 'switching' && random.chance(25)) {
    const next = isWal ? random.pick(rollbackModes) : 'WAL';
    tolerant(() => db.pragma(`journal_mode = ${next}`));
  } else if (isWal) tolerant(() => db.pragma(`wal_checkpoint(${random.pick(checkpoints)})`));
  else if (profile === 'rollback') db.pragma(`journal_mode = ${random.pick(rollbackModes)}`);
};

db.pragma(`wal_autocheckpoint = ${profile === 'appending' ? 3000 : random.pick([0, 5, 50, 1000])}`);
process.stdout.write('ready\n');
while (!process.stdin.readableEnded) {
  if (random.chance(profile === 'spilling' ? 85 : 4)) await spillAndRollBack();
  else if (random.chance(profile === 'appending' ? 1 : 12)) maintain();
  else tolerant(() => transfer(random.chance(5) ? random.between(50, 600) : random.between(1, 8)));
  await wait(random.chance(60) ? 0 : random.between(1, 6));
}
db.close();
