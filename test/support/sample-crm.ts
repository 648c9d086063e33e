/**
 * A realistic CRM in SQLite, grown month by month as a real one is: tables interleaved, indexes filled in random order.
 * The same options give the same bytes. It compresses about 2.5 : 1 with zstd 3, as a real one does.
 */
import Database from 'better-sqlite3';
import { createSeededRandom, type SeededRandom } from './seeded-random.ts';
import { sampleCrmSchema } from './sample-crm-schema.ts';
import {
  makeActivity,
  makeCompany,
  makeContact,
  makeDeal,
  makeNote,
  makeUser,
  userCount,
} from './sample-crm-rows.ts';
import type { Language } from './sample-names.ts';

export type SampleCrmOptions = {
  readonly seed: number;
  /** How large: a number of contacts, or bytes that the file reaches and exceeds by less than 2 MiB. */
  readonly size: { readonly contacts: number } | { readonly bytes: number };
  /** Default 4096. */
  readonly pageSize?: number;
  /** Default `wal`. */
  readonly journalMode?: 'wal' | 'delete';
};

export type SampleCrmFacts = {
  readonly bytes: number;
  readonly rows: Readonly<Record<string, number>>;
};

const contactsPerBatch = 250;
/** Each commit writes index pages all over the file: rare ones keep the filling fast. */
const batchesPerCommit = 12;
/** Measured: what one contact with all that hangs on it takes. Spreads the dates; the size itself is exact. */
const bytesPerContact = 4_600;
const startMs = Date.UTC(2016, 0, 4, 8);
const endMs = Date.UTC(2026, 8, 30, 18);

type Company = ReturnType<typeof makeCompany>['company'];

/** What is kept in memory while the database grows. */
type Growth = {
  readonly random: SeededRandom;
  readonly insert: ReturnType<typeof prepareInserts>;
  readonly companies: Company[];
  /** Company of each contact, by contact id. */
  readonly companyOf: Company[];
  readonly counts: { deals: number; activities: number; notes: number };
};

/** Makes the database at `path`, which must not exist; nobody else has it open afterwards. */
export function createSampleCrm(path: string, options: SampleCrmOptions): SampleCrmFacts {
  const db = new Database(path);
  try {
    openFreshFile(db, options.pageSize ?? 4096);
    const growth = startGrowth(db, options.seed);
    const total =
      'contacts' in options.size ? options.size.contacts : options.size.bytes / bytesPerContact;
    for (let batch = 1; !isLargeEnough(db, growth, options.size); batch++) {
      const left =
        'contacts' in options.size ? total - (growth.companyOf.length - 1) : contactsPerBatch;
      if (!db.inTransaction) db.exec('BEGIN');
      growBatch(growth, Math.min(contactsPerBatch, left), total);
      if (batch % batchesPerCommit === 0) db.exec('COMMIT');
    }
    if (db.inTransaction) db.exec('COMMIT');
    // Leaves the final mode in the file's header and the side files folded in.
    db.pragma(`journal_mode = ${options.journalMode ?? 'wal'}`);
    return factsOf(db, growth);
  } finally {
    db.close();
  }
}

/** Nothing needs to survive a crash here, and no row refers to one that is not there: nothing slows the filling. */
function openFreshFile(db: Database.Database, pageSize: number): void {
  db.pragma(`page_size = ${pageSize}`);
  db.pragma('journal_mode = OFF');
  db.pragma('synchronous = OFF');
  db.pragma('cache_size = -400000');
  db.pragma('foreign_keys = OFF');
  db.exec(sampleCrmSchema);
}

function prepareInserts(db: Database.Database) {
  const into = (table: string, columns: number) =>
    db.prepare(`INSERT INTO ${table} VALUES (${Array(columns).fill('?').join(',')})`);
  return {
    user: into('users', 3),
    company: into('companies', 11),
    contact: into('contacts', 19),
    deal: into('deals', 10),
    activity: into('activities', 10),
    note: into('notes', 4),
  };
}

function startGrowth(db: Database.Database, seed: number): Growth {
  const random = createSeededRandom(seed);
  const insert = prepareInserts(db);
  for (let id = 1; id <= userCount; id++) insert.user.run(makeUser(random, id));
  // Ids begin at 1: the first place of `companyOf` stays empty.
  const companyOf: Company[] = Array(1);
  return {
    random,
    insert,
    companies: [],
    companyOf,
    counts: { deals: 0, activities: 0, notes: 0 },
  };
}

function isLargeEnough(
  db: Database.Database,
  growth: Growth,
  size: SampleCrmOptions['size'],
): boolean {
  if ('contacts' in size) return growth.companyOf.length > size.contacts;
  return sizeOf(db) >= size.bytes;
}

const sizeOf = (db: Database.Database): number =>
  Number(db.pragma('page_count', { simple: true })) *
  Number(db.pragma('page_size', { simple: true }));

/** One short period of the company's life. */
function growBatch(growth: Growth, contacts: number, total: number): void {
  const share = Math.min(1, (growth.companyOf.length - 1) / total);
  const atMs = startMs + Math.floor(share * (endMs - startMs));
  const stepMs = Math.floor(((endMs - startMs) / total) * 0.9);
  const timeOf = (index: number, of: number): number =>
    atMs + Math.floor((index / of) * stepMs * contacts);
  repeat(Math.max(1, Math.round(contacts / 5)), (index, of) =>
    addCompany(growth, timeOf(index, of)),
  );
  repeat(contacts, (index, of) => addContact(growth, timeOf(index, of)));
  repeat(Math.round(contacts * 0.3), (index, of) => addDeal(growth, timeOf(index, of)));
  repeat(contacts * 7, (index, of) => addActivity(growth, timeOf(index, of)));
  repeat(contacts, (index, of) => addNote(growth, timeOf(index, of)));
}

function repeat(times: number, action: (index: number, of: number) => void): void {
  for (let index = 0; index < times; index++) action(index, times);
}

function addCompany({ random, insert, companies }: Growth, atMs: number): void {
  const { company, row } = makeCompany(random, companies.length + 1, atMs);
  companies.push(company);
  insert.company.run(row);
}

function addContact({ random, insert, companies, companyOf }: Growth, atMs: number): void {
  const company = random.pick(companies);
  insert.contact.run(makeContact(random, companyOf.length, company, atMs));
  companyOf.push(company);
}

/** Any contact known so far, and the language that one speaks there. */
function pickContact({ random, companyOf }: Growth): {
  id: number;
  company: Company;
  language: Language;
} {
  const id = random.between(1, companyOf.length - 1);
  const company = companyOf[id] as Company;
  return { id, company, language: company.language };
}

function addDeal(growth: Growth, atMs: number): void {
  const { id, company } = pickContact(growth);
  growth.insert.deal.run(makeDeal(growth.random, ++growth.counts.deals, id, company, atMs));
}

function addActivity(growth: Growth, atMs: number): void {
  const { id, language } = pickContact(growth);
  growth.insert.activity.run(
    makeActivity(growth.random, ++growth.counts.activities, id, language, atMs),
  );
}

function addNote(growth: Growth, atMs: number): void {
  const { id, language } = pickContact(growth);
  growth.insert.note.run(makeNote(growth.random, ++growth.counts.notes, id, language, atMs));
}

const factsOf = (
  db: Database.Database,
  { companies, companyOf, counts }: Growth,
): SampleCrmFacts => ({
  bytes: sizeOf(db),
  rows: {
    users: userCount,
    companies: companies.length,
    contacts: companyOf.length - 1,
    ...counts,
  },
});
