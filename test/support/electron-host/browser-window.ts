// BrowserWindow: the state that a window manager would keep, around one page. Whoever closes the page asks the app
// first; if the app keeps the window, its page opens again when it is shown.
import type { BrowserWindow as Window, BrowserWindowConstructorOptions } from 'electron';
import { appEmitter } from './app.ts';
import { life, needReady, windows } from './life.ts';
import { createEmitter, createEvent, emitPreventable, strictly } from './strict.ts';
import { complain, serveCommand } from './system.ts';
import { createWebContents, type HostedContents } from './web-contents.ts';

const known =
  'close closed show hide focus blur minimize restore maximize unmaximize resize move ready-to-show page-title-updated query-session-end session-end unresponsive responsive';
const pages = new WeakMap<Window, HostedContents['live']>();
let nextId = 1;

function openWindow(options: BrowserWindowConstructorOptions = {}): Window {
  needReady('BrowserWindow');
  const { width = 800, height = 600, title = '', show = true, webPreferences = {} } = options;
  const emitter = createEmitter('BrowserWindow', known);
  const state = { title, isVisible: show, isMinimized: false, isDestroyed: false };
  const become = (key: 'isVisible' | 'isMinimized', value: boolean, event: string) => (): void => {
    if (state[key] === value) return;
    state[key] = value;
    emitter.emit(event, createEvent());
  };
  const destroy = (): void => {
    if (state.isDestroyed) return;
    state.isDestroyed = true;
    windows.delete(window);
    hosted.close();
    emitter.emit('closed', createEvent());
    if (windows.size === 0) life.onAllClosed();
  };
  const close = (): void => {
    if (!state.isDestroyed && emitPreventable(emitter, 'close')) destroy();
  };
  const reveal = become('isVisible', true, 'show');
  const hosted = createWebContents(webPreferences, { width, height }, close);
  const { contents } = hosted;
  contents.once('did-finish-load', () => emitter.emit('ready-to-show', createEvent()));
  const window: Window = strictly<Window>(
    'BrowserWindow',
    {
      id: nextId++,
      webContents: contents,
      loadURL: async (url) => contents.loadURL(url),
      show() {
        reveal();
        hosted.reopen();
      },
      hide: become('isVisible', false, 'hide'),
      minimize: become('isMinimized', true, 'minimize'),
      restore: become('isMinimized', false, 'restore'),
      close,
      destroy,
      focus: () => emitter.emit('focus', createEvent()),
      isVisible: () => state.isVisible,
      isMinimized: () => state.isMinimized,
      isDestroyed: () => state.isDestroyed,
      getTitle: () => state.title,
      setTitle: (text) => void (state.title = text),
    },
    emitter,
    () => state.isDestroyed,
  );
  windows.add(window);
  pages.set(window, hosted.live);
  appEmitter.emit('browser-window-created', createEvent(), window);
  appEmitter.emit('web-contents-created', createEvent(), contents);
  void hosted.live().catch((error: unknown) => complain(`page: ${String(error)}`));
  return window;
}

const all = (): Window[] => [...windows];

/** Called with `new`: the object that a constructor returns takes the place of `this`. */
export const BrowserWindow = strictly<typeof Electron.BrowserWindow>(
  'BrowserWindow',
  {
    getAllWindows: all,
    fromWebContents: (contents) => all().find((own) => own.webContents === contents) ?? null,
  },
  function BrowserWindow(options?: BrowserWindowConstructorOptions) {
    return openWindow(options);
  },
);

serveCommand('windows', async () =>
  Promise.all(
    all().map(async (window) => ({
      id: window.id,
      isVisible: window.isVisible(),
      isMinimized: window.isMinimized(),
      url: window.webContents.getURL(),
      targetId: (await pages.get(window)?.())?.targetId,
    })),
  ),
);
serveCommand('closeWindow', (id: number) =>
  all()
    .find((window) => window.id === id)
    ?.close(),
);
