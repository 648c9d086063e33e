// One-click restore: the confirmation, several CRMs, nothing to offer, and what it ends with.
import type { OneClickOffer } from '../../../shared/model/bring-back.ts';
import type { PlanId } from '../../../shared/model/ids.ts';
import type { ScreenState, StillAnswers } from '../screen-state.ts';
import { planId, vaultPath } from './sample-answers.ts';
import { overviewOf, protectedPlan } from './sample-overview.ts';
import {
  inUseTarget,
  previewOf,
  restoreJob,
  sampleResult,
  sampleTarget,
} from './sample-restore.ts';

const offer: OneClickOffer = {
  plan: planId,
  planName: 'kunden',
  preview: previewOf(sampleTarget),
  obstacle: null,
};
const other: OneClickOffer = {
  ...offer,
  plan: 'c'.repeat(32) as PlanId,
  planName: '上海分公司客户资料与合同附件',
};

const answersOf = (...offers: readonly OneClickOffer[]): StillAnswers => ({
  overview: { value: overviewOf([protectedPlan]) },
  oneClick: { value: { offers } },
  previewBringBack: { value: previewOf(inUseTarget) },
  bringBack: { value: sampleResult },
  showInFolder: { value: {} },
});

const open: NonNullable<ScreenState['reach']> = async (page, words) =>
  page.getByRole('button', { name: words.home.oneClick, exact: true }).click();
const confirm: NonNullable<ScreenState['reach']> = async (page, words) => {
  await open(page, words);
  await page.getByRole('button', { name: words.bringBack.check.begin, exact: true }).click();
};

export const oneClickStates: readonly ScreenState[] = [
  { name: 'one-click', answers: answersOf(offer), reach: open },
  {
    name: 'one-click-looking',
    answers: { ...answersOf(offer), oneClick: 'never' },
    reach: open,
  },
  {
    name: 'one-click-failed',
    answers: { ...answersOf(offer), oneClick: { failure: { code: 'unexpected', detail: 'EIO' } } },
    reach: open,
  },
  {
    name: 'one-click-several',
    answers: {
      ...answersOf(offer, other, { ...other, plan: 'd'.repeat(32) as PlanId, preview: null }),
      overview: {
        value: overviewOf([
          protectedPlan,
          { ...protectedPlan, plan: { ...protectedPlan.plan, id: other.plan } },
        ]),
      },
    },
    reach: open,
  },
  {
    name: 'one-click-counts-only',
    answers: answersOf({
      ...offer,
      preview: previewOf({
        ...sampleTarget,
        comparison: {
          kind: 'counts',
          tables: [
            { table: 'contacts', rowsBefore: 18_615, rowsAfter: 18_203 },
            { table: 'activities', rowsBefore: 412_040, rowsAfter: 412_077 },
            { table: 'notes', rowsBefore: 88, rowsAfter: null },
          ],
        },
      }),
    }),
    reach: open,
  },
  {
    name: 'one-click-nothing-good',
    answers: answersOf({ ...offer, preview: null }),
    reach: open,
  },
  {
    name: 'one-click-locked',
    answers: answersOf({
      ...offer,
      preview: null,
      obstacle: { code: 'key-needed', place: vaultPath },
    }),
    reach: open,
  },
  {
    name: 'one-click-away',
    answers: answersOf({
      ...offer,
      preview: null,
      obstacle: { code: 'place-missing', place: vaultPath },
    }),
    reach: open,
  },
  {
    name: 'one-click-must-be-free',
    answers: answersOf({ ...offer, preview: previewOf(inUseTarget) }),
    reach: confirm,
  },
  {
    name: 'one-click-running',
    answers: {
      ...answersOf(offer),
      bringBack: 'never',
      jobs: { value: { jobs: [restoreJob] } },
    },
    reach: confirm,
  },
  { name: 'one-click-done', answers: answersOf(offer), reach: confirm },
];
