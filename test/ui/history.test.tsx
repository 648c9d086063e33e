import { screen, waitFor, within } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { describe, expect, test } from 'vitest';
import type { CallRequest } from '../../shared/ipc/contract.ts';
import type { RunId } from '../../shared/model/ids.ts';
import type { FakeAnswers, FakeBridge } from './fake-bridge.ts';
import { renderApp } from './render-app.tsx';
import { crmPath, planId, pointId, vaultPath } from './states/sample-answers.ts';
import { sampleRun } from './states/history-states.ts';
import { openUndo, overviewOf, protectedPlan } from './states/sample-overview.ts';

const user = userEvent.setup({ delay: null });
const runs = Array.from({ length: 450 }, (_, index) => sampleRun(index));

/** A history that pages as the agent does. */
function pageOf({ beforeMs, limit, kind, state, plan }: CallRequest<'runs'>) {
  const fitting = runs.filter(
    (run) =>
      (beforeMs === null || run.startedAtMs < beforeMs) &&
      (kind === null || run.kind === kind) &&
      (state === null || run.state === state) &&
      (plan === null || run.planId === plan),
  );
  return { value: { runs: fitting.slice(0, limit), hasMore: fitting.length > limit } };
}

const open = (more: FakeAnswers = {}, run: RunId | null = null): FakeBridge =>
  renderApp(
    { overview: { value: overviewOf([protectedPlan], [openUndo]) }, runs: pageOf, ...more },
    { kind: 'history', run },
  );
const askedFor = (bridge: FakeBridge): readonly unknown[] =>
  bridge.calls.filter(({ name }) => name === 'runs').map(({ input }) => input);
const rows = async (): Promise<readonly HTMLElement[]> =>
  within(await screen.findByLabelText('Runs, newest first')).getAllByRole('listitem', {
    hidden: true,
  });
const showOne = async (run: Partial<ReturnType<typeof sampleRun>>): Promise<FakeBridge> => {
  const bridge = open({ runs: { value: { runs: [sampleRun(0, run)], hasMore: false } } });
  const [row] = await rows();
  await user.click(within(row as HTMLElement).getByRole('button', { hidden: true }));
  await screen.findByRole('dialog');
  return bridge;
};

describe('the list', () => {
  test('comes in pages, the older ones on request', async () => {
    const bridge = open();
    expect(await rows()).toHaveLength(200);
    await user.click(screen.getByText('Show older ones'));
    await waitFor(async () => expect(await rows()).toHaveLength(400));
    expect(askedFor(bridge)).toEqual([
      { kind: null, state: null, plan: null, beforeMs: null, limit: 200 },
      { kind: null, state: null, plan: null, beforeMs: runs[199]?.startedAtMs, limit: 200 },
    ]);
    await user.click(screen.getByText('Show older ones'));
    await waitFor(async () => expect(await rows()).toHaveLength(450));
    expect(screen.queryByText('Show older ones')).toBeNull();
  });

  test('is filtered by kind, result and plan', async () => {
    const bridge = open({ runs: { value: { runs: [], hasMore: false } } });
    await screen.findByRole('option', { name: 'kunden' });
    await user.selectOptions(screen.getByLabelText('What'), 'Restore test');
    await user.selectOptions(screen.getByLabelText('Result'), 'Failed');
    await user.selectOptions(screen.getByLabelText('Backup plan'), 'kunden');
    await waitFor(() =>
      expect(askedFor(bridge).at(-1)).toEqual({
        kind: 'drill',
        state: 'failed',
        plan: planId,
        beforeMs: null,
        limit: 200,
      }),
    );
    await user.click(await screen.findByText('Show everything'));
    expect(screen.getByLabelText<HTMLSelectElement>('What').value).toBe('');
  });

  test('says that it is empty', async () => {
    open({ runs: { value: { runs: [], hasMore: false } } });
    expect(await screen.findByText(/Nothing has been done yet/u)).toBeTruthy();
  });

  test('says that it could not be read, and tries again', async () => {
    const bridge = open({ runs: { failure: { code: 'agent-gone' } } });
    const again = await screen.findByText('Try again');
    bridge.answer({ runs: pageOf });
    await user.click(again);
    expect(await rows()).toHaveLength(200);
  });

  test('shows a run that ends meanwhile', async () => {
    const bridge = open({
      runs: {
        value: { runs: [sampleRun(0, { state: 'running', endedAtMs: null })], hasMore: false },
      },
    });
    await screen.findByText(/^Under way/u);
    bridge.answer({ runs: { value: { runs: [sampleRun(0)], hasMore: false } } });
    bridge.emit({ kind: 'changed', topics: ['runs'] });
    expect(await screen.findByText(/^Done/u)).toBeTruthy();
  });
});

describe('the details', () => {
  test('of a backup: figures, phases, and the number of the restore point', async () => {
    await showOne({ startedAtMs: 1000, endedAtMs: 9000 });
    const dialog = within(screen.getByRole('dialog'));
    expect(dialog.getByText('8 s')).toBeTruthy();
    expect(dialog.getByText('128 MB/s')).toBeTruthy();
    expect(dialog.getByText('Reading and storing')).toBeTruthy();
    expect(dialog.getByLabelText<HTMLInputElement>('Restore point').value).toBe(pointId);
  });

  test('of a failure: what happened and the next step', async () => {
    await showOne({ state: 'failed', failure: { code: 'place-missing', place: vaultPath } });
    expect(screen.getByText(/Connect the disk/u)).toBeTruthy();
  });

  test('of a run with problems: each of them', async () => {
    const detail = 'it is locked';
    await showOne({
      state: 'partial',
      problems: [
        { failure: { code: 'source-busy', path: crmPath, detail } },
        { failure: { code: 'source-missing', path: 'C:\\x' } },
      ],
    });
    const list = within(screen.getByRole('dialog')).getByRole('list');
    expect(within(list).getAllByRole('listitem')).toHaveLength(2);
    expect(within(list).getByText(/it is locked/u)).toBeTruthy();
  });

  test('of commands around a backup: how each ended, what it said, and that one was late', async () => {
    const at = { startedAtMs: 1000, durationMs: 2000 };
    const [stop, start] = [
      ['systemctl', 'stop', 'crm'],
      ['systemctl', 'start', 'the crm'],
    ];
    const ok = { kind: 'exited', code: 0 } as const;
    const end = { kind: 'exited', code: 5 } as const;
    await showOne({
      actions: [
        { phase: 'before', command: stop, ...at, end: ok, output: '', isLate: false },
        { phase: 'after', command: start, ...at, end, output: 'no such unit', isLate: true },
      ],
    });
    const dialog = within(screen.getByRole('dialog'));
    expect(dialog.getByText('systemctl stop crm')).toBeTruthy();
    expect(dialog.getByText('Result: it succeeded (2 s)')).toBeTruthy();
    expect(dialog.getByText('systemctl start "the crm"')).toBeTruthy();
    expect(dialog.getByText('Result: it ended with exit code 5 (2 s)')).toBeTruthy();
    expect(dialog.getByLabelText('What the command put out').textContent).toBe('no such unit');
    expect(dialog.getAllByText(/at the next start/u)).toHaveLength(1);
  });

  test('of a restore: undo', async () => {
    const bridge = await showOne({ id: openUndo.run, kind: 'restore' });
    bridge.answer({ undo: { value: { target: openUndo.target, rows: null, redo: null } } });
    await user.click(within(screen.getByRole('dialog')).getByText('Undo'));
    await user.click(await screen.findByText('Undo now'));
    expect(await screen.findByText('Undone.')).toBeTruthy();
    expect(bridge.calls.at(-1)).toEqual({
      name: 'undo',
      input: { run: openUndo.run, evenIfChanged: false },
    });
  });

  test('of a restore that cannot be undone any more offer no undo', async () => {
    await showOne({ kind: 'restore' });
    expect(within(screen.getByRole('dialog')).queryByText('Undo')).toBeNull();
  });

  test('of a run that is asked for once more are opened once more', async () => {
    const one = sampleRun(0);
    const run = one.id;
    const bridge = open({ runs: { value: { runs: [one], hasMore: false } } }, run);
    await user.click(await screen.findByRole('button', { name: 'Close' }));
    await waitFor(() => expect(screen.queryByText('Where the time went')).toBeNull());
    bridge.emit({ kind: 'open', screen: { kind: 'history', run } });
    expect(await screen.findByText('Where the time went')).toBeTruthy();
  });

  test('of a run that was asked for are opened, however old it is', async () => {
    open({}, runs[430]?.id ?? null);
    // Three pages of rows are rendered until then.
    const patience = { timeout: 20_000 };
    expect(await screen.findByText('Where the time went', {}, patience)).toBeTruthy();
  });
});
