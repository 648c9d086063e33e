// The one window: made when it is asked for, hidden when closed, gone for good when it was hidden long enough.
// Promise: a screen that was asked for reaches the window, also one that is only now being made; a window that says that it
// holds something is not taken away.
import type { AppEvent, Screen } from '../../shared/ipc/contract.ts';
import type { ClosePlan } from './plan-window-close.ts';

/** A hidden window costs as much memory as an open one. */
export const HIDDEN_WINDOW_MS = 5 * 60_000;

/** What is used of a window; open-window.ts makes one of Electron's. */
export interface AppWindow {
  /** Loads the start page; resolves when it hears events. */
  readonly loaded: Promise<void>;
  send(event: AppEvent): void;
  show(): void;
  hide(): void;
  minimise(): void;
  destroy(): void;
  /** True: it crashed too often and shows nothing but that. */
  isCrashed(): boolean;
}

export interface WindowCallbacks {
  /** The person closed it; says what that does. */
  readonly onClose: () => ClosePlan['kind'];
  /** Its page began anew after a crash: what it held is lost. */
  readonly onReload: () => void;
  /** It is gone. */
  readonly onGone: () => void;
}

export interface KeeperParts {
  readonly make: (callbacks: WindowCallbacks) => AppWindow;
  /** Returns what cancels it. */
  readonly after: (ms: number, action: () => void) => () => void;
  readonly planClose: () => ClosePlan;
  /** Where the app can be found without a window. */
  readonly explain: () => void;
}

export interface WindowKeeper {
  /** Shows the window, made if need be, on `screen`; null: where it is. */
  open(screen: Screen | null): void;
  tell(event: AppEvent): void;
  /** What the window says: it holds something that would be lost with it, or no longer. */
  hold(isHeld: boolean): void;
}

export function createWindowKeeper({ make, after, planClose, explain }: KeeperParts): WindowKeeper {
  let window: AppWindow | null = null;
  let isLoaded = false;
  let waiting: readonly AppEvent[] = [];
  let isHidden = false;
  let isHeld = false;
  let cancelDestroy: () => void = () => undefined;

  /** When it is hidden and holds nothing, its time runs. */
  const setTime = (): void => {
    cancelDestroy();
    cancelDestroy = () => undefined;
    if (isHidden && !isHeld) cancelDestroy = after(HIDDEN_WINDOW_MS, () => window?.destroy());
  };
  const hold = (holds: boolean): void => {
    isHeld = holds;
    setTime();
  };

  const close = (): ClosePlan['kind'] => {
    const plan = planClose();
    if (plan.kind === 'minimise') window?.minimise();
    if (plan.kind !== 'hide') return plan.kind;
    window?.hide();
    if (plan.explain) explain();
    isHidden = true;
    setTime();
    return 'hide';
  };

  const open = (): AppWindow => {
    isLoaded = false;
    isHeld = false;
    waiting = [];
    const made = make({
      onClose: close,
      onReload: () => {
        if (window === made) hold(false);
      },
      onGone: () => {
        if (window !== made) return;
        window = null;
        cancelDestroy();
      },
    });
    void made.loaded.then(() => {
      if (window !== made) return;
      isLoaded = true;
      for (const event of waiting) made.send(event);
      waiting = [];
    });
    return made;
  };

  /** Whoever asks for the app is not given the page that says that it crashed: it is tried again. */
  const dropCrashed = (): void => {
    if (window?.isCrashed() !== true) return;
    const crashed = window;
    window = null;
    crashed.destroy();
  };

  return {
    hold,
    open(screen) {
      isHidden = false;
      setTime();
      dropCrashed();
      window ??= open();
      window.show();
      if (screen === null) return;
      const event: AppEvent = { kind: 'open', screen };
      if (isLoaded) window.send(event);
      else waiting = [event];
    },
    tell(event) {
      // A window that is still loading asks for everything anew.
      if (isLoaded) window?.send(event);
    },
  };
}
