// Without the stored passphrase: this computer lost it, or is another one that has only the recovery key.
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { en } from '../../../renderer/text/en/words.ts';
import { dumpDatabase } from '../../support/logical-dump.ts';
import {
  backUp,
  bringItBack,
  click,
  openOffice,
  passphrase,
  protectCrm,
} from '../../support/office.ts';
import { makeTemporaryFolder } from '../../support/temporary-folder.ts';

const { bringBack, common, connect, home } = en;

test('a lost passphrase is asked for, a wrong one is refused at its field, the right one opens', async () => {
  const office = await openOffice(500);
  {
    await using app = await office.start();
    await protectCrm(app, await app.page(), office);
    expect(await app.quit()).toBe(0);
  }
  await rm(join(office.dataFolder, 'secrets.json'));
  await using app = await office.start();
  const page = await app.page();
  await page.getByText(/cannot get at the stored passphrase/u).waitFor();
  await page.getByRole('button', { name: home.action.unlock }).first().click();
  const field = page.getByLabel(common.unlock.secret);
  await field.fill('not the passphrase');
  await click(page, common.unlock.submit);
  await page.locator('[role=alert]').filter({ hasText: /./u }).first().waitFor();
  await expect.poll(async () => field.getAttribute('aria-invalid')).toBe('true');
  await field.fill(passphrase);
  await click(page, common.unlock.submit);
  await field.waitFor({ state: 'detached' });
  await page.getByText(/cannot get at the stored passphrase/u).waitFor({ state: 'detached' });
  await backUp(page, office);
});

test('a new computer brings the CRM back with the recovery key alone', async () => {
  const office = await openOffice(500);
  let recoveryKey = '';
  {
    await using app = await office.start();
    recoveryKey = await protectCrm(app, await app.page(), office);
    expect(await app.quit()).toBe(0);
  }
  const before = dumpDatabase(office.crm);
  await rm(office.folder, { recursive: true });
  await using app = await office.start({ dataFolder: await makeTemporaryFolder() });
  const page = await app.page();
  await click(page, home.connect);
  await app.dialogs.answer('showOpenDialog', { canceled: false, filePaths: [office.disk] });
  await click(page, connect.chooseFolder);
  await page.getByLabel(connect.secret).fill(recoveryKey);
  await click(page, connect.open);
  await page.getByText(connect.done).waitFor({ timeout: 60_000 });
  await click(page, connect.next);
  await page.getByText(bringBack.happened.crmBroken, { exact: true }).click();
  await click(page, common.action.next);
  await page.getByRole('radio', { checked: true }).waitFor();
  for (let step = 0; step < 3; step++) await click(page, common.action.next);
  await bringItBack(page);
  expect(dumpDatabase(office.crm)).toBe(before);
  await click(page, bringBack.home);
  await page.getByText(/^Next backup .*12:30/u).waitFor();
  await backUp(page, office);
});
