// The window as Electron makes it: sandboxed, isolated, without the means to go anywhere else.
import { join } from 'node:path';
import { BrowserWindow, type WebContents } from 'electron';
import { eventChannel } from '../../shared/ipc/channels.ts';
import { startPage } from './app-address.ts';
import { planAfterCrash } from './plan-crash.ts';
import { crashPage } from './serve-app-files.ts';
import type { AppWindow, WindowCallbacks } from './window-keeper.ts';

export interface WindowSetting {
  readonly preload: string;
  readonly icon: string;
  /** The menu bar is shown. */
  readonly hasMenu: boolean;
  readonly monotonicMs: () => number;
  readonly log: (what: string, error: unknown) => void;
}

const own = new WeakSet<WebContents>();

/** True for the contents of a window that `openWindow` made. */
export const isOwnWindow = (contents: WebContents): boolean => own.has(contents);

export function openWindow(setting: WindowSetting, callbacks: WindowCallbacks): AppWindow {
  const window = new BrowserWindow({
    width: 1000,
    height: 700,
    minWidth: 640,
    minHeight: 400,
    // Shown by the keeper; white light before the first paint is worse than a moment of nothing.
    show: false,
    title: 'Holdfast',
    icon: setting.icon,
    autoHideMenuBar: !setting.hasMenu,
    webPreferences: {
      preload: setting.preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webviewTag: false,
      spellcheck: false,
      // Progress must be right when the window is shown again.
      backgroundThrottling: false,
    },
  });
  own.add(window.webContents);
  window.on('close', (event) => {
    if (callbacks.onClose() !== 'close') event.preventDefault();
  });
  window.on('closed', () => callbacks.onGone());
  const crashes = watchCrashes(window, setting, callbacks.onReload);
  return {
    isCrashed: crashes.isGivenUp,
    loaded: load(window, setting.log),
    send: (event) => {
      if (!window.isDestroyed()) window.webContents.send(eventChannel, event);
    },
    show: () => {
      if (window.isMinimized()) window.restore();
      window.show();
      window.focus();
    },
    hide: () => window.hide(),
    minimise: () => window.minimize(),
    destroy: () => {
      if (!window.isDestroyed()) window.destroy();
    },
  };
}

async function load(window: BrowserWindow, log: WindowSetting['log']): Promise<void> {
  try {
    await window.loadURL(startPage);
  } catch (error) {
    // A window that is closed while it loads ends here too.
    if (!window.isDestroyed()) log('the window did not load', error);
  }
}

/** A page that crashes is loaded once more; if that crashes too, a page without any script says so. */
function watchCrashes(
  window: BrowserWindow,
  { monotonicMs, log }: WindowSetting,
  onReload: () => void,
): { readonly isGivenUp: () => boolean } {
  let lastMs: number | null = null;
  let isGivenUp = false;
  window.webContents.on('render-process-gone', (_, details) => {
    if (details.reason === 'clean-exit' || window.isDestroyed()) return;
    log('the window crashed', `${details.reason} (${details.exitCode})`);
    // Where not even words can be shown, trying on would only keep the computer busy.
    if (isGivenUp) return;
    isGivenUp = planAfterCrash(lastMs, monotonicMs()) === 'say-so';
    lastMs = monotonicMs();
    onReload();
    window
      .loadURL(isGivenUp ? crashPage : startPage)
      .catch((error: unknown) => log('the window did not load again', error));
  });
  return { isGivenUp: () => isGivenUp };
}

/** The icon of the window, where the system shows one. */
export const windowIcon = (folder: string): string => join(folder, 'holdfast.png');
