// One chromium for the app, and in it pages with an isolated world that talks to Node. The browser starts when the first
// page is wanted (it is asked for early) and again if somebody closed it.
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { WebPreferences } from 'electron';
import { chromium, type BrowserContext, type CDPSession, type Page } from 'playwright-core';
import { complain, serveCommand, system, tell } from './system.ts';
import { decodeWire, encodeWire } from './wire.ts';
import * as worlds from './worlds.ts';

const switches =
  '--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync --remote-debugging-port=0';

let running: Promise<BrowserContext> | null = null;
/** The page that chromium starts with. */
let blank: Page | undefined;

async function launch(): Promise<BrowserContext> {
  const context = await chromium.launchPersistentContext(system.profile, {
    executablePath: system.chromium,
    headless: !system.isHeaded,
    args: switches.split(' '),
    locale: system.locale,
    viewport: null,
    colorScheme: null,
    forcedColors: null,
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
  });
  context.once('close', () => {
    [running, blank] = [null, undefined];
  });
  [blank] = context.pages();
  const session = await context.browser()?.newBrowserCDPSession();
  const { processInfo = [] } = (await session?.send('SystemInfo.getProcessInfo')) ?? {};
  tell('chromium', processInfo.find(({ type }) => type === 'browser')?.id);
  // Windows answer for themselves; this is for pages that a page opened.
  await context.route(
    () => true,
    async (route) => route.abort(),
  );
  return context;
}

export async function openChromium(): Promise<BrowserContext> {
  return (running ??= launch());
}

export async function closeChromium(): Promise<void> {
  await (await running?.catch(() => null))?.close();
}

/** Where another DevTools client finds the browser. */
serveCommand('endpoint', async () => {
  await openChromium();
  const lines = readFileSync(join(system.profile, 'DevToolsActivePort'), 'utf8').split('\n');
  return `ws://127.0.0.1:${lines[0]}${lines[1]}`;
});

export interface LivePage {
  readonly page: Page;
  readonly session: CDPSession;
  readonly targetId: string;
  /** Lost while no preload script runs there, as in Electron. */
  readonly post: (message: worlds.HostMessage) => void;
}

/** Source that starts both worlds in each new document of the top frame. */
async function readWorlds(path: string, argv: readonly string[], key: string) {
  const { platform, arch, versions } = process;
  const facts: worlds.WorldFacts = {
    process: { platform, arch, versions, argv, env: {} },
    binding: `${key}host`,
    deliver: `${key}deliver`,
  };
  const end = (here: string, there: string): string =>
    `(${String(worlds.openBridge)})('${key}${here}', '${key}${there}')`;
  const parts = [JSON.stringify(facts), String(encodeWire), String(decodeWire), end('up', 'down')];
  const preload = `function (require, module, exports, process) {${await readFile(path, 'utf8')}\n}`;
  return {
    facts,
    main: `if (window.top === window) ${end('down', 'up')}`,
    isolated: `if (window.top === window) (${String(worlds.startPreload)})(${parts.join()}, ${preload})`,
  };
}

/** The preload script waits at `debugger` for the path of the file in its frame. */
async function answerPause(session: CDPSession, callFrameId = '', name = ''): Promise<void> {
  if (name.endsWith('electronPathOfFile')) {
    const run = async (expression: string) =>
      session.send('Debugger.evaluateOnCallFrame', { callFrameId, expression });
    const { result } = await run('_file');
    const { path } = await session.send('DOM.getFileInfo', { objectId: result.objectId ?? '' });
    await run(`answer = ${JSON.stringify(path)}`);
  }
  await session.send('Debugger.resume');
}

async function startWorlds(
  session: CDPSession,
  preload: string,
  argv: readonly string[],
  receive: (message: worlds.PageMessage) => void,
): Promise<LivePage['post']> {
  const key = `electron${randomUUID().replaceAll('-', '')}`;
  const { main, isolated, facts } = await readWorlds(preload, argv, key);
  const { frameTree } = await session.send('Page.getFrameTree');
  let contextId: string | null = null;
  session.on('Runtime.executionContextCreated', ({ context: { name, uniqueId, auxData } }) => {
    const isTop = (auxData as { frameId?: string }).frameId === frameTree.frame.id;
    if (name === key && isTop) contextId = uniqueId;
  });
  session.on('Runtime.bindingCalled', ({ name, payload }) => {
    if (name === facts.binding) receive(JSON.parse(payload) as worlds.PageMessage);
  });
  session.on('Debugger.paused', ({ callFrames: [frame] }) => {
    void answerPause(session, frame?.callFrameId, frame?.functionName).catch((error: unknown) =>
      complain(`path of a file: ${String(error)}`),
    );
  });
  await Promise.all([
    session.send('Page.enable'),
    session.send('Runtime.enable'),
    session.send('Debugger.enable'),
    session.send('Runtime.addBinding', { name: facts.binding, executionContextName: key }),
    session.send('Page.addScriptToEvaluateOnNewDocument', { source: main }),
    session.send('Page.addScriptToEvaluateOnNewDocument', { source: isolated, worldName: key }),
  ]);
  return (message) => {
    if (contextId === null) return;
    const expression = `globalThis.${facts.deliver}(${JSON.stringify(message)})`;
    // The document it was meant for may be gone by now.
    session.send('Runtime.evaluate', { expression, uniqueContextId: contextId }).catch(() => null);
  };
}

export async function openLivePage(
  { preload, additionalArguments = [], javascript = true }: WebPreferences,
  receive: (message: worlds.PageMessage) => void,
): Promise<LivePage> {
  const context = await openChromium();
  const page = blank ?? (await context.newPage());
  blank = undefined;
  const session = await context.newCDPSession(page);
  const post =
    preload === undefined
      ? () => undefined
      : await startWorlds(session, preload, additionalArguments, receive);
  await session.send('Emulation.setScriptExecutionDisabled', { value: !javascript });
  const { targetInfo } = await session.send('Target.getTargetInfo');
  return { page, session, targetId: targetInfo.targetId, post };
}
