// webContents: one page, its navigation under the app's rules, and messages to and from its preload script.
import type {
  BrowserWindow,
  WebContents,
  WebFrameMain,
  WebPreferences,
  WindowOpenHandlerResponse,
} from 'electron';
import type { Request, Route } from 'playwright-core';
import { openLivePage, type LivePage } from './chromium-page.ts';
import { answerInvoke, receiveMessage } from './ipc-main.ts';
import { answerRoute, toAppUrl, toPageUrl } from './scheme.ts';
import { defaultSession } from './session.ts';
import { createEmitter, createEvent, strictly } from './strict.ts';
import { complain } from './system.ts';
import { emulateTheme } from './native-theme.ts';
import { decodeWire, encodeWire } from './wire.ts';
import type { PageMessage } from './worlds.ts';

const known =
  'did-start-loading did-stop-loading dom-ready did-finish-load did-fail-load did-navigate did-navigate-in-page will-navigate will-frame-navigate will-redirect will-attach-webview did-create-window did-attach-webview render-process-gone unresponsive responsive preload-error console-message destroyed context-menu before-input-event page-title-updated devtools-opened zoom-changed ready-to-show';

export interface HostedContents {
  readonly contents: WebContents;
  readonly live: () => Promise<LivePage>;
  readonly close: () => void;
}

export function createWebContents(
  id: number,
  preferences: WebPreferences,
  size: { readonly width: number; readonly height: number },
  onPageGone: () => void,
  owner: () => BrowserWindow,
): HostedContents {
  const {
    sandbox = true,
    contextIsolation = true,
    nodeIntegration,
    webSecurity = true,
  } = preferences;
  if (!sandbox || !contextIsolation || nodeIntegration === true || !webSecurity) {
    throw new Error('the stand-in has sandboxed, isolated pages only');
  }
  const emitter = createEmitter('webContents', known);
  let openHandler: (details: never) => WindowOpenHandlerResponse = () => {
    throw new Error('a page opens a window and no handler was set');
  };
  let page: LivePage | null = null;
  let opening: Promise<LivePage> | null = null;
  let isGone = false;
  let loading = '';

  let frameUrl = '';
  const mainFrame: WebFrameMain = strictly<WebFrameMain>('mainFrame', {
    get url() {
      return frameUrl;
    },
    get origin() {
      const { protocol, host } = new URL(frameUrl);
      return `${protocol}//${host}`;
    },
    parent: null,
    get top() {
      return mainFrame;
    },
  });
  const receive = (message: PageMessage): void => {
    if (isGone) return;
    if (message.kind === 'violation') return complain(`securitypolicyviolation: ${message.text}`);
    const args = decodeWire(message.wire) as unknown[];
    const { channel } = message;
    frameUrl = toAppUrl(message.url);
    const event = createEvent({ sender: contents, senderFrame: mainFrame, type: 'frame' });
    if (message.kind === 'send') return receiveMessage(event, channel, args);
    void answerInvoke(event, channel, args)
      .then((value) => ({ wire: encodeWire(value) }))
      .catch((error: unknown) => ({
        error: `Error invoking remote method '${channel}': ${String(error)}`,
      }))
      .then((reply) => page?.post({ kind: 'reply', id: message.id, ...reply }));
  };

  /** Asks the app where a page wants to go; what main loads itself, or loads again, is not asked. */
  const mayNavigate = (request: Request): boolean => {
    const isTop = request.frame() === page?.page.mainFrame();
    if (!request.isNavigationRequest() || (isTop && request.url() === loading)) return true;
    if (isTop && request.url() === page?.page.url()) return true;
    const url = toAppUrl(request.url());
    const names = isTop ? ['will-frame-navigate', 'will-navigate'] : ['will-frame-navigate'];
    return names.every((name) => {
      const event = createEvent({ url, isMainFrame: isTop, isSameDocument: false });
      emitter.emit(name, event, url);
      return !event.defaultPrevented;
    });
  };
  const route = async (given: Route): Promise<void> =>
    mayNavigate(given.request()) ? answerRoute(given) : given.abort('aborted');

  const forget = (): void => {
    page = null;
    opening = null;
  };
  const watch = ({ page: own, session }: LivePage): void => {
    own.on('console', (message) => {
      if (message.type() === 'error') complain(`console: ${message.text()}`);
    });
    own.on('pageerror', (error) => complain(`page error: ${error.stack ?? error.message}`));
    own.on('domcontentloaded', () => emitter.emit('dom-ready', createEvent()));
    own.on('load', () => {
      emitter.emit('did-finish-load', createEvent());
      emitter.emit('ready-to-show');
    });
    own.on('crash', () => {
      // What is loaded next gets a page of its own.
      forget();
      void own.close();
      const details = { reason: 'crashed', exitCode: 1 };
      emitter.emit('render-process-gone', createEvent(), details);
    });
    own.on('framenavigated', (frame) => {
      if (frame !== own.mainFrame()) return;
      frameUrl = toAppUrl(frame.url());
      emitter.emit('did-navigate', createEvent(), frameUrl);
    });
    session.on('Page.windowOpen', ({ url, windowName: frameName }) => {
      const details = { url: toAppUrl(url), frameName, features: '', disposition: 'new-window' };
      const { action } = openHandler(details as never);
      if (action !== 'deny') complain(`the stand-in opens no windows for pages: ${url}`);
    });
    own.on('popup', (popup) => void popup.close());
    own.once('close', () => {
      if (page?.page !== own) return;
      forget();
      if (!isGone) onPageGone();
    });
  };
  const open = async (): Promise<LivePage> => {
    const opened = await openLivePage(
      preferences.preload,
      preferences.additionalArguments ?? [],
      receive,
    );
    watch(opened);
    await opened.page.route(() => true, route);
    await emulateTheme(opened.page);
    await opened.page.setViewportSize(size);
    const value = preferences.javascript === false;
    await opened.session.send('Emulation.setScriptExecutionDisabled', { value });
    page = opened;
    if (isGone) await opened.page.close();
    return opened;
  };
  const live = async (): Promise<LivePage> => (opening ??= open());
  const load = async (url: string): Promise<void> => {
    loading = toPageUrl(url);
    const { page: own } = await live();
    if (isGone) return;
    emitter.emit('did-start-loading');
    try {
      await own.goto(loading, { waitUntil: 'load', timeout: 0 });
    } catch (error) {
      if (isGone) return;
      emitter.emit('did-fail-load', createEvent(), -2, String(error), url, true);
      throw error;
    } finally {
      loading = '';
    }
  };
  const contents = strictly<WebContents>(
    'webContents',
    {
      id,
      mainFrame,
      session: defaultSession,
      loadURL: load,
      getURL: () => toAppUrl(page?.page.url() ?? ''),
      getTitle: () => owner().getTitle(),
      isDestroyed: () => isGone,
      isLoading: () => loading !== '',
      reload: () => void load(contents.getURL()).catch((error: unknown) => complain(String(error))),
      send: (channel, ...args: unknown[]) =>
        page?.post({ kind: 'message', channel, wire: encodeWire(args) }),
      setWindowOpenHandler: (handler) => {
        openHandler = handler;
      },
      focus: () => {},
      setVisualZoomLevelLimits: async () => {},
      openDevTools: () => {},
      close: () => owner().close(),
      async printToPDF(options) {
        const { page: own } = await live();
        const { margins = {}, landscape, printBackground, scale, pageRanges } = options;
        const inches = (of?: number) => `${of ?? 0.4}in`;
        const { top, bottom, left, right } = margins;
        const margin = {
          top: inches(top),
          bottom: inches(bottom),
          left: inches(left),
          right: inches(right),
        };
        const { pageSize = 'Letter', preferCSSPageSize = false } = options;
        const paper =
          typeof pageSize === 'string'
            ? { format: pageSize }
            : { width: `${pageSize.width}in`, height: `${pageSize.height}in` };
        return own.pdf({
          ...paper,
          margin,
          preferCSSPageSize,
          landscape: landscape ?? false,
          printBackground: printBackground ?? false,
          scale: scale ?? 1,
          pageRanges: pageRanges ?? '',
        });
      },
    },
    emitter,
    () => isGone,
  );
  return {
    contents,
    live,
    close() {
      isGone = true;
      emitter.emit('destroyed');
      void page?.page.close();
    },
  };
}
