// Settings: usual and unusual values, one plan and many, and the dialogs for secrets and deletion.
import type { Page } from 'playwright-core';
import { defaultSettings } from '../../../shared/model/settings.ts';
import type { ScreenState, ScreenWords, StillAnswers } from '../screen-state.ts';
import { samplePlan, sampleProtection, sampleShellInfo, vaultPath } from './sample-answers.ts';
import { overviewOf, protectedPlan, renamed } from './sample-overview.ts';

const english = { ...defaultSettings, language: 'en' } as const;
const answers: StillAnswers = { overview: { value: overviewOf([protectedPlan]) } };

const custom = {
  ...samplePlan,
  paused: { untilMs: null },
  schedule: {
    kind: 'times',
    timesOfDay: ['07:45', '10:00', '12:30', '15:15', '18:00', '22:30'],
    days: [1, 2, 3, 4, 5],
    zone: 'Europe/Berlin',
  },
  actions: {
    before: {
      command: ['systemctl', 'stop', 'kundenplus-server-with-a-long-name.service'],
      timeLimitMs: 60_000,
      onFailure: 'stop',
    },
    after: { command: ['systemctl', 'start', 'kundenplus.service'], timeLimitMs: 60_000 },
  },
  keep: { ...samplePlan.keep, last: 20, hourly: 48, withinMs: 3 * 86_400_000, yearly: 5 },
} as const;

type Step = (page: Page, words: ScreenWords) => Promise<void>;
const click = async (page: Page, name: string): Promise<void> =>
  page.getByRole('button', { name, exact: true }).click();
const toSettings: Step = async (page, words) => {
  await click(page, words.common.nav.settings);
  await page.getByText(words.settings.plans.title).waitFor();
};
const toPlan: Step = async (page, words) => {
  await toSettings(page, words);
  await page.getByText(words.settings.plans.secrets).scrollIntoViewIfNeeded();
};
const toPassphrase: Step = async (page, words) => {
  await toSettings(page, words);
  await click(page, words.settings.plans.passphrase);
};
const toRecoveryKey: Step = async (page, words) => {
  await toSettings(page, words);
  await click(page, words.settings.plans.recoveryKey);
  await page.getByLabel(words.settings.recoveryKey.current).fill('otter-lantern-violet');
  await click(page, words.settings.recoveryKey.submit);
};

export const settingsStates: readonly ScreenState[] = [
  { name: 'settings-usual', answers, reach: toSettings },
  { name: 'settings-plan', answers, reach: toPlan },
  {
    name: 'settings-loading',
    answers: { overview: 'never' },
    reach: toSettings,
  },
  {
    name: 'settings-failed',
    answers: { overview: { failure: { code: 'agent-gone' } } },
    reach: toSettings,
  },
  {
    name: 'settings-no-plan',
    answers: { overview: { value: overviewOf([]) } },
    reach: toSettings,
  },
  {
    name: 'settings-unusual',
    answers: {
      ...answers,
      settings: {
        value: {
          ...english,
          quietHours: { from: '22:00', to: '06:00' },
          batteryAtLeastPercent: 35,
          notices: { problems: false, weekly: false },
        },
      },
      shellInfo: { value: { ...sampleShellInfo, signInStart: 'switched-off-by-system' } },
    },
    reach: toSettings,
  },
  {
    name: 'settings-saved',
    answers: { ...answers, changeSettings: { value: english } },
    reach: async (page, words) => {
      await toSettings(page, words);
      await page.getByRole('switch', { name: words.settings.notices.weekly }).click();
      await page.getByText(words.settings.saved).waitFor();
    },
  },
  {
    name: 'settings-not-saved',
    answers: {
      ...answers,
      changeSettings: {
        failure: { code: 'unexpected', detail: 'ENOSPC: no space left on device' },
      },
    },
    reach: async (page, words) => {
      await toSettings(page, words);
      await page.getByRole('switch', { name: words.settings.general.signIn }).click();
      await page.getByText('ENOSPC').waitFor();
    },
  },
  {
    name: 'settings-plan-custom',
    answers: { overview: { value: overviewOf([{ ...protectedPlan, plan: custom }]) } },
    reach: toPlan,
  },
  {
    name: 'settings-many-plans',
    answers: {
      overview: {
        value: overviewOf([
          protectedPlan,
          renamed(protectedPlan, '客户资料库与合同附件（上海办公室）', '8'),
          renamed(
            protectedPlan,
            'KundenPlusServer-Datenbank-der-Niederlassung-Süd-einschliesslich-Anhänge-und-Archiv',
            '9',
          ),
        ]),
      },
    },
    reach: async (page, words) => {
      await toSettings(page, words);
      await page.getByText(words.settings.plans.add).scrollIntoViewIfNeeded();
    },
  },
  {
    name: 'settings-delete-plan',
    answers,
    reach: async (page, words) => {
      await toSettings(page, words);
      await click(page, words.settings.plans.delete);
    },
  },
  {
    name: 'settings-passphrase',
    answers: {
      ...answers,
      changePassphrase: { failure: { code: 'key-wrong', place: vaultPath } },
    },
    reach: async (page, words) => {
      await toPassphrase(page, words);
      const { current, next, again, submit } = words.settings.passphrase;
      await page.getByLabel(current).fill('sommer2024');
      await page.getByLabel(next, { exact: true }).fill('otter-lantern-violet');
      await page.getByLabel(again).fill('otter-lantern-violet');
      await click(page, submit);
      await page.getByRole('alert').first().waitFor();
    },
  },
  {
    name: 'settings-passphrase-changed',
    answers: { ...answers, changePassphrase: { value: { isRemembered: false } } },
    reach: async (page, words) => {
      await toPassphrase(page, words);
      const { current, next, again, submit, done } = words.settings.passphrase;
      await page.getByLabel(current).fill('sommer2024');
      await page.getByLabel(next, { exact: true }).fill('otter-lantern-violet');
      await page.getByLabel(again).fill('otter-lantern-violet');
      await click(page, submit);
      await page.getByText(done).waitFor();
    },
  },
  {
    name: 'settings-recovery-key',
    answers: { ...answers, newRecoveryKey: { value: sampleProtection.kit } },
    reach: async (page, words) => {
      await toRecoveryKey(page, words);
      await page.getByText(words.settings.recoveryKey.unconfirmed).waitFor();
    },
  },
  {
    name: 'settings-recovery-key-refused',
    answers: { ...answers, newRecoveryKey: { failure: { code: 'key-wrong', place: vaultPath } } },
    reach: async (page, words) => {
      await toRecoveryKey(page, words);
      await page.getByRole('alert').first().waitFor();
    },
  },
];
