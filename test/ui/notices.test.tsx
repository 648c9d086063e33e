import { screen, waitFor, within } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { screenOfNotice } from '../../shared/ipc/screen-of-notice.ts';
import type { AppNotice } from '../../shared/model/app-notice.ts';
import type { FakeBridge } from './fake-bridge.ts';
import { renderApp } from './render-app.tsx';
import { planId } from './states/sample-answers.ts';
import { sampleNotices } from './states/notices-states.ts';
import { overviewOf, protectedPlan } from './states/sample-overview.ts';

const user = userEvent.setup({ delay: null });
const [loss, failedRun] = sampleNotices as [AppNotice, AppNotice];

const open = async (notices: readonly AppNotice[]): Promise<FakeBridge> => {
  const bridge = renderApp({
    overview: { value: overviewOf([protectedPlan]) },
    notices: { value: { notices } },
    dismissNotice: { value: {} },
    runs: { value: { runs: [], hasMore: false } },
  });
  await user.click(await screen.findByLabelText(`Notices: ${notices.length}`));
  await screen.findByRole('dialog');
  return bridge;
};

test('the bell counts what needs the user, at once', async () => {
  const bridge = renderApp({ overview: { value: overviewOf([protectedPlan]) } });
  await screen.findByLabelText('Notices: 0');
  bridge.answer({ notices: { value: { notices: sampleNotices } } });
  bridge.emit({ kind: 'changed', topics: ['notices'] });
  expect(await screen.findByLabelText(`Notices: ${sampleNotices.length}`)).toBeTruthy();
});

test('nothing to tell is said', async () => {
  await open([]);
  expect(screen.getByText('No notices. Nothing needs you.')).toBeTruthy();
});

test('a notice is told in words and dismissed', async () => {
  const bridge = await open(sampleNotices);
  const item = screen.getByText('kunden: data has disappeared').closest('li');
  expect(item?.textContent).toMatch(/412 rows are missing from contacts/u);
  await user.click(within(item as HTMLElement).getByText('Dismiss'));
  expect(bridge.calls.at(-1)).toEqual({ name: 'dismissNotice', input: { notice: loss.id } });
});

test('all are dismissed at once', async () => {
  const bridge = await open(sampleNotices);
  await user.click(screen.getByText('Dismiss all'));
  expect(bridge.calls.at(-1)).toEqual({ name: 'dismissNotice', input: { notice: null } });
});

test('a notice opens the screen that it names', async () => {
  const bridge = await open([failedRun]);
  await user.click(screen.getByText('Show in the history'));
  await screen.findByRole('heading', { level: 1, name: 'History' });
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  expect(bridge.calls.some(({ name }) => name === 'runs')).toBe(true);
});

test('with what it tells of', () => {
  expect(screenOfNotice(loss)).toEqual({ kind: 'bring-back', plan: planId });
  expect(screenOfNotice(failedRun)).toEqual({ kind: 'history', run: '6'.repeat(32) });
});
