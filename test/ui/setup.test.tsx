// Setup on a fake bridge: what is missing is said, nothing made is lost, and a plan that is made is left behind.
import { screen, waitFor } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { expect, test } from 'vitest';
import type { InspectedSource } from '../../shared/model/setup.ts';
import type { FakeAnswers, FakeBridge } from './fake-bridge.ts';
import { renderApp } from './render-app.tsx';
import { crmPath, sampleProtection, sampleSource, usbPath } from './states/sample-answers.ts';
import { overviewOf, protectedPlan } from './states/sample-overview.ts';
import { firstStart } from './states/setup-states.ts';

const user = userEvent.setup({ delay: null });

const open = (answers: FakeAnswers = {}): FakeBridge =>
  renderApp({ ...(firstStart as FakeAnswers), ...answers }, { kind: 'setup' });
const press = async (name: string): Promise<void> =>
  user.click(await screen.findByRole('button', { name }));
const title = async (name: string): Promise<HTMLElement> =>
  screen.findByRole('heading', { level: 1, name });
const held = (bridge: FakeBridge): unknown =>
  bridge.calls.findLast(({ name }) => name === 'holdWindow')?.input;
/** Why the way on is closed, as a screen reader says it; null: it is open. */
const whyNot = async (way: string): Promise<string | null> => {
  const button = await screen.findByRole('button', { name: way });
  if (button.getAttribute('aria-disabled') !== 'true') return null;
  return document.getElementById(button.getAttribute('aria-describedby') ?? '')?.textContent ?? '';
};

const chooseSource = async (): Promise<void> => {
  await press(`Choose ${crmPath}`);
  await screen.findByText(/4 tables/u);
};
const toProtection = async (): Promise<void> => {
  await chooseSource();
  await press('Next');
  await press(`Choose ${usbPath}`);
  await screen.findByText('This place works');
  await press('Next');
  await press('Next');
  await title('Protection');
};
const toKit = async (): Promise<void> => {
  await toProtection();
  await makeKit();
};
const makeKit = async (): Promise<void> => {
  await user.click(screen.getByRole('radio', { name: 'One made for me' }));
  await screen.findByText(/otter-lantern/u);
  await press('Create the folder for the copies');
  await title('Protection');
  await screen.findByText('Your recovery key');
};
const confirmKit = async (): Promise<void> => {
  for (const box of screen.getAllByRole('textbox')) await user.type(box, '7K2MQ');
  await press('Confirm');
  await screen.findByText(/You have the recovery key/u);
};

test('each closed way on says why', async () => {
  open();
  expect(await whyNot('Next')).toBe('Choose the data of your CRM first.');
  await chooseSource();
  expect(await whyNot('Next')).toBeNull();
  await press('Next');
  expect(await whyNot('Next')).toBe('Choose a place for the copies first.');
  await press('Next');
  await title('Where to keep copies');
});

test('a passphrase that could not be made is said, and another one can be asked for', async () => {
  const bridge = open({ suggestPassphrase: { failure: { code: 'agent-gone' } } });
  await toProtection();
  await user.click(screen.getByRole('radio', { name: 'One made for me' }));
  expect(await screen.findByRole('button', { name: 'Another one' })).toBeTruthy();
  expect(await screen.findByText(/has to start its work again/u)).toBeTruthy();
  bridge.answer({ suggestPassphrase: { value: { passphrase: 'mango-quilt' } } });
  await press('Another one');
  expect(await screen.findByText('mango-quilt')).toBeTruthy();
  expect(screen.queryByText(/has to start its work again/u)).toBeNull();
});

test('a draft keeps the window, and so does a recovery key until it was confirmed', async () => {
  const bridge = open();
  await title('Your CRM data');
  expect(held(bridge)).toBeUndefined();
  await toProtection();
  expect(held(bridge)).toEqual({ isHeld: true });
  await makeKit();
  expect(held(bridge)).toEqual({ isHeld: true });
  await confirmKit();
  await waitFor(() => expect(held(bridge)).toEqual({ isHeld: false }));
});

test('after a plan was made and its kit confirmed, setup begins with nothing of it', async () => {
  const bridge = open();
  await toKit();
  await confirmKit();
  bridge.answer({ overview: { value: overviewOf([protectedPlan]) } });
  bridge.emit({ kind: 'changed', topics: ['overview'] });
  await press('Finish later');
  await press('Add another plan');
  await title('Your CRM data');
  expect(screen.queryByText('Will be protected')).toBeNull();
  expect(screen.queryByText(sampleProtection.kit.recoveryKey)).toBeNull();
});

test('before its kit is confirmed, setup is where it was', async () => {
  open();
  await toKit();
  await press('Finish later');
  await press('Protect my CRM');
  expect(await screen.findByText('Your recovery key')).toBeTruthy();
});

test('a damaged database is called that, not a file that is no database', async () => {
  const damaged: InspectedSource = {
    ...sampleSource,
    kind: 'raw',
    format: 'damaged SQLite database',
    tables: null,
    detail: 'file is not a database',
  };
  open({ inspectSource: { value: damaged } });
  await press(`Choose ${crmPath}`);
  expect(await screen.findByText(/^Damaged database/u)).toBeTruthy();
  expect(screen.getByText(/^This database is damaged/u)).toBeTruthy();
  expect(screen.queryByText(/not a database that is known/u)).toBeNull();
});

test('a table of dBase is chosen with a warning about its memo, and who has an Access database open is named', async () => {
  const table: InspectedSource = {
    ...sampleSource,
    kind: 'page-file',
    format: 'dBase table',
    tables: null,
    heldBy: null,
    lock: { file: 'kunden.ldb', users: [{ computer: 'EMPFANG', user: 'Petra' }] },
    companions: ['KUNDEN.DBT', 'KUNDEN.CDX'],
    isCutShort: true,
  };
  open({ inspectSource: { value: table } });
  await press(`Choose ${crmPath}`);
  expect(await screen.findByText(/on PC EMPFANG by user Petra/u)).toBeTruthy();
  expect(screen.getByText(/Only together with KUNDEN\.DBT, KUNDEN\.CDX is it whole/u)).toBeTruthy();
  expect(screen.getByText(/its end may be missing/u)).toBeTruthy();
  expect(screen.getByText(/a restore test compares its bytes/u)).toBeTruthy();
});
