// BrowserWindow: the state that a window manager would keep, around one page. A page that the person closes asks the app
// first; if the app hides the window instead, its page opens again when it is shown.
import type { BrowserWindow as Window, BrowserWindowConstructorOptions } from 'electron';
import { app, appEmitter } from './app.ts';
import { needReady } from './life.ts';
import { createEmitter, createEvent, emitPreventable, strictly } from './strict.ts';
import { complain, serveCommand } from './system.ts';
import { createWebContents, type HostedContents } from './web-contents.ts';
import { onQuit, windows } from './open-windows.ts';

const known =
  'close closed show hide focus blur minimize restore maximize unmaximize resize resized move moved ready-to-show page-title-updated query-session-end session-end unresponsive responsive enter-full-screen leave-full-screen always-on-top-changed';
const hosted = new Map<number, HostedContents>();
let nextId = 1;

export function createWindow(options: BrowserWindowConstructorOptions = {}): Window {
  needReady('BrowserWindow');
  const id = nextId++;
  const emitter = createEmitter('BrowserWindow', known);
  const state = {
    isVisible: options.show ?? true,
    isMinimized: false,
    isMaximized: false,
    isDestroyed: false,
    title: options.title ?? app.getName(),
    bounds: {
      x: options.x ?? 0,
      y: options.y ?? 0,
      width: options.width ?? 800,
      height: options.height ?? 600,
    },
  };
  const emit = (name: string): void => void emitter.emit(name, createEvent());
  const become = (change: Partial<typeof state>, event: string): void => {
    const isNew = Object.entries(change).some(([key, of]) => state[key as 'title'] !== of);
    Object.assign(state, change);
    if (isNew) emit(event);
  };
  const destroy = (): void => {
    if (state.isDestroyed) return;
    contents.close();
    windows.delete(window);
    emit('closed');
    state.isDestroyed = true;
    hosted.delete(id);
    if (windows.size === 0) onQuit.allClosed();
  };
  const close = (): void => {
    if (!state.isDestroyed && emitPreventable(emitter, 'close')) destroy();
  };
  const show = (): void => {
    become({ isVisible: true }, 'show');
    // Its page was closed while the app kept the window.
    if (lastUrl !== '' && contents.contents.getURL() === '') {
      contents.contents.loadURL(lastUrl).catch((error: unknown) => complain(String(error)));
    }
  };
  let lastUrl = '';
  const contents = createWebContents(
    id,
    options.webPreferences ?? {},
    state.bounds,
    close,
    () => window,
  );
  contents.contents.on('did-navigate', (_, url) => {
    lastUrl = url;
  });
  contents.contents.once('did-finish-load', () => emit('ready-to-show'));
  const window: Window = strictly<Window>(
    'BrowserWindow',
    {
      id,
      webContents: contents.contents,
      loadURL: async (url) => contents.contents.loadURL(url),
      show,
      showInactive: show,
      hide: () => become({ isVisible: false }, 'hide'),
      close,
      destroy,
      focus: () => emit('focus'),
      blur: () => emit('blur'),
      moveTop: () => {},
      center: () => {},
      minimize: () => become({ isMinimized: true }, 'minimize'),
      restore: () => become({ isMinimized: false }, 'restore'),
      maximize: () => become({ isMaximized: true, isVisible: true }, 'maximize'),
      unmaximize: () => become({ isMaximized: false }, 'unmaximize'),
      isVisible: () => state.isVisible,
      isMinimized: () => state.isMinimized,
      isMaximized: () => state.isMaximized,
      isFullScreen: () => false,
      isFocused: () => state.isVisible && !state.isMinimized,
      isDestroyed: () => state.isDestroyed,
      getTitle: () => state.title,
      setTitle: (title) => void (state.title = title),
      getBounds: () => ({ ...state.bounds }),
      getNormalBounds: () => ({ ...state.bounds }),
      setBounds: (bounds) => void Object.assign(state.bounds, bounds),
      setBackgroundColor: () => {},
      setMenu: () => {},
      removeMenu: () => {},
      setMenuBarVisibility: () => {},
      setProgressBar: () => {},
      setOverlayIcon: () => {},
      flashFrame: () => {},
    },
    emitter,
    () => state.isDestroyed,
  );
  windows.add(window);
  hosted.set(id, contents);
  appEmitter.emit('browser-window-created', createEvent(), window);
  appEmitter.emit('web-contents-created', createEvent(), contents.contents);
  void contents.live().catch((error: unknown) => complain(`page: ${String(error)}`));
  return window;
}

const all = () => [...windows];
const find = (id: number) => all().find((window) => window.id === id);

/** Called with `new`; an object that a constructor returns takes the place of `this`. */
export const BrowserWindow = Object.assign(
  function BrowserWindow(options?: BrowserWindowConstructorOptions) {
    return createWindow(options);
  },
  {
    getAllWindows: all,
    getFocusedWindow: () => all().findLast((window) => window.isFocused()) ?? null,
    fromId: (id: number) => find(id) ?? null,
    fromWebContents: ({ id }: { readonly id: number }) => find(id) ?? null,
  },
);

serveCommand('windows', async () =>
  Promise.all(
    all().map(async (window) => ({
      id: window.id,
      title: window.getTitle(),
      isVisible: window.isVisible(),
      isMinimized: window.isMinimized(),
      url: window.webContents.getURL(),
      targetId: (await hosted.get(window.id)?.live())?.targetId,
    })),
  ),
);
serveCommand('closeWindow', (id: number) => find(id)?.close());
