// What opens the copies is changed in Settings; whether it does is judged by the emergency reader, without the app.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { en } from '../../../renderer/text/en/words.ts';
import type { Secrets } from '../../support/emergency-reader.ts';
import { expectCopyIsCrm, readCopies } from '../../support/judge-copies.ts';
import {
  backUp,
  click,
  openOffice,
  passphrase,
  protectCrm,
  type Office,
} from '../../support/office.ts';
import { pdfText } from '../../support/pdf-text.ts';

const { settings, setup, common } = en;
const patient = { timeout: 60_000 };
const WRONG_KEY = 5;

const exitOf = async (office: Office, secrets: Secrets): Promise<number | null> =>
  (await readCopies(office, ['list'], secrets)).exitCode;

async function changePassphrase(page: Page, current: string, next: string): Promise<void> {
  const field = (name: 'current' | 'next' | 'again') =>
    page.getByLabel(settings.passphrase[name], { exact: true });
  await field('current').fill(current);
  await field('next').fill(next);
  await field('again').fill(next);
  await click(page, settings.passphrase.submit);
}

/** The groups that the screen shows. */
async function shownKey(page: Page): Promise<string> {
  const key = page.getByRole('list', { name: setup.kit.keyLabel });
  await key.waitFor(patient);
  return (await key.getByRole('listitem').allTextContents()).join('-');
}

test('a changed passphrase and a new recovery key open the copies, and the old ones do not; the kit is a PDF with the key', async () => {
  const office = await openOffice(500);
  await using app = await office.start();
  const page = await app.page();
  const oldKey = await protectCrm(app, page, office);
  await click(page, common.nav.settings);

  await click(page, settings.plans.recoveryKey);
  await page.getByLabel(settings.recoveryKey.current, { exact: true }).fill('not the passphrase');
  await click(page, settings.recoveryKey.submit);
  await page
    .getByText('What was entered does not open the copy', { exact: false })
    .waitFor(patient);
  expect(await exitOf(office, { HOLDFAST_RECOVERY_KEY: oldKey })).toBe(0);
  await page.getByLabel(settings.recoveryKey.current, { exact: true }).fill(passphrase);
  await click(page, settings.recoveryKey.submit);
  const newKey = await shownKey(page);
  expect(newKey).not.toBe(oldKey);
  const pdf = join(office.folder, 'kit 恢复.pdf');
  await app.dialogs.answer('showSaveDialog', { canceled: false, filePath: pdf });
  await click(page, setup.kit.save);
  await page.getByText(setup.kit.savedAs.replace('{{path}}', pdf)).waitFor(patient);
  await page.getByText(setup.kit.ownDisk).waitFor(patient);
  const text = pdfText(await readFile(pdf)).replaceAll(/\s/gu, '');
  expect(text).toContain(newKey);
  expect(text).toContain(office.folder);
  await click(page, settings.recoveryKey.leave);
  expect(await exitOf(office, { HOLDFAST_RECOVERY_KEY: newKey })).toBe(0);
  expect(await exitOf(office, { HOLDFAST_RECOVERY_KEY: oldKey })).toBe(WRONG_KEY);

  const next = 'a quiet pond beneath the birches';
  await click(page, settings.plans.passphrase);
  await changePassphrase(page, 'not the passphrase', next);
  await page
    .getByText('What was entered does not open the copy', { exact: false })
    .waitFor(patient);
  expect(await exitOf(office, { HOLDFAST_PASSPHRASE: next })).toBe(WRONG_KEY);
  await changePassphrase(page, passphrase, next);
  await page.getByText(settings.passphrase.done).waitFor(patient);
  await click(page, common.action.close);
  expect(await exitOf(office, { HOLDFAST_PASSPHRASE: passphrase })).toBe(WRONG_KEY);
  expect(await exitOf(office, { HOLDFAST_RECOVERY_KEY: newKey })).toBe(0);
  // The app has it in its keychain, and goes on.
  await click(page, common.nav.home);
  await backUp(page, office);
  await expectCopyIsCrm(office, { HOLDFAST_PASSPHRASE: next });
});
