// Language and appearance: changed in Settings, seen at once everywhere, kept over a restart.
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { en } from '../../../renderer/text/en/words.ts';
import { zhCn } from '../../../renderer/text/zh-CN/words.ts';
import { click, openOffice, protectCrm } from '../../support/office.ts';
import type { RunningApp } from '../../support/start-app.ts';

const patient = { timeout: 60_000 };
const labels = async (app: RunningApp): Promise<readonly string[]> =>
  ((await app.tray.state())?.items ?? []).map(({ label }) => label);

/** What the window's background is made of: light or dark to the eye. */
async function isDark(page: Page): Promise<boolean> {
  const color = await page.evaluate<string>(
    "getComputedStyle(document.querySelector('nav')).backgroundColor",
  );
  const [red = 0, green = 0, blue = 0] = (color.match(/\d+/gu) ?? []).map(Number);
  return red + green + blue < 3 * 128;
}

test('another language and appearance hold at once, in the tray and in notices too, and after a restart', async () => {
  const office = await openOffice(500);
  {
    await using app = await office.start();
    const page = await app.page();
    await protectCrm(app, page, office);
    await click(page, en.common.nav.settings);
    expect(await isDark(page)).toBe(false);
    await page.getByLabel(en.settings.general.theme).selectOption('dark');
    await expect.poll(async () => isDark(page), patient).toBe(true);
    await page.getByLabel(en.settings.general.language).selectOption('zh-CN');
    await page.getByRole('heading', { name: zhCn.settings.title, exact: true }).waitFor(patient);
    await expect.poll(async () => labels(app), patient).toContain('立即备份');
    const lang = async () => page.evaluate<string>('document.documentElement.lang');
    await expect.poll(lang).toBe('zh-CN');
    await app.close();
    await expect
      .poll(async () => app.notices.shown.map(({ title }) => title), patient)
      .toEqual(['Holdfast 仍在保护您的 CRM']);
    expect(await app.quit()).toBe(0);
  }
  await using app = await office.start();
  const page = await app.page();
  await page.getByText(zhCn.home.data, { exact: true }).waitFor(patient);
  await expect.poll(async () => isDark(page)).toBe(true);
  await expect.poll(async () => labels(app)).toContain('退出 Holdfast');
  await click(page, zhCn.common.nav.settings);
  await page.getByLabel(zhCn.settings.general.language).selectOption('system');
  await page.getByLabel(en.settings.general.theme).selectOption('system');
  await expect.poll(async () => isDark(page), patient).toBe(false);
  // As the system: also when the system changes.
  await app.colors('dark');
  await expect.poll(async () => isDark(page), patient).toBe(true);
  await expect.poll(async () => labels(app), patient).toContain('Quit Holdfast');
});
