// The disk with the copies is taken away and comes back.
import { readdir } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { en } from '../../../renderer/text/en/words.ts';
import { backupStates, expectCopyIsCrm } from '../../support/judge-copies.ts';
import { backUp, click, openOffice, protectCrm } from '../../support/office.ts';
import { startSqlitePeer } from '../../support/start-sqlite-peer.ts';

const { home, history, common } = en;
const patient = { timeout: 60_000 };

test('while its disk is away Home says so and nothing is written in its stead; when it is back a backup is made', async () => {
  const office = await openOffice(500);
  await using app = await office.start();
  const page = await app.page();
  await protectCrm(app, page, office);
  await office.unplug();
  const crm = startSqlitePeer(office.crm);
  await crm.run("UPDATE contacts SET last_name = 'Unterwegs' WHERE id = 7");
  await crm.close();
  await click(page, home.action.backUpNow);
  await page.getByText('The place is not there').waitFor(patient);
  await page.getByText(/last seen/u).waitFor(patient);
  // A disk that is away has not become the CRM's own.
  const ownDisk = page.getByText(/lies on the CRM's own disk/u);
  expect(await ownDisk.count()).toBe(office.isElsewhere ? 0 : 1);
  expect(backupStates(office)).toEqual(['ok', 'failed']);
  expect(await readdir(office.disk)).toEqual([]);
  await office.plugIn();
  await backUp(page, office);
  await page.getByText(home.placeHere, { exact: false }).waitFor(patient);
  expect(backupStates(office)).toEqual(['ok', 'failed', 'ok']);
  await click(page, common.nav.history);
  const runs = page.getByRole('list', { name: history.list }).getByRole('listitem');
  await runs.filter({ hasText: history.state.failed }).getByRole('button').click();
  await page.getByText('The place is not there').waitFor();
  await expectCopyIsCrm(office);
});
