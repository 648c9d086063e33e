// A network share in setup and on Home: any spelling is one place, what is wrong stands at its field, nothing typed is lost.
import { screen, within } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { describe, expect, test } from 'vitest';
import { actionFor } from '../../renderer/home/reason-action.ts';
import { changeDraft, emptyDraft, gateOf } from '../../renderer/setup/setup-draft.ts';
import { placeOfShareForm } from '../../renderer/setup/share-form.ts';
import type { Failure } from '../../shared/model/failure.ts';
import type { PlanOverview } from '../../shared/model/overview.ts';
import type { FakeBridge } from './fake-bridge.ts';
import { renderApp } from './render-app.tsx';
import { sampleRun } from './states/history-states.ts';
import { crmPath, goodPlace, vaultId } from './states/sample-answers.ts';
import { overviewOf, protectedPlan } from './states/sample-overview.ts';
import { firstStart } from './states/setup-states.ts';

const user = userEvent.setup({ delay: null });
const place = 'smb://anna@nas/copies';
const refused: Failure = { code: 'share-refused', place, user: 'anna' };
const press = async (name: string): Promise<void> =>
  user.click(await screen.findByRole('button', { name }));
const asked = (bridge: FakeBridge, name: string): readonly unknown[] =>
  bridge.calls.filter((call) => call.name === name).map(({ input }) => input);

describe('what is typed', () => {
  test.each([
    ['smb://nas/copies', 'anna', place],
    ['nas/copies', 'anna', place],
    ['\\\\NAS\\copies', 'anna', place],
    ['smb://anna@nas/copies/', '', place],
    ['smb://anna@nas/copies', 'OFFICE\\bert', 'smb://OFFICE;bert@nas/copies'],
    ['\\\\nas\\copies\\our crm', '', 'smb://nas/copies/our%20crm'],
  ])('%s and user "%s" is %s', (address, typedUser, meant) => {
    expect(placeOfShareForm({ address, user: typedUser, password: '' })).toEqual({ place: meant });
  });

  test.each([
    ['smb://anna:secret@nas/copies', '', 'address'],
    ['nas', '', 'address'],
    ['nas/copies', 'anna:secret', 'user'],
  ])('%s and user "%s": the %s is not sound', (address, typedUser, wrong) => {
    expect(placeOfShareForm({ address, user: typedUser, password: '' })).toEqual({ wrong });
  });

  test('another password after a test has to be tested again', () => {
    const before = { address: 'nas/copies', user: 'anna', password: 'old' };
    const tested = [
      { kind: 'share', share: before } as const,
      { kind: 'place', place } as const,
      { kind: 'place-tested', place, test: goodPlace } as const,
      { kind: 'go', step: 'place' } as const,
    ].reduce(changeDraft, emptyDraft('UTC'));
    expect(gateOf(tested)).toEqual({ kind: 'open' });
    const share = { address: 'nas/copies', user: 'anna', password: 'new' };
    expect(gateOf(changeDraft(tested, { kind: 'share', share })).kind).toBe('missing');
  });
});

async function toPlaceStep(bridge: FakeBridge): Promise<FakeBridge> {
  await press(`Choose ${crmPath}`);
  await press('Next');
  await screen.findByText('Network address');
  return bridge;
}

describe('step 2', () => {
  test('a password that the server refuses is said at its field; typed anew, the place works', async () => {
    const failing = { value: { ...goodPlace, failure: refused } };
    const bridge = renderApp({ ...firstStart, testPlace: failing }, { kind: 'setup' });
    await toPlaceStep(bridge);
    await user.type(screen.getByLabelText('Address'), 'nas/copies');
    await user.type(screen.getByLabelText('User'), 'anna');
    await user.type(screen.getByLabelText('Password of the share'), 'old');
    await press('Connect and test');
    await screen.findByText(/does not let anna in/u);
    expect(asked(bridge, 'testPlace')).toMatchObject([{ path: place, sharePassword: 'old' }]);
    expect(screen.getByLabelText<HTMLInputElement>('Address').value).toBe('nas/copies');

    bridge.answer({ testPlace: { value: goodPlace } });
    await user.clear(screen.getByLabelText(/Password of the share/u));
    await user.type(screen.getByLabelText(/Password of the share/u), 'new');
    expect(screen.queryByText(/does not let anna in/u)).toBeNull();
    await press('Connect and test');
    await screen.findByText('This place works');
    expect(asked(bridge, 'testPlace')[1]).toMatchObject({ path: place, sharePassword: 'new' });
  });

  test('an address that is none is said before anything is asked', async () => {
    const bridge = renderApp(firstStart, { kind: 'setup' });
    await toPlaceStep(bridge);
    await user.type(screen.getByLabelText('Address'), 'smb://anna:secret@nas/copies');
    await press('Connect and test');
    await screen.findByText(/This is no address of a share/u);
    expect(asked(bridge, 'testPlace')).toEqual([]);
  });
});

test('an address that is typed as a folder stays there', async () => {
  await toPlaceStep(renderApp(firstStart, { kind: 'setup' }));
  const folder = await screen.findByLabelText<HTMLInputElement>('Folder for the copies');
  await user.type(folder, place);
  expect(folder.value).toBe(place);
});

test('on a new computer, copies on a share are found by address and password', async () => {
  const copies = [{ vault: vaultId, path: `${place}/CRM` }];
  const bridge = renderApp(
    { testPlace: { value: { ...goodPlace, vaults: copies } }, connect: 'never' },
    { kind: 'connect' },
  );
  await user.type(await screen.findByLabelText('Address'), 'nas/copies');
  await user.type(screen.getByLabelText('User'), 'anna');
  await user.type(screen.getByLabelText('Password of the share'), 'of the share');
  await press('Connect and test');
  await user.type(await screen.findByLabelText(/^Passphrase or recovery key/u), 'otter');
  await press('Open the copies');
  expect(asked(bridge, 'testPlace')).toMatchObject([
    { path: place, sharePassword: 'of the share' },
  ]);
  await expect
    .poll(() => asked(bridge, 'connect'))
    .toEqual([{ place: `${place}/CRM`, secret: 'otter', remember: true }]);
});

describe('Home', () => {
  const onShare: PlanOverview = {
    ...protectedPlan,
    places: protectedPlan.places.map((each) => ({ ...each, path: place, isHere: false })),
  };

  test('a share that is not connected is no reason to look for it', () => {
    const status = {
      kind: 'attention',
      proved: [],
      reasons: [{ code: 'place-unseen', place, seenAtMs: 1, limitMs: 1 }],
    } as unknown as PlanOverview['status'];
    expect(actionFor({ ...onShare, status })).toEqual({ kind: 'back-up' });
  });

  test('a password that is no longer valid is asked for, tried, and a backup made', async () => {
    const failed: PlanOverview = {
      ...onShare,
      lastRun: sampleRun(1, { state: 'failed', failure: refused }),
    };
    const bridge = renderApp({
      overview: { value: overviewOf([failed]) },
      giveSharePassword: { value: { isTried: true, isRemembered: true } },
      runPlan: 'never',
    });
    await press('Enter the password of the share');
    const dialog = await screen.findByRole('dialog');
    await user.type(within(dialog).getByLabelText('Password of the share'), 'new one');
    await user.click(within(dialog).getByRole('button', { name: 'Connect and back up' }));
    await expect.poll(() => asked(bridge, 'runPlan')).toHaveLength(1);
    expect(asked(bridge, 'giveSharePassword')).toEqual([
      { plan: failed.plan.id, password: 'new one' },
    ]);
  });

  test('where the share is connected meanwhile, that the password was not tried is said before the backup', async () => {
    const failed: PlanOverview = {
      ...onShare,
      lastRun: sampleRun(1, { state: 'failed', failure: refused }),
    };
    const bridge = renderApp({
      overview: { value: overviewOf([failed]) },
      giveSharePassword: { value: { isTried: false, isRemembered: false } },
      runPlan: 'never',
    });
    await press('Enter the password of the share');
    const dialog = within(await screen.findByRole('dialog'));
    await user.type(dialog.getByLabelText('Password of the share'), 'new one');
    await user.click(dialog.getByRole('button', { name: 'Connect and back up' }));
    expect((await dialog.findByRole('status')).textContent).toContain('was not tried');
    expect(asked(bridge, 'runPlan')).toEqual([]);
    await user.click(dialog.getByRole('button', { name: 'Back up' }));
    await expect.poll(() => asked(bridge, 'runPlan')).toHaveLength(1);
    expect(asked(bridge, 'giveSharePassword')).toHaveLength(1);
  });
});
