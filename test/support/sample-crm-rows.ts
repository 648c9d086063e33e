/**
 * Makes the rows of the sample CRM, one at a time, out of a seed and of what was made before. Knows nothing of files.
 */
import {
  makeAddress,
  makeCompanyName,
  makePerson,
  makePhone,
  pickLanguage,
  type Address,
  type Language,
} from './sample-names.ts';
import { makeSubject, makeText } from './sample-text.ts';
import type { SeededRandom } from './seeded-random.ts';

type Row = readonly (string | number | null)[];

/** What later rows need to know of a company. */
type Company = {
  readonly id: number;
  readonly domain: string;
  readonly address: Address;
  readonly language: Language;
  /** How often each mail name was given out, so that addresses stay unique. */
  readonly mailNames: Map<string, number>;
};

export const userCount = 12;

const industries = [
  'Handel',
  'Handwerk',
  'Gesundheit',
  'Industrie',
  'Gastgewerbe',
  'Beratung',
  'Verein',
];
const origins = ['website', 'trade fair', 'referral', 'cold call', 'newsletter', 'import'];
const stages = ['lead', 'qualified', 'offer', 'negotiation', 'won', 'lost'];
const kinds = ['call', 'mail', 'mail', 'mail', 'meeting', 'task', 'letter'];

/** Local time as CRMs store it: "2024-03-14 09:30:12". */
export const formatTime = (atMs: number): string =>
  new Date(atMs).toISOString().slice(0, 19).replace('T', ' ');

const dayMs = 86_400_000;

const makeUuid = (random: SeededRandom): string =>
  `${random.hex(8)}-${random.hex(4)}-4${random.hex(3)}-a${random.hex(3)}-${random.hex(12)}`;

export const makeUser = (random: SeededRandom, id: number): Row => {
  const person = makePerson(random, 'de');
  return [id, `${person.mailName}.${id}`, `${person.firstName} ${person.lastName}`];
};

export function makeCompany(
  random: SeededRandom,
  id: number,
  atMs: number,
): { company: Company; row: Row } {
  const language = pickLanguage(random);
  const address = makeAddress(random, language);
  const name = makeCompanyName(random);
  const letters = name
    .toLowerCase()
    .normalize('NFD')
    .replace(/[^a-z]/gu, '')
    .slice(0, 12);
  const domain = `${letters === '' ? 'firma' : letters}${id}.example`;
  const company = { id, domain, address, language, mailNames: new Map<string, number>() };
  const phone = makePhone(random, address.phonePrefix);
  const vat = `${address.country}${random.between(100_000_000, 999_999_999)}`;
  const { street, postcode, city, country } = address;
  const industry = random.pick(industries);
  return {
    company,
    row: [
      id,
      name,
      domain,
      industry,
      street,
      postcode,
      city,
      country,
      phone,
      vat,
      formatTime(atMs),
    ],
  };
}

function takeMailAddress({ mailNames, domain }: Company, mailName: string): string {
  const taken = mailNames.get(mailName) ?? 0;
  mailNames.set(mailName, taken + 1);
  return `${mailName}${taken === 0 ? '' : taken + 1}@${domain}`;
}

export function makeContact(random: SeededRandom, id: number, company: Company, atMs: number): Row {
  const person = makePerson(random, company.language);
  const own = random.chance(40) ? makeAddress(random, company.language) : company.address;
  const remark = random.chance(25) ? makeText(random, company.language, person.lastName, 1) : null;
  return [
    id,
    makeUuid(random),
    company.id,
    random.between(1, userCount),
    person.firstName,
    person.lastName,
    takeMailAddress(company, person.mailName),
    makePhone(random, own.phonePrefix),
    random.chance(60) ? makePhone(random, own.phonePrefix.slice(0, 3)) : null,
    own.street,
    own.postcode,
    own.city,
    own.country,
    company.language,
    random.pick(origins),
    random.between(0, 100),
    remark,
    formatTime(atMs),
    formatTime(atMs + random.below(300 * dayMs)),
  ];
}

export function makeDeal(
  random: SeededRandom,
  id: number,
  contactId: number,
  company: Company,
  atMs: number,
): Row {
  return [
    id,
    company.id,
    contactId,
    makeSubject(random, company.language),
    random.pick(stages),
    random.between(9_900, 9_800_000),
    random.between(1, 99) / 100,
    company.language === 'en' ? 'GBP' : 'EUR',
    formatTime(atMs + random.between(7, 120) * dayMs).slice(0, 10),
    formatTime(atMs),
  ];
}

export function makeActivity(
  random: SeededRandom,
  id: number | null,
  contactId: number,
  language: Language,
  atMs: number,
): Row {
  const kind = random.pick(kinds);
  const { firstName, lastName } = makePerson(random, language);
  return [
    id,
    makeUuid(random),
    contactId,
    random.between(1, userCount),
    kind,
    makeSubject(random, language),
    makeText(random, language, `${firstName} ${lastName}`, random.between(2, 7)),
    kind === 'mail' ? `<${random.token(44)}@mx${random.between(1, 4)}.example>` : null,
    kind === 'call' || kind === 'meeting' ? random.between(2, 90) : null,
    formatTime(atMs),
  ];
}

export function makeNote(
  random: SeededRandom,
  id: number,
  contactId: number,
  language: Language,
  atMs: number,
): Row {
  const { firstName, lastName } = makePerson(random, language);
  const text = makeText(random, language, `${firstName} ${lastName}`, random.between(1, 6));
  return [id, contactId, text, formatTime(atMs)];
}
