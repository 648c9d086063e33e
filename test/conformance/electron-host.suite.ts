/** What an app sees of Electron: the same scenarios on the stand-in and, where there is a binary, on Electron itself. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { dropFiles } from '../support/drop-files.ts';
import { makeTemporaryFolder } from '../support/temporary-folder.ts';

export interface FixtureApp {
  readonly page: Page;
  /** All that was written to standard output so far. */
  readonly output: () => string;
  /** Starts it again on the same data; the exit code of that process. */
  readonly again: (...args: readonly string[]) => Promise<number | null>;
  readonly ended: Promise<unknown>;
  readonly kill: () => Promise<void>;
}

interface Fixture {
  ask(name: string, ...args: readonly unknown[]): Promise<unknown>;
  absent(): Promise<unknown>;
  say(value: unknown): void;
  double(value: number): number;
  callBack(listener: (value: number) => number): number;
  fail(): void;
  failLater(): Promise<void>;
  sees(): unknown;
}
/** Globals of the page, for the functions below that run there. */
declare const fixture: Fixture;
declare const document: { querySelector(name: string): { click(): void } | null };
declare const dropped: string[];
declare const told: unknown[][];
declare const stop: () => void;
declare const location: { href: string };
declare const matchMedia: (query: string) => { matches: boolean };
declare const addEventListener: (name: string, listener: (event: never) => void) => void;

/** Longer than a busy machine takes for anything here. */
const patient = { timeout: 20_000 };

/** The text of what `action` throws in the page. */
const caught = (action: () => unknown): Promise<string> | string => {
  const text = (error: unknown): string => (error as Error).message;
  try {
    const result = action();
    return result instanceof Promise ? result.then(() => 'nothing', text) : 'nothing';
  } catch (error) {
    return text(error);
  }
};

export function describeElectron(start: () => Promise<FixtureApp>): void {
  let app: FixtureApp;
  let page: Page;
  beforeAll(async () => {
    app = await start();
    ({ page } = app);
  });
  afterAll(async () => app?.kill());
  const ask = async (name: string, ...args: readonly unknown[]): Promise<never> =>
    page.evaluate(([first, rest]) => fixture.ask(first, ...rest), [
      name,
      args,
    ] as const) as Promise<never>;
  const catches = async (action: string): Promise<string> =>
    page.evaluate(`(${String(caught)})(() => ${action})`) as Promise<string>;

  test('what comes too early or too late throws', async () => {
    const early = (await ask('early')) as Record<string, unknown>;
    expect(early).toMatchObject({ locale: '', isReady: false });
    for (const name of ['fork', 'window', 'session']) expect(early[name], name).toMatch(/ready/u);
    expect(await ask('late')).toMatch(/before.*ready/u);
  });

  test('app tells its name, version and language', async () => {
    const facts = (await ask('facts')) as { readonly languages: readonly string[] };
    expect(facts).toMatchObject({
      name: 'electron-fixture',
      version: '1.2.3',
      isPackaged: false,
      isReady: true,
      locale: 'en-US',
    });
    expect(facts.languages.length).toBeGreaterThan(0);
  });

  test('the page has the bridge and nothing of the preload script; that one nothing of the page', async () => {
    const names = 'typeof require + typeof process + typeof module + typeof preloadOwn';
    expect(await page.evaluate(names)).toBe('undefined'.repeat(4));
    expect(await page.evaluate(() => fixture.sees())).toMatchObject({ page: 'undefined' });
    expect(await page.evaluate('Object.isFrozen(fixture)')).toBe(true);
    await page.evaluate('try { window.fixture = 1 } catch {}');
    expect(await page.evaluate('typeof fixture.ask')).toBe('function');
  });

  test('the bridge carries calls, callbacks, and what they throw', async () => {
    expect(await page.evaluate(() => fixture.double(21))).toBe(42);
    expect(await page.evaluate(() => fixture.callBack((value) => value * 2))).toBe(41);
    expect(await catches('fixture.fail()')).toBe('as told');
    expect(await catches('fixture.failLater()')).toBe('as told later');
  });

  test('invoke answers with a clone, or with what went wrong', async () => {
    const value = { text: 'ä', none: null, list: [1, { deep: true }], half: 0.5 };
    expect(await ask('echo', value)).toEqual(value);
    const kinds = `(async () => {
      const at = await fixture.ask('echo', { at: new Date(7), bytes: new Uint8Array([1, 255]), not: undefined });
      return [at.at instanceof Date, at.at.getTime(), ...at.bytes, 'not' in at, at.not === undefined];
    })()`;
    expect(await page.evaluate(kinds)).toEqual([true, 7, 1, 255, true, true]);
    expect(await catches("fixture.ask('fails')")).toBe(
      "Error invoking remote method 'ask': Error: handler says no",
    );
    expect(await catches('fixture.absent()')).toBe(
      "Error invoking remote method 'nobody serves this': Error: No handler registered for 'nobody serves this'",
    );
  });

  test('what cannot be cloned throws on either side', async () => {
    expect(await catches("fixture.ask('echo', Symbol('no'))")).toMatch(/could not be cloned/u);
    expect(await catches("fixture.ask('uncloneable')")).toMatch(/could not be cloned/u);
    expect(await ask('sendUncloneable')).toMatch(/clone|serialize/u);
  });

  test('main sends, the page listens until it stops; the page sends', async () => {
    await ask('tell', 'once', { twice: 2 });
    await expect.poll(() => page.evaluate(() => told), patient).toEqual([['once', { twice: 2 }]]);
    await page.evaluate(() => stop());
    await ask('tell', 'nobody hears');
    await page.evaluate(() => fixture.say('hello'));
    await expect.poll(async () => ask('seen'), patient).toMatchObject({ said: ['hello'] });
    expect(await page.evaluate(() => told)).toHaveLength(1);
  });

  test('main sees its own scheme, the top frame and its own page as the sender', async () => {
    expect(await ask('sender')).toEqual({
      url: 'app://fixture/index.html',
      origin: 'app://fixture',
      isMain: true,
      isTop: true,
      contents: 'app://fixture/index.html',
      isOwn: true,
    });
    expect(await ask('seen')).toMatchObject({
      urls: ['app://fixture/index.html', 'app://fixture/page.js'],
    });
  });

  test('the policy of the response holds; the page is a secure context', async () => {
    expect(await page.evaluate('isSecureContext')).toBe(true);
    const violation = page.evaluate(
      async () =>
        new Promise((resolve) => {
          addEventListener('securitypolicyviolation', ({ violatedDirective }) =>
            resolve(violatedDirective),
          );
        }),
    );
    await page.evaluate('document.body.innerHTML += \'<img src="https://away.example/x.png">\'');
    expect(await violation).toBe('img-src');
    const status = page.evaluate("fetch('/absent').then(({ status }) => status)");
    expect(await status).toBe(404);
  });

  test('the page goes nowhere else and opens nothing', async () => {
    const before = await page.evaluate(() => location.href);
    await page.evaluate(() => document.querySelector('#away')?.click());
    await expect
      .poll(async () => ask('seen'), patient)
      .toMatchObject({ navigations: ['https://away.example/'] });
    await page.evaluate(() => document.querySelector('#new')?.click());
    await expect
      .poll(async () => ask('seen'), patient)
      .toMatchObject({ windowOpens: ['https://away.example/'] });
    expect(await page.evaluate(() => location.href)).toBe(before);
    expect(await ask('windows')).toEqual([true]);
  });

  test('a dropped file has its path, a made one has none', async () => {
    const path = await makeFile('dropped ä.db');
    await dropFiles(page, '#here', [path]);
    await expect.poll(() => page.evaluate(() => dropped), patient).toEqual([path]);
    expect(await page.evaluate("fixture.pathOfFile(new File(['x'], 'made.txt'))")).toBe('');
  });

  test('windows show, hide, refuse to close and close', async () => {
    expect(await ask('states')).toMatchObject({ hidden: false, shown: true });
    expect(await ask('preventedClose')).toEqual({ times: 1, isDestroyed: false });
    expect(await ask('closing')).toEqual({
      events: ['close', 'closed'],
      isDestroyed: true,
      use: expect.stringMatching(/destroyed/u),
    });
  });

  test('a page without script becomes a PDF', async () => {
    expect(await ask('pdf')).toEqual({ head: '%PDF-', isBuffer: true, isLong: true });
  });

  test('a utility process talks through its parent port and ends with its code', async () => {
    const { rest, at, uncloneable, code, pid } = (await ask('utility')) as Record<string, unknown>;
    expect(rest).toMatchObject({ kind: 'echo', type: 'utility', send: 'undefined' });
    expect({ at, code, pid }).toEqual({ at: 5, code: 7, pid: undefined });
    expect(uncloneable).toMatch(/clone/u);
    expect(await ask('utilityKilled')).toEqual({ hadPid: true, wasKilled: true });
  });

  test('menus are checked, secrets sealed, the theme reaches the page', async () => {
    expect(await ask('menu')).toMatchObject({ hasMenu: 'function', invalid: expect.any(String) });
    expect([null, { isSealed: true, text: 'geheim' }]).toContainEqual(await ask('secret'));
    expect(await ask('power')).toBe('boolean');
    for (const source of ['dark', 'light']) {
      expect(await ask('theme', source)).toBe(source === 'dark');
      const query = `(prefers-color-scheme: ${source})`;
      await expect
        .poll(() => page.evaluate((text) => matchMedia(text).matches, query), patient)
        .toBe(true);
    }
  });

  test('a second start hands its words to the first and ends', async () => {
    expect(await app.again('--second')).toBe(0);
    await expect
      .poll(async () => ask('seen'), patient)
      .toMatchObject({ events: [['second-instance', '--second', { from: 'fixture' }]] });
  });

  test('quit tells in order', async () => {
    await ask('quit').catch(() => undefined);
    await app.ended;
    expect(app.output().match(/^(before-quit|will-quit|quit)$/gmu)).toEqual([
      'before-quit',
      'will-quit',
      'quit',
    ]);
  });
}

async function makeFile(name: string): Promise<string> {
  const path = join(await makeTemporaryFolder(), name);
  await writeFile(path, 'x');
  return path;
}
