// webContents: one page, its navigation under the app's rules, and messages to and from its preload script.
import type { WebContents, WebFrameMain, WebPreferences } from 'electron';
import type { Request } from 'playwright-core';
import { openLivePage, type LivePage } from './chromium-page.ts';
import { answerInvoke, messages } from './ipc-main.ts';
import { showTheme } from './native-theme.ts';
import { answerRoute, toAppUrl, toPageUrl } from './scheme.ts';
import { defaultSession } from './session.ts';
import { createEmitter, createEvent, strictly } from './strict.ts';
import { complain } from './system.ts';
import { decodeWire, encodeWire } from './wire.ts';
import type { PageMessage } from './worlds.ts';

const known =
  'did-start-loading dom-ready did-finish-load did-fail-load did-navigate will-navigate will-frame-navigate will-redirect will-attach-webview render-process-gone unresponsive responsive preload-error destroyed page-title-updated';

export interface HostedContents {
  readonly contents: WebContents;
  /** Its page, opened if need be. */
  readonly live: () => Promise<LivePage>;
  /** Loads again what a page showed that the person closed. */
  readonly reopen: () => void;
  readonly close: () => void;
}

function checkHardened(preferences: WebPreferences): void {
  const { sandbox = true, contextIsolation = true, webSecurity = true } = preferences;
  const { nodeIntegration = false, webviewTag = false } = preferences;
  if (!sandbox || !contextIsolation || !webSecurity || nodeIntegration || webviewTag) {
    throw new Error('the stand-in has sandboxed, isolated pages only');
  }
}

export function createWebContents(
  preferences: WebPreferences,
  size: { readonly width: number; readonly height: number },
  onPageClosed: () => void,
): HostedContents {
  checkHardened(preferences);
  const emitter = createEmitter('webContents', known);
  let openHandler: Parameters<WebContents['setWindowOpenHandler']>[0] = ({ url }) => {
    throw new Error(`a page opens ${url} and the app set no handler`);
  };
  let page: LivePage | null = null;
  let opening: Promise<LivePage> | null = null;
  let isGone = false;
  let [loading, url] = ['', ''];

  const mainFrame: WebFrameMain = strictly<WebFrameMain>('mainFrame', {
    get url() {
      return url;
    },
    get origin() {
      return /^\w+:\/\/[^/]*/u.exec(url)?.[0] ?? 'null';
    },
    parent: null,
  });
  const reply = async (id: number, channel: string, work: Promise<unknown>): Promise<void> => {
    const asked = page;
    try {
      asked?.post({ kind: 'reply', id, wire: encodeWire(await work) });
    } catch (error) {
      const text = `Error invoking remote method '${channel}': ${String(error)}`;
      asked?.post({ kind: 'reply', id, error: text });
    }
  };
  const receive = (message: PageMessage): void => {
    if (isGone) return;
    if (message.kind === 'violation') return complain(`securitypolicyviolation: ${message.text}`);
    const { id, channel, wire } = message;
    url = toAppUrl(message.url);
    const event = createEvent({ sender: contents, senderFrame: mainFrame, type: 'frame' });
    const args = decodeWire(wire) as unknown[];
    if (message.kind === 'send') messages.emit(channel, event, ...args);
    else void reply(id, channel, answerInvoke(event, channel, args));
  };

  /** Asks the app where a page wants to go; what main loads itself, or loads again, is not asked. */
  const mayNavigate = (request: Request): boolean => {
    const isMainFrame = request.frame() === page?.page.mainFrame();
    const target = toAppUrl(request.url());
    const isOwn = isMainFrame && [toAppUrl(loading), url].includes(target);
    if (!request.isNavigationRequest() || isOwn) return true;
    const event = createEvent({ url: target, isMainFrame });
    emitter.emit('will-frame-navigate', event);
    if (isMainFrame) emitter.emit('will-navigate', event, target);
    return !event.defaultPrevented;
  };
  const forget = (): void => {
    [page, opening] = [null, null];
  };
  const watch = ({ page: own, session }: LivePage): void => {
    own.on('console', (message) => {
      if (message.type() === 'error') complain(`console: ${message.text()}`);
    });
    own.on('pageerror', (error) => complain(`page error: ${error.stack ?? error.message}`));
    own.on('load', () => emitter.emit('did-finish-load', createEvent()));
    own.on('framenavigated', (frame) => {
      if (frame !== own.mainFrame()) return;
      url = toAppUrl(frame.url());
      emitter.emit('did-navigate', createEvent(), url);
    });
    own.on('crash', () => {
      // What is loaded next gets a page of its own.
      forget();
      void own.close();
      const details = { reason: 'crashed', exitCode: 1 };
      emitter.emit('render-process-gone', createEvent(), details);
    });
    own.once('close', () => {
      if (page?.page !== own) return;
      forget();
      if (!isGone) onPageClosed();
    });
    own.on('popup', (popup) => void popup.close());
    session.on('Page.windowOpen', (asked) => {
      const { action } = openHandler({ ...asked, frameName: asked.windowName } as never);
      if (action !== 'deny') complain(`the stand-in opens no window for ${asked.url}`);
    });
  };
  const open = async (): Promise<LivePage> => {
    const opened = await openLivePage(preferences, receive);
    const { page: own } = opened;
    watch(opened);
    await own.route(
      () => true,
      async (route) => (mayNavigate(route.request()) ? answerRoute(route) : route.abort('aborted')),
    );
    await Promise.all([showTheme(own), own.setViewportSize(size)]);
    page = opened;
    if (isGone) await own.close();
    return opened;
  };
  const live = async (): Promise<LivePage> => (opening ??= open());
  const load = async (target: string): Promise<void> => {
    loading = toPageUrl(target);
    const { page: own } = await live();
    try {
      await own.goto(loading, { waitUntil: 'load', timeout: 0 });
    } catch (error) {
      emitter.emit('did-fail-load', createEvent(), -2, String(error), target, true);
      throw error;
    } finally {
      loading = '';
    }
  };
  const contents: WebContents = strictly<WebContents>(
    'webContents',
    {
      mainFrame,
      session: defaultSession,
      loadURL: load,
      getURL: () => url,
      isDestroyed: () => isGone,
      send(channel, ...args: unknown[]) {
        const wire = encodeWire(args);
        page?.post({ kind: 'message', channel, wire });
      },
      setWindowOpenHandler: (handler) => void (openHandler = handler),
      async printToPDF({ pageSize = 'Letter', printBackground = false, ...rest }) {
        if (typeof pageSize !== 'string' || Object.keys(rest).length > 0) {
          throw new Error('the stand-in prints with pageSize, by its name, and printBackground');
        }
        const margin = { top: '0.4in', bottom: '0.4in', left: '0.4in', right: '0.4in' };
        return (await live()).page.pdf({ format: pageSize, printBackground, margin });
      },
    },
    emitter,
    () => isGone,
  );
  return {
    contents,
    live,
    reopen() {
      if (page !== null || opening !== null || url === '') return;
      void load(url).catch((error: unknown) => complain(String(error)));
    },
    close() {
      isGone = true;
      emitter.emit('destroyed');
      void page?.page.close();
    },
  };
}
