import { screen, waitFor, within } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { describe, expect, test } from 'vitest';
import { byNeed, worstOf } from '../../renderer/home/plan-cards.tsx';
import { nextMark } from '../../renderer/home/day-strip.tsx';
import { startOfTomorrow } from '../../renderer/home/plan-menu.tsx';
import { nearDay } from '../../renderer/ui/use-moment-words.ts';
import type { Overview, PlanOverview } from '../../shared/model/overview.ts';
import type { FakeAnswers, FakeBridge } from './fake-bridge.ts';
import { renderApp } from './render-app.tsx';
import { planId, samplePlan, vaultPath } from './states/sample-answers.ts';
import {
  openUndo,
  overviewOf,
  disksInTurn,
  pair,
  placeHere,
  planWith,
  protectedPlan,
  renamed,
  runningBackup,
} from './states/sample-overview.ts';

const user = userEvent.setup({ delay: null });
const open = (overview: Overview, more: FakeAnswers = {}): FakeBridge =>
  renderApp({ overview: { value: overview }, ...more });
const show = (plan: PlanOverview, more: FakeAnswers = {}): FakeBridge =>
  open(overviewOf([plan]), more);
const press = async (name: string): Promise<void> =>
  user.click(await screen.findByRole('button', { name }));
const ordered = (bridge: FakeBridge, name: string): readonly unknown[] =>
  bridge.calls.filter((call) => call.name === name).map(({ input }) => input);

describe('the first start', () => {
  test.each([
    ['Protect my CRM', 'Your CRM data'],
    ['I have copies: bring my CRM back', 'Bring my CRM back from copies'],
  ])('the door "%s" opens', async (door, title) => {
    open(overviewOf([]), {
      findSources: { value: { found: [], isComplete: true } },
      placeCandidates: { value: { candidates: [] } },
    });
    await press(door);
    expect(await screen.findByRole('heading', { level: 1, name: title })).toBeTruthy();
  });
});

describe('the light of one plan', () => {
  test.each([
    ['Protected', protectedPlan],
    ['Attention', planWith('attention', [{ code: 'kit-not-confirmed' }])],
    [
      'Not protected',
      planWith('not-protected', [{ ...pair, code: 'nothing-proved', lacks: 'copy' }]),
    ],
  ])('says %s', async (word, plan) => {
    show(plan);
    expect(await screen.findByRole('heading', { level: 1, name: word })).toBeTruthy();
  });

  test('shows the evidence: age of the newest copy, the proof, the time of the way back', async () => {
    show(protectedPlan);
    const facts = await screen.findByText(/newest copy 12 minutes ago/u);
    expect(facts.textContent).toMatch(/proved restorable .* · back in 3 min 40 s/u);
    expect(screen.getByText(/681 GB free of 931 GB/u)).toBeTruthy();
  });

  test('a copy that no restore test has passed for is not called proved', async () => {
    const source = { ...protectedPlan.sources[0], lastProvedDrillAtMs: null, recoveryMs: null };
    show({ ...protectedPlan, sources: [source as PlanOverview['sources'][number]] });
    expect(await screen.findByText(/not proved restorable yet/u)).toBeTruthy();
  });

  test('what was never proved has no time in which it was back', async () => {
    const [source] = protectedPlan.sources;
    const failed = { ...source, lastProvedDrillAtMs: null, recoveryMs: 0 };
    show({ ...protectedPlan, sources: [failed as PlanOverview['sources'][number]] });
    const facts = await screen.findByText(/not proved restorable yet/u);
    expect(facts.textContent).not.toMatch(/back in/u);
  });

  test('more than three reasons are shown on request', async () => {
    show(
      planWith('attention', [
        { code: 'place-unseen', place: vaultPath, seenAtMs: null },
        { code: 'kit-not-confirmed' },
        { code: 'key-store-locked' },
        { code: 'only-own-disk', source: pair.source },
      ]),
    );
    await screen.findByText(/has not been seen yet/u);
    expect(screen.queryByText(/own disk/u)).toBeNull();
    await press('Show 1 more');
    expect(screen.getByText(/own disk/u)).toBeTruthy();
  });
});

describe('orders', () => {
  test('a backup', async () => {
    const bridge = show(protectedPlan, { runPlan: 'never' });
    await press('Back up now');
    expect(ordered(bridge, 'runPlan')).toEqual([{ plan: planId }]);
    const button = screen.getByRole<HTMLButtonElement>('button', { name: 'Back up now' });
    expect(button.disabled).toBe(true);
  });

  test('a restore test, from the light that asks for it', async () => {
    const bridge = show(planWith('attention', [{ ...pair, code: 'restore-test-old', atMs: 1 }]), {
      drill: 'never',
    });
    await press('Run a restore test');
    expect(ordered(bridge, 'drill')).toEqual([{ plan: planId }]);
  });

  test('a backup that failed says why and can be tried again', async () => {
    const bridge = show(protectedPlan, {
      runPlan: { failure: { code: 'place-missing', place: vaultPath } },
    });
    await press('Back up now');
    await press('Try again');
    await waitFor(() => expect(ordered(bridge, 'runPlan')).toHaveLength(2));
  });

  test('a backup that the person stopped is no failure', async () => {
    const bridge = show(protectedPlan, { runPlan: { failure: { code: 'cancelled' } } });
    await press('Back up now');
    await waitFor(() => expect(ordered(bridge, 'runPlan')).toHaveLength(1));
    expect(screen.queryByRole('button', { name: 'Try again' })).toBeNull();
  });

  test('cancel', async () => {
    const bridge = show(protectedPlan, {
      jobs: { value: { jobs: [runningBackup] } },
      cancelJob: { value: { isFound: true } },
    });
    await press('Cancel: Backup');
    expect(ordered(bridge, 'cancelJob')).toEqual([{ job: runningBackup.id }]);
  });

  test('what the agent begins by itself is shown', async () => {
    const bridge = show(protectedPlan);
    await screen.findByText(/Next backup/u);
    bridge.emit({ kind: 'jobs', jobs: [runningBackup] });
    expect(await screen.findByText('Backup under way')).toBeTruthy();
    bridge.emit({ kind: 'jobs', jobs: [] });
    await waitFor(() => expect(screen.queryByText('Backup under way')).toBeNull());
  });

  test('what ended while another screen was looked at is not shown as under way', async () => {
    const bridge = show(protectedPlan, { runs: { value: { runs: [], hasMore: false } } });
    bridge.emit({ kind: 'jobs', jobs: [runningBackup] });
    await screen.findByText('Backup under way');
    await press('History');
    await screen.findByRole('heading', { level: 1, name: 'History' });
    bridge.emit({ kind: 'jobs', jobs: [] });
    await press('Home');
    await screen.findByText(/Next backup/u);
    expect(screen.queryByText('Backup under way')).toBeNull();
  });

  test('pause and resume', async () => {
    const bridge = show(protectedPlan, { pause: { value: { plans: 1 } } });
    await press('More for kunden');
    await user.click(await screen.findByRole('menuitem', { name: 'Pause for 1 hour' }));
    const [input] = ordered(bridge, 'pause') as { plan: string; untilMs: number }[];
    expect(input?.plan).toBe(planId);
    expect(input?.untilMs).toBeGreaterThanOrEqual(overviewOf([]).nowMs + 3_600_000);
    expect(input?.untilMs).toBeLessThan(overviewOf([]).nowMs + 3_660_000);
  });

  test('a paused plan can be resumed from its banner', async () => {
    const bridge = show(
      { ...protectedPlan, plan: { ...samplePlan, paused: { untilMs: null } } },
      { resume: { value: { plans: 1 } } },
    );
    await press('Resume');
    expect(ordered(bridge, 'resume')).toEqual([{ plan: planId }]);
  });

  test('an overdue slot is told once: by the light, or by a banner', async () => {
    const slotMs = overviewOf([]).nowMs - 1;
    show({ ...protectedPlan, overdueSinceMs: slotMs });
    expect(await screen.findByText(/has not been made yet/u)).toBeTruthy();
  });

  test('disks that take turns are called by their names, and one of them may be unplugged', async () => {
    show({ ...protectedPlan, places: disksInTurn });
    const blue = await screen.findByText(/safe to unplug/u);
    expect(blue.textContent).toContain('takes turns in “Disks”');
    expect(screen.getByText('blue')).toBeTruthy();
    expect(screen.getByText('red')).toBeTruthy();
    expect(screen.getAllByText(/safe to unplug/u)).toHaveLength(1);
    expect(screen.getByText(/last seen 6 days ago/u).textContent).toContain('F:\\Holdfast');
  });

  test('a disk that is worked on must not be unplugged', async () => {
    const [blue] = disksInTurn;
    show({ ...protectedPlan, places: [{ ...placeHere, ...blue, unplug: 'busy' }] });
    expect(await screen.findByText(/do not unplug/u)).toBeTruthy();
    expect(screen.queryByText(/safe to unplug/u)).toBeNull();
  });

  test('the place is looked for again', async () => {
    const place = { ...placeHere, isHere: false } as const;
    const bridge = show(
      planWith('attention', [{ code: 'place-unseen', place: vaultPath, seenAtMs: null }], {
        places: [{ ...place, seenAtMs: null, freeBytes: null, totalBytes: null }],
      }),
    );
    await press('Look for the place again');
    await waitFor(() => expect(ordered(bridge, 'overview')).toHaveLength(2));
  });
});

describe('the passphrase', () => {
  const locked = planWith('attention', [{ code: 'key-store-locked' }]);

  test('is given once, and kept only if that is wished', async () => {
    const bridge = show(locked, { unlock: { value: { isRemembered: false } } });
    await press('Enter the passphrase');
    await user.type(await screen.findByLabelText('Passphrase or recovery key'), 'otter lantern');
    await user.click(screen.getByRole('checkbox'));
    await press('Open');
    expect(ordered(bridge, 'unlock')).toEqual([
      { plan: planId, secret: 'otter lantern', remember: false },
    ]);
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  });

  test('goes as it was typed, with a blank at its end', async () => {
    const bridge = show(locked, { unlock: { value: { isRemembered: true } } });
    await press('Enter the passphrase');
    await user.type(await screen.findByLabelText('Passphrase or recovery key'), ' otter ');
    await press('Open');
    expect(ordered(bridge, 'unlock')).toMatchObject([{ secret: ' otter ' }]);
  });

  test('that is typed keeps the window until the dialog is closed', async () => {
    const bridge = show(locked, { unlock: { value: { isRemembered: true } } });
    await press('Enter the passphrase');
    await screen.findByRole('dialog');
    expect(ordered(bridge, 'holdWindow')).toEqual([{ isHeld: true }]);
    await press('Cancel');
    await waitFor(() => expect(ordered(bridge, 'holdWindow').at(-1)).toEqual({ isHeld: false }));
  });

  test('that is wrong is said at its field, and stays there', async () => {
    show(locked, { unlock: { failure: { code: 'key-wrong', place: vaultPath } } });
    await press('Enter the passphrase');
    const field = await screen.findByLabelText<HTMLInputElement>('Passphrase or recovery key');
    await user.type(field, 'sommer');
    await press('Open');
    await waitFor(() => expect(field.getAttribute('aria-invalid')).toBe('true'));
    expect(field.value).toBe('sommer');
  });

  test('that the keychain did not keep is said', async () => {
    show(locked, { unlock: { value: { isRemembered: false } } });
    await press('Enter the passphrase');
    await user.type(await screen.findByLabelText('Passphrase or recovery key'), 'otter lantern');
    await press('Open');
    expect(await screen.findByText(/asks again after the next start/u)).toBeTruthy();
  });
});

test('the recovery kit is confirmed with the whole key', async () => {
  const bridge = show(planWith('attention', [{ code: 'kit-not-confirmed' }]), {
    confirmKit: { value: { isConfirmed: true, wrong: [] } },
  });
  await press('Confirm the recovery kit');
  await user.type(await screen.findByLabelText('Recovery key'), '7K2MQ-XD94A');
  await press('Confirm');
  expect(ordered(bridge, 'confirmKit')).toEqual([
    { plan: planId, proof: { kind: 'key', recoveryKey: '7K2MQ-XD94A' } },
  ]);
});

describe('undo', () => {
  const undos = overviewOf([protectedPlan], [openUndo]);
  const begin = async (): Promise<void> => {
    await press('Undo for kunden.db');
    await press('Undo now');
  };

  test('asks once, and can itself be taken back', async () => {
    const redo = { ...openUndo, run: '7'.repeat(32) as typeof openUndo.run };
    const bridge = open(undos, {
      undo: { value: { target: openUndo.target, rows: null, redo } },
    });
    await begin();
    expect(ordered(bridge, 'undo')).toEqual([{ run: openUndo.run, evenIfChanged: false }]);
    await press('Take the undo back');
    await press('Undo now');
    expect(ordered(bridge, 'undo').at(-1)).toEqual({ run: redo.run, evenIfChanged: false });
  });

  test('of data that was changed since asks a second time', async () => {
    const bridge = open(undos, {
      undo: { failure: { code: 'target-changed', path: openUndo.target } },
    });
    await begin();
    await press('Undo and lose the later changes');
    await waitFor(() =>
      expect(ordered(bridge, 'undo')).toEqual([
        { run: openUndo.run, evenIfChanged: false },
        { run: openUndo.run, evenIfChanged: true },
      ]),
    );
  });
});

describe('the last 30 days', () => {
  test('a keyboard goes from day to day, and a table tells the same', async () => {
    show(protectedPlan);
    const strip = await screen.findByRole('group', { name: /Last 30 days/u });
    const marks = within(strip).getAllByRole('img');
    expect(marks).toHaveLength(30);
    marks.at(-1)?.focus();
    await user.keyboard('{ArrowLeft}');
    expect(document.activeElement).toBe(marks.at(-2));
    await press('Show as a table');
    expect(within(await screen.findByRole('table')).getAllByRole('row')).toHaveLength(31);
  });

  test.each([
    ['ArrowLeft', 5, 4],
    ['ArrowRight', 5, 6],
    ['ArrowLeft', 0, null],
    ['ArrowRight', 29, null],
    ['Home', 5, 0],
    ['End', 5, 29],
    ['a', 5, null],
  ])('%s from %i leads to %s', (key, at, to) => expect(nextMark(key, at, 30)).toBe(to));
});

describe('several plans', () => {
  const worst = renamed(
    planWith('not-protected', [{ ...pair, code: 'nothing-proved', lacks: 'copy' }]),
    'zeta',
    'a',
  );

  test('the answer is that of the worst, which stands first', async () => {
    open(overviewOf([protectedPlan, worst]));
    expect(await screen.findByRole('heading', { level: 1, name: 'Not protected' })).toBeTruthy();
    expect(screen.getByText('1 of 2 backup plans are protected')).toBeTruthy();
    expect(screen.getAllByRole('heading', { level: 2 })[0]?.textContent).toBe('zeta');
  });

  test('each card has its own order', async () => {
    const bridge = open(overviewOf([protectedPlan, worst]), { runPlan: 'never' });
    await press('Back up now');
    expect(ordered(bridge, 'runPlan')).toEqual([{ plan: worst.plan.id }]);
    await press('Details of kunden');
    expect(await screen.findByText(/newest copy 12 minutes ago · proved/u)).toBeTruthy();
  });

  test('the worst first, else by name', () => {
    expect(worstOf([protectedPlan])).toBe('protected');
    expect(byNeed([protectedPlan, worst]).map(({ plan }) => plan.name)).toEqual(['zeta', 'kunden']);
  });
});

test('a failure to answer is said and can be tried again', async () => {
  const bridge = renderApp({ overview: { failure: { code: 'agent-gone' } } });
  await screen.findByRole('button', { name: 'Try again' });
  bridge.answer({ overview: { value: overviewOf([protectedPlan]) } });
  await press('Try again');
  expect(await screen.findByText('Everything is as it should be.')).toBeTruthy();
});

test('days are named by the calendar of this computer', () => {
  const noon = new Date(2026, 10, 21, 12).getTime();
  const hour = 3_600_000;
  expect([-13, -1, 11, 13, 37].map((hours) => nearDay(noon + hours * hour, noon))).toEqual([
    'yesterday',
    'today',
    'today',
    'tomorrow',
    null,
  ]);
  expect(startOfTomorrow(noon)).toBe(new Date(2026, 10, 22).getTime());
});
