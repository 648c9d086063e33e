// Every state of "Bring something back": each step typical, empty, waiting and failed; checks, obstacles, progress, evidence.
import type { Page } from 'playwright-core';
import type { PlannedTarget } from '../../../shared/model/bring-back.ts';
import type { ScreenState, ScreenWords, StillAnswers } from '../screen-state.ts';
import { SCREEN_NOW_MS } from '../screen-state.ts';
import { crmPath, planId, vaultPath } from './sample-answers.ts';
import { overviewOf, protectedPlan, renamed } from './sample-overview.ts';
import {
  clashingTarget,
  crmSource,
  folderSource,
  inUseTarget,
  longTimeline,
  pointAt,
  pointIdOf,
  previewOf,
  restoreJob,
  rowsTarget,
  samplePage,
  sampleResult,
  sampleSession,
  sampleTarget,
  sampleTimeline,
  timelineOf,
  undoRun,
} from './sample-restore.ts';

type Step = (page: Page, words: ScreenWords) => Promise<void>;

const answers: StillAnswers = {
  overview: { value: overviewOf([protectedPlan]) },
  timeline: { value: sampleTimeline },
  openRows: { value: sampleSession },
  closeRows: { value: {} },
  searchRows: { value: samplePage },
  pointFiles: {
    value: {
      files: [
        {
          source: folderSource.id,
          path: 'Verträge/2026/Rahmenvertrag_Große_unterschrieben.pdf',
          bytes: 482_113,
        },
        { source: folderSource.id, path: '合同/2026/上海分公司-框架协议.pdf', bytes: 1_200_331 },
      ],
      total: 2,
    },
  },
  previewBringBack: { value: previewOf(sampleTarget) },
  bringBack: { value: sampleResult },
  pickFolder: { value: { path: 'D:\\Zum Ansehen' } },
  showInFolder: { value: {} },
  undo: {
    value: {
      target: crmPath,
      rows: null,
      redo: {
        run: undoRun,
        target: crmPath,
        restoredAtMs: SCREEN_NOW_MS,
        kind: 'file',
        keptUntilMs: SCREEN_NOW_MS,
        planId,
      },
    },
  },
};

const events: ScreenState['events'] = [
  { kind: 'open', screen: { kind: 'bring-back', plan: planId } },
];
const anyPlan: ScreenState['events'] = [
  { kind: 'open', screen: { kind: 'bring-back', plan: null } },
];
const withFolder = {
  ...answers,
  timeline: {
    value: timelineOf([pointAt(1, 2, { sources: [crmSource, folderSource] })], pointIdOf(1)),
  },
} satisfies StillAnswers;

const next: Step = async (page, words) =>
  page.getByRole('button', { name: words.common.action.next, exact: true }).click();
const choose = async (page: Page, name: string): Promise<void> =>
  page.getByRole('radio', { name }).first().click();
const heading = async (page: Page, name: string): Promise<void> =>
  page.getByRole('heading', { level: 1, name }).waitFor();

const happened =
  (what: 'recordLost' | 'crmBroken' | 'earlierState' | 'justAFile'): Step =>
  async (page, words) => {
    await choose(page, words.bringBack.happened[what]);
    await next(page, words);
    await heading(page, words.bringBack.when.title);
  };
const toWhat =
  (what: Parameters<typeof happened>[0]): Step =>
  async (page, words) => {
    await happened(what)(page, words);
    await next(page, words);
    await heading(page, words.bringBack.what.title);
  };
const toWhere: Step = async (page, words) => {
  await toWhat('crmBroken')(page, words);
  await next(page, words);
  await heading(page, words.bringBack.where.title);
};
const toCheck: Step = async (page, words) => {
  await toWhere(page, words);
  await next(page, words);
  await heading(page, words.bringBack.check.title);
};
const toRecordCheck: Step = async (page, words) => {
  await toWhat('recordLost')(page, words);
  await page.getByRole('checkbox').nth(1).click();
  await next(page, words);
  await heading(page, words.bringBack.where.title);
  await next(page, words);
  await heading(page, words.bringBack.check.title);
};
const begin: Step = async (page, words) => {
  await toCheck(page, words);
  await page.getByRole('button', { name: words.bringBack.check.begin, exact: true }).click();
};
const done: Step = async (page, words) => {
  await begin(page, words);
  await heading(page, words.bringBack.run.restoredTitle);
};
const undo: Step = async (page, words) => {
  await done(page, words);
  await page
    .getByRole('button', { name: words.bringBack.run.undoLabel.replace('{{name}}', 'kunden') })
    .click();
};

const blocked: PlannedTarget = {
  ...sampleTarget,
  neededBytes: 1_210_000_000,
  freeBytes: 300_000_000,
  obstacle: {
    code: 'target-full',
    path: crmPath,
    neededBytes: 1_210_000_000,
    freeBytes: 300_000_000,
  },
};
const noUndo: PlannedTarget = {
  ...sampleTarget,
  obstacle: { code: 'no-safety-point', path: crmPath, detail: 'no room left on the disk' },
};
const preview = (...targets: readonly PlannedTarget[]): StillAnswers => ({
  ...answers,
  previewBringBack: { value: previewOf(...targets) },
});

export const bringBackStates: readonly ScreenState[] = [
  { name: 'bring-back-loading', answers: { ...answers, overview: 'never' }, events },
  {
    name: 'bring-back-nothing-protected',
    answers: { ...answers, overview: { value: overviewOf([]) } },
    events: anyPlan,
  },
  { name: 'bring-back-happened', answers, events },
  {
    name: 'bring-back-which-crm',
    answers: {
      ...answers,
      overview: {
        value: overviewOf([protectedPlan, renamed(protectedPlan, '上海分公司客户资料', 'c')]),
      },
    },
    events: anyPlan,
  },
  { name: 'bring-back-when', answers, events, reach: happened('recordLost') },
  {
    name: 'bring-back-when-loading',
    answers: { ...answers, timeline: 'never' },
    events,
    reach: happened('recordLost'),
  },
  {
    name: 'bring-back-when-empty',
    answers: { ...answers, timeline: { value: timelineOf([], null) } },
    events,
    reach: happened('recordLost'),
  },
  {
    name: 'bring-back-when-none-good',
    answers: {
      ...answers,
      timeline: { value: timelineOf(sampleTimeline.points.slice(0, 1), null) },
    },
    events,
    reach: happened('recordLost'),
  },
  {
    name: 'bring-back-when-locked',
    answers: { ...answers, timeline: { failure: { code: 'key-needed', place: vaultPath } } },
    events,
    reach: happened('recordLost'),
  },
  {
    name: 'bring-back-when-away',
    answers: { ...answers, timeline: { failure: { code: 'place-missing', place: vaultPath } } },
    events,
    reach: happened('recordLost'),
  },
  {
    name: 'bring-back-when-many',
    answers: { ...answers, timeline: { value: longTimeline } },
    events,
    reach: happened('earlierState'),
  },
  { name: 'bring-back-what', answers: withFolder, events, reach: toWhat('crmBroken') },
  { name: 'bring-back-file', answers: withFolder, events, reach: toWhat('justAFile') },
  {
    name: 'bring-back-table',
    answers,
    events,
    reach: async (page, words) => {
      await toWhat('crmBroken')(page, words);
      await choose(page, words.bringBack.what.table);
      await page.getByRole('combobox').selectOption('contacts');
    },
  },
  {
    name: 'bring-back-records',
    answers,
    events,
    reach: async (page, words) => {
      await toWhat('recordLost')(page, words);
      await page.getByRole('checkbox').nth(1).click();
    },
  },
  {
    name: 'bring-back-records-opening',
    answers: { ...answers, openRows: 'never' },
    events,
    reach: toWhat('recordLost'),
  },
  {
    name: 'bring-back-records-none',
    answers: {
      ...answers,
      searchRows: { value: { ...samplePage, rows: [], states: [], now: [], totalRows: 0 } },
    },
    events,
    reach: toWhat('recordLost'),
  },
  {
    name: 'bring-back-records-failed',
    answers: { ...answers, searchRows: { failure: { code: 'usage', detail: 'no such session' } } },
    events,
    reach: toWhat('recordLost'),
  },
  { name: 'bring-back-where', answers, events, reach: toWhere },
  {
    name: 'bring-back-where-folder',
    answers,
    events,
    reach: async (page, words) => {
      await toWhere(page, words);
      await choose(page, words.bringBack.where.folder);
      await page.getByRole('button', { name: words.bringBack.where.choose }).click();
    },
  },
  { name: 'bring-back-check', answers, events, reach: toCheck },
  {
    name: 'bring-back-check-looking',
    answers: { ...answers, previewBringBack: 'never' },
    events,
    reach: toCheck,
  },
  { name: 'bring-back-check-records', answers: preview(rowsTarget), events, reach: toRecordCheck },
  {
    name: 'bring-back-check-clash',
    answers: preview(clashingTarget),
    events,
    reach: toRecordCheck,
  },
  { name: 'bring-back-check-in-use', answers: preview(inUseTarget), events, reach: toCheck },
  { name: 'bring-back-check-full', answers: preview(blocked), events, reach: toCheck },
  { name: 'bring-back-check-no-undo', answers: preview(noUndo), events, reach: toCheck },
  { name: 'bring-back-must-be-free', answers: preview(inUseTarget), events, reach: begin },
  {
    name: 'bring-back-running',
    answers: { ...answers, bringBack: 'never', jobs: { value: { jobs: [restoreJob] } } },
    events,
    reach: begin,
  },
  {
    name: 'bring-back-failed',
    answers: {
      ...answers,
      bringBack: {
        failure: { code: 'point-damaged', point: pointIdOf(1), objects: ['pack 3f09'] },
      },
    },
    events,
    reach: begin,
  },
  { name: 'bring-back-done', answers, events, reach: done },
  { name: 'bring-back-undone', answers, events, reach: undo },
  {
    name: 'bring-back-undo-changed',
    answers: { ...answers, undo: { failure: { code: 'target-changed', path: crmPath } } },
    events,
    reach: async (page, words) => {
      await undo(page, words);
      await page.getByRole('button', { name: words.bringBack.run.undoAnyway }).waitFor();
    },
  },
  {
    name: 'bring-back-undo-anyway',
    answers: { ...answers, undo: { failure: { code: 'target-changed', path: crmPath } } },
    events,
    reach: async (page, words) => {
      await undo(page, words);
      await page.getByRole('button', { name: words.bringBack.run.undoAnyway }).click();
      await page.getByText(words.bringBack.run.undoAnywayTitle).waitFor();
    },
  },
];
