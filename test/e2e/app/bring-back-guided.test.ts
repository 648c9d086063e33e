// The guided way: one customer, one table, or a whole earlier state to look at.
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { en } from '../../../renderer/text/en/words.ts';
import { dumpDatabase } from '../../support/logical-dump.ts';
import {
  bringItBack,
  changeCrm,
  click,
  openOffice,
  protectCrm,
  query,
  undoIt,
} from '../../support/office.ts';
import { makeTemporaryFolder } from '../../support/temporary-folder.ts';

const { bringBack, common, home } = en;

/** From Home to the choice of what shall come back; the newest good restore point stays chosen. */
async function beginGuided(page: Page, happened: string): Promise<void> {
  await click(page, home.action.bringBack);
  await page.getByText(happened, { exact: true }).click();
  await click(page, common.action.next);
  await page.getByRole('radio', { checked: true }).waitFor();
  await click(page, common.action.next);
}

test('one deleted customer comes back with all that hung on it, and nothing else changes', async () => {
  const office = await openOffice(1000);
  await using app = await office.start();
  const page = await app.page();
  await protectCrm(app, page, office);
  const [[id, email] = []] = query(
    office.crm,
    `SELECT id, email FROM contacts WHERE id IN (SELECT contact_id FROM notes)
      AND id IN (SELECT contact_id FROM activities) AND id IN (SELECT contact_id FROM deals)`,
  );
  const before = dumpDatabase(office.crm);
  changeCrm(office.crm, (db) => db.prepare('DELETE FROM contacts WHERE id = ?').run(id));
  const after = dumpDatabase(office.crm);

  await beginGuided(page, bringBack.happened.recordLost);
  await page
    .getByRole('combobox', { name: bringBack.what.whichTable, exact: true })
    .selectOption('contacts');
  await page.getByLabel(bringBack.records.search).fill(String(email));
  const found = page.getByRole('row').filter({ hasText: String(email) });
  await found.getByText(bringBack.records.missing, { exact: true }).waitFor();
  await found.getByRole('checkbox').check();
  await click(page, common.action.next);
  await click(page, common.action.next);
  await page.getByText('1 record of contacts comes back').waitFor();
  await bringItBack(page);
  expect(dumpDatabase(office.crm)).toBe(before);
  await undoIt(page);
  expect(dumpDatabase(office.crm)).toBe(after);
});

test('one table comes back, and an earlier state into a folder that is then shown', async () => {
  const office = await openOffice(1000);
  await using app = await office.start();
  const page = await app.page();
  await protectCrm(app, page, office);
  const before = dumpDatabase(office.crm);
  const notes = query(office.crm, 'SELECT * FROM notes ORDER BY id');
  const added = changeCrm(office.crm, (db) => {
    db.exec('DELETE FROM notes WHERE id % 2 = 0');
    db.exec("UPDATE contacts SET city = 'wrong import'");
    return db
      .prepare("INSERT INTO notes SELECT 900000, min(id), 'since then', '' FROM contacts")
      .run();
  });
  expect(added.changes).toBe(1);

  await beginGuided(page, bringBack.happened.earlierState);
  await page.getByText(bringBack.what.table, { exact: true }).click();
  await page
    .getByRole('combobox', { name: bringBack.what.whichTable, exact: true })
    .selectOption('notes');
  await click(page, common.action.next);
  await click(page, common.action.next);
  await bringItBack(page);
  expect(query(office.crm, 'SELECT * FROM notes WHERE id < 900000 ORDER BY id')).toEqual(notes);
  expect(query(office.crm, 'SELECT body FROM notes WHERE id = 900000')).toEqual([['since then']]);
  expect(query(office.crm, 'SELECT DISTINCT city FROM contacts')).toEqual([['wrong import']]);

  await click(page, bringBack.home);
  const now = dumpDatabase(office.crm);
  const folder = await makeTemporaryFolder();
  await beginGuided(page, bringBack.happened.earlierState);
  await click(page, common.action.next);
  await page.getByText(bringBack.where.folder, { exact: true }).click();
  await app.dialogs.answer('showOpenDialog', { canceled: false, filePaths: [folder] });
  await click(page, bringBack.where.choose);
  await click(page, common.action.next);
  await bringItBack(page);
  const names = await readdir(folder, { recursive: true });
  const restored = join(folder, names.find((name) => name.endsWith('.db')) ?? '');
  expect(dumpDatabase(restored)).toBe(before);
  expect(dumpDatabase(office.crm)).toBe(now);
  await page.getByRole('button', { name: /^Show in folder/u }).click();
  await expect.poll(() => app.opened.map(({ target }) => target)).toEqual([restored]);
});
