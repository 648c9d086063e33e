// What happens to the window, the agent and the tray while a backup runs, and what becomes of the backup.
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { en } from '../../../renderer/text/en/words.ts';
import { backupStates, expectCopyIsCrm } from '../../support/judge-copies.ts';
import { backUp, click, openOffice, protectCrm, type Office } from '../../support/office.ts';
import { holdDatabase, longPatience, type HeldDatabase } from '../../support/hold-database.ts';
import type { RunningApp } from '../../support/start-app.ts';

const { home, history, common } = en;
const patient = { timeout: 60_000 };
const underWay = home.job.running.replace('{{kind}}', common.job.backup);
const running = 'Backing up: kunden 客户';

const labels = async (app: RunningApp): Promise<readonly string[]> =>
  ((await app.tray.state())?.items ?? []).map(({ label }) => label);
const shown = async (app: RunningApp): Promise<number> =>
  (await app.windows()).filter(({ isVisible }) => isVisible).length;

/** The CRM keeps its file to itself: a backup waits for it. */
const holdCrm = async ({ crm }: Office): Promise<HeldDatabase> =>
  holdDatabase(crm, "UPDATE contacts SET last_name = 'Geändert' WHERE id = 7");
const patientAgent = { utilityImports: [longPatience] };

/** Resolves when it is shown and on record. */
const beginBackup = async (page: Page, office: Office): Promise<void> => {
  await click(page, home.action.backUpNow);
  await page.getByRole('heading', { name: underWay }).waitFor(patient);
  await expect.poll(() => backupStates(office), patient).toEqual(['ok', 'running']);
};

test('a backup goes on while its window is closed, the tray shows it, and a window opened again does too', async () => {
  const office = await openOffice(500);
  await using app = await office.start({ system: patientAgent });
  const page = await app.page();
  await protectCrm(app, page, office);
  const agents = await app.agents();
  const crm = await holdCrm(office);
  await beginBackup(page, office);
  await app.close();
  await expect
    .poll(async () => app.notices.shown.map(({ title }) => title), patient)
    .toEqual(['Holdfast keeps protecting your CRM']);
  await expect.poll(async () => shown(app)).toBe(0);
  await expect.poll(async () => labels(app)).toContain(running);
  await app.tray.clickIcon();
  await (await app.page()).getByRole('heading', { name: underWay }).waitFor(patient);
  await app.close();
  await expect.poll(async () => shown(app)).toBe(0);
  await crm.letGo();
  await expect.poll(() => backupStates(office), patient).toEqual(['ok', 'ok']);
  await expect.poll(async () => labels(app), patient).not.toContain(running);
  // A second start opens the window of the first one.
  expect(await app.again()).toBe(0);
  await click(await app.page(), common.nav.history);
  const runs = (await app.page()).getByRole('list', { name: history.list }).getByRole('listitem');
  await runs.first().getByText(history.state.ok, { exact: false }).waitFor(patient);
  expect(app.notices.shown).toHaveLength(1);
  expect(await app.agents()).toEqual(agents);
  await expectCopyIsCrm(office);
});

test('an agent that is killed in a backup comes back, the run stands as interrupted, and the next copy is the CRM', async () => {
  const office = await openOffice(500);
  // The next agent starts when the test has seen that there is none.
  const gate = join(office.folder, 'gate');
  const system = { utilityImports: [`${longPatience}?gate=${encodeURIComponent(gate)}`] };
  await using app = await office.start({ system });
  const page = await app.page();
  await protectCrm(app, page, office);
  const crm = await holdCrm(office);
  await beginBackup(page, office);
  const [agent = 0] = await app.agents();
  await writeFile(gate, '');
  process.kill(agent, 'SIGKILL');
  await page.getByText('Holdfast has to start its work again').waitFor(patient);
  await rm(gate);
  await crm.letGo();
  await expect.poll(() => backupStates(office), patient).toEqual(['ok', 'interrupted']);
  await backUp(page, office);
  expect(backupStates(office)).toEqual(['ok', 'interrupted', 'ok']);
  expect(await app.agents()).not.toContain(agent);
  await click(page, common.nav.history);
  const runs = page.getByRole('list', { name: history.list }).getByRole('listitem');
  await runs.filter({ hasText: history.state.interrupted }).getByRole('button').click();
  await page.getByText(history.stateText.interrupted).waitFor();
  await expectCopyIsCrm(office);
});

test('quitting in a backup asks, staying goes on with it, and quitting leaves an interrupted run and a good copy', async () => {
  const office = await openOffice(500);
  {
    await using app = await office.start({ system: patientAgent });
    const page = await app.page();
    await protectCrm(app, page, office);
    const crm = await holdCrm(office);
    await beginBackup(page, office);
    await app.dialogs.answer('showMessageBox', { response: 0, checkboxChecked: false });
    await app.tray.click('Quit Holdfast');
    await expect.poll(() => app.dialogs.shown.length, patient).toBe(3);
    await page.getByRole('heading', { name: underWay }).waitFor(patient);
    await app.dialogs.answer('showMessageBox', { response: 1, checkboxChecked: false });
    // It does not wait for the other program.
    expect(await app.quit()).toBe(0);
    await crm.letGo();
    expect(backupStates(office)).toEqual(['ok', 'interrupted']);
  }
  await using app = await office.start();
  const page = await app.page();
  await backUp(page, office);
  expect(backupStates(office)).toEqual(['ok', 'interrupted', 'ok']);
  await expectCopyIsCrm(office);
});

test('without a tray the window is minimised instead, everything is in reach, and a closed window disturbs no backup', async () => {
  const office = await openOffice(500);
  await using app = await office.start({ system: { ...patientAgent, hasTray: false } });
  const page = await app.page();
  await protectCrm(app, page, office);
  expect(await app.tray.state()).toBeNull();
  const crm = await holdCrm(office);
  await beginBackup(page, office);
  await app.close();
  expect(await app.windows()).toMatchObject([{ isMinimized: true }]);
  expect(app.notices.shown).toEqual([]);
  await crm.letGo();
  await expect.poll(() => backupStates(office), patient).toEqual(['ok', 'ok']);
  expect(await app.again()).toBe(0);
  expect(await app.windows()).toMatchObject([{ isMinimized: false, isVisible: true }]);
  for (const name of ['history', 'settings', 'home'] as const) {
    await click(page, common.nav[name]);
    await page
      .getByRole('button', { name: common.nav[name], exact: true })
      .and(page.locator('[aria-current=page]'))
      .waitFor();
  }
  await page.getByRole('button', { name: home.action.bringBack, exact: true }).waitFor();
  await app.menu.click('Holdfast', 'Quit Holdfast');
  expect(await app.ended).toBe(0);
  await expectCopyIsCrm(office);
});
