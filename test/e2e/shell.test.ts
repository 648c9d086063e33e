/** The built app on the stand-in of Electron: window, tray, notices, start and end, as a person meets them. */
import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, inject, test } from 'vitest';
import type { CallOutput, CallRequest, WindowCallName } from '../../shared/ipc/contract.ts';
import type { Reply } from '../../shared/ipc/messages.ts';
import { asId, type PlanId, type VaultId } from '../../shared/model/ids.ts';
import { holdDatabase, longPatience } from '../support/hold-database.ts';
import { createSampleCrm } from '../support/sample-crm.ts';
import { startApp, type AppOptions, type RunningApp } from '../support/start-app.ts';
import { makeTemporaryFolder } from '../support/temporary-folder.ts';

const main = join(inject('builtFolder'), 'main.js');

const start = async (options: Partial<AppOptions> = {}): Promise<RunningApp> =>
  startApp({ main, dataFolder: await makeTemporaryFolder(), ...options });

/** A call over the bridge, as the window makes it. */
const rawCall = async (page: Page, name: string, input: unknown): Promise<Reply> =>
  page.evaluate(`holdfast.call(${JSON.stringify(name)}, ${JSON.stringify(input)})`);

async function call<N extends WindowCallName>(
  page: Page,
  name: N,
  input: CallRequest<N>,
): Promise<CallOutput<N>> {
  const reply = await rawCall(page, name, input);
  if (!reply.ok) throw new Error(JSON.stringify(reply.failure));
  return reply.value as CallOutput<N>;
}

/** Under load everything takes longer. */
const patient = { timeout: 30_000 };

const labels = async (app: RunningApp): Promise<string[]> =>
  ((await app.tray.state())?.items ?? []).map(({ label }) => label);

interface InPage {
  readonly names: readonly string[];
  readonly isFetched: boolean;
  readonly nonces: readonly string[];
}

/** Runs in the page. */
const lookAround = `(async () => ({
  names: ['require', 'process', 'module', 'Buffer'].filter((name) => name in window),
  isFetched: await fetch('https://example.com').then(() => true, () => false),
  nonces: [...document.querySelectorAll('style')].map((style) => style.nonce),
}))()`;

test('the window gets what the bridge offers and nothing else', async () => {
  await using app = await start({ allow: [/connect-src/u, /example/u] });
  const page = await app.page();
  for (const name of ['close', 'suspend', 'power', 'backup', 'toString', '__proto__']) {
    expect(await rawCall(page, name, {}), name).toMatchObject({
      ok: false,
      failure: { code: 'usage' },
    });
  }
  expect(await rawCall(page, 'saveKit', { kit: { planName: 'x' } })).toMatchObject({
    failure: { code: 'usage' },
  });
  expect(await rawCall(page, 'showInFolder', { path: 'relative' })).toMatchObject({
    failure: { code: 'usage' },
  });
  const inPage = await page.evaluate<InPage>(lookAround);
  expect(inPage).toMatchObject({ names: [], isFetched: false });
  expect(inPage.nonces.length).toBeGreaterThan(0);
  expect(inPage.nonces).not.toContain('');
  const address = page.url();
  await page.evaluate("window.open('https://example.com'); location.href = 'https://example.com'");
  await call(page, 'overview', {});
  expect([page.url(), (await app.windows()).length]).toEqual([address, 1]);
});

test('closing the window leaves it in the tray, says so once, and every way back opens it', async () => {
  await using app = await start();
  const first = await app.page();
  await expect.poll(async () => labels(app), patient).toContain('No CRM is protected yet');
  await app.close();
  await expect.poll(async () => app.notices.shown.length, patient).toBe(1);
  expect(app.notices.shown[0]?.title).toContain('keeps protecting');
  expect((await app.windows()).filter(({ isVisible }) => isVisible)).toEqual([]);
  await app.tray.clickIcon();
  await app.page();
  await expect
    .poll(async () => (await call(await app.page(), 'settings', {})).isTrayExplained, patient)
    .toBe(true);
  await app.close();
  expect(await app.again()).toBe(0);
  await app.page();
  expect(app.notices.shown).toHaveLength(1);
  expect(first.isClosed()).toBe(false);
  expect(await app.quit()).toBe(0);
  expect(await app.agents().catch(() => [])).toEqual([]);
});

test('without a tray closing minimises and nothing is out of reach; the recovery kit is a PDF where it was wanted', async () => {
  const dataFolder = await makeTemporaryFolder();
  const path = join(dataFolder, 'kit.pdf');
  await using app = await start({ dataFolder, system: { hasTray: false } });
  const page = await app.page();
  expect((await call(page, 'shellInfo', {})).hasTray).toBe(false);
  await app.close();
  expect(await app.windows()).toMatchObject([{ isMinimized: true }]);
  expect(await app.again()).toBe(0);
  expect(await app.windows()).toMatchObject([{ isMinimized: false, isVisible: true }]);
  expect(app.notices.shown).toEqual([]);
  const kit = {
    plan: asId<PlanId>(randomBytes(16).toString('hex')),
    planName: 'Office',
    vault: asId<VaultId>(randomBytes(16).toString('hex')),
    place: '/mnt/usb/Holdfast',
    sources: ['/srv/crm/crm.db'],
    recoveryKey: 'A1B2C-D3E4F-G5H6J-K7M8N-P9Q0R-S1T2V-W3X4Y-Z5A6B',
    readerSha256: 'ab'.repeat(32),
    madeAtMs: 0,
  };
  await app.dialogs.answer('showSaveDialog', { canceled: true, filePath: '' });
  expect(await call(page, 'saveKit', { kit })).toEqual({ path: null });
  await app.dialogs.answer('showSaveDialog', { canceled: false, filePath: path });
  expect(await call(page, 'saveKit', { kit })).toEqual({ path });
  const pdf = await readFile(path);
  expect(pdf.subarray(0, 5).toString('latin1')).toBe('%PDF-');
  expect(pdf.toString('latin1')).toMatch(/\/Count 1\b/u);
  expect((await app.windows()).length).toBe(1);
  expect((await readdir(dataFolder)).filter((name) => name.endsWith('.tmp'))).toEqual([]);
});

test('started by the system it has no window until somebody asks; the tray speaks the language that is set', async () => {
  await using app = await start({
    args: ['--background'],
    system: { locale: 'zh-CN', languages: ['zh-CN'] },
  });
  await expect.poll(async () => labels(app), patient).toContain('还没有受保护的 CRM');
  expect(await app.windows()).toEqual([]);
  expect(await app.again('--background')).toBe(0);
  expect(await app.windows()).toEqual([]);
  expect(await app.again()).toBe(0);
  await call(await app.page(), 'changeSettings', { language: 'en' });
  await expect.poll(async () => labels(app), patient).toContain('No CRM is protected yet');
  await app.tray.click('Quit Holdfast');
  expect(await app.ended).toBe(0);
});

const crash = async (page: Page): Promise<void> => {
  const session = await page.context().newCDPSession(page);
  // It has no answer to give.
  session.send('Page.crash').catch(() => undefined);
};

test('an agent that dies is started again, the window goes on, and a shutdown ends all of it', async () => {
  await using app = await start();
  const page = await app.page();
  await call(page, 'overview', {});
  const [dead = 0] = await app.agents();
  process.kill(dead, 'SIGKILL');
  await expect.poll(async () => (await rawCall(page, 'overview', {})).ok, patient).toBe(true);
  const [alive] = await app.agents();
  expect(alive).not.toBe(dead);
  // The page crashes: it comes back once, then words say so.
  await crash(page);
  await expect.poll(async () => (await app.page()).title(), patient).toBe('Holdfast');
  await call(await app.page(), 'overview', {});
  await crash(await app.page());
  await expect
    .poll(async () => (await app.page()).locator('body').innerText(), patient)
    .toContain('This window had to stop');
  // Whoever asks for the app then gets it tried again.
  await app.tray.click('Open Holdfast');
  await expect
    .poll(async () => (await rawCall(await app.page(), 'overview', {})).ok, patient)
    .toBe(true);
  // The computer shuts down: nobody is asked, and nothing is left.
  await app.power('shutdown');
  expect(await app.ended).toBe(0);
  expect(app.dialogs.shown).toEqual([]);
});

test('quitting asks while a backup runs; staying lets it run, quitting ends it', async () => {
  const dataFolder = await makeTemporaryFolder();
  const crm = join(dataFolder, 'crm', 'crm.db');
  const place = join(dataFolder, 'place');
  await mkdir(join(dataFolder, 'crm'));
  await mkdir(place);
  createSampleCrm(crm, { seed: 7, size: { contacts: 100 }, journalMode: 'delete' });
  await using app = await start({ dataFolder, system: { utilityImports: [longPatience] } });
  const page = await app.page();
  const { plan } = await call(page, 'protect', {
    name: 'Office',
    sources: [crm],
    place,
    schedule: { kind: 'interval', everyMs: 24 * 3_600_000 },
    keep: {
      last: 5,
      withinMs: null,
      hourly: null,
      daily: null,
      weekly: null,
      monthly: null,
      yearly: null,
    },
    secret: { kind: 'passphrase', passphrase: 'four words are enough here' },
    remember: false,
  });
  await expect.poll(async () => labels(app), patient).toContain('Back up now');
  // The CRM holds its file: the backup waits for it, for as long as the test needs.
  const other = await holdDatabase(crm);
  const run = rawCall(page, 'runPlan', { plan: plan.id }).catch(() => null);
  await expect.poll(async () => labels(app), patient).toContain('Backing up: Office');
  await app.dialogs.answer('showMessageBox', { response: 0, checkboxChecked: false });
  await app.tray.click('Quit Holdfast');
  await expect.poll(async () => app.dialogs.shown.length, patient).toBe(1);
  expect(app.dialogs.shown[0]?.options).toMatchObject({
    message: 'Quit Holdfast while it is working?',
  });
  expect(await labels(app)).toContain('Backing up: Office');
  await app.dialogs.answer('showMessageBox', { response: 1, checkboxChecked: false });
  await app.tray.click('Quit Holdfast');
  await expect.poll(async () => app.dialogs.shown.length, patient).toBe(2);
  await other.letGo();
  expect(await app.ended).toBe(0);
  await run;
});

test('start at sign-in is as the settings say, and what the system switched off stays off', async () => {
  const dataFolder = await makeTemporaryFolder();
  const file = join(dataFolder, 'computer/config/autostart/holdfast.desktop');
  const textOf = async (): Promise<string> => readFile(file, 'utf8').catch(() => '');
  {
    await using app = await start({ dataFolder, system: { isPackaged: true } });
    const page = await app.page();
    await expect.poll(textOf, patient).toContain('--background');
    await call(page, 'changeSettings', { startAtSignIn: false });
    await expect.poll(textOf, patient).toBe('');
    await call(page, 'changeSettings', { startAtSignIn: true });
    await expect.poll(textOf, patient).toContain('--background');
    expect(await app.quit()).toBe(0);
  }
  await writeFile(file, `${await textOf()}Hidden=true\n`);
  await using app = await start({ dataFolder, system: { isPackaged: true } });
  const page = await app.page();
  await expect
    .poll(async () => (await call(page, 'shellInfo', {})).signInStart, patient)
    .toBe('switched-off-by-system');
  expect(await textOf()).toContain('Hidden=true');
  const { notices } = await call(page, 'notices', {});
  expect(notices.map(({ fact }) => fact.kind)).toContain('sign-in-start-off');
});
