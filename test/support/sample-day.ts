/**
 * What happens to the sample CRM after a backup: an ordinary day's work, and the accident that makes somebody need one.
 * Both work on a connection that the caller opened, next to other programs that may hold the file.
 */
import type Database from 'better-sqlite3';
import { formatTime, makeActivity } from './sample-crm-rows.ts';
import { makePhone, type Language } from './sample-names.ts';
import { makeText } from './sample-text.ts';
import { createSeededRandom, type SeededRandom } from './seeded-random.ts';

export type DayOfWork = {
  /** Default 2000. */
  readonly contactUpdates?: number;
  /** Default 5000. */
  readonly newActivities?: number;
};

type Contact = { readonly id: number; readonly language: Language };

const workingDayMs = 9 * 3_600_000;
const rowsPerCommit = 50;
/** Whom one deals with today, one often deals with again today. */
const percentAgain = 12;

/** A day's changes to contacts picked by chance all over the file, committed in small transactions. */
export function sampleDay(db: Database.Database, seed: number, work: DayOfWork = {}): void {
  const random = createSeededRandom(seed);
  const updates = work.contactUpdates ?? 2_000;
  const activities = work.newActivities ?? 5_000;
  const pick = prepareContactPick(db, random);
  const morningMs = nextMorningMs(db);
  const update = prepareContactUpdate(db, random);
  const add = prepareActivityInsert(db, random);
  inSmallTransactions(db, updates + activities, (index, total) => {
    const atMs = morningMs + Math.floor((index / total) * workingDayMs);
    // The two kinds of work alternate evenly over the day.
    const isUpdate =
      Math.floor(((index + 1) * updates) / total) > Math.floor((index * updates) / total);
    if (isUpdate) update(pick(), atMs);
    else add(pick(), atMs);
  });
}

function nextMorningMs(db: Database.Database): number {
  const latest = db.prepare('SELECT max(happened_at) FROM activities').pluck().get();
  const day = typeof latest === 'string' ? latest.slice(0, 10) : '2026-09-30';
  return Date.parse(`${day}T08:00:00Z`) + 24 * 3_600_000;
}

function prepareContactPick(db: Database.Database, random: SeededRandom): () => Contact {
  const last = Number(db.prepare('SELECT max(id) FROM contacts').pluck().get());
  const next = db.prepare('SELECT id, language FROM contacts WHERE id >= ? ORDER BY id LIMIT 1');
  const today: Contact[] = [];
  return () => {
    if (today.length > 0 && random.chance(percentAgain)) return random.pick(today);
    const contact = next.get(random.between(1, last)) as Contact;
    today.push(contact);
    return contact;
  };
}

function prepareContactUpdate(db: Database.Database, random: SeededRandom) {
  const statement = db.prepare(
    'UPDATE contacts SET phone = ?, score = ?, remark = coalesce(?, remark), updated_at = ? WHERE id = ?',
  );
  return ({ id, language }: Contact, atMs: number): void => {
    const remark = random.chance(20) ? makeText(random, language, 'Holdfast', 1) : null;
    statement.run(
      makePhone(random, '+49 40'),
      random.between(0, 100),
      remark,
      formatTime(atMs),
      id,
    );
  };
}

function prepareActivityInsert(db: Database.Database, random: SeededRandom) {
  const statement = db.prepare('INSERT INTO activities VALUES (?,?,?,?,?,?,?,?,?,?)');
  return ({ id, language }: Contact, atMs: number): void => {
    statement.run(makeActivity(random, null, id, language, atMs));
  };
}

function inSmallTransactions(
  db: Database.Database,
  total: number,
  action: (index: number, total: number) => void,
): void {
  const commit = db.transaction((from: number) => {
    for (let index = from; index < Math.min(total, from + rowsPerCommit); index++)
      action(index, total);
  });
  for (let from = 0; from < total; from += rowsPerCommit) commit.immediate(from);
}

export type Accident = {
  readonly contactIds: readonly number[];
  readonly activities: number;
  readonly notes: number;
};

/**
 * Deletes `count` contacts that somebody meant to filter, with all their activities and notes (foreign keys cascade) and
 * out of their deals. Says what is gone; throws if there are not that many.
 */
export function deleteContactsByAccident(db: Database.Database, count: number): Accident {
  db.pragma('foreign_keys = ON');
  return db
    .transaction((): Accident => {
      const contactIds = db
        .prepare(
          `SELECT id FROM contacts WHERE origin = 'trade fair' ORDER BY last_name, id LIMIT ?`,
        )
        .pluck()
        .all(count) as number[];
      if (contactIds.length < count)
        throw new Error(`only ${contactIds.length} contacts to delete`);
      const before = countDependents(db);
      const remove = db.prepare('DELETE FROM contacts WHERE id = ?');
      for (const id of contactIds) remove.run(id);
      const after = countDependents(db);
      return {
        contactIds,
        activities: before.activities - after.activities,
        notes: before.notes - after.notes,
      };
    })
    .immediate();
}

const countDependents = (db: Database.Database) =>
  db
    .prepare(
      'SELECT (SELECT count(*) FROM activities) AS activities, (SELECT count(*) FROM notes) AS notes',
    )
    .get() as { activities: number; notes: number };
