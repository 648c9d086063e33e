/**
 * How long a person waits for a long list, from the click to the list on the screen: the built app on the stand-in of
 * Electron, in the installed chromium, with its own agent. Each round is a fresh window that remembers nothing.
 */
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { en } from '../../renderer/text/en/words.ts';
import { startApp } from '../support/start-app.ts';
import type { LongUsedOffice } from './long-used-office.ts';

const main = fileURLToPath(new URL('../../dist/electron/main.js', import.meta.url));

export type WindowTimes = {
  /** The first list of restore points after the start: the vault is opened with the passphrase for it. */
  readonly firstTimelineMs: number;
  readonly timelineMs: readonly number[];
  readonly historyMs: readonly number[];
};

export async function measureWindow(office: LongUsedOffice, rounds: number): Promise<WindowTimes> {
  const { dataFolder, env } = office;
  await using app = await startApp({ main, dataFolder, env });
  const page = await app.page();
  page.setDefaultTimeout(60_000);
  const firstTimelineMs = await openTimeline(page);
  const [timelineMs, historyMs]: [number[], number[]] = [[], []];
  for (let round = 0; round < rounds; round++) {
    timelineMs.push(await openTimeline(page));
    historyMs.push(await openHistory(page));
  }
  return { firstTimelineMs, timelineMs, historyMs };
}

async function openHistory(page: Page): Promise<number> {
  await openHome(page);
  return timeClick(page, en.common.nav.history, `ul[aria-label="${en.history.list}"] > li`, 200);
}

async function openTimeline(page: Page): Promise<number> {
  await openHome(page);
  await page.getByRole('button', { name: en.home.action.bringBack, exact: true }).first().click();
  // The list has a field to jump to a day where there are more days than it shows.
  await page.getByRole('radio', { name: en.bringBack.happened.crmBroken }).click();
  return timeClick(page, en.common.action.next, 'main input[type="date"]', 1);
}

async function openHome(page: Page): Promise<void> {
  await page.reload();
  await page.getByText(en.home.data, { exact: true }).first().waitFor();
}

/** In the page, so that nothing but the page is measured: until `count` of them are there and have been painted. */
async function timeClick(
  page: Page,
  button: string,
  selector: string,
  count: number,
): Promise<number> {
  const wanted = JSON.stringify({ button, selector, count });
  return page.evaluate<number>(`(${timeInPage})(${wanted})`);
}

/** Source, because no other code here knows a page's names. */
const timeInPage = `async ({ button, selector, count }) => {
  const nextFrame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  const wanted = [...document.querySelectorAll('button')].find((each) => each.textContent === button);
  await nextFrame();
  const startedMs = performance.now();
  wanted.click();
  await nextFrame();
  while (document.querySelectorAll(selector).length < count) {
    if (performance.now() - startedMs > 60_000) throw new Error(selector + ' did not come');
    await nextFrame();
  }
  // Asked for in one frame, painted before the next.
  await nextFrame();
  return performance.now() - startedMs;
}`;
