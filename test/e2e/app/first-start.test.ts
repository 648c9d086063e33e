// From the first start to green, without a manual.
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { en } from '../../../renderer/text/en/words.ts';
import { runReader } from '../../support/emergency-reader.ts';
import { dumpDatabase } from '../../support/logical-dump.ts';
import { openOffice, passphrase, protectCrm } from '../../support/office.ts';
import { makeTemporaryFolder } from '../../support/temporary-folder.ts';

test('a CRM is protected in five steps, and its copy is the CRM', async () => {
  const office = await openOffice();
  await using app = await office.start();
  const page = await app.page();
  const recoveryKey = await protectCrm(app, page, office);
  const light = office.isElsewhere ? 'Protected' : 'Attention';
  await page.getByRole('heading', { name: light, exact: true }).waitFor();
  await page.getByText(en.home.provedAt.replace(' {{moment}}', ''), { exact: false }).waitFor();

  // The judge: the emergency reader, with the key that the screen showed, and SQLite.
  const [vault = ''] = await readdir(office.disk);
  const folder = join(office.disk, vault);
  const out = await makeTemporaryFolder();
  const { exitCode, errors } = runReader({ folder, passphrase }, ['restore', 'latest', out], {
    HOLDFAST_RECOVERY_KEY: recoveryKey,
  });
  expect(exitCode, errors).toBe(0);
  const [restored = ''] = (await readdir(out, { recursive: true })).filter((name) =>
    name.endsWith('.db'),
  );
  expect(dumpDatabase(join(out, restored))).toBe(dumpDatabase(office.crm));
});
