import { expect, test } from 'vitest';
import type { AppNoticeFact } from '../../../shared/model/app-notice.ts';
import { asId, type RunId } from '../../../shared/model/ids.ts';
import { appNoticeWords } from '../../../shared/text/app-notice-words.ts';
import { failureWords } from '../../../shared/text/failure-words.ts';
import { locales } from '../../../shared/text/locale.ts';

const run = asId<RunId>('0'.repeat(32));
const zone = 'Europe/Berlin';
/** 2026-11-21 18:30:05 there. */
const atMs = Date.UTC(2026, 10, 21, 17, 30, 5);
const failure = { code: 'place-missing', place: '/mnt/usb-disk' } as const;

/** One sample of every kind: the compiler refuses a missing or a foreign one. */
const samples: {
  readonly [Kind in AppNoticeFact['kind']]: Extract<AppNoticeFact, { kind: Kind }>;
} = {
  'run-failed': { kind: 'run-failed', run, plan: 'Office', failure },
  'run-partial': { kind: 'run-partial', run, plan: 'Office', problems: 3 },
  overdue: { kind: 'overdue', plan: 'Office', slotMs: atMs },
  'set-unseen': { kind: 'set-unseen', plan: 'Office', set: 'Disks', seenAtMs: atMs },
  'restore-test-failed': { kind: 'restore-test-failed', plan: 'Office', failure },
  'key-needed': { kind: 'key-needed', plan: 'Office' },
  'loss-seen': { kind: 'loss-seen', plan: 'Office', table: 'contacts', rows: 1412, atMs },
  'agent-keeps-ending': { kind: 'agent-keeps-ending', times: 5 },
  'sign-in-start-off': { kind: 'sign-in-start-off' },
  'all-fine': { kind: 'all-fine', plans: 2, backups: 14 },
  said: { kind: 'said', notice: { kind: 'restore-waiting', target: '/srv/crm/crm.db' } },
};
const facts: readonly AppNoticeFact[] = Object.values(samples);
const shown = (fact: AppNoticeFact, locale: 'en' | 'zh-CN'): string =>
  Object.values(appNoticeWords(fact, locale, zone)).join('\n');

test('no notice leaves the user without words, and none speaks the other language', () => {
  for (const fact of facts) {
    const en = appNoticeWords(fact, 'en', zone);
    const zh = appNoticeWords(fact, 'zh-CN', zone);
    for (const part of ['title', 'body'] as const) {
      expect(en[part].trim(), fact.kind).not.toBe('');
      expect(zh[part], fact.kind).toMatch(/\p{Script=Han}/u);
      expect(en[part], fact.kind).not.toMatch(/\p{Script=Han}/u);
    }
    expect(en.title).not.toBe(en.body);
  }
});

test.each(locales)('what a notice is about can be read in it (%s)', (locale) => {
  const parts: Readonly<Record<AppNoticeFact['kind'], readonly string[]>> = {
    'run-failed': ['Office', failure.place, failureWords(failure, locale).nextStep],
    'run-partial': ['Office', '3'],
    overdue: ['Office', '2026-11-21 18:30'],
    'set-unseen': ['Office', 'Disks', '2026-11-21 18:30'],
    'restore-test-failed': ['Office', failure.place],
    'key-needed': ['Office'],
    'loss-seen': ['Office', 'contacts', '1,412', '2026-11-21 18:30'],
    'agent-keeps-ending': ['5'],
    'sign-in-start-off': [],
    'all-fine': ['14', '2'],
    said: ['/srv/crm/crm.db'],
  };
  for (const fact of facts) {
    for (const part of parts[fact.kind]) expect(shown(fact, locale)).toContain(part);
    expect(shown(fact, locale)).not.toContain('18:30:05');
  }
});
