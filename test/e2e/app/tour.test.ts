// The whole story without a manual: first start, five steps, green with evidence, a day's work, customers lost, one click,
// undo. Each station's picture goes to test-results/tour, to be looked at; six of them are in the README.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { en } from '../../../renderer/text/en/words.ts';
import { zhCn } from '../../../renderer/text/zh-CN/words.ts';
import { dumpDatabase } from '../../support/logical-dump.ts';
import { backUp, click, openOffice, protectCrm, query } from '../../support/office.ts';
import { deleteContactsByAccident, sampleDay } from '../../support/sample-day.ts';

const folder = fileURLToPath(new URL('../../../test-results/tour', import.meta.url));
mkdirSync(folder, { recursive: true });
const { bringBack, common, home } = en;
const LOST = 412;

async function take(page: Page, name: string): Promise<void> {
  // The pointer must not leave a tooltip in the picture.
  await page.mouse.move(1, 1);
  await page.screenshot({ path: join(folder, `${name}.png`), animations: 'disabled' });
}

function withCrm<T>(path: string, action: (db: Database.Database) => T): T {
  const db = new Database(path, { timeout: 20_000 });
  try {
    return action(db);
  } finally {
    db.close();
  }
}

const tab = async (page: Page, name: string): Promise<void> =>
  page.getByRole('navigation').getByRole('button', { name, exact: true }).click();

test('a CRM is protected, loses customers, and has them back', async () => {
  const office = await openOffice(4000);
  await using app = await office.start();
  const page = await app.page();
  await page.getByRole('button', { name: home.protect, exact: true }).waitFor();
  await take(page, '1-first-start');
  await protectCrm(app, page, office);
  await page
    .getByRole('heading', { name: office.isElsewhere ? 'Protected' : 'Attention' })
    .waitFor();

  withCrm(office.crm, (db) => sampleDay(db, 3, { contactUpdates: 60, newActivities: 140 }));
  await backUp(page, office);
  await take(page, '2-home');
  const before = dumpDatabase(office.crm);
  const ids = withCrm(office.crm, (db) => deleteContactsByAccident(db, LOST)).contactIds;
  await backUp(page, office);

  await click(page, home.action.bringBack);
  await page.getByText(bringBack.happened.earlierState, { exact: true }).click();
  await click(page, common.action.next);
  await page.getByText(bringBack.when.mark.afterLoss).first().waitFor();
  await take(page, '3-back-to-when');

  await tab(page, common.nav.home);
  await click(page, home.oneClick);
  await page.getByText(`${LOST} contacts come back`).waitFor();
  await take(page, '4-one-click');
  await click(page, bringBack.check.begin);
  await page
    .getByRole('heading', { name: bringBack.run.restoredTitle })
    .waitFor({ timeout: 60_000 });
  await take(page, '5-brought-back');
  expect(dumpDatabase(office.crm)).toBe(before);
  expect(query(office.crm, `SELECT count(*) FROM contacts WHERE id IN (${ids.join(',')})`)).toEqual(
    [[LOST]],
  );

  await tab(page, common.nav.history);
  await page.getByRole('heading', { name: en.history.title }).waitFor();
  await take(page, '6-history');
  await tab(page, common.nav.settings);
  await page.getByRole('heading', { name: en.settings.title, level: 1 }).waitFor();
  await take(page, '7-settings');
  await page.getByLabel(en.settings.general.language).selectOption('zh-CN');
  await tab(page, zhCn.common.nav.home);
  await page.getByRole('button', { name: zhCn.home.action.bringBack, exact: true }).waitFor();
  await take(page, '8-home-zh');
});
