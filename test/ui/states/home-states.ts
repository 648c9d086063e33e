// Home in every state: the first start, the three lights, many plans, work under way, something to undo, and failures.
import type { Page } from 'playwright-core';
import type { PlanOverview } from '../../../shared/model/overview.ts';
import { SCREEN_NOW_MS, type ScreenState, type ScreenWords } from '../screen-state.ts';
import { planId, pointId, samplePlan, vaultPath } from './sample-answers.ts';
import {
  DAY_MS,
  mixedDays,
  openUndo,
  otherSource,
  overviewOf,
  pair,
  planWith,
  protectedPlan,
  renamed,
  runningBackup,
  disksInTurn,
  placeHere,
} from './sample-overview.ts';

type Step = (page: Page, words: ScreenWords) => Promise<void>;
const click = async (page: Page, name: string): Promise<void> =>
  page.getByRole('button', { name, exact: true }).click();

const away = { ...placeHere, isHere: false } as const;
const attention = planWith(
  'attention',
  [
    { ...pair, code: 'slot-missed', slotMs: SCREEN_NOW_MS - 16 * 3_600_000, isPaused: false },
    { code: 'place-unseen', place: vaultPath, seenAtMs: SCREEN_NOW_MS - 4 * DAY_MS },
    { code: 'kit-not-confirmed' },
    { code: 'only-own-disk', source: pair.source },
    { ...pair, code: 'restore-test-old', atMs: SCREEN_NOW_MS - 9 * DAY_MS },
  ],
  {
    places: [{ ...away, seenAtMs: SCREEN_NOW_MS - 4 * DAY_MS, freeBytes: null, totalBytes: null }],
    overdueSinceMs: SCREEN_NOW_MS - 16 * 3_600_000,
    days: mixedDays,
  },
);
const notProtected = planWith(
  'not-protected',
  [
    {
      ...pair,
      code: 'newest-damaged',
      point: pointId,
      takenAtMs: SCREEN_NOW_MS - DAY_MS,
      what: 'copy',
    },
  ],
  { days: mixedDays },
);
const locked = planWith('attention', [{ code: 'key-store-locked' }]);
const unconfirmed = planWith('attention', [{ code: 'kit-not-confirmed' }]);
const paused = planWith(
  'attention',
  [{ ...pair, code: 'slot-missed', slotMs: SCREEN_NOW_MS - DAY_MS, isPaused: true }],
  { plan: { ...samplePlan, paused: { untilMs: null } }, nextSlotMs: null },
);
const chinese: PlanOverview = {
  ...renamed(protectedPlan, '客户资料库与合同附件（上海办公室）', '8'),
  sources: [
    {
      ...(protectedPlan.sources[0] as PlanOverview['sources'][number]),
      id: otherSource,
      name: '客户管理系统-2024-归档',
      path: 'C:\\Users\\王小明\\Documents\\客户资料\\客户管理系统-2024-归档.db',
      recoveryMs: null,
      lastProvedDrillAtMs: null,
    },
  ],
};
const longName = renamed(
  attention,
  'KundenPlusServer-Datenbank-der-Niederlassung-Süd-einschliesslich-Anhänge-und-Archiv-2019-bis-2026',
  '9',
);
const many = [
  protectedPlan,
  longName,
  chinese,
  renamed(notProtected, 'orders', 'a'),
  renamed(locked, 'invoices', 'b'),
  ...['c', 'd', 'e', 'f', '0'].map((digit) => renamed(protectedPlan, `office ${digit}`, digit)),
];

const one = (plan: PlanOverview) => ({ overview: { value: overviewOf([plan]) } });
const openUnlock: Step = async (page, words) => click(page, words.home.action.unlock);

export const homeStates: readonly ScreenState[] = [
  { name: 'home-loading', answers: { overview: 'never' } },
  {
    name: 'home-failed',
    answers: { overview: { failure: { code: 'agent-gone' } } },
  },
  { name: 'home-first-start', answers: { overview: { value: overviewOf([]) } } },
  { name: 'home-protected', answers: one(protectedPlan) },
  { name: 'home-disks-in-turn', answers: one({ ...protectedPlan, places: disksInTurn }) },
  { name: 'home-attention', answers: one(attention) },
  {
    name: 'home-attention-all-reasons',
    answers: one(attention),
    reach: async (page) => page.getByRole('main').getByRole('list').getByRole('button').click(),
  },
  { name: 'home-not-protected', answers: one(notProtected) },
  { name: 'home-long-name', answers: one(longName) },
  { name: 'home-chinese-name', answers: one(chinese) },
  { name: 'home-paused', answers: one(paused) },
  {
    name: 'home-overdue',
    answers: one({ ...protectedPlan, overdueSinceMs: SCREEN_NOW_MS - 1_800_000 }),
  },
  {
    name: 'home-running',
    answers: { ...one(protectedPlan), jobs: { value: { jobs: [runningBackup] } } },
  },
  {
    name: 'home-waiting',
    answers: one(protectedPlan),
    events: [
      {
        kind: 'jobs',
        jobs: [{ ...runningBackup, kind: 'drill', state: 'waiting', progress: null }],
      },
    ],
  },
  {
    name: 'home-run-failed',
    answers: {
      ...one(protectedPlan),
      runPlan: { failure: { code: 'place-full', place: vaultPath, neededBytes: 2e9 } },
    },
    reach: async (page, words) => {
      await click(page, words.home.action.backUpNow);
      await click(page, words.common.action.tryAgain);
    },
  },
  { name: 'home-undo', answers: { overview: { value: overviewOf([protectedPlan], [openUndo]) } } },
  {
    name: 'home-undo-changed',
    answers: {
      overview: { value: overviewOf([protectedPlan], [openUndo]) },
      undo: { failure: { code: 'target-changed', path: openUndo.target } },
    },
    reach: async (page, words) => {
      await page.getByRole('button', { name: /kunden\.db/u }).click();
      await click(page, words.common.undo.confirm);
      await page.getByRole('button', { name: words.common.undo.anyway }).waitFor();
    },
  },
  {
    name: 'home-undone',
    answers: {
      overview: { value: overviewOf([protectedPlan], [openUndo]) },
      undo: { value: { target: openUndo.target, rows: null, redo: openUndo } },
    },
    reach: async (page, words) => {
      await page.getByRole('button', { name: /kunden\.db/u }).click();
      await click(page, words.common.undo.confirm);
      await page.getByRole('button', { name: words.home.undo.redo }).waitFor();
    },
  },
  { name: 'home-unlock', answers: one(locked), reach: openUnlock },
  {
    name: 'home-unlock-wrong',
    answers: { ...one(locked), unlock: { failure: { code: 'key-wrong', place: vaultPath } } },
    reach: async (page, words) => {
      await openUnlock(page, words);
      await page.getByLabel(words.common.unlock.secret).fill('sommer2024');
      await click(page, words.common.unlock.submit);
      await page.getByRole('dialog').getByText(vaultPath).waitFor();
    },
  },
  {
    name: 'home-confirm-kit-wrong',
    answers: {
      ...one(unconfirmed),
      confirmKit: { failure: { code: 'recovery-key-mistyped', groups: [2] } },
    },
    reach: async (page, words) => {
      await click(page, words.home.action.confirmKit);
      await page.getByLabel(words.home.kit.key).fill('7K2MQ-XD94A');
      await click(page, words.home.kit.submit);
      await page.getByRole('alert').waitFor();
    },
  },
  {
    name: 'home-day-table',
    answers: one(notProtected),
    reach: async (page, words) => click(page, words.home.days.showTable),
  },
  { name: 'home-ten-plans', answers: { overview: { value: overviewOf(many) } } },
  {
    name: 'home-ten-plans-open',
    answers: {
      overview: { value: overviewOf(many) },
      jobs: { value: { jobs: [{ ...runningBackup, planId }] } },
    },
    reach: async (page) => page.locator('[aria-expanded]').nth(1).click(),
  },
];
