// The history: empty, full, filtered to nothing, failed, and the details of each kind of ending.
import type { PointId, RunId } from '../../../shared/model/ids.ts';
import type { Run, RunKind } from '../../../shared/model/run.ts';
import type { Page } from 'playwright-core';
import {
  SCREEN_NOW_MS,
  type ScreenState,
  type ScreenWords,
  type StillAnswers,
} from '../screen-state.ts';
import { crmPath, planId, pointId, vaultId, vaultPath } from './sample-answers.ts';
import { openUndo, overviewOf, protectedPlan } from './sample-overview.ts';

const HOUR_MS = 3_600_000;
const kinds = ['backup', 'backup', 'drill', 'backup', 'verify', 'forget'] as const;

/** The `index`th run before now, with figures as a run of its kind has them. */
export function sampleRun(index: number, more: Partial<Run> = {}): Run {
  const kind: RunKind = kinds[index % kinds.length] ?? 'backup';
  const startedAtMs = SCREEN_NOW_MS - index * 3 * HOUR_MS - 12 * 60_000;
  const isBackup = kind === 'backup';
  return {
    id: index.toString(16).padStart(32, '0') as RunId,
    kind,
    planId,
    vaultId,
    place: vaultPath,
    startedAtMs,
    endedAtMs: startedAtMs + 6100 + (index % 7) * 830,
    state: 'ok',
    point: isBackup ? pointId : null,
    figures: {
      bytesRead: isBackup ? 1_074_671_616 : 43_000_000,
      bytesStored: isBackup ? 12_000_000 + (index % 9) * 800_000 : 0,
      phaseMs: isBackup
        ? { unlock: 120, inspect: 240, read: 3900, commit: 410, prove: 1400 }
        : { unlock: 110, fetch: 2800, check: 3000 },
    },
    problems: [],
    failure: null,
    actions: [],
    isRebuilt: false,
    ...more,
  };
}

const endings: readonly Run[] = [
  sampleRun(0, { state: 'running', endedAtMs: null }),
  sampleRun(1, {
    state: 'partial',
    problems: [
      {
        failure: {
          code: 'source-unreadable',
          path: 'C:\\KundenPlus\\Anhänge\\vertrag.pdf',
          detail: 'EACCES',
        },
      },
      { failure: { code: 'source-busy', path: crmPath, detail: 'it is locked' }, source: 'kunden' },
    ],
  }),
  sampleRun(2, { state: 'failed', failure: { code: 'place-missing', place: vaultPath } }),
  sampleRun(3, { state: 'cancelled', failure: { code: 'cancelled' } }),
  sampleRun(4, {
    state: 'interrupted',
    isRebuilt: true,
    kind: 'backup',
    actions: [
      {
        phase: 'before',
        command: ['systemctl', 'stop', 'kundenplus.service'],
        startedAtMs: SCREEN_NOW_MS - 13 * HOUR_MS,
        durationMs: 2140,
        end: { kind: 'exited', code: 0 },
        output: '',
        isLate: false,
      },
      {
        phase: 'after',
        command: ['systemctl', 'start', 'kundenplus.service'],
        startedAtMs: SCREEN_NOW_MS - 12 * HOUR_MS,
        durationMs: 310,
        end: { kind: 'exited', code: 5 },
        output: 'Failed to start kundenplus.service: Unit kundenplus.service not found.',
        isLate: true,
      },
    ],
  }),
  sampleRun(5, { kind: 'restore', id: openUndo.run, point: 'a'.repeat(32) as PointId }),
  sampleRun(6, { planId: null, place: 'D:\\客户资料\\非常长的文件夹名称\\备份副本\\客户管理系统' }),
];
const many = [...endings, ...Array.from({ length: 193 }, (_, index) => sampleRun(index + 7))];

const answers: StillAnswers = {
  overview: { value: overviewOf([protectedPlan], [openUndo]) },
  runs: { value: { runs: many, hasMore: true } },
};

type Step = (page: Page, words: ScreenWords) => Promise<void>;
const toHistory: Step = async (page, words) =>
  page.getByRole('button', { name: words.common.nav.history }).click();
const openNth =
  (index: number): Step =>
  async (page, words) => {
    await toHistory(page, words);
    await page.getByRole('main').getByRole('listitem').nth(index).getByRole('button').click();
    await page.getByRole('dialog').waitFor();
  };

export const historyStates: readonly ScreenState[] = [
  { name: 'history-loading', answers: { ...answers, runs: 'never' }, reach: toHistory },
  {
    name: 'history-failed',
    answers: { ...answers, runs: { failure: { code: 'agent-gone' } } },
    reach: toHistory,
  },
  {
    name: 'history-empty',
    answers: { ...answers, runs: { value: { runs: [], hasMore: false } } },
    reach: toHistory,
  },
  {
    name: 'history-filtered-to-nothing',
    answers: { ...answers, runs: { value: { runs: [], hasMore: false } } },
    reach: async (page, words) => {
      await toHistory(page, words);
      await page.getByLabel(words.history.filter.kind).selectOption('export');
      await page.getByRole('button', { name: words.history.showAll }).waitFor();
    },
  },
  { name: 'history-full', answers, reach: toHistory },
  { name: 'history-details-partial', answers, reach: openNth(1) },
  { name: 'history-details-failed', answers, reach: openNth(2) },
  { name: 'history-details-interrupted', answers, reach: openNth(4) },
  { name: 'history-details-restore', answers, reach: openNth(5) },
  { name: 'history-details-backup', answers, reach: openNth(7) },
];
