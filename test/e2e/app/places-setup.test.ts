// Setup on a computer where things are not as they should be: each step says it where it is, and loses nothing typed.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Page } from 'playwright-core';
import { expect, onTestFinished, test } from 'vitest';
import { en } from '../../../renderer/text/en/words.ts';
import { isAvailable } from '../../support/machine.ts';
import { click, openOffice, passphrase } from '../../support/office.ts';
import type { RunningApp } from '../../support/start-app.ts';
import { makeTemporaryFolder } from '../../support/temporary-folder.ts';

const { setup, common, home } = en;
const run = promisify(execFile);

/** A file on a share whose server has gone: an administrator cannot read it either. */
async function makeUnreadable(): Promise<string> {
  const folder = await makeTemporaryFolder();
  const path = join(folder, 'shared.db');
  if (!isAvailable('bindfs')) {
    await writeFile(path, 'secret', { mode: 0 });
    return path;
  }
  const behind = await makeTemporaryFolder();
  await writeFile(join(behind, 'shared.db'), 'gone');
  const server = run('bindfs', ['-f', behind, folder]);
  onTestFinished(async () => void (await run('umount', ['--lazy', folder])));
  await expect.poll(() => existsSync(path)).toBe(true);
  server.child.kill('SIGKILL');
  await expect(server).rejects.toThrow('bindfs');
  return path;
}

/** A disk that is write-protected. */
async function makeReadOnlyPlace(): Promise<string> {
  const place = await makeTemporaryFolder();
  if (!isAvailable('bindfs')) {
    await chmod(place, 0o555);
    return place;
  }
  await run('bindfs', ['-r', await makeTemporaryFolder(), place]);
  onTestFinished(async () => void (await run('umount', ['--lazy', place])));
  return place;
}

async function chooseSource(app: RunningApp, page: Page, path: string): Promise<void> {
  await app.dialogs.answer('showOpenDialog', { canceled: false, filePaths: [path] });
  await click(page, setup.source.chooseFile);
}

async function testPlace(page: Page, path: string): Promise<void> {
  await page.getByLabel(setup.place.path).fill(path);
  await click(page, setup.place.test);
}

const next = (page: Page) => page.getByRole('button', { name: common.action.next, exact: true });
async function expectOff(page: Page): Promise<void> {
  await expect.poll(async () => next(page).isDisabled()).toBe(true);
}

test('a source that cannot be read and one that is no database are told apart from the CRM', async () => {
  const office = await openOffice(500);
  const unreadable = await makeUnreadable();
  const notes = join(office.folder, 'notes.txt');
  await writeFile(notes, 'call Mrs Weber back');
  await using app = await office.start();
  const page = await app.page();
  await click(page, home.protect);
  await chooseSource(app, page, join(office.folder, 'gone.db'));
  await page.getByText('CRM data not found').waitFor();
  await page.getByText(join(office.folder, 'gone.db'), { exact: false }).waitFor();
  await expectOff(page);
  await chooseSource(app, page, unreadable);
  await page.getByText('CRM data cannot be read').waitFor();
  await expectOff(page);
  await chooseSource(app, page, notes);
  await page.getByText(setup.source.notDatabase).waitFor();
  await page.getByLabel(setup.source.name).fill('Büro');
  await click(page, setup.source.remove.replace('{{name}}', notes));
  await expectOff(page);
  await chooseSource(app, page, office.crm);
  await page.getByText('3,500 activities', { exact: false }).waitFor();
  await page.getByText(setup.source.notDatabase).waitFor({ state: 'detached' });
  expect(await page.getByLabel(setup.source.name).inputValue()).toBe('Büro');
});

test('bad places, weak passphrases and wrong groups are refused where they stand, and nothing typed is lost', async () => {
  const office = await openOffice(500);
  const readOnly = await makeReadOnlyPlace();
  await using app = await office.start();
  const page = await app.page();
  await click(page, home.protect);
  await chooseSource(app, page, office.crm);
  await page.getByText(setup.source.chosen).waitFor();
  await next(page).click();

  await testPlace(page, join(office.folder, 'nowhere', 'copies'));
  await page.getByText('The place is not there').waitFor();
  await expectOff(page);
  await testPlace(page, readOnly);
  await page.getByText('The place cannot be written to').waitFor();
  await expectOff(page);
  expect(await page.getByLabel(setup.place.path).inputValue()).toBe(readOnly);
  await testPlace(page, office.disk);
  await page.getByText(setup.place.passed).waitFor();
  expect(await readdir(office.disk)).toEqual([]);
  await next(page).click();
  await next(page).click();

  const first = page.getByLabel(setup.protection.passphrase, { exact: false }).last();
  const again = page.getByLabel(setup.protection.again, { exact: false });
  const create = page.getByRole('button', { name: setup.protection.create, exact: true });
  await first.fill('short');
  await page.getByText(setup.protection.short.replace('{{count}}', '10')).waitFor();
  await expect.poll(async () => create.isDisabled()).toBe(true);
  await first.fill(passphrase);
  await again.fill(passphrase.toUpperCase());
  await page.getByText(setup.protection.differs).waitFor();
  await expect.poll(async () => create.isDisabled()).toBe(true);
  // To the first step and away from setup; what was typed is still there afterwards.
  for (let step = 0; step < 3; step += 1) await click(page, common.action.back);
  await page.getByText(office.crm).waitFor();
  await click(page, setup.leave);
  await click(page, home.protect);
  await page.getByText(office.crm).waitFor();
  await next(page).click();
  expect(await page.getByLabel(setup.place.path).inputValue()).toBe(office.disk);
  await next(page).click();
  await next(page).click();
  expect(await first.inputValue()).toBe(passphrase);
  expect(await again.inputValue()).toBe(passphrase.toUpperCase());
  await again.fill(passphrase);
  await create.click();

  await typeGroups(page, (group) => (group.startsWith('A') ? 'B' : 'A') + group.slice(1));
  await page.getByText(setup.kit.groupWrong).first().waitFor();
  await expect.poll(async () => page.getByText(setup.kit.groupWrong).count()).toBe(2);
  await expectOff(page);
  await typeGroups(page, (group) => group.toLowerCase());
  await page.getByText(setup.kit.confirmed).waitFor();
  await next(page).click();
  await page.getByRole('button', { name: setup.firstBackup.start, exact: true }).waitFor();
});

/** Types the two groups that are asked for, as `typed` makes them of those that are shown. */
async function typeGroups(page: Page, typed: (group: string) => string): Promise<void> {
  const key = page.getByRole('list', { name: setup.kit.keyLabel });
  await key.waitFor();
  for (const [index, group] of (await key.getByRole('listitem').allTextContents()).entries()) {
    const label = setup.kit.group.replace('{{number}}', String(index + 1));
    const box = page.getByLabel(label, { exact: true });
    if ((await box.count()) > 0) await box.fill(typed(group));
  }
  await click(page, setup.kit.confirm);
}
