// The guided way on a fake bridge: what each step shows, and which order each click gives.
import { act, screen, waitFor, within } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { describe, expect, test } from 'vitest';
import type { BringBackResult } from '../../shared/model/bring-back.ts';
import type { PlanId } from '../../shared/model/ids.ts';
import type { FakeAnswers, FakeBridge } from './fake-bridge.ts';
import { renderApp } from './render-app.tsx';
import { crmPath, planId, sourceId, vaultPath } from './states/sample-answers.ts';
import { overviewOf, protectedPlan, renamed } from './states/sample-overview.ts';
import {
  crmSource,
  folderSource,
  inUseTarget,
  longTimeline,
  pointAt,
  pointIdOf,
  previewOf,
  restoreJob,
  rowsTarget,
  samplePage,
  sampleResult,
  sampleSession,
  sampleTarget,
  sampleTimeline,
  timelineOf,
  undoRun,
} from './states/sample-restore.ts';

const usual: FakeAnswers = {
  overview: { value: overviewOf([protectedPlan]) },
  timeline: { value: sampleTimeline },
  previewBringBack: { value: previewOf(sampleTarget) },
  bringBack: { value: sampleResult },
  openRows: { value: sampleSession },
  searchRows: { value: samplePage },
  closeRows: { value: {} },
};

const open = (answers: FakeAnswers = {}, plan: PlanId | null = planId): FakeBridge =>
  renderApp({ ...usual, ...answers }, { kind: 'bring-back', plan });
const user = userEvent.setup();
const press = async (name: string | RegExp): Promise<void> =>
  user.click(await screen.findByRole('button', { name }));
const pick = async (name: string | RegExp): Promise<void> =>
  user.click(await screen.findByRole('radio', { name }));
const title = async (name: string): Promise<HTMLElement> =>
  screen.findByRole('heading', { level: 1, name });
const ask = (bridge: FakeBridge, name: string): readonly unknown[] =>
  bridge.calls.filter((call) => call.name === name).map(({ input }) => input);

async function toWhen(what: RegExp): Promise<void> {
  await pick(what);
  await press('Next');
  await title('Back to when?');
}
async function toWhat(what: RegExp): Promise<void> {
  await toWhen(what);
  await waitFor(() =>
    expect(screen.getByRole('button', { name: 'Next' })).toHaveProperty('disabled', false),
  );
  await press('Next');
  await title('What shall come back?');
}
async function toCheck(): Promise<void> {
  await toWhat(/does not open/u);
  await press('Next');
  await title('Where to?');
  await press('Next');
  await title('Look it over');
}
async function toDone(): Promise<void> {
  await toCheck();
  await press('Bring back');
  await title('It is back');
}

describe('what happened', () => {
  test('a new computer goes on to where copies are taken up', async () => {
    open();
    await pick(/New computer/u);
    await press('Next');
    await waitFor(() => expect(screen.queryByText('What happened?')).toBeNull());
    expect(document.querySelector('h1')?.textContent).not.toBe('Back to when?');
  });

  test('of several CRMs one is chosen, none is guessed', async () => {
    const other = renamed(protectedPlan, 'Filiale', 'c');
    const bridge = open({ overview: { value: overviewOf([protectedPlan, other]) } }, null);
    await pick(/does not open/u);
    expect(screen.getByRole('button', { name: 'Next' })).toHaveProperty('disabled', true);
    await pick(/Filiale/u);
    await press('Next');
    await title('Back to when?');
    expect(ask(bridge, 'timeline')).toEqual([{ plan: 'c'.repeat(32) }]);
  });

  test('without any plan there are two ways on', async () => {
    open({ overview: { value: overviewOf([]) } }, null);
    await title('Nothing is protected here yet');
    expect(screen.getByRole('button', { name: 'I have copies' })).toBeTruthy();
  });
});

describe('when', () => {
  test('the proposed point is chosen, the damaged one cannot be, and the step has the focus', async () => {
    open();
    await toWhen(/deleted or changed/u);
    const heading = await title('Back to when?');
    expect(document.activeElement).toBe(heading);
    const proposed = await screen.findByRole('radio', { name: /\+60 activities/u });
    await waitFor(() => expect(proposed).toHaveProperty('checked', true));
    expect(screen.getByRole('radio', { name: /-412 contacts/u })).toHaveProperty('checked', false);
    await press(/Yesterday|November 20/u);
    expect(screen.getByRole('radio', { name: /Damaged/u })).toHaveProperty('disabled', true);
  });

  test('"this was meant" is told to the agent, for that point', async () => {
    const bridge = open({ acknowledgeLoss: { value: {} } });
    await toWhen(/deleted or changed/u);
    await press(/This was meant: .*-412 contacts/u);
    expect(ask(bridge, 'acknowledgeLoss')).toEqual([{ plan: planId, point: pointIdOf(0) }]);
    await waitFor(() => expect(ask(bridge, 'timeline')).toHaveLength(2));
  });

  test('two thousand points render a handful, and any day is one step away', async () => {
    open({ timeline: { value: longTimeline } });
    await toWhen(/Go back to an earlier/u);
    const first = await screen.findAllByRole('radio');
    expect(first.length).toBeLessThan(60);
    await press(/Show 30 earlier days/u);
    expect(screen.getAllByRole('radio').length).toBeLessThan(60);
    expect(screen.getAllByRole('button', { expanded: false }).length).toBeGreaterThan(30);
  });

  test('no restore points is said, and nothing can be gone on with', async () => {
    open({ timeline: { value: timelineOf([], null) } });
    await toWhen(/deleted or changed/u);
    expect(await screen.findByText('There are no restore points yet')).toBeTruthy();
    expect(screen.getByRole('button', { name: 'Next' })).toHaveProperty('disabled', true);
  });

  test('a missing passphrase is asked for, and the timeline is there after it', async () => {
    const bridge = open({
      timeline: { failure: { code: 'key-needed', place: vaultPath } },
      unlock: { value: { isRemembered: true } },
    });
    await toWhen(/deleted or changed/u);
    await user.type(await screen.findByLabelText('Passphrase or recovery key'), 'otter lantern');
    bridge.answer({ timeline: { value: sampleTimeline } });
    await press('Open the copies');
    expect(await screen.findByRole('radio', { name: /\+60 activities/u })).toBeTruthy();
    expect(ask(bridge, 'unlock')).toEqual([
      { plan: planId, secret: 'otter lantern', remember: true },
    ]);
  });
});

describe('what', () => {
  test('chosen records are kept over searches, and exactly they are asked for', async () => {
    const bridge = open({ previewBringBack: { value: previewOf(rowsTarget) } });
    await toWhat(/deleted or changed/u);
    await user.click(await screen.findByRole('checkbox', { name: 'Choose record 4711' }));
    await user.type(screen.getByRole('searchbox', { name: 'Any text in the record' }), 'Müller');
    await waitFor(() =>
      expect(ask(bridge, 'searchRows').at(-1)).toEqual({
        session: sampleSession.session,
        table: 'contacts',
        search: 'Müller',
        onlyDifferent: true,
        offset: 0,
        limit: 25,
      }),
    );
    // Not one call for each key.
    expect(ask(bridge, 'searchRows').length).toBeLessThan(4);
    await user.click(await screen.findByRole('checkbox', { name: 'Choose record 4713' }));
    expect(screen.getByText('2 records chosen')).toBeTruthy();
    await press('Next');
    expect(await screen.findByText(/Records go back into the live database/u)).toBeTruthy();
    await press('Next');
    expect(await screen.findByText(/2 rows of activities .* given to other records/u)).toBeTruthy();
    expect(ask(bridge, 'previewBringBack')).toEqual([
      {
        plan: planId,
        point: pointIdOf(1),
        what: {
          kind: 'rows',
          source: sourceId,
          rows: [{ table: 'contacts', keys: ['4711', '4713'] }],
          addedSince: 'keep',
        },
        where: { kind: 'in-place' },
        goOnWithoutUndo: false,
        compare: true,
      },
    ]);
  });

  test('a changed record shows then and now', async () => {
    open();
    await toWhat(/deleted or changed/u);
    const row = (await screen.findByText('Jürgen Müller-Lüdenscheidt')).closest('tr');
    if (row === null) throw new Error('no row around the name');
    expect(within(row).getByText('Changed')).toBeTruthy();
    expect(within(row).getByText('now: Jürgen Müller')).toBeTruthy();
    expect(within(row).queryByText('now: jml@example.de')).toBeNull();
  });

  test('all that was found is chosen over all pages', async () => {
    const all = Array.from({ length: 412 }, (_, index) => String(index));
    const bridge = open({
      searchRows: ({ offset, limit }) => {
        const keys = all.slice(offset, offset + limit);
        const rows = keys.map((key) => ({ key, values: [key] }));
        return {
          value: {
            ...samplePage,
            columns: ['id'],
            rows,
            totalRows: all.length,
            states: keys.map(() => 'missing'),
            now: keys.map(() => null),
          },
        };
      },
    });
    await toWhat(/deleted or changed/u);
    await press('Choose all 412 found');
    expect(await screen.findByText('412 records chosen')).toBeTruthy();
    expect(ask(bridge, 'searchRows').slice(1)).toMatchObject([
      { offset: 0, limit: 200 },
      { offset: 200, limit: 200 },
      { offset: 400, limit: 200 },
    ]);
  });

  test('the fetched copy is given back when the choice is left', async () => {
    const bridge = open();
    await toWhat(/deleted or changed/u);
    await screen.findByText('Beatriz Fernández');
    expect(ask(bridge, 'closeRows')).toEqual([]);
    await pick(/Everything/u);
    await waitFor(() =>
      expect(ask(bridge, 'closeRows')).toEqual([{ session: sampleSession.session }]),
    );
  });

  test('a copy that was closed meanwhile can be fetched again', async () => {
    const bridge = open({ searchRows: { failure: { code: 'usage', detail: 'no such session' } } });
    await toWhat(/deleted or changed/u);
    await screen.findByRole('button', { name: 'Fetch it again' });
    bridge.answer({
      searchRows: { value: samplePage },
      openRows: { value: { ...sampleSession, session: 'e'.repeat(32) } },
    });
    await press('Fetch it again');
    expect(await screen.findByText('Beatriz Fernández')).toBeTruthy();
  });

  test('one file goes into a folder that was chosen', async () => {
    const file = { source: folderSource.id, path: 'Verträge/2026/Große.pdf', bytes: 9 };
    const bridge = open({
      timeline: {
        value: timelineOf([pointAt(1, 2, { sources: [crmSource, folderSource] })], pointIdOf(1)),
      },
      pointFiles: { value: { files: [file], total: 1 } },
      pickFolder: { value: { path: 'D:\\Ansehen' } },
    });
    await toWhat(/Just a file/u);
    await pick(/Große\.pdf/u);
    await press('Next');
    expect(await screen.findByRole('radio', { name: /Into a folder/u })).toHaveProperty(
      'checked',
      true,
    );
    expect(screen.getByRole('button', { name: 'Next' })).toHaveProperty('disabled', true);
    await press(/Choose a folder/u);
    await press('Next');
    await title('Look it over');
    expect(ask(bridge, 'previewBringBack')).toMatchObject([
      {
        what: { kind: 'file', source: folderSource.id, path: file.path },
        where: { kind: 'folder', path: 'D:\\Ansehen' },
      },
    ]);
    expect(await screen.findByText('412 contacts are in it that are missing now')).toBeTruthy();
  });

  test('going back keeps the choice', async () => {
    open();
    await toWhat(/does not open/u);
    await pick(/One table/u);
    await user.selectOptions(screen.getByRole('combobox'), 'deals');
    await press('Next');
    await title('Where to?');
    await press('Back');
    await title('What shall come back?');
    expect(screen.getByRole('combobox')).toHaveProperty('value', 'deals');
  });
});

describe('checks', () => {
  test('says in business words what will differ, where, and how', async () => {
    open();
    await toCheck();
    expect(await screen.findByText('412 contacts come back')).toBeTruthy();
    expect(screen.getByText(/^37 activities entered since .* go, kept for undo$/u)).toBeTruthy();
    expect(screen.getByText(crmPath)).toBeTruthy();
    expect(screen.getByText('The CRM may stay open meanwhile.')).toBeTruthy();
    expect(screen.getByText(/kept for 30 days/u)).toBeTruthy();
  });

  test('what stands in the way stops it, and is looked at again', async () => {
    const full = {
      ...sampleTarget,
      obstacle: { code: 'target-full', path: crmPath, neededBytes: 9e9, freeBytes: 1e9 },
    } as const;
    const bridge = open({ previewBringBack: { value: previewOf(full) } });
    await toCheck();
    expect(await screen.findByText('Not enough room to restore')).toBeTruthy();
    expect(screen.getByRole('button', { name: 'Bring back' })).toHaveProperty('disabled', true);
    bridge.answer({ previewBringBack: { value: previewOf(sampleTarget) } });
    await press('Look again');
    await waitFor(() =>
      expect(screen.getByRole('button', { name: 'Bring back' })).toHaveProperty('disabled', false),
    );
  });

  test('without undo only after it was said', async () => {
    const noUndo = {
      ...sampleTarget,
      obstacle: { code: 'no-safety-point', path: crmPath, detail: 'no room' },
    } as const;
    const bridge = open({
      previewBringBack: ({ goOnWithoutUndo }) => ({
        value: previewOf(goOnWithoutUndo ? sampleTarget : noUndo),
      }),
    });
    await toCheck();
    const go = await screen.findByRole('button', { name: 'Bring back' });
    const box = await screen.findByRole('checkbox', { name: /cannot be undone/u });
    expect(go).toHaveProperty('disabled', true);
    await user.click(box);
    await waitFor(() => expect(go).toHaveProperty('disabled', false));
    expect(screen.getByText(/go and cannot be brought back/u)).toBeTruthy();
    await press('Bring back');
    await title('It is back');
    expect(ask(bridge, 'bringBack')).toMatchObject([{ goOnWithoutUndo: true }]);
  });

  test('a file in use is waited for after one yes; it goes on by itself', async () => {
    const bridge = open({ previewBringBack: { value: previewOf(inUseTarget) } });
    await toCheck();
    expect(await screen.findByText('Open in KundenPlus.exe')).toBeTruthy();
    await press('Bring back');
    await title('The file must be free');
    expect(ask(bridge, 'bringBack')).toEqual([]);
    bridge.answer({ previewBringBack: { value: previewOf(sampleTarget) } });
    expect(await screen.findByText('It is back', {}, { timeout: 4000 })).toBeTruthy();
    expect(ask(bridge, 'previewBringBack').at(-1)).toMatchObject({ compare: false });
    expect(ask(bridge, 'bringBack')).toHaveLength(1);
  });
});

describe('the restore', () => {
  test('shows progress, and cancel reaches the job', async () => {
    const bridge = open({ bringBack: 'never', cancelJob: { value: { isFound: true } } });
    await toCheck();
    await press('Bring back');
    await title('Bringing back');
    act(() => bridge.emit({ kind: 'jobs', jobs: [restoreJob] }));
    expect(await screen.findByRole('progressbar', { name: 'Fetching' })).toBeTruthy();
    await press('Cancel');
    expect(ask(bridge, 'cancelJob')).toEqual([{ job: restoreJob.id }]);
  });

  test('a failure says so, and leads back to fresh checks', async () => {
    const failure = { code: 'point-damaged', point: pointIdOf(1), objects: [] } as const;
    const bridge = open({ bringBack: { failure } });
    await toCheck();
    await press('Bring back');
    await title('It was not brought back');
    await press('Back to the checks');
    await title('Look it over');
    await waitFor(() => expect(ask(bridge, 'previewBringBack')).toHaveLength(2));
  });

  test('ends in evidence; undo, redo and undo again each name the right run', async () => {
    const redo = (run: string) => ({
      value: {
        target: crmPath,
        rows: null,
        redo: {
          run: run as typeof undoRun,
          target: crmPath,
          restoredAtMs: 1,
          kind: 'file' as const,
          keptUntilMs: 2,
          planId,
        },
      },
    });
    const bridge = open({ undo: redo('a'.repeat(32)), showInFolder: { value: {} } });
    await toDone();
    expect(screen.getByText('SQLite’s integrity check found nothing wrong')).toBeTruthy();
    await press('Show in folder: kunden');
    expect(ask(bridge, 'showInFolder')).toEqual([{ path: crmPath }]);
    await press('Undo kunden');
    await screen.findByText(/^Undone/u);
    bridge.answer({ undo: redo('b'.repeat(32)) });
    await press('Redo kunden');
    await screen.findByText(/^Redone/u);
    await press('Undo kunden');
    await screen.findByText(/^Undone/u);
    expect(ask(bridge, 'undo')).toEqual([
      { run: undoRun, evenIfChanged: false },
      { run: 'a'.repeat(32), evenIfChanged: false },
      { run: 'b'.repeat(32), evenIfChanged: false },
    ]);
  });

  test('what was entered since goes only after a second yes', async () => {
    const bridge = open({
      undo: ({ evenIfChanged }) =>
        evenIfChanged
          ? { value: { target: crmPath, rows: null, redo: null } }
          : { failure: { code: 'target-changed', path: crmPath } },
    });
    await toDone();
    await press('Undo kunden');
    await press(/Undo all the same/u);
    await screen.findByText('Undo although it was changed since?');
    expect(ask(bridge, 'undo')).toEqual([{ run: undoRun, evenIfChanged: false }]);
    await user.click(screen.getByRole('button', { name: 'Yes, undo' }));
    await screen.findByText(/^Undone/u);
    expect(ask(bridge, 'undo').slice(1)).toEqual([{ run: undoRun, evenIfChanged: true }]);
    expect(screen.queryByRole('button', { name: /Redo/u })).toBeNull();
  });

  test('what cannot be undone offers no undo', async () => {
    const [first] = sampleResult.restored;
    if (first === undefined) throw new Error('the sample brought nothing back');
    const result: BringBackResult = {
      ...sampleResult,
      restored: [{ ...first, undoUntilMs: null }],
    };
    open({ bringBack: { value: result } });
    await toDone();
    expect(screen.getByText('This cannot be undone.')).toBeTruthy();
    expect(screen.queryByRole('button', { name: /Undo/u })).toBeNull();
  });
});
