/** Tables and indexes of the sample CRM, as a small vendor would lay them out on SQLite. */
export const sampleCrmSchema = `
CREATE TABLE users (
  id INTEGER PRIMARY KEY,
  login TEXT NOT NULL UNIQUE,
  full_name TEXT NOT NULL
);
CREATE TABLE companies (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  domain TEXT NOT NULL UNIQUE,
  industry TEXT NOT NULL,
  street TEXT, postcode TEXT, city TEXT, country TEXT NOT NULL,
  phone TEXT,
  vat_number TEXT,
  created_at TEXT NOT NULL
);
CREATE TABLE contacts (
  id INTEGER PRIMARY KEY,
  uuid TEXT NOT NULL,
  company_id INTEGER NOT NULL REFERENCES companies(id) ON DELETE RESTRICT,
  owner_id INTEGER NOT NULL REFERENCES users(id),
  first_name TEXT NOT NULL,
  last_name TEXT NOT NULL,
  email TEXT NOT NULL UNIQUE,
  phone TEXT, mobile TEXT,
  street TEXT, postcode TEXT, city TEXT, country TEXT NOT NULL,
  language TEXT NOT NULL,
  origin TEXT NOT NULL,
  score INTEGER NOT NULL DEFAULT 0 CHECK (score BETWEEN 0 AND 100),
  remark TEXT,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL
);
CREATE INDEX contacts_by_company ON contacts(company_id);
CREATE INDEX contacts_by_name ON contacts(last_name, first_name);
CREATE INDEX contacts_by_update ON contacts(updated_at);
CREATE TABLE deals (
  id INTEGER PRIMARY KEY,
  company_id INTEGER NOT NULL REFERENCES companies(id) ON DELETE RESTRICT,
  contact_id INTEGER REFERENCES contacts(id) ON DELETE SET NULL,
  title TEXT NOT NULL,
  stage TEXT NOT NULL,
  amount_cents INTEGER NOT NULL,
  probability REAL NOT NULL,
  currency TEXT NOT NULL,
  expected_on TEXT,
  created_at TEXT NOT NULL
);
CREATE INDEX deals_by_company ON deals(company_id);
CREATE INDEX deals_by_contact ON deals(contact_id);
CREATE INDEX deals_by_stage ON deals(stage, expected_on);
CREATE TABLE activities (
  id INTEGER PRIMARY KEY,
  uuid TEXT NOT NULL,
  contact_id INTEGER NOT NULL REFERENCES contacts(id) ON DELETE CASCADE,
  owner_id INTEGER NOT NULL REFERENCES users(id),
  kind TEXT NOT NULL CHECK (kind IN ('call', 'mail', 'meeting', 'task', 'letter')),
  subject TEXT NOT NULL,
  body TEXT NOT NULL,
  message_id TEXT,
  minutes INTEGER,
  happened_at TEXT NOT NULL
);
CREATE INDEX activities_by_contact ON activities(contact_id);
CREATE INDEX activities_by_owner ON activities(owner_id, happened_at);
CREATE TABLE notes (
  id INTEGER PRIMARY KEY,
  contact_id INTEGER NOT NULL REFERENCES contacts(id) ON DELETE CASCADE,
  body TEXT NOT NULL,
  created_at TEXT NOT NULL
);
CREATE INDEX notes_by_contact ON notes(contact_id);
`;

/** Tables in an order in which each comes after those that it refers to. */
export const sampleCrmTables = [
  'users',
  'companies',
  'contacts',
  'deals',
  'activities',
  'notes',
] as const;
