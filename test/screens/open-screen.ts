/** Opens one state of one screen in Chromium, on a bridge that lives in the page and answers from the state's table. */
import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';
import { defaultSettings } from '../../shared/model/settings.ts';
import type { Locale } from '../../shared/text/locale.ts';
import { sampleShellInfo } from '../ui/states/sample-answers.ts';
import { SCREEN_NOW_MS, type ScreenState, type ScreenWords } from '../ui/screen-state.ts';

const origin = 'https://holdfast.invalid';
const nonce = 'bm9uY2Utb2YtdGhlLXRlc3Q=';
const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
};

export async function startChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-sync'],
  });
}

export interface OpenedScreen extends AsyncDisposable {
  readonly page: Page;
  /** What the page complained about: errors, and styles or scripts that its policy refused. */
  readonly complaints: readonly string[];
  /** Switches the language as the settings do. */
  speak(locale: Locale): Promise<void>;
}

export async function openScreen(
  browser: Browser,
  folder: string,
  state: ScreenState,
  words: ScreenWords,
): Promise<OpenedScreen> {
  const context = await browser.newContext({
    viewport: { width: 1000, height: 700 },
    timezoneId: 'Europe/Berlin',
    reducedMotion: 'reduce',
  });
  context.setDefaultTimeout(10_000);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  await page.route(`${origin}/**`, async (route) => {
    const path = new URL(route.request().url()).pathname;
    const body = await readFile(join(folder, path)).catch(() => null);
    if (body === null) return route.fulfill({ status: 404 });
    const type = types[extname(path)] ?? 'application/octet-stream';
    const isPage = extname(path) === '.html';
    return route.fulfill({
      body: isPage
        ? body.toString().replace(/(name="style-nonce" content=)""/u, `$1"${nonce}"`)
        : body,
      headers: { 'content-type': type, ...(isPage ? { 'content-security-policy': policy } : {}) },
    });
  });
  await page.clock.setFixedTime(SCREEN_NOW_MS);
  await page.addInitScript(installBridge, {
    answers: { ...usual, ...state.answers },
    events: state.events ?? [],
  });
  await page.goto(`${origin}/index.html`);
  await page.getByRole('main').waitFor();
  await state.reach?.(page, words);
  return {
    page,
    complaints,
    async speak(locale) {
      await page.evaluate((language) => (globalThis as unknown as InPage).speak(language), locale);
      await page.waitForFunction((wanted) => document.documentElement.lang === wanted, locale);
    },
    async [Symbol.asyncDispose]() {
      await context.close();
    },
  };
}

const policy = [
  "default-src 'none'",
  "script-src 'self'",
  `style-src 'self' 'nonce-${nonce}'`,
  "img-src 'self' data:",
  "font-src 'self' data:",
].join('; ');

const usual = {
  settings: { value: { ...defaultSettings, language: 'en' } },
  shellInfo: { value: sampleShellInfo },
  jobs: { value: { jobs: [] } },
  notices: { value: { notices: [] } },
  holdWindow: { value: {} },
} as const;

interface InPage {
  speak: (language: string) => void;
}

interface InjectedState {
  readonly answers: Readonly<Record<string, unknown>>;
  readonly events: readonly unknown[];
}

/** Runs in the page, alone: it may use nothing from here. */
function installBridge({ answers, events }: InjectedState): void {
  const table = { ...answers } as Record<string, { value?: unknown; failure?: unknown } | 'never'>;
  const listeners = new Set<(event: unknown) => void>();
  const emit = (event: unknown): void => listeners.forEach((listener) => listener(event));
  Object.assign(globalThis, {
    holdfast: {
      call: async (name: string) => {
        const answer = table[name];
        if (answer === undefined) throw new Error(`the state has no answer for ${name}`);
        if (answer === 'never') return new Promise(() => undefined);
        return 'failure' in answer
          ? { ok: false, failure: answer.failure }
          : { ok: true, value: answer.value };
      },
      onEvent: (listener: (event: unknown) => void) => {
        listeners.add(listener);
        // Children listen before their parents: all are there one turn later.
        setTimeout(() => events.forEach((event) => listener(event)));
        return () => listeners.delete(listener);
      },
      pathOfFile: (file: File) => `/dropped/${file.name}`,
    },
    speak: (language: string) => {
      const settings = table['settings'] as { value: object };
      table['settings'] = { value: { ...settings.value, language } };
      emit({ kind: 'changed', topics: ['settings'] });
    },
  });
}
