/**
 * The words that tray, notices, command line and screens share, in both languages: the same facts in both, and each in
 * its own. Failures, notices of the app and reasons to keep have tests of their own beside this one.
 */
import { readdir, readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { asId, type PointId, type SourceId } from '../../../shared/model/ids.ts';
import type { Notice } from '../../../shared/model/notice.ts';
import type { Phase } from '../../../shared/model/progress.ts';
import { runKinds } from '../../../shared/model/run.ts';
import type { StatusKind, StatusReason } from '../../../shared/model/status-reason.ts';
import type { Schedule } from '../../../shared/model/schedule.ts';
import { kitWords } from '../../../shared/text/kit-words.ts';
import { locales, type Locale } from '../../../shared/text/locale.ts';
import { noticeWords } from '../../../shared/text/notice-words.ts';
import { phaseWords } from '../../../shared/text/phase-words.ts';
import { formatSchedule } from '../../../shared/text/schedule-words.ts';
import { reasonWords, statusTitle } from '../../../shared/text/status-words.ts';
import { trayWords } from '../../../shared/text/tray-words.ts';
import { figuresOf, findBlankEnds, findUntranslated, textsOf } from '../../support/word-pairs.ts';

const DAY = 24 * 3_600_000;
const nowMs = Date.UTC(2026, 10, 21, 12);
const pair = { source: asId<SourceId>('1'.repeat(32)), place: '/mnt/usb-disk' } as const;
const zone = 'Europe/Berlin';
const detail = 'detail-of-it';
const failure = { code: 'place-missing', place: '/mnt/other' } as const;

/** Every code with each of its branches: the compiler refuses a missing code. */
const reasons: {
  readonly [Code in StatusReason['code']]: readonly Extract<StatusReason, { code: Code }>[];
} = {
  'plan-empty': [{ code: 'plan-empty' }],
  'nothing-proved': (['copy', 'read-back', 'restore-test'] as const).map((lacks) => ({
    code: 'nothing-proved',
    ...pair,
    lacks,
  })),
  'proved-too-old': [
    { code: 'proved-too-old', ...pair, takenAtMs: nowMs - 9 * DAY, limitMs: 3 * DAY },
  ],
  'newest-damaged': (['copy', 'source'] as const).map((what) => ({
    code: 'newest-damaged',
    ...pair,
    point: asId<PointId>('0'.repeat(32)),
    takenAtMs: nowMs - 9 * DAY,
    what,
  })),
  'slot-missed': [true, false].map((isPaused) => ({
    code: 'slot-missed',
    ...pair,
    slotMs: nowMs - 4 * DAY,
    isPaused,
  })),
  'restore-test-failed': (['damaged-copy', 'damaged-source', 'not-possible'] as const).map(
    (outcome) => ({ code: 'restore-test-failed', ...pair, atMs: nowMs - 5 * DAY, outcome }),
  ),
  'restore-test-old': [{ code: 'restore-test-old', ...pair, atMs: nowMs - 11 * DAY }],
  'bytes-compared-only': [{ code: 'bytes-compared-only', ...pair }],
  'only-own-disk': [{ code: 'only-own-disk', source: pair.source }],
  'kit-not-confirmed': [{ code: 'kit-not-confirmed' }],
  'key-store-locked': [{ code: 'key-store-locked' }],
  'place-unseen': [null, nowMs - 6 * DAY].map((seenAtMs) => ({
    code: 'place-unseen',
    place: pair.place,
    seenAtMs,
  })),
  'set-unseen': [null, nowMs - 9 * DAY].map((seenAtMs) => ({
    code: 'set-unseen',
    set: pair.place,
    seenAtMs,
  })),
  'place-nearly-full': [
    { code: 'place-nearly-full', place: pair.place, freeBytes: 5 * 1024, totalBytes: 7 * 1024 },
  ],
};

const notices: { readonly [Kind in Notice['kind']]: Extract<Notice, { kind: Kind }> } = {
  damage: { kind: 'damage', object: 'packs/ab/1', failure },
  'history-set-aside': { kind: 'history-set-aside', file: '/data/history.old', detail },
  'history-not-kept': { kind: 'history-not-kept', detail },
  'kit-replaced': { kind: 'kit-replaced', files: ['a.mjs', 'b.txt', 'c.txt', 'd.txt', 'e.txt'] },
  'own-disk': { kind: 'own-disk', source: '/srv/crm.db', place: pair.place },
  'point-passed-over': { kind: 'point-passed-over', point: 'point-1' },
  'points-vanished': { kind: 'points-vanished', points: ['point-1', 'point-2'] },
  'restore-finished': { kind: 'restore-finished', target: '/srv/crm.db' },
  'restore-waiting': { kind: 'restore-waiting', target: '/srv/crm.db' },
  'damage-not-noted': { kind: 'damage-not-noted', failure },
  'plan-previous-used': { kind: 'plan-previous-used', plan: 'Office', detail },
  'schedule-trouble': { kind: 'schedule-trouble', detail },
  'plan-unreadable': { kind: 'plan-unreadable', plan: 'Office', detail },
  'plan-copy-late': { kind: 'plan-copy-late', plan: 'Office', failure },
  'tidy-up-failed': { kind: 'tidy-up-failed', plan: 'Office', failure },
  'action-late': { kind: 'action-late', plan: 'Office', failure },
  'actions-wait': { kind: 'actions-wait', plan: 'Office', commands: ['systemctl stop crm'] },
  'key-left-behind': {
    kind: 'key-left-behind',
    plan: 'Office',
    place: '/mnt/usb',
    secret: 'recovery-key',
    failure,
  },
  'secret-not-stored': { kind: 'secret-not-stored' },
  'left-behind': { kind: 'left-behind', path: '/mnt/half-made', detail },
};

const phases: Readonly<Record<Phase, null>> = {
  unlock: null,
  inspect: null,
  read: null,
  commit: null,
  prove: null,
  plan: null,
  'safety-point': null,
  fetch: null,
  check: null,
  swap: null,
  compare: null,
  count: null,
  remove: null,
  export: null,
};
const lights: Readonly<Record<StatusKind, null>> = {
  protected: null,
  attention: null,
  'not-protected': null,
};
const keysOf = <Key extends string>(table: Readonly<Record<Key, null>>): readonly Key[] =>
  Object.keys(table) as Key[];

const schedules: readonly Schedule[] = [
  { kind: 'interval', everyMs: DAY / 12 },
  { kind: 'times', timesOfDay: ['12:30', '18:00'], days: [1, 2, 3, 4, 5, 6, 7], zone },
  { kind: 'times', timesOfDay: ['12:30'], days: [1, 7], zone },
];

/** All that one language says, as a tree; its facts are those above. */
function wordsOf(locale: Locale): unknown {
  const tray = trayWords[locale];
  const setting = { nowMs, nameOf: () => 'crm.db' };
  return {
    lights: keysOf(lights).map((kind) => statusTitle(kind, locale)),
    reasons: Object.values(reasons)
      .flat()
      .map((reason) => ({ ...reasonWords(reason, locale, setting) })),
    notices: Object.values(notices).map((notice) => noticeWords(notice, locale)),
    phases: keysOf(phases).map((phase) => phaseWords(phase, locale)),
    schedules: schedules.map((schedule) => formatSchedule(schedule, locale)),
    kit: { ...kitWords[locale], fileName: kitWords[locale].fileName('Office') },
    tray: {
      ...tray,
      running: runKinds.flatMap((kind) => [tray.running(kind, null), tray.running(kind, 'Office')]),
      newestCopy: tray.newestCopy('AGE'),
      pausedUntil: tray.pausedUntil('18:30'),
      askQuit: { ...tray.askQuit, detail: tray.askQuit.detail('WHAT') },
    },
  };
}

const english = textsOf(wordsOf('en'));
const chinese = new Map(textsOf(wordsOf('zh-CN')));
const pairs = english.map(([where, en]) => ({ where, en, zh: chinese.get(where) ?? '' }));

/** Sources, files, plans and details that the samples are about. */
const facts =
  `${pair.place} ${failure.place} ${detail} crm.db /srv/crm.db packs/ab/1 /data/history.old a.mjs ` +
  'point-1 point-2 Office /mnt/half-made AGE WHAT';

test('each table is in both languages, and each text in its own', () => {
  expect(pairs.length).toBeGreaterThan(100);
  expect([...chinese.keys()].sort()).toEqual(english.map(([where]) => where).sort());
  expect(pairs.map(findUntranslated).filter((problem) => problem !== null)).toEqual([]);
});

test.each(facts.split(' '))('who reads the other language is told the same: %s', (fact) => {
  expect(pairs.some(({ en }) => en.includes(fact))).toBe(true);
  for (const { where, en, zh } of pairs) expect(zh.includes(fact), where).toBe(en.includes(fact));
});

test('the figures are the same in both languages', () => {
  for (const { where, en, zh } of pairs) expect(figuresOf(zh), where).toEqual(figuresOf(en));
});

test('no text is empty, or begins or ends with a blank', () => {
  const problems = locales.flatMap((locale) =>
    textsOf(wordsOf(locale)).map(([where, text]) => findBlankEnds(`${locale} ${where}`, text)),
  );
  expect(problems.filter((problem) => problem !== null)).toEqual([]);
});

test('no table of two languages is left out', async () => {
  const folder = new URL('../../../shared/text/', import.meta.url);
  const tables: string[] = [];
  for (const name of await readdir(folder)) {
    const text = await readFile(new URL(name, folder), 'utf8');
    if (/\p{Script=Han}/u.test(text)) tables.push(name.replace(/\.ts$/u, ''));
  }
  expect(tables.sort()).toEqual(Object.keys(lookedAt).sort());
});

/** Each table, and the test that looks at it. */
const lookedAt = {
  'action-words': 'action-words.test.ts',
  'app-notice-words': 'app-notice-words.test.ts',
  bytes: 'figures.test.ts',
  durations: 'figures.test.ts',
  'export-warning': 'both languages in one note, on purpose',
  'failure-words-zh': 'failure-words.test.ts',
  'kit-words': 'here',
  'notice-words': 'here',
  'phase-words': 'here',
  'retention-words': 'retention-words.test.ts',
  'schedule-words': 'here',
  'source-words': 'source-words.test.ts',
  'status-words': 'here',
  'tray-words': 'here',
} as const;
