// A new computer takes up copies.
import type { ScreenState, ScreenWords } from '../screen-state.ts';
import type { Page } from 'playwright-core';
import { SCREEN_NOW_MS, type StillAnswers } from '../screen-state.ts';
import { crmPath, goodPlace, samplePlan, vaultId, vaultPath } from './sample-answers.ts';

const answers: StillAnswers = {
  overview: { value: { nowMs: SCREEN_NOW_MS, plans: [], undos: [] } },
  testPlace: { value: { ...goodPlace, vaults: [{ vault: vaultId, path: vaultPath }] } },
  connect: {
    value: {
      vault: vaultId,
      place: vaultPath,
      points: 214,
      plans: [{ plan: samplePlan, isNew: true, missingSources: [crmPath] }],
      isRemembered: true,
    },
  },
};

const toFolder = async (page: Page, words: ScreenWords): Promise<void> => {
  await page.getByRole('button', { name: words.home.connect }).click();
  await page.getByLabel(words.connect.path).fill('E:\\');
};
const toSecret = async (page: Page, words: ScreenWords): Promise<void> => {
  await toFolder(page, words);
  await page.getByRole('button', { name: words.connect.search }).click();
  await page.getByText(vaultPath).waitFor();
  await page.getByLabel(words.connect.secret, { exact: false }).fill('otter-lantern-violet');
};
const open = async (page: Page, words: ScreenWords): Promise<void> => {
  await toSecret(page, words);
  await page.getByRole('button', { name: words.connect.open }).click();
};

export const connectStates: readonly ScreenState[] = [
  { name: 'connect-folder', answers, reach: toFolder },
  {
    name: 'connect-none',
    answers: { ...answers, testPlace: { value: goodPlace } },
    reach: async (page, words) => {
      await toFolder(page, words);
      await page.getByRole('button', { name: words.connect.search }).click();
      await page.getByText(words.connect.none).waitFor();
    },
  },
  { name: 'connect-secret', answers, reach: toSecret },
  {
    name: 'connect-wrong-secret',
    answers: { ...answers, connect: { failure: { code: 'key-wrong', place: vaultPath } } },
    reach: async (page, words) => {
      await open(page, words);
      await page.getByText(vaultPath).nth(1).waitFor();
    },
  },
  {
    name: 'connect-done',
    answers,
    reach: async (page, words) => {
      await open(page, words);
      await page.getByText(words.connect.done).waitFor();
    },
  },
];
