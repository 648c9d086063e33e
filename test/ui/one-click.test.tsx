// One-click restore on a fake bridge: it never guesses, asks once, and orders exactly what it showed.
import { screen, waitFor } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { expect, test } from 'vitest';
import type { OneClickOffer } from '../../shared/model/bring-back.ts';
import type { PlanId } from '../../shared/model/ids.ts';
import type { FakeAnswers, FakeBridge } from './fake-bridge.ts';
import { renderApp } from './render-app.tsx';
import { crmPath, planId, vaultPath } from './states/sample-answers.ts';
import { overviewOf, protectedPlan } from './states/sample-overview.ts';
import {
  inUseTarget,
  pointIdOf,
  previewOf,
  sampleResult,
  sampleTarget,
  sampleTimeline,
} from './states/sample-restore.ts';

const otherPlan = 'c'.repeat(32) as PlanId;
const offer: OneClickOffer = {
  plan: planId,
  planName: 'kunden',
  preview: previewOf(sampleTarget),
  obstacle: null,
};
const other: OneClickOffer = { ...offer, plan: otherPlan, planName: 'Filiale' };

const open = (
  offers: readonly OneClickOffer[],
  plan: PlanId | null = null,
  answers: FakeAnswers = {},
): FakeBridge =>
  renderApp(
    {
      overview: { value: overviewOf([protectedPlan]) },
      oneClick: { value: { offers } },
      bringBack: { value: sampleResult },
      timeline: { value: sampleTimeline },
      previewBringBack: { value: previewOf(sampleTarget) },
      ...answers,
    },
    { kind: 'one-click', plan },
  );
const user = userEvent.setup();
const press = async (name: string | RegExp): Promise<void> =>
  user.click(await screen.findByRole('button', { name }));
const title = async (name: string): Promise<HTMLElement> =>
  screen.findByRole('heading', { level: 1, name });
const ask = (bridge: FakeBridge, name: string): readonly unknown[] =>
  bridge.calls.filter((call) => call.name === name).map(({ input }) => input);

test('one confirmation names the CRM, the file, the point and what will differ', async () => {
  const bridge = open([offer]);
  const heading = await title('Bring it back as it was?');
  expect(document.activeElement).toBe(heading);
  expect(screen.getAllByText('kunden').length).toBeGreaterThan(0);
  expect(screen.getByText(crmPath)).toBeTruthy();
  expect(screen.getByText(/^Restore point of .*2026/u)).toBeTruthy();
  expect(screen.getByText('412 contacts come back')).toBeTruthy();
  expect(ask(bridge, 'bringBack')).toEqual([]);
  await press('Bring back');
  await title('It is back');
  expect(ask(bridge, 'bringBack')).toEqual([
    {
      plan: planId,
      point: pointIdOf(1),
      what: { kind: 'everything' },
      where: { kind: 'in-place' },
      goOnWithoutUndo: false,
    },
  ]);
});

test('of several CRMs none is guessed; the one that was chosen comes back', async () => {
  const bridge = open([offer, other]);
  await title('Which CRM shall come back?');
  expect(screen.queryByRole('button', { name: 'Bring back' })).toBeNull();
  expect(screen.getByRole('button', { name: 'Next' })).toHaveProperty('disabled', true);
  await user.click(screen.getByRole('radio', { name: /Filiale/u }));
  await press('Next');
  await press('Bring back');
  await title('It is back');
  expect(ask(bridge, 'bringBack')).toMatchObject([{ plan: otherPlan }]);
});

test('asked for one plan, no other is shown', async () => {
  open([offer, other], otherPlan);
  await title('Bring it back as it was?');
  expect(screen.getByText('Filiale')).toBeTruthy();
});

test('what was confirmed stays on the screen when the agent tells of something new', async () => {
  const bridge = open([offer]);
  await press('Bring back');
  await title('It is back');
  bridge.answer({ oneClick: { value: { offers: [{ ...offer, preview: null }] } } });
  bridge.emit({ kind: 'changed', topics: ['overview', 'runs'] });
  await waitFor(() => expect(ask(bridge, 'oneClick')).toHaveLength(2));
  expect(await title('It is back')).toBeTruthy();
});

test('the offer is asked anew at each entry, and an old one is never shown', async () => {
  const bridge = open([offer]);
  await title('Bring it back as it was?');
  await press('Home');
  await title('Protected');
  bridge.answer({ oneClick: 'never' });
  bridge.emit({ kind: 'open', screen: { kind: 'one-click', plan: null } });
  await waitFor(() => expect(ask(bridge, 'oneClick')).toHaveLength(2));
  expect(screen.queryByRole('button', { name: 'Bring back' })).toBeNull();
});

test('without a good point it says why, and leads to the guided way', async () => {
  open([{ ...offer, preview: null }]);
  expect(
    await screen.findByText('There is no restore point that is known to be good.'),
  ).toBeTruthy();
  await press('Choose step by step');
  await title('What happened?');
});

test('a missing passphrase is asked for, and the offer is there after it', async () => {
  const locked = {
    ...offer,
    preview: null,
    obstacle: { code: 'key-needed', place: vaultPath },
  } as const;
  const bridge = open([locked], null, { unlock: { value: { isRemembered: false } } });
  await user.type(await screen.findByLabelText('Passphrase or recovery key'), 'otter');
  bridge.answer({ oneClick: { value: { offers: [offer] } } });
  await press('Open the copies');
  await title('Bring it back as it was?');
});

test('a file in use is said before, and waited for after the yes', async () => {
  const bridge = open([{ ...offer, preview: previewOf(inUseTarget) }], null, {
    previewBringBack: { value: previewOf(inUseTarget) },
  });
  expect(await screen.findByText('Open in KundenPlus.exe')).toBeTruthy();
  await press('Bring back');
  await title('The file must be free');
  expect(ask(bridge, 'bringBack')).toEqual([]);
  await press('Cancel');
  await title('Bring it back as it was?');
});

test('where the present state cannot be kept, it goes on only after that was said', async () => {
  const noUndo = {
    ...sampleTarget,
    obstacle: { code: 'no-safety-point', path: crmPath, detail: 'no room' },
  } as const;
  const bridge = open([{ ...offer, preview: previewOf(noUndo) }], null, {
    previewBringBack: ({ goOnWithoutUndo }) => ({
      value: previewOf(goOnWithoutUndo ? sampleTarget : noUndo),
    }),
  });
  const box = await screen.findByRole('checkbox', { name: /cannot be undone/u });
  expect(screen.getByRole('button', { name: 'Bring back' })).toHaveProperty('disabled', true);
  await user.click(box);
  await waitFor(() =>
    expect(screen.getByRole('button', { name: 'Bring back' })).toHaveProperty('disabled', false),
  );
  await press('Bring back');
  await title('It is back');
  expect(ask(bridge, 'bringBack')).toMatchObject([{ goOnWithoutUndo: true }]);
});
