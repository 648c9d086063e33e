import { expect, test } from 'vitest';
import type { ClosePlan } from '../../../electron/shell/plan-window-close.ts';
import {
  createWindowKeeper,
  HIDDEN_WINDOW_MS,
  type WindowCallbacks,
} from '../../../electron/shell/window-keeper.ts';
import type { AppEvent } from '../../../shared/ipc/contract.ts';

/** Windows whose loading, closing and time are turned by hand. */
function setUp(closePlan: ClosePlan = { kind: 'hide', explain: false }) {
  const made: {
    readonly did: string[];
    readonly sent: AppEvent[];
    readonly callbacks: WindowCallbacks;
    readonly load: () => Promise<void>;
  }[] = [];
  const timers: { readonly ms: number; readonly action: () => void; isCancelled: boolean }[] = [];
  const crashed = new Set<WindowCallbacks>();
  let explained = 0;
  const keeper = createWindowKeeper({
    make: (callbacks) => {
      const loading = Promise.withResolvers<void>();
      const did: string[] = [];
      const sent: AppEvent[] = [];
      const load = async (): Promise<void> => {
        loading.resolve();
        await loading.promise;
      };
      made.push({ did, sent, callbacks, load });
      return {
        loaded: loading.promise,
        send: (event) => sent.push(event),
        show: () => did.push('show'),
        hide: () => did.push('hide'),
        minimise: () => did.push('minimise'),
        destroy: () => callbacks.onGone(),
        isCrashed: () => crashed.has(callbacks),
      };
    },
    after: (ms, action) => {
      const timer = { ms, action, isCancelled: false };
      timers.push(timer);
      return () => void (timer.isCancelled = true);
    },
    planClose: () => closePlan,
    explain: () => void (explained += 1),
  });
  const window = (index: number) => {
    const found = made[index];
    if (found === undefined) throw new Error(`no window ${index}`);
    return found;
  };
  const crash = (index: number): void => void crashed.add(window(index).callbacks);
  /** How long a hidden window still has; null: for ever. */
  const timeLeft = (): number | null =>
    timers.findLast(({ isCancelled }) => !isCancelled)?.ms ?? null;
  return { keeper, made, window, timers, crash, timeLeft, explained: () => explained };
}

const history: AppEvent = { kind: 'open', screen: { kind: 'history', run: null } };

test('a screen that was asked for reaches a window that is only now being made, the newest one only', async () => {
  const { keeper, window } = setUp();
  keeper.open({ kind: 'settings' });
  keeper.open({ kind: 'history', run: null });
  expect(window(0).sent).toEqual([]);
  await window(0).load();
  expect(window(0).sent).toEqual([history]);
  keeper.open({ kind: 'history', run: null });
  expect(window(0).sent).toEqual([history, history]);
});

test('events before it is loaded are not sent: it asks for everything anew', async () => {
  const { keeper, window } = setUp();
  keeper.tell({ kind: 'jobs', jobs: [] });
  keeper.open(null);
  keeper.tell({ kind: 'jobs', jobs: [] });
  await window(0).load();
  expect(window(0).sent).toEqual([]);
  keeper.tell({ kind: 'jobs', jobs: [] });
  expect(window(0).sent).toHaveLength(1);
});

test('a window is hidden, shown again as it was, and gone after five minutes', async () => {
  const { keeper, window, made, timers } = setUp();
  keeper.open(null);
  await window(0).load();
  expect(window(0).callbacks.onClose()).toBe('hide');
  expect(timers[0]?.ms).toBe(HIDDEN_WINDOW_MS);
  keeper.open(null);
  expect(timers[0]?.isCancelled).toBe(true);
  expect(window(0).did).toEqual(['show', 'hide', 'show']);
  window(0).callbacks.onClose();
  timers[1]?.action();
  keeper.open({ kind: 'history', run: null });
  expect(made).toHaveLength(2);
  await window(1).load();
  expect([window(0).sent, window(1).sent]).toEqual([[], [history]]);
});

test('where it went is said when it is to be said', () => {
  const { keeper, window, explained } = setUp({ kind: 'hide', explain: true });
  keeper.open(null);
  window(0).callbacks.onClose();
  expect(explained()).toBe(1);
});

test('a minimised window is not taken away', () => {
  const { keeper, window, timers } = setUp({ kind: 'minimise' });
  keeper.open(null);
  expect(window(0).callbacks.onClose()).toBe('minimise');
  expect([window(0).did, timers.length]).toEqual([['show', 'minimise'], 0]);
});

test('the end of an old window does not take the new one away', async () => {
  const { keeper, window, made } = setUp();
  keeper.open(null);
  window(0).callbacks.onGone();
  keeper.open(null);
  window(0).callbacks.onGone();
  await window(1).load();
  keeper.open({ kind: 'history', run: null });
  expect(made).toHaveLength(2);
  expect(window(1).sent).toEqual([history]);
});

test('a hidden window that holds something is kept until it no longer does', () => {
  const { keeper, window, timeLeft } = setUp();
  keeper.open(null);
  keeper.hold(true);
  window(0).callbacks.onClose();
  expect(timeLeft()).toBeNull();
  keeper.hold(false);
  expect(timeLeft()).toBe(HIDDEN_WINDOW_MS);
  keeper.hold(true);
  expect(timeLeft()).toBeNull();
});

test('a window that is looked at has no time to live, whatever it says', () => {
  const { keeper, timeLeft } = setUp();
  keeper.open(null);
  keeper.hold(true);
  keeper.hold(false);
  expect(timeLeft()).toBeNull();
});

test('what a window held is not expected of a page that began anew, or of the next window', () => {
  const { keeper, window, timeLeft } = setUp();
  keeper.open(null);
  keeper.hold(true);
  window(0).callbacks.onReload();
  window(0).callbacks.onClose();
  expect(timeLeft()).toBe(HIDDEN_WINDOW_MS);
  keeper.hold(true);
  window(0).callbacks.onGone();
  keeper.open(null);
  window(1).callbacks.onClose();
  expect(timeLeft()).toBe(HIDDEN_WINDOW_MS);
});

test('whoever asks for the app after it crashed too often gets it tried again', async () => {
  const { keeper, window, made, crash } = setUp();
  keeper.open(null);
  await window(0).load();
  crash(0);
  window(0).callbacks.onClose();
  keeper.open({ kind: 'history', run: null });
  expect(made).toHaveLength(2);
  await window(1).load();
  expect([window(0).sent, window(1).sent]).toEqual([[], [history]]);
});
