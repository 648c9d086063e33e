import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { describe, expect, test } from 'vitest';
import { keepPresetOf, keepRulesOfPreset } from '../../renderer/ui/keep-presets.ts';
import { splitInterval } from '../../renderer/ui/interval-editor.tsx';
import { parseWhole } from '../../renderer/ui/number-field.tsx';
import { schedulePresetOf, scheduleOfPreset } from '../../renderer/ui/schedule-presets.ts';
import type { CallRequest } from '../../shared/ipc/contract.ts';
import { keepEverything, keepRulesSchema } from '../../shared/model/keep-rules.ts';
import { scheduleSchema } from '../../shared/model/schedule.ts';
import { defaultSettings, type Settings } from '../../shared/model/settings.ts';
import type { FakeAnswers, FakeBridge } from './fake-bridge.ts';
import { renderApp } from './render-app.tsx';
import {
  planId,
  samplePlan,
  sampleProtection,
  sampleShellInfo,
  vaultPath,
} from './states/sample-answers.ts';
import { overviewOf, protectedPlan } from './states/sample-overview.ts';

const user = userEvent.setup({ delay: null });

const open = async (more: FakeAnswers = {}): Promise<FakeBridge> => {
  const bridge = renderApp(
    {
      overview: { value: overviewOf([protectedPlan]) },
      changeSettings: (part: CallRequest<'changeSettings'>) => ({
        // Absent and undefined are the same to a spread of these.
        value: { ...defaultSettings, ...part } as Settings,
      }),
      changePlan: { value: samplePlan },
      ...more,
    },
    { kind: 'settings' },
  );
  await screen.findByLabelText('Name');
  await screen.findByLabelText('Language');
  return bridge;
};
const lastOrder = (bridge: FakeBridge, name: string): unknown =>
  bridge.calls.findLast((call) => call.name === name)?.input;

describe('settings of the app', () => {
  test.each([
    ['Start at sign-in', { startAtSignIn: false }],
    ['Quiet hours', { quietHours: { from: '09:00', to: '11:00' } }],
    ['Wait on battery', { batteryAtLeastPercent: null }],
    ['Tell me when something needs me', { notices: { problems: false, weekly: true } }],
    ['Once a week, tell me that all is fine', { notices: { problems: true, weekly: false } }],
  ])('%s is saved at once', async (label, part) => {
    const bridge = await open();
    await user.click(screen.getByLabelText(label));
    expect(lastOrder(bridge, 'changeSettings')).toEqual(part);
    expect(await screen.findByText('Saved')).toBeTruthy();
  });

  test('language and appearance are saved at once, and the window speaks it', async () => {
    const bridge = await open();
    await user.selectOptions(screen.getByLabelText('Appearance'), 'Dark');
    expect(lastOrder(bridge, 'changeSettings')).toEqual({ theme: 'dark' });
    await user.selectOptions(screen.getByLabelText('Language'), '简体中文');
    expect(await screen.findByRole('heading', { level: 1, name: '设置' })).toBeTruthy();
  });

  test('what could not be saved is said', async () => {
    await open({ changeSettings: { failure: { code: 'unexpected', detail: 'ENOSPC' } } });
    await user.click(screen.getByLabelText('Start at sign-in'));
    expect(await screen.findByText(/ENOSPC/u)).toBeTruthy();
    expect(screen.queryByText('Saved')).toBeNull();
  });

  test('quiet hours that begin when they end are refused at the field', async () => {
    const quietHours = { from: '22:00', to: '06:00' };
    const bridge = await open({ settings: { value: { ...defaultSettings, quietHours } } });
    fireEvent.change(screen.getByLabelText('Until'), { target: { value: '22:00' } });
    expect(await screen.findByText('Choose two different times')).toBeTruthy();
    expect(lastOrder(bridge, 'changeSettings')).toBeUndefined();
    fireEvent.change(screen.getByLabelText('Until'), { target: { value: '07:00' } });
    await waitFor(() =>
      expect(lastOrder(bridge, 'changeSettings')).toEqual({
        quietHours: { from: '22:00', to: '07:00' },
      }),
    );
  });

  test('a percentage that is none stays at the field and is not saved', async () => {
    const bridge = await open();
    const field = screen.getByLabelText<HTMLInputElement>('Wait below');
    fireEvent.change(field, { target: { value: '200' } });
    expect(await screen.findByText('A whole number from 0 to 100')).toBeTruthy();
    expect(field.value).toBe('200');
    expect(lastOrder(bridge, 'changeSettings')).toBeUndefined();
  });

  test('a start at sign-in that the system switched off is explained', async () => {
    await open({
      shellInfo: {
        value: {
          ...sampleShellInfo,
          version: '7.8.9',
          signInStart: 'switched-off-by-system',
        },
      },
    });
    expect(await screen.findByText(/does not override/u)).toBeTruthy();
    expect(screen.getByText('Holdfast 7.8.9')).toBeTruthy();
  });
});

describe('a plan', () => {
  test('is renamed when its field is left, and not to nothing', async () => {
    const bridge = await open();
    const name = screen.getByLabelText('Name');
    await user.clear(name);
    expect(await screen.findByText('Give the plan a name')).toBeTruthy();
    await user.tab();
    expect(lastOrder(bridge, 'changePlan')).toBeUndefined();
    await user.type(name, ' Kunden ');
    await user.tab();
    expect(lastOrder(bridge, 'changePlan')).toEqual({ plan: planId, name: 'Kunden' });
  });

  test('gets another schedule: a preset, other days, another time', async () => {
    const bridge = await open();
    await user.click(screen.getByLabelText(/^Hourly/u));
    expect(lastOrder(bridge, 'changePlan')).toEqual({
      plan: planId,
      schedule: { kind: 'interval', everyMs: 3_600_000 },
    });
    await user.click(screen.getByLabelText(/^Daily at 12:30/u));
    const [when] = screen.getAllByLabelText(/^Custom/u);
    await user.click(when as HTMLElement);
    await user.click(screen.getByLabelText('Sun'));
    fireEvent.change(screen.getByLabelText('Another time'), { target: { value: '07:15' } });
    await user.click(screen.getByText('Add'));
    expect(lastOrder(bridge, 'changePlan')).toMatchObject({
      schedule: { timesOfDay: ['07:15', '12:30', '18:00'], days: [1, 2, 3, 4, 5, 6] },
    });
    await user.click(screen.getByLabelText('12:30, remove'));
    expect(lastOrder(bridge, 'changePlan')).toMatchObject({
      schedule: { timesOfDay: ['07:15', '18:00'] },
    });
  });

  test('keeps at least one time and one day', async () => {
    const schedule = { ...samplePlan.schedule, timesOfDay: ['12:30'], days: [3] };
    const plan = { ...samplePlan, schedule } as typeof samplePlan;
    await open({ overview: { value: overviewOf([{ ...protectedPlan, plan }]) } });
    expect(screen.getByLabelText<HTMLButtonElement>('12:30, remove').disabled).toBe(true);
    expect(screen.getByLabelText<HTMLInputElement>('Wed').disabled).toBe(true);
  });

  test('shows the commands around its backups, and no way to change them here', async () => {
    const actions = {
      before: { command: ['systemctl', 'stop', 'crm'], timeLimitMs: 1000, onFailure: 'stop' },
      after: { command: ['systemctl', 'start', 'crm'], timeLimitMs: 1000 },
    } as const;
    const plan = { ...samplePlan, actions };
    await open({ overview: { value: overviewOf([{ ...protectedPlan, plan }]) } });
    expect(screen.getByText('systemctl stop crm')).toBeTruthy();
    expect(screen.getByText('systemctl start crm')).toBeTruthy();
    expect(screen.queryByDisplayValue(/systemctl/u)).toBeNull();
  });

  test('gets other keep rules: a preset, then numbers with what they mean', async () => {
    const bridge = await open();
    await user.click(screen.getByLabelText(/^Two weeks/u));
    expect(lastOrder(bridge, 'changePlan')).toEqual({
      plan: planId,
      keep: keepRulesOfPreset('short'),
    });
    await user.click(screen.getAllByLabelText(/^Custom/u).at(-1) as HTMLElement);
    fireEvent.change(screen.getByLabelText('Hours to go back to'), { target: { value: '' } });
    fireEvent.change(screen.getByLabelText('Days to go back to'), { target: { value: '7' } });
    await waitFor(() =>
      expect(lastOrder(bridge, 'changePlan')).toEqual({
        plan: planId,
        keep: { ...keepEverything, daily: 7 },
      }),
    );
    expect(screen.getByText('You can go back to each of the last 7 days.')).toBeTruthy();
    fireEvent.change(screen.getByLabelText('Days to go back to'), { target: { value: '0' } });
    expect(lastOrder(bridge, 'changePlan')).toMatchObject({ keep: { daily: 7 } });
  });

  test('is paused', async () => {
    const bridge = await open({ pause: { value: { plans: 1 } } });
    await user.click(screen.getByText('Pause'));
    expect(lastOrder(bridge, 'pause')).toEqual({ plan: planId, untilMs: null });
  });

  test('is deleted only after a question that says what stays', async () => {
    const bridge = await open({ deletePlan: 'never' });
    await user.click(screen.getByText('Delete the plan …'));
    const dialog = within(await screen.findByRole('alertdialog'));
    expect(dialog.getByText(/and the history stay/u)).toBeTruthy();
    expect(lastOrder(bridge, 'deletePlan')).toBeUndefined();
    await user.click(dialog.getByText('Delete the plan'));
    expect(lastOrder(bridge, 'deletePlan')).toEqual({ plan: planId });
  });
});

describe('secrets', () => {
  const fill = (label: string, value: string): boolean =>
    fireEvent.change(screen.getByLabelText(label), { target: { value } });

  test('the passphrase changes with the present one and twice the new one', async () => {
    const bridge = await open({ changePassphrase: { value: { isRemembered: true } } });
    await user.click(screen.getByText('Change the passphrase …'));
    fill('Present passphrase or recovery key', 'sommer2024');
    fill('New passphrase', 'otter-lantern');
    fill('The new one again', 'otter-lanter');
    const submit = screen.getByText<HTMLButtonElement>('Change it');
    expect(submit.disabled).toBe(true);
    fill('The new one again', 'otter-lantern');
    await user.click(submit);
    expect(lastOrder(bridge, 'changePassphrase')).toEqual({
      plan: planId,
      current: 'sommer2024',
      next: 'otter-lantern',
    });
    expect(await screen.findByText('The passphrase is changed')).toBeTruthy();
  });

  test('a present passphrase that is wrong is said at its field; nothing typed is lost', async () => {
    await open({ changePassphrase: { failure: { code: 'key-wrong', place: vaultPath } } });
    await user.click(screen.getByText('Change the passphrase …'));
    fill('Present passphrase or recovery key', 'winter');
    fill('New passphrase', 'otter-lantern');
    fill('The new one again', 'otter-lantern');
    await user.click(screen.getByText('Change it'));
    const current = screen.getByLabelText<HTMLInputElement>('Present passphrase or recovery key');
    await waitFor(() => expect(current.getAttribute('aria-invalid')).toBe('true'));
    expect(current.value).toBe('winter');
    expect(screen.getByLabelText<HTMLInputElement>('New passphrase').value).toBe('otter-lantern');
  });

  test('a new recovery key is shown once and confirmed', async () => {
    const bridge = await open({
      newRecoveryKey: { value: sampleProtection.kit },
      confirmKit: { value: { isConfirmed: true, wrong: [] } },
    });
    await user.click(screen.getByText('New recovery key …'));
    fill('Passphrase', 'sommer2024');
    await user.click(screen.getByText('Make a new key'));
    expect(lastOrder(bridge, 'newRecoveryKey')).toEqual({ plan: planId, current: 'sommer2024' });
    await screen.findByText('XD94A');
    await waitFor(() => expect(lastOrder(bridge, 'holdWindow')).toEqual({ isHeld: true }));
    for (const box of screen.getAllByLabelText(/^Group \d/u)) {
      fireEvent.change(box, { target: { value: 'XD94A' } });
    }
    await user.click(screen.getByText('Confirm'));
    expect(await screen.findByText('Done')).toBeTruthy();
    expect(lastOrder(bridge, 'confirmKit')).toMatchObject({ plan: planId });
    expect(lastOrder(bridge, 'holdWindow')).toEqual({ isHeld: false });
  });
});

describe('presets', () => {
  test('every preset is a sound value, and is recognised', () => {
    for (const preset of ['hourly', 'twice-a-day'] as const) {
      const schedule = scheduleOfPreset(preset, 'Europe/Berlin');
      expect(scheduleSchema.parse(schedule)).toEqual(schedule);
      expect(schedulePresetOf(schedule)).toBe(preset);
    }
    for (const preset of ['month', 'short', 'long', 'everything'] as const) {
      const rules = keepRulesOfPreset(preset);
      expect(keepRulesSchema.parse(rules)).toEqual(rules);
      expect(keepPresetOf(rules)).toBe(preset);
    }
    expect(keepPresetOf({ ...keepEverything, withinMs: 1 })).toBe('custom');
    expect(schedulePresetOf(samplePlan.schedule)).toBe('custom');
  });

  test('the unit stays while a number is typed', async () => {
    const schedule = { kind: 'interval', everyMs: 15 * 60_000 } as const;
    const plan = { ...protectedPlan, plan: { ...samplePlan, schedule } };
    const bridge = await open({ overview: { value: overviewOf([plan]) } });
    const field = screen.getByLabelText<HTMLInputElement>('Every');
    await user.clear(field);
    await user.type(field, '60');
    expect(screen.getByLabelText<HTMLSelectElement>('Unit').value).toBe('minutes');
    expect(field.value).toBe('60');
    expect(lastOrder(bridge, 'changePlan')).toEqual({
      plan: planId,
      schedule: { kind: 'interval', everyMs: 3_600_000 },
    });
  });

  test('an interval is told in its largest whole unit', () => {
    expect(
      [60_000, 5_400_000, 7_200_000, 172_800_000].map((everyMs) => splitInterval(everyMs)),
    ).toEqual([
      { count: 1, unit: 'minutes' },
      { count: 90, unit: 'minutes' },
      { count: 2, unit: 'hours' },
      { count: 2, unit: 'days' },
    ]);
  });

  test.each([
    ['12', 12],
    [' 7 ', 7],
    ['0', null],
    ['1.5', null],
    ['-3', null],
    ['1e3', null],
    ['101', null],
    ['', null],
  ])('"%s" is read as %s', (text, number) => expect(parseWhole(text, 1, 100)).toBe(number));
});
