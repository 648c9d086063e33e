import { expect, test } from 'vitest';
import { exitCodeOf } from '../../../shared/model/exit-code.ts';
import type { Failure, FailureCode } from '../../../shared/model/failure.ts';
import { failureWords, failureWordsByLocale } from '../../../shared/text/failure-words.ts';
import { locales } from '../../../shared/text/locale.ts';

const place = '/mnt/usb-disk';
const share = 'smb://anna@nas/copies';
const path = '/srv/crm/crm.db';
const point = '0123456789abcdef0123456789abcdef';
const detail = 'detail-of-it';
const objects = ['packs/ab/1', 'packs/cd/2', 'packs/ef/3', 'packs/01/4', 'packs/23/5'];

/** One sample of every code: the compiler refuses a missing or a foreign one. */
const samples: { readonly [Code in FailureCode]: Extract<Failure, { code: Code }> } = {
  unexpected: { code: 'unexpected', detail },
  usage: { code: 'usage', detail },
  cancelled: { code: 'cancelled' },
  'run-too-long': { code: 'run-too-long', limitMs: 24 * 3_600_000 },
  'agent-gone': { code: 'agent-gone' },
  'place-missing': { code: 'place-missing', place },
  'place-not-connected': { code: 'place-not-connected', place, label: 'BLUE' },
  'place-unreachable': { code: 'place-unreachable', place, detail },
  'place-read-only': { code: 'place-read-only', place },
  'place-full': { code: 'place-full', place, neededBytes: 5 * 1024 ** 3 },
  'place-in-use': { code: 'place-in-use', place, detail },
  'place-in-source': { code: 'place-in-source', place, source: path },
  'share-refused': { code: 'share-refused', place: share, user: 'anna' },
  'share-password-needed': { code: 'share-password-needed', place: share, user: 'anna' },
  'share-missing': { code: 'share-missing', place: share },
  'share-other-user': { code: 'share-other-user', place: share },
  'share-tool-missing': { code: 'share-tool-missing', place: share, needs: 'gvfs-fuse' },
  'vault-missing': { code: 'vault-missing', place },
  'vault-other': { code: 'vault-other', place },
  'vault-exists': { code: 'vault-exists', place },
  'vault-newer': { code: 'vault-newer', place, version: 7 },
  'vault-damaged': { code: 'vault-damaged', place, objects },
  'vault-wounded': { code: 'vault-wounded', place, objects },
  'vault-busy': { code: 'vault-busy', place, owner: 'office-pc' },
  'vault-fenced': { code: 'vault-fenced', place, owner: 'office-pc' },
  'key-needed': { code: 'key-needed', place },
  'key-wrong': { code: 'key-wrong', place },
  'recovery-key-mistyped': { code: 'recovery-key-mistyped', groups: [2, 5] },
  'kit-forgotten': { code: 'kit-forgotten' },
  'object-missing': { code: 'object-missing', object: 'packs/ab/1' },
  'object-damaged': { code: 'object-damaged', object: 'packs/ab/1', detail },
  'object-exists': { code: 'object-exists', object: 'packs/ab/1' },
  'blocked-by-other-program': { code: 'blocked-by-other-program', path },
  'source-missing': { code: 'source-missing', path },
  'source-unreadable': { code: 'source-unreadable', path, detail },
  'source-busy': { code: 'source-busy', path, detail },
  'source-damaged': { code: 'source-damaged', path, detail },
  'source-log-untrue': { code: 'source-log-untrue', path, pages: 3 },
  'source-unsupported': { code: 'source-unsupported', path, detail },
  'point-missing': { code: 'point-missing', point },
  'point-damaged': { code: 'point-damaged', point, objects },
  'file-missing-in-point': { code: 'file-missing-in-point', file: 'a/b.pdf', point },
  'table-missing': { code: 'table-missing', table: 'contacts' },
  'rows-missing': { code: 'rows-missing', table: 'contacts', ids: ['17', '18'] },
  'schema-differs': { code: 'schema-differs', table: 'contacts', detail },
  'target-in-use': { code: 'target-in-use', path, by: 'CRM.exe' },
  'target-changed': { code: 'target-changed', path },
  'target-exists': { code: 'target-exists', path },
  'target-renamed': { code: 'target-renamed', path, name: 'a/B.pdf' },
  'target-refused': { code: 'target-refused', path, detail },
  'target-full': { code: 'target-full', path, neededBytes: 5 * 1024 ** 3, freeBytes: 1024 ** 2 },
  'no-safety-point': { code: 'no-safety-point', path, detail },
  'restore-differs': { code: 'restore-differs', path, detail },
  'undo-missing': { code: 'undo-missing', run: point },
  'drill-failed': { code: 'drill-failed', point, detail },
  'plan-missing': { code: 'plan-missing', plan: 'Office' },
  'plan-invalid': { code: 'plan-invalid', plan: 'Office', detail },
  'action-failed': {
    code: 'action-failed',
    phase: 'before',
    command: 'systemctl stop crm',
    end: { kind: 'exited', code: 5 },
    lines: 'Unit crm.service not loaded.',
  },
  'actions-not-agreed': {
    code: 'actions-not-agreed',
    plan: 'Office',
    commands: ['systemctl stop crm', 'systemctl start crm'],
  },
  'prune-refused': { code: 'prune-refused', place, detail },
};

const all = Object.values(samples);
const codes = Object.keys(samples) as FailureCode[];

/** What of a fact must be readable in the words. */
const shownParts = (fact: unknown): string[] => {
  // The title says it, in each language.
  if (fact === 'before' || fact === 'after') return [];
  if (typeof fact === 'object' && fact !== null && 'kind' in fact) {
    return Object.values(fact).flatMap((part) => (part === fact.kind ? [] : shownParts(part)));
  }
  if (Array.isArray(fact)) return fact.slice(0, 3).map(String);
  if (typeof fact !== 'number') return [String(fact)];
  if (fact === 24 * 3_600_000) return ['1 ']; // "1 day", 1 天
  return fact === 5 * 1024 ** 3 ? ['5.0 GB'] : fact === 1024 ** 2 ? ['1.0 MB'] : [String(fact)];
};

const wordsOf = (failure: Failure): string[] =>
  locales.flatMap((locale) => Object.values(failureWords(failure, locale)) as string[]);

test.each(locales)('no failure leaves the user without words (%s)', (locale) => {
  expect(Object.keys(failureWordsByLocale[locale]).sort()).toEqual([...codes].sort());
  for (const failure of all) {
    const { title, cause, nextStep } = failureWords(failure, locale);
    for (const text of [title, cause, nextStep]) expect(text.trim(), failure.code).not.toBe('');
    expect(new Set([title, cause, nextStep]).size, failure.code).toBe(3);
    expect(cause.match(/[.。](?=\s|$)/gu)?.length ?? 0, failure.code).toBeLessThanOrEqual(1);
  }
});

test.each(locales)('every fact of a failure is shown (%s)', (locale) => {
  for (const { code, ...facts } of all) {
    const { cause } = failureWords(samples[code], locale);
    for (const part of Object.values(facts).flatMap(shownParts)) {
      expect(cause, code).toContain(part);
    }
  }
});

test('no Chinese text is the English one, and none is without Chinese', () => {
  for (const failure of all) {
    const en = failureWords(failure, 'en');
    const zh = failureWords(failure, 'zh-CN');
    for (const part of ['title', 'cause', 'nextStep'] as const) {
      expect(zh[part], failure.code).not.toBe(en[part]);
      expect(zh[part], failure.code).toMatch(/\p{Script=Han}/u);
      expect(en[part], failure.code).not.toMatch(/\p{Script=Han}/u);
    }
  }
});

test('screens never use the words that the product avoids', () => {
  const avoided = /\b(repositor|polic(y|ies)|prun|blob|snapshot|hash|vault|manifest|packs?\b)/iu;
  // The samples' own facts may hold such words; what we say around them may not.
  for (const text of all.flatMap(wordsOf)) {
    expect(text.replaceAll(/packs\/\S+/gu, '')).not.toMatch(avoided);
  }
});

test('a title says one thing only: no two failures of the same exit code and language share it', () => {
  for (const locale of locales) {
    const titles = all.map(({ code }) => failureWords(samples[code], locale).title);
    expect(new Set(titles).size).toBe(titles.length);
  }
  expect(codes.map(exitCodeOf)).not.toContain(undefined);
});

test('a failure without its optional facts still reads well', () => {
  for (const locale of locales) {
    const texts = [
      failureWords({ code: 'place-full', place }, locale).cause,
      failureWords({ code: 'recovery-key-mistyped', groups: [] }, locale).cause,
      failureWords({ code: 'target-in-use', path, by: null }, locale).cause,
    ];
    for (const text of texts) expect(text).not.toMatch(/undefined|null|NaN|\(\)|（）/u);
  }
});

test('an address is told as people write it', () => {
  const encoded = 'smb://anna@nas/%E5%A4%87%E4%BB%BD/our%20CRM';
  const { cause } = failureWords({ code: 'place-missing', place: encoded }, 'en');
  expect(cause).toContain('smb://anna@nas/备份/our CRM');
});
