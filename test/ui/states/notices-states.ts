// The list behind the bell: empty, every kind of notice, and what could not be shown.
import type { AppNotice, AppNoticeFact, NoticeTarget } from '../../../shared/model/app-notice.ts';
import type { RunId } from '../../../shared/model/ids.ts';
import type { Page } from 'playwright-core';
import { SCREEN_NOW_MS, type ScreenState } from '../screen-state.ts';
import { planId, vaultPath } from './sample-answers.ts';
import { overviewOf, protectedPlan } from './sample-overview.ts';

const HOUR_MS = 3_600_000;
const run = '6'.repeat(32) as RunId;
const missing = { code: 'place-missing', place: vaultPath } as const;

const facts: readonly (readonly [AppNoticeFact, NoticeTarget])[] = [
  [
    {
      kind: 'loss-seen',
      plan: 'kunden',
      table: 'contacts',
      rows: 412,
      atMs: SCREEN_NOW_MS - 2 * HOUR_MS,
    },
    'bring-back',
  ],
  [{ kind: 'run-failed', run, plan: 'kunden', failure: missing }, 'history'],
  [{ kind: 'overdue', plan: '客户资料库与合同附件', slotMs: SCREEN_NOW_MS - 5 * HOUR_MS }, 'home'],
  [{ kind: 'key-needed', plan: 'kunden' }, 'home'],
  [{ kind: 'sign-in-start-off' }, 'settings'],
  [{ kind: 'said', notice: { kind: 'secret-not-stored' } }, 'settings'],
  [{ kind: 'all-fine', plans: 3, backups: 41 }, 'home'],
];

export const sampleNotices: readonly AppNotice[] = facts.map(([fact, opens], index) => ({
  id: index.toString(16).padStart(32, '0'),
  atMs: SCREEN_NOW_MS - index * 5 * HOUR_MS,
  planId,
  fact,
  opens,
}));

const home = { overview: { value: overviewOf([protectedPlan]) } } as const;
const openBell = async (page: Page): Promise<void> => {
  await page.locator('nav button[aria-haspopup="dialog"]').click();
  await page.getByRole('dialog').waitFor();
};

export const noticesStates: readonly ScreenState[] = [
  { name: 'notices-none', answers: home, reach: openBell },
  {
    name: 'notices-many',
    answers: { ...home, notices: { value: { notices: sampleNotices } } },
    reach: openBell,
  },
  {
    name: 'notices-failed',
    answers: { ...home, notices: { failure: { code: 'agent-gone' } } },
    reach: openBell,
  },
];
