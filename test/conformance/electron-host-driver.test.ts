/** What a test can see and do of an app on the stand-in, and that nothing which goes wrong stays unseen. */
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { isRunning } from '../support/is-running.ts';
import { startApp, type AppOptions } from '../support/start-app.ts';
import { makeTemporaryFolder } from '../support/temporary-folder.ts';

const main = fileURLToPath(new URL('./electron-fixture/driven.js', import.meta.url));
/** Longer than a busy machine takes for anything here. */
const patient = { timeout: 20_000 };
const DAY_MS = 86_400_000;
const start = async (options: Partial<AppOptions> = {}) =>
  startApp({ main, dataFolder: await makeTemporaryFolder(), ...options });

test('tray, notices, dialogs, power and colours are seen and answered', async () => {
  await using app = await start({ system: { colorScheme: 'dark' } });
  const says = async (text: string): Promise<void> => {
    await expect.poll(app.logs, patient).toContain(text);
  };
  const page = await app.page();
  const state = await app.tray.state();
  expect(state).toMatchObject({ toolTip: 'Driven' });
  expect(state?.items.map(({ label, type }) => label || type)).toEqual([
    'not now',
    'separator',
    'More & more',
  ]);
  await expect(app.tray.click('not now')).rejects.toThrow(/no enabled item 'not now'/u);
  await expect(app.tray.click('never')).rejects.toThrow(/no enabled item 'never'/u);
  await app.tray.clickIcon();
  await says('icon clicked');

  await app.tray.click('More & more', 'notice');
  await app.notices.click(/look/iu);
  await says('notice clicked');

  await app.tray.click('More & more', 'open file');
  await expect.poll(() => app.dialogs.shown, patient).toHaveLength(1);
  expect(app.logs()).not.toContain('chosen');
  await app.dialogs.answer('showOpenDialog', { canceled: false, filePaths: ['/a.db'] });
  await says('chosen false /a.db');
  await app.tray.click('More & more', 'show folder');
  expect(app.opened).toEqual([{ method: 'showItemInFolder', target: '/somewhere' }]);

  await app.power('suspend');
  await says('suspend false');
  await app.power('on-battery');
  await says('on-battery true');

  const isDark = () => page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches");
  expect(await isDark()).toBe(true);
  await app.colors('light', true);
  await says('dark false');
  await expect.poll(isDark, patient).toBe(false);
  expect(await page.evaluate("matchMedia('(forced-colors: active)').matches")).toBe(true);
  expect(await app.quit()).toBe(0);
});

test('language, tray and clock of the computer are as the test says', async () => {
  const atMs = Date.UTC(2031, 2, 4);
  const system = { locale: 'zh-CN', hasTray: false };
  await using app = await start({ system, clock: { atMs } });
  const page = await app.page();
  expect(await page.evaluate('navigator.language')).toBe('zh-CN');
  expect(await app.tray.state()).toBe(null);
  const appTime = async (): Promise<number> => {
    await page.reload();
    return Number(await page.title());
  };
  expect(await appTime()).toBeGreaterThanOrEqual(atMs);
  await app.clock.set(atMs + DAY_MS);
  await expect.poll(appTime, patient).toBeGreaterThanOrEqual(atMs + DAY_MS);
  expect(await appTime()).toBeLessThan(atMs + 2 * DAY_MS);
});

test('the window can be closed by the person, hidden by the app, and the app ended', async () => {
  await using app = await start();
  await app.page();
  await app.close();
  await expect.poll(app.logs, patient).toContain('hidden');
  expect(await app.windows()).toMatchObject([{ isVisible: false }]);
  // By the system, with the page itself.
  process.kill(app.pid ?? 0, 'SIGTERM');
  expect(await app.ended).toBe(0);
});

test('a kill leaves no agent behind; an ended agent is told', async () => {
  await using app = await start();
  await app.page();
  await app.tray.click('More & more', 'agent');
  const [first = 0] = await app.agents();
  process.kill(first, 'SIGKILL');
  await expect.poll(app.logs, patient).toContain('agent ended 9');
  await app.tray.click('More & more', 'agent');
  const [second = 0] = await app.agents();
  expect(isRunning(second)).toBe(true);
  await app.kill();
  await expect.poll(() => isRunning(second), patient).toBe(false);
});

test('nothing that goes wrong in page or main stays unseen', async () => {
  const app = await start({ allow: [/known/u] });
  const page = await app.page();
  const scripts = [
    "document.body.innerHTML = '<b onclick=1>'",
    "setTimeout(() => { throw new Error('lost') })",
    "console.error('bad')",
    "console.error('known')",
    "new Image().src = 'https://away.example/'",
  ];
  for (const script of scripts) await page.evaluate(`{ ${script}; }`);
  // Whoever called may swallow what is thrown; the test fails all the same.
  for (const label of ['use what is absent', 'hear what is absent']) {
    await expect(app.tray.click('More & more', label)).rejects.toThrow(/stand-in of electron/u);
  }
  const complaints = [
    /securitypolicyviolation: script-src-attr/u,
    /page error: Error: lost/u,
    /console: bad/u,
    /request to https:\/\/away.example\//u,
    /app.getGPUInfo is not in the stand-in/u,
    /app has no event 'no-such-event'/u,
  ];
  for (const complaint of complaints) {
    await expect.poll(() => app.complaints.join('\n'), patient).toMatch(complaint);
  }
  const failure = await app[Symbol.asyncDispose]().catch((error: unknown) => String(error));
  for (const complaint of complaints) expect(failure).toMatch(complaint);
  expect(failure).not.toMatch(/known/u);
});
