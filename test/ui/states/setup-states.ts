// Setup, step by step, as it is gone through: found data, a tested place, a passphrase, the kit, the first proved backup.
import type { Page } from 'playwright-core';
import type { PlanOverview } from '../../../shared/model/overview.ts';
import {
  SCREEN_NOW_MS,
  type ScreenState,
  type ScreenWords,
  type StillAnswers,
} from '../screen-state.ts';
import {
  crmPath,
  goodPlace,
  planId,
  pointId,
  sampleProtection,
  sampleSource,
  sourceId,
  usbPath,
} from './sample-answers.ts';
import { runningBackup } from './sample-overview.ts';

const noPlans: { readonly plans: readonly PlanOverview[] } = { plans: [] };

export const firstStart: StillAnswers = {
  overview: { value: { nowMs: SCREEN_NOW_MS, ...noPlans, undos: [] } },
  findSources: {
    value: {
      found: [
        {
          path: crmPath,
          format: 'SQLite database',
          bytes: 1_074_671_616,
          modifiedAtMs: SCREEN_NOW_MS - 240_000,
        },
        {
          path: 'C:\\Users\\Anna Weber\\Documents\\客户资料\\客户管理系统-2024-归档.db',
          format: 'SQLite database',
          bytes: 88_211_456,
          modifiedAtMs: SCREEN_NOW_MS - 40 * 86_400_000,
        },
      ],
      isComplete: false,
    },
  },
  inspectSource: { value: sampleSource },
  placeCandidates: {
    value: {
      candidates: [
        {
          path: usbPath,
          kind: 'removable',
          label: 'BACKUP BLUE',
          freeBytes: 731e9,
          totalBytes: 1e12,
          isSystemDisk: false,
        },
        {
          path: 'C:\\',
          kind: 'disk',
          label: null,
          freeBytes: 120e9,
          totalBytes: 512e9,
          isSystemDisk: true,
        },
        {
          path: 'N:\\',
          kind: 'network',
          label: 'Büro',
          freeBytes: 2.1e12,
          totalBytes: 4e12,
          isSystemDisk: false,
        },
      ],
    },
  },
  testPlace: { value: goodPlace },
  suggestPassphrase: { value: { passphrase: 'otter-lantern-violet-harbor-mango-quilt' } },
  protect: { value: sampleProtection },
  confirmKit: { value: { isConfirmed: true, wrong: [] } },
  saveKit: { value: { path: 'E:\\Holdfast recovery kit.pdf' } },
};

const backup = {
  point: pointId,
  kind: 'full',
  fullReason: 'first',
  sources: [
    { id: sourceId, name: 'kunden', method: 'scanned', label: 'transactional', changedPages: null },
  ],
  bytesRead: 1_074_671_616,
  bytesStored: 432_000_000,
  provedBytes: 432_000_000,
  phases: [],
  durationMs: 6120,
  problems: [],
} as const;

const drill = {
  point: pointId,
  outcome: 'proved',
  recoveryMs: 5200,
  sources: [
    {
      name: 'kunden',
      outcome: 'proved',
      bytes: 1_074_671_616,
      tables: 4,
      rows: 442_811,
      failure: null,
    },
  ],
  failure: null,
} as const;

type Step = (page: Page, words: ScreenWords) => Promise<void>;
const click = async (page: Page, name: string): Promise<void> =>
  page.getByRole('button', { name, exact: true }).click();

const toSource: Step = async (page, words) => click(page, words.home.protect);
const toPlace: Step = async (page, words) => {
  await toSource(page, words);
  await click(page, `${words.setup.source.add} ${crmPath}`);
  await page.getByText('contacts').waitFor();
  await click(page, words.common.action.next);
};
const sharePath = 'smb://anna.weber@ablage.office.example/Sicherungen';
const fillShare: Step = async (page, words) => {
  const { share } = words.setup.place;
  await toPlace(page, words);
  await page.getByLabel(share.address).fill('\\\\ablage.office.example\\Sicherungen');
  await page.getByLabel(share.user, { exact: true }).fill('anna.weber');
  await page.getByLabel(share.password).fill('sommer2024');
  await click(page, share.test);
};
const toSchedule: Step = async (page, words) => {
  await toPlace(page, words);
  await click(page, `${words.setup.source.add} ${usbPath}`);
  await page.getByText(words.setup.place.passed).waitFor();
  await click(page, words.common.action.next);
};
const toProtection: Step = async (page, words) => {
  await toSchedule(page, words);
  await click(page, words.common.action.next);
};
const toKit: Step = async (page, words) => {
  await toProtection(page, words);
  await page.getByRole('radio', { name: words.setup.protection.made }).click();
  await page.getByText('otter-lantern').waitFor();
  await click(page, words.setup.protection.create);
  await page.getByText(words.setup.kit.why).waitFor();
};
const toFirstBackup: Step = async (page, words) => {
  await toKit(page, words);
  for (const box of await page.getByRole('textbox').all()) await box.fill('7K2MQ');
  await click(page, words.setup.kit.confirm);
  await click(page, words.common.action.next);
};

export const setupStates: readonly ScreenState[] = [
  {
    name: 'setup-source-searching',
    answers: { ...firstStart, findSources: 'never' },
    reach: toSource,
  },
  { name: 'setup-source-found', answers: firstStart, reach: toSource },
  {
    name: 'setup-source-none-found',
    answers: { ...firstStart, findSources: { value: { found: [], isComplete: true } } },
    reach: toSource,
  },
  {
    name: 'setup-source-chosen-with-warnings',
    answers: {
      ...firstStart,
      inspectSource: {
        value: {
          ...sampleSource,
          kind: 'raw',
          format: 'damaged SQLite database',
          tables: null,
          detail: 'file is not a database',
          protectedBy: { plan: planId, name: 'kunden' },
        },
      },
    },
    reach: async (page, words) => {
      await toSource(page, words);
      await click(page, `${words.setup.source.add} ${crmPath}`);
      await page.getByText(words.setup.source.chosen).waitFor();
    },
  },
  {
    name: 'setup-source-unreadable',
    answers: {
      ...firstStart,
      inspectSource: { failure: { code: 'source-unreadable', path: crmPath, detail: 'EACCES' } },
    },
    reach: async (page, words) => {
      await toSource(page, words);
      await click(page, `${words.setup.source.add} ${crmPath}`);
      await page.getByRole('group').or(page.getByText('EACCES')).first().waitFor();
    },
  },
  { name: 'setup-place', answers: firstStart, reach: toPlace },
  {
    name: 'setup-place-own-disk',
    answers: {
      ...firstStart,
      testPlace: {
        value: {
          ...goodPlace,
          isOwnDisk: true,
          vaults: [{ vault: sampleProtection.kit.vault, path: 'E:\\Holdfast\\alt' }],
        },
      },
    },
    reach: async (page, words) => {
      await toPlace(page, words);
      await click(page, `${words.setup.source.add} ${usbPath}`);
      await page.getByText(words.setup.place.passed).waitFor();
    },
  },
  {
    name: 'setup-place-read-only',
    answers: {
      ...firstStart,
      testPlace: { value: { ...goodPlace, failure: { code: 'place-read-only', place: usbPath } } },
    },
    reach: async (page, words) => {
      await toPlace(page, words);
      await click(page, `${words.setup.source.add} ${usbPath}`);
      await page.getByText(usbPath).nth(1).waitFor();
    },
  },
  {
    name: 'setup-place-share-refused',
    answers: {
      ...firstStart,
      testPlace: {
        value: {
          ...goodPlace,
          failure: { code: 'share-refused', place: sharePath, user: 'anna.weber' },
        },
      },
    },
    reach: async (page, words) => {
      await fillShare(page, words);
      await page.getByText(/anna\.weber/u).waitFor();
    },
  },
  {
    name: 'setup-place-share-passed',
    answers: firstStart,
    reach: async (page, words) => {
      await fillShare(page, words);
      await page.getByText(words.setup.place.passed).waitFor();
    },
  },
  {
    name: 'setup-place-several',
    answers: firstStart,
    reach: async (page, words) => {
      await toPlace(page, words);
      await click(page, `${words.setup.source.add} ${usbPath}`);
      await page.getByText(words.setup.place.passed).waitFor();
      await click(page, words.setup.place.addAnother);
      await page.getByLabel(words.setup.place.path).fill('F:\\Kopien');
      await click(page, words.setup.place.test);
      await page.getByText(words.setup.place.passed).waitFor();
      await page.getByRole('checkbox', { name: words.setup.place.takeTurns }).check();
    },
  },
  { name: 'setup-schedule', answers: firstStart, reach: toSchedule },
  { name: 'setup-protection', answers: firstStart, reach: toProtection },
  {
    name: 'setup-protection-own-passphrase',
    answers: firstStart,
    reach: async (page, words) => {
      await toProtection(page, words);
      await page.getByRole('radio', { name: words.setup.protection.own }).click();
      await page
        .getByLabel(words.setup.protection.passphrase, { exact: false })
        .last()
        .fill('sommer2024');
      await page.getByLabel(words.setup.protection.again, { exact: false }).fill('sommer202');
      await page.getByRole('progressbar').waitFor();
    },
  },
  {
    name: 'setup-protection-failed',
    answers: {
      ...firstStart,
      protect: { failure: { code: 'place-full', place: usbPath, neededBytes: 2e6 } },
    },
    reach: async (page, words) => {
      await toProtection(page, words);
      await page.getByRole('radio', { name: words.setup.protection.made }).click();
      await page.getByText('otter-lantern').waitFor();
      await click(page, words.setup.protection.create);
      await page.getByText(usbPath).waitFor();
    },
  },
  { name: 'setup-kit', answers: firstStart, reach: toKit },
  {
    name: 'setup-kit-wrong-groups',
    answers: {
      ...firstStart,
      confirmKit: { value: { isConfirmed: false, wrong: [0, 1, 2, 3, 4, 5, 6, 7] } },
    },
    reach: async (page, words) => {
      await toKit(page, words);
      for (const box of await page.getByRole('textbox').all()) await box.fill('XXXXX');
      await click(page, words.setup.kit.confirm);
      await page.getByText(words.setup.kit.groupWrong).first().waitFor();
    },
  },
  { name: 'setup-first-backup', answers: firstStart, reach: toFirstBackup },
  {
    name: 'setup-first-backup-running',
    answers: {
      ...firstStart,
      runPlan: 'never',
      jobs: { value: { jobs: [runningBackup] } },
    },
    reach: async (page, words) => {
      await toFirstBackup(page, words);
      await page.getByRole('progressbar').waitFor();
    },
  },
  {
    name: 'setup-first-backup-done',
    answers: { ...firstStart, runPlan: { value: backup }, drill: { value: drill } },
    reach: async (page, words) => {
      await toFirstBackup(page, words);
      await click(page, words.setup.firstBackup.start);
      await page.getByText(words.setup.firstBackup.done).waitFor();
    },
  },
  {
    name: 'setup-first-backup-failed',
    answers: {
      ...firstStart,
      runPlan: { failure: { code: 'source-busy', path: crmPath, detail: 'it is locked' } },
    },
    reach: async (page, words) => {
      await toFirstBackup(page, words);
      await click(page, words.setup.firstBackup.start);
      await page.getByRole('button', { name: words.common.action.tryAgain }).waitFor();
    },
  },
];
