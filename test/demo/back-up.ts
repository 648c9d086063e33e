/** The backups: in full, after a day's work, and after the accident, each beside the program that writes. */
import Database from 'better-sqlite3';
import { formatBytes } from '../../shared/text/bytes.ts';
import { deleteContactsByAccident, sampleDay, type Accident } from '../support/sample-day.ts';
import { madePoint, type MadePoint } from './answers.ts';
import { readCrmFigures, type CrmFigures } from './crm-figures.ts';
import { measureFolder } from './demo-folder.ts';
import { crmName, holdfast, placeOf, toPlace, type LiveDemo } from './demo.ts';
import type { DemoStage } from './demo-stage.ts';
import { count, describeWork, duration, percent, short } from './figures-text.ts';

/** The first restore point: everything. */
export async function backUpInFull(demo: LiveDemo): Promise<MadePoint> {
  const { stage } = demo;
  const words = `Everything is read once, as one committed state, while the second program goes on writing. Then every
stored byte is read back from the place and authenticated.`;
  return stage.step('full', 'The first backup', words, async () => {
    const point = await backUp(demo, 'full');
    stage.equal(
      'Every byte of the database was read.',
      point.bytesRead,
      point.sources[0]?.bytes ?? null,
    );
    return point;
  });
}

/** The CRM before the accident: its restore point, and what plain SQL says of it. */
export interface GoodState {
  readonly point: MadePoint;
  readonly figures: CrmFigures;
}

/** A day's work, and the second restore point. */
export async function backUpTheDay(demo: LiveDemo, full: MadePoint): Promise<GoodState> {
  const { stage, crm, contacts, seed } = demo;
  const [contactUpdates, newActivities] = [contacts / 100, contacts / 40].map(Math.round);
  const words = `People change ${count(contactUpdates)} contacts and log ${count(newActivities)} calls, mails and
meetings, through a third connection. The next backup stores only the pages that differ.`;
  return stage.step('day', "A day's work", words, async () => {
    withOwnConnection(crm, (db) =>
      sampleDay(db, seed + 1, {
        contactUpdates: contactUpdates ?? 0,
        newActivities: newActivities ?? 0,
      }),
    );
    // What everything later is held against: read by SQL before the accident, without Holdfast.
    const figures = readCrmFigures(crm, null);
    stage.figure(
      'Fingerprints',
      `of 5 tables, by plain SQL; contacts have SHA-256 ${short(figures.digests.contacts)}. Left out: score and ` +
        'updated_at, which the second program keeps changing',
    );
    const point = await backUp(demo, 'incremental');
    stage.require(point.point.parent === full.point.id, 'It does not build on the first backup.');
    stage.check(
      `It stored ${percent(point.bytesStored, full.bytesStored)} of what the first backup stored.`,
      point.bytesStored < full.bytesStored / 4,
      `The increment stored ${point.bytesStored} bytes, the first backup ${full.bytesStored}.`,
    );
    return { point, figures };
  });
}

/** The CRM after the accident, and what was lost in it. */
export interface DamagedState extends GoodState {
  readonly accident: Accident;
  /** Deals that pointed to a deleted contact, and activities of these up to the good state. */
  readonly emptiedDeals: number;
  readonly oldActivities: number;
}

/** Contacts vanish, and nobody notices before the next backup. */
export async function backUpTheAccident(demo: LiveDemo, good: GoodState): Promise<DamagedState> {
  const { stage, crm, accidentSize, writer } = demo;
  const words = `Somebody means to filter the contacts from the trade fair and deletes ${accidentSize} of them. Their
activities and notes go with them. Nobody notices, and the next backup runs as always.`;
  return stage.step('accident', 'The accident', words, async () => {
    const lost = withOwnConnection(crm, (db) => deleteInSight(db, accidentSize, good.figures));
    const { accident } = lost;
    stage.figure(
      'Gone',
      `${accidentSize} contacts, ${count(accident.activities)} activities, ${count(accident.notes)} notes; ` +
        `${count(lost.emptiedDeals)} deals lost their contact`,
    );
    const left = (good.figures.rows['contacts'] ?? 0) - accidentSize;
    const seen = (await writer.sum()).rows['contacts'] ?? null;
    stage.equal(`The second program sees ${count(left)} contacts.`, seen, left);
    const point = await backUp(demo, 'incremental');
    const figures = readCrmFigures(crm, good.figures.newestActivity);
    return { ...lost, point, figures };
  });
}

/** Deletes, and counts by SQL what hung on the contacts that go. */
function deleteInSight(db: Database.Database, size: number, { newestActivity }: CrmFigures) {
  const countBy = (sql: string): number => Number(db.prepare(sql).pluck().get());
  const emptyDeals = 'SELECT count(*) FROM deals WHERE contact_id IS NULL';
  const oldActivities = `SELECT count(*) FROM activities WHERE id <= ${newestActivity}`;
  return db
    .transaction(() => {
      const before = { deals: countBy(emptyDeals), activities: countBy(oldActivities) };
      const accident = deleteContactsByAccident(db, size);
      return {
        accident,
        emptiedDeals: countBy(emptyDeals) - before.deals,
        oldActivities: before.activities - countBy(oldActivities),
      };
    })
    .immediate();
}

function withOwnConnection<T>(crm: string, work: (db: Database.Database) => T): T {
  const db = new Database(crm, { fileMustExist: true, timeout: 10_000 });
  try {
    return work(db);
  } finally {
    db.close();
  }
}

async function backUp(demo: LiveDemo, kind: string): Promise<MadePoint> {
  const { stage, writer } = demo;
  const [folderBefore, before] = [measureFolder(placeOf(demo)), await writer.sum()];
  const { answer, ms } = await holdfast(demo, ['backup', ...toPlace, crmName], madePoint);
  const after = await writer.sum();
  const [source] = answer.sources;
  if (source === undefined) throw new Error('the answer names no source');
  const { changedPages, pageCount } = source.pages;
  const commits = after.transactions - before.transactions;
  stage.figure('Restore point', `${short(answer.point.id)}, ${answer.point.kind}`);
  stage.figure(
    'Read',
    `${formatBytes(answer.bytesRead, 'en')}; ${count(changedPages)} of ${count(pageCount)} pages are new`,
  );
  stage.figure(
    'Stored',
    `${formatBytes(answer.bytesStored, 'en')}, ${percent(answer.bytesStored, source.bytes)} of the database`,
  );
  stage.figure('Time', `${duration(ms)}, with reading back`);
  stage.figure('Meanwhile', describeWork(before, after));
  const grown = measureFolder(placeOf(demo)) - folderBefore;
  stage.require(
    grown >= answer.bytesStored,
    `${answer.bytesStored} bytes were said to be stored; the place has grown by ${grown}.`,
  );
  stage.require(
    answer.point.kind === kind,
    `The restore point is ${answer.point.kind}, not ${kind}.`,
  );
  stage.equal(
    'Every stored byte is at the place, was read back and authenticated.',
    answer.provedBytes,
    answer.bytesStored,
  );
  checkState(stage, answer, before.rows, after.rows);
  stage.check(
    'The second program never waited in vain.',
    commits > 0 && after.busy === before.busy,
    `The second program committed ${commits} transactions and waited in vain ${after.busy - before.busy} times.`,
  );
  return answer;
}

type Rows = Readonly<Record<string, number>>;

/**
 * One state, by the rows that Holdfast counted in it: only the second program wrote meanwhile, and it only adds activities.
 * Where the log told what changed, nothing was counted; the restores will show it.
 */
function checkState(
  stage: DemoStage,
  { sources, bytesRead }: MadePoint,
  before: Rows,
  after: Rows,
) {
  const [{ counts, bytes: size } = { counts: null, bytes: 0 }] = sources;
  if (counts === null) {
    stage.check(
      "SQLite's log told which pages are new, and only these were read.",
      bytesRead < size,
      `No row was counted although ${bytesRead} of ${size} bytes were read.`,
    );
    return;
  }
  const strangers = counts.filter(
    ({ table, rows }) => !((before[table] ?? NaN) <= rows && rows <= (after[table] ?? NaN)),
  );
  const figures = counts
    .filter(({ table }) => table === 'contacts' || table === 'activities')
    .map(({ table, rows }) => `${count(rows)} ${table}`);
  stage.check(
    `One state: ${figures.join(', ')}, as the second program saw it.`,
    figures.length > 0 && strangers.length === 0,
    `Counted ${JSON.stringify(counts)}; the CRM had ${JSON.stringify(before)}, later ${JSON.stringify(after)}.`,
  );
}
