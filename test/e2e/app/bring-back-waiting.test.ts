// A restore that must exchange the file waits for the program that holds it, says which, and goes on by itself.
import { rm } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { en } from '../../../renderer/text/en/words.ts';
import { dumpDatabase } from '../../support/logical-dump.ts';
import { click, openOffice, protectCrm, undoIt } from '../../support/office.ts';
import { createSampleCrm } from '../../support/sample-crm.ts';
import { startCrmWriter } from '../../support/start-crm-writer.ts';

const { bringBack, home } = en;

test('a file that is in use is waited for, and the restore goes on when it is closed', async () => {
  const office = await openOffice(500);
  await using app = await office.start();
  const page = await app.page();
  await protectCrm(app, page, office);
  const before = dumpDatabase(office.crm);
  // An update of the CRM made its database anew: pages of another size cannot be exchanged under it.
  await rm(office.crm);
  createSampleCrm(office.crm, { seed: 8, size: { contacts: 250 }, pageSize: 8192 });
  const another = dumpDatabase(office.crm);
  await using crm = await startCrmWriter(office.crm, { rate: 1 });
  await crm.pause();

  await click(page, home.oneClick);
  await page.getByText(bringBack.free.notice).waitFor();
  await click(page, bringBack.check.begin);
  await page.getByRole('heading', { name: bringBack.free.title }).waitFor();
  await page.getByText(/^Open in .*node/u).waitFor();
  await crm.stop();
  await page
    .getByRole('heading', { name: bringBack.run.restoredTitle })
    .waitFor({ timeout: 60_000 });
  expect(dumpDatabase(office.crm)).toBe(before);
  await undoIt(page);
  expect(dumpDatabase(office.crm)).toBe(another);
});
