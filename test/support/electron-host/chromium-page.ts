// One chromium for the app, and in it pages with an isolated world that talks to Node. The browser starts when the first
// page is wanted (it is asked for early) and again if somebody closed it.
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { chromium, type BrowserContext, type CDPSession, type Page } from 'playwright-core';
import { complain, serveCommand, system, tell } from './system.ts';
import { decodeWire, encodeWire } from './wire.ts';
import * as worlds from './worlds.ts';

const switches =
  '--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync --remote-debugging-port=0';

let running: Promise<BrowserContext> | null = null;
let isUnused = true;

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
    running = null;
    isUnused = true;
  });
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
async function worldSources(preloadPath: string | undefined, args: readonly string[], key: string) {
  const preload = preloadPath === undefined ? '' : await readFile(preloadPath, 'utf8');
  const { env: _, ...versions } = process.versions;
  const facts: worlds.WorldFacts = {
    process: { platform: process.platform, arch: process.arch, versions, argv: args, env: {} },
    binding: `${key}host`,
    deliver: `${key}deliver`,
  };
  const [up, down] = [JSON.stringify(`${key}up`), JSON.stringify(`${key}down`)];
  const isTop = 'if (window.top === window)';
  return {
    facts,
    main: `${isTop} (${String(worlds.openBridge)})(${down}, ${up})`,
    isolated: `${isTop} (${String(worlds.startPreload)})(${JSON.stringify(facts)}, ${String(encodeWire)}, ${String(decodeWire)},
      (${String(worlds.openBridge)})(${up}, ${down}), function (require, module, exports, process) {${preload}\n});`,
  };
}

/** The preload script waits at `debugger` for the path of the `file` in its frame. */
async function answerPause(
  session: CDPSession,
  callFrameId: string,
  functionName: string,
): Promise<void> {
  if (functionName.endsWith('electronPathOfFile')) {
    const read = { callFrameId, expression: 'file' };
    const { result } = await session.send('Debugger.evaluateOnCallFrame', read);
    const objectId = result.objectId ?? '';
    const { path } = await session.send('DOM.getFileInfo', { objectId });
    const write = { callFrameId, expression: `answer = ${JSON.stringify(path)}` };
    await session.send('Debugger.evaluateOnCallFrame', write);
  }
  await session.send('Debugger.resume');
}

export async function openLivePage(
  preload: string | undefined,
  args: readonly string[],
  receive: (message: worlds.PageMessage) => void,
): Promise<LivePage> {
  const context = await openChromium();
  const blank = isUnused ? context.pages()[0] : undefined;
  isUnused = false;
  const page = blank ?? (await context.newPage());
  const session = await context.newCDPSession(page);
  const key = `electron${crypto.randomUUID().replaceAll('-', '')}`;
  const { main, isolated, facts } = await worldSources(preload, args, key);
  let contextId: string | null = null;
  const { frameTree } = await session.send('Page.getFrameTree');
  session.on('Runtime.executionContextCreated', ({ context: { name, uniqueId, auxData } }) => {
    const isTop = (auxData as { frameId?: string }).frameId === frameTree.frame.id;
    if (name === key && isTop) contextId = uniqueId;
  });
  session.on('Runtime.bindingCalled', ({ name, payload }) => {
    if (name === facts.binding) receive(JSON.parse(payload) as worlds.PageMessage);
  });
  session.on('Debugger.paused', ({ callFrames: [frame] }) => {
    void answerPause(session, frame?.callFrameId ?? '', frame?.functionName ?? '').catch(
      (error: unknown) => complain(`path of a file: ${String(error)}`),
    );
  });
  const scripts =
    preload === undefined ? [] : [{ source: main }, { source: isolated, worldName: key }];
  await Promise.all([
    session.send('Page.enable'),
    session.send('Runtime.enable'),
    session.send('Debugger.enable'),
    session.send('Runtime.addBinding', { name: facts.binding, executionContextName: key }),
    ...scripts.map(async (script) => session.send('Page.addScriptToEvaluateOnNewDocument', script)),
  ]);
  const { targetInfo } = await session.send('Target.getTargetInfo');
  const post = (message: worlds.HostMessage): void => {
    if (contextId === null) return;
    const expression = `globalThis.${facts.deliver}(${JSON.stringify(message)})`;
    // The document it was meant for may be gone by now.
    session.send('Runtime.evaluate', { expression, uniqueContextId: contextId }).catch(() => {});
  };
  return { page, session, targetId: targetInfo.targetId, post };
}
