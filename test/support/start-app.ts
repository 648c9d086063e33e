/**
 * Starts an Electron main module, such as the built `dist/electron/main.js`, on the stand-in and drives it from outside.
 *
 *     await using app = await startApp({ main: join(builtFolder, 'main.js'), dataFolder });
 *     const page = await app.page();                    // playwright's Page of the visible window
 *     app.dialogs.answer('showOpenDialog', { canceled: false, filePaths: [path] }); // before or after it opens
 *     await app.tray.click('Pause', 'For 1 hour');      // a menu item by its labels; `tray.state()` tells what is shown
 *     await app.notices.click(/needs you/);             // waits for it
 *     await app.power('suspend');
 *     expect(await app.quit()).toBe(0);                 // as from the system; `close()` is the window's cross
 *
 * When it goes out of scope the app is killed, and the test fails for anything in `complaints` that `allow` does not name:
 * violations of the page's security policy, console and page errors, requests that nobody answers, members of Electron
 * that the stand-in lacks, errors of the main process that reached nobody.
 * In the page `app://NAME` is `https://NAME.invalid`; the app itself sees `app://` only. After a crash, or when the window
 * was made anew, ask for `page()` again. `agents()` tells the utility processes' ids, to kill one.
 * `clock` starts the app and its agent at that wall time; `clock.set` moves it. Their `setInterval`s of 5 seconds and more
 * then fire four times a second, so that a schedule notices.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { chromium, type Browser, type Page } from 'playwright-core';
import { findChromium } from './find-chromium.ts';
import { isRunning } from './is-running.ts';
import type { HostSystem } from './electron-host/system.ts';

export interface AppOptions {
  /** The main module. */
  readonly main: string;
  /** The app's data, home and configuration lie here; the same folder again is the same computer. */
  readonly dataFolder: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Locale, colours, tray, packaged, ...: see electron-host/system.ts. */
  readonly system?: Partial<HostSystem>;
  readonly allow?: readonly RegExp[];
  readonly clock?: { readonly atMs: number };
  readonly onTold?: (told: Told) => void;
}

export interface WindowState {
  readonly id: number;
  readonly isVisible: boolean;
  readonly isMinimized: boolean;
  readonly url: string;
  readonly targetId: string;
}
export interface TrayItemState {
  readonly label: string;
  readonly type: string;
  readonly isEnabled: boolean;
  readonly items: readonly TrayItemState[];
}
export interface TrayState {
  readonly image: string;
  readonly toolTip: string;
  readonly items: readonly TrayItemState[];
}
export interface ShownNotice {
  readonly id: number;
  readonly title: string;
  readonly body: string;
}
export interface ShownDialog {
  readonly method: string;
  readonly options: Record<string, unknown>;
}
interface Answer {
  readonly what: 'answer';
  readonly facts: { readonly id: number; readonly value?: unknown; readonly error?: string };
}
/** What happened on the app's desktop. */
export type Told =
  | { readonly what: 'chromium'; readonly facts: number }
  | { readonly what: 'complaint'; readonly facts: string }
  | { readonly what: 'notice'; readonly facts: ShownNotice }
  | { readonly what: 'dialog'; readonly facts: ShownDialog }
  | { readonly what: 'opened'; readonly facts: { method: string; target: string } };

/** Only how busy the machine is decides how long anything takes. */
const PATIENCE_MS = 90_000;

/** Asks again until there is something; the app's own state has no event for everything. */
async function until<T>(what: string, look: () => Promise<T | undefined>): Promise<T> {
  const endMs = performance.now() + PATIENCE_MS;
  while (performance.now() < endMs) {
    const found = await look();
    if (found !== undefined) return found;
    await pause(20);
  }
  throw new Error(`waited ${PATIENCE_MS / 1000} s for ${what}`);
}

/** Errors of the main process that only its log knows. */
async function readLostErrors(dataFolder: string): Promise<readonly string[]> {
  const log = await readFile(join(dataFolder, 'logs/shell.log'), 'utf8').catch(() => '');
  return log.split('\n').filter((line) => /Z (an error|a promise) that nobody /u.test(line));
}

const moduleUrl = (name: string): URL => new URL(name, import.meta.url);

async function spawnApp(options: AppOptions, clockImport: readonly string[]) {
  const { main, dataFolder, args = [], env = {}, system = {} } = options;
  const inside = (name: string): string => join(dataFolder, 'computer', name);
  for (const name of ['home', 'config', 'data']) await mkdir(inside(name), { recursive: true });
  const host: Partial<HostSystem> = {
    profile: inside('chromium'),
    chromium: system.chromium ?? findChromium(),
    ...system,
    utilityImports: [...clockImport, ...(system.utilityImports ?? [])],
  };
  const imports = [moduleUrl('./electron-host/register.ts').href, ...clockImport];
  return fork(main, args, {
    execArgv: imports.map((file) => `--import=${file}`),
    env: {
      ...process.env,
      HOME: inside('home'),
      XDG_CONFIG_HOME: inside('config'),
      XDG_DATA_HOME: inside('data'),
      HOLDFAST_DATA_DIR: dataFolder,
      HOLDFAST_TRAY: host.hasTray === false ? 'no' : 'yes',
      ...env,
      ELECTRON_HOST: JSON.stringify(host),
    },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
}

/** Commands to the stand-in, and what it tells. */
function openChannel(child: ChildProcess, hear: (told: Told) => void) {
  const waiting = new Map<number, (facts: { value?: unknown; error?: string }) => void>();
  let nextId = 1;
  child.on('message', (told: Told | Answer) => {
    if (told.what !== 'answer') return hear(told);
    waiting.get(told.facts.id)?.(told.facts);
    waiting.delete(told.facts.id);
  });
  child.once('exit', () => {
    for (const answer of waiting.values()) answer({ error: 'the app has ended' });
  });
  return async <T>(name: string, ...args: readonly unknown[]): Promise<T> => {
    if (!child.connected) throw new Error(`${name}: the app has ended`);
    const id = nextId++;
    const { value, error } = await new Promise<{ value?: unknown; error?: string }>((resolve) => {
      waiting.set(id, resolve);
      child.send({ id, name, args });
    });
    if (error !== undefined) throw new Error(`${name}: ${error}`);
    return value as T;
  };
}

export type RunningApp = Awaited<ReturnType<typeof startApp>>;

export async function startApp(options: AppOptions) {
  const clockFile = join(options.dataFolder, 'computer', 'clock.json');
  const setClock = async (atMs: number): Promise<void> =>
    writeFile(clockFile, JSON.stringify({ aheadMs: atMs - Date.now() }));
  await mkdir(join(options.dataFolder, 'computer'), { recursive: true });
  if (options.clock) await setClock(options.clock.atMs);
  const clockUrl = moduleUrl(`./moved-clock.ts?file=${encodeURIComponent(clockFile)}`).href;
  const child = await spawnApp(options, options.clock ? [clockUrl] : []);

  const logs: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (part: Buffer) => logs.push(String(part)));
  }
  const complaints: string[] = [];
  const notices: ShownNotice[] = [];
  const shownDialogs: ShownDialog[] = [];
  const opened: { method: string; target: string }[] = [];
  const chromiums: number[] = [];
  const lists = {
    chromium: chromiums,
    complaint: complaints,
    notice: notices,
    dialog: shownDialogs,
    opened,
  };
  const command = openChannel(child, (told) => {
    (lists[told.what] as unknown[]).push(told.facts);
    options.onTold?.(told);
  });
  const ended = once(child, 'exit').then(([code, signal]) => (code ?? signal) as number | string);

  let browser: Browser | null = null;
  const connect = async (): Promise<Browser> => {
    if (browser?.isConnected() === true) return browser;
    const endpoint = await command<string>('endpoint');
    return (browser = await chromium.connectOverCDP(endpoint, {
      noDefaults: true,
      timeout: PATIENCE_MS,
    }));
  };
  const findPage = async (targetId: string): Promise<Page | undefined> => {
    for (const context of (await connect()).contexts()) {
      for (const page of context.pages()) {
        const session = await context.newCDPSession(page).catch(() => null);
        const { targetInfo } = (await session?.send('Target.getTargetInfo')) ?? {};
        await session?.detach();
        if (targetInfo?.targetId === targetId) return page;
      }
    }
    return undefined;
  };
  const windows = async (): Promise<readonly WindowState[]> => command('windows');
  const shownWindow = async () => (await windows()).findLast((window) => window.isVisible);

  const kill = async (): Promise<void> => {
    child.kill('SIGKILL');
    await ended;
    // Chromium leads a group of its own; its folder can be removed only when all of it is gone.
    for (const pid of chromiums.filter(isRunning)) process.kill(-pid, 'SIGKILL');
    for (const pid of chromiums) {
      await until('chromium to end', async () => (isRunning(pid) ? undefined : true));
    }
    await browser?.close();
  };

  return {
    pid: child.pid,
    command,
    logs: () => logs.join(''),
    complaints,
    opened,
    windows,
    /** Exit code, or the signal that ended it. */
    ended,
    /** The page of the visible window, once there is one and it has loaded. */
    async page(): Promise<Page> {
      const page = await until('a visible window', async () => {
        const { targetId, url } = (await shownWindow()) ?? {};
        return targetId === undefined || !url?.startsWith('app:') ? undefined : findPage(targetId);
      });
      page.setDefaultTimeout(PATIENCE_MS);
      await page.waitForLoadState();
      return page;
    },
    /** The person closes the visible window. */
    async close(): Promise<void> {
      const window = await until('a visible window', shownWindow);
      await command('closeWindow', window.id);
    },
    tray: {
      state: async (): Promise<TrayState | null> => command('tray'),
      click: async (...labels: readonly string[]): Promise<void> => command('clickMenu', labels),
      clickIcon: async (): Promise<void> => command('clickTray'),
    },
    /** The application menu, which stands in the window without a tray. */
    menu: {
      click: async (...labels: readonly string[]): Promise<void> => command('clickAppMenu', labels),
    },
    notices: {
      shown: notices,
      async click(text: RegExp): Promise<void> {
        const notice = await until(`a notice like ${text}`, async () =>
          notices.findLast(({ title, body }) => text.test(`${title}\n${body}`)),
        );
        await command('clickNotice', notice.id);
      },
    },
    dialogs: {
      shown: shownDialogs,
      answer: async (method: string, answer: unknown): Promise<void> =>
        command('answerDialog', method, answer),
    },
    power: async (event: string): Promise<void> => command('power', event),
    colors: async (scheme: 'light' | 'dark', isHighContrast = false): Promise<void> =>
      command('colors', { scheme, isHighContrast }),
    clock: { set: setClock },
    /** Process ids of the utility processes. */
    agents: async (): Promise<readonly number[]> => command('utilities'),
    /** Starts the app a second time on the same data; resolves with that process's exit code. */
    async again(...args: readonly string[]): Promise<number | null> {
      const second = await spawnApp({ ...options, args }, []);
      const [code] = (await once(second, 'exit')) as [number | null];
      return code;
    },
    async quit(): Promise<number | string> {
      await command('quit');
      return ended;
    },
    kill,
    async [Symbol.asyncDispose](): Promise<void> {
      await kill();
      const left = [...complaints, ...(await readLostErrors(options.dataFolder))].filter(
        (text) => !options.allow?.some((known) => known.test(text)),
      );
      if (left.length > 0)
        throw new Error(`the app complained:\n${left.join('\n')}\n${logs.join('')}`);
    },
  };
}
