// Customers deleted by accident, noticed two backups later: one click brings them back, and can be taken back.
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { en } from '../../../renderer/text/en/words.ts';
import { dumpDatabase } from '../../support/logical-dump.ts';
import {
  backUp,
  bringItBack,
  changeCrm,
  click,
  openOffice,
  protectCrm,
  query,
  undoIt,
} from '../../support/office.ts';
import { deleteContactsByAccident } from '../../support/sample-day.ts';
import { startCrmWriter } from '../../support/start-crm-writer.ts';

const { bringBack, home } = en;
const LOST = 412;

const loseCustomers = (crm: string): readonly number[] =>
  changeCrm(crm, (db) => deleteContactsByAccident(db, LOST).contactIds);

/** How many of these contacts are there, as the test's own SQLite sees it. */
const countOf = (crm: string, ids: readonly number[]): unknown =>
  query(crm, `SELECT count(*) FROM contacts WHERE id IN (${ids.join(',')})`)[0]?.[0];

async function turnAllTheSame(page: Page, button: string, said: string): Promise<void> {
  const { undoAnyway, undoAnywayConfirm } = bringBack.run;
  for (const words of [button, undoAnyway, undoAnywayConfirm]) {
    // The first one is named after its database too.
    const name = words === button ? new RegExp(`^${button} `, 'u') : words;
    await page.getByRole('button', { name }).click();
  }
  await page.getByText(said).waitFor({ timeout: 60_000 });
}

test('412 customers deleted by accident come back with one click, two backups later', async () => {
  const office = await openOffice(4000);
  await using app = await office.start();
  const page = await app.page();
  await protectCrm(app, page, office);
  const before = dumpDatabase(office.crm);
  const lost = loseCustomers(office.crm);
  const after = dumpDatabase(office.crm);
  await backUp(page, office);
  await backUp(page, office);

  await click(page, home.oneClick);
  await page.getByRole('heading', { name: bringBack.oneClick.title }).waitFor();
  const words = page.getByRole('main');
  const point = /^Restore point of .*(ago|just now)$/u;
  for (const said of ['kunden 客户', office.crm, point, `${LOST} contacts come back`]) {
    await words.getByText(said, { exact: true }).waitFor();
  }
  expect(countOf(office.crm, lost)).toBe(0);
  await bringItBack(page);
  expect(dumpDatabase(office.crm)).toBe(before);

  await undoIt(page);
  expect(dumpDatabase(office.crm)).toBe(after);
  await page.getByRole('button', { name: /^Redo /u }).click();
  await page.getByText(bringBack.run.redone).waitFor({ timeout: 60_000 });
  expect(dumpDatabase(office.crm)).toBe(before);
});

test('they come back while the CRM is open and writes all the time', async () => {
  const office = await openOffice(4000);
  await using app = await office.start();
  const page = await app.page();
  await using writer = await startCrmWriter(office.crm);
  await protectCrm(app, page, office);
  const lost = loseCustomers(office.crm);
  await backUp(page, office);
  await backUp(page, office);
  await click(page, home.oneClick);
  await page.getByText(`${LOST} contacts come back`, { exact: true }).waitFor();
  const worked = (await writer.sum()).transactions;
  await bringItBack(page);
  expect(countOf(office.crm, lost)).toBe(LOST);
  expect((await writer.sum()).rows['contacts']).toBe(4000);

  // What the CRM writes after the restore is not thrown away unasked.
  await expect.poll(async () => (await writer.sum()).transactions).toBeGreaterThan(worked + 20);
  await turnAllTheSame(page, bringBack.run.undo, bringBack.run.undone);
  expect(countOf(office.crm, lost)).toBe(0);
  await turnAllTheSame(page, bringBack.run.redo, bringBack.run.redone);
  expect(countOf(office.crm, lost)).toBe(LOST);
  await writer.stop();
  expect(query(office.crm, 'PRAGMA integrity_check')).toEqual([['ok']]);
  expect(query(office.crm, 'PRAGMA foreign_key_check')).toEqual([]);
});
