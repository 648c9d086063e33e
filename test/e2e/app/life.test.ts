// What happens to the window, the agent and the tray while a backup runs, and what becomes of the backup.
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { en } from '../../../renderer/text/en/words.ts';
import { backupStates, expectCopyIsCrm, vaultOf } from '../../support/judge-copies.ts';
import { backUp, click, openOffice, protectCrm, type Office } from '../../support/office.ts';
import type { RunningApp } from '../../support/start-app.ts';
import { startSqlitePeer, type SqlitePeer } from '../../support/start-sqlite-peer.ts';

const { home, history, common } = en;
const patient = { timeout: 60_000 };
const underWay = home.job.running.replace('{{kind}}', common.job.backup);
const running = 'Backing up: kunden 客户';

const labels = async (app: RunningApp): Promise<readonly string[]> =>
  ((await app.tray.state())?.items ?? []).map(({ label }) => label);
const shown = async (app: RunningApp): Promise<number> =>
  (await app.windows()).filter(({ isVisible }) => isVisible).length;

/** The CRM keeps its file to itself: a backup waits for it, ten seconds at most. */
async function holdCrm({ crm }: Office): Promise<SqlitePeer> {
  const peer = startSqlitePeer(crm);
  await peer.run('PRAGMA journal_mode = DELETE');
  await peer.run("UPDATE contacts SET last_name = 'Geändert' WHERE id = 7");
  await peer.run('BEGIN EXCLUSIVE');
  return peer;
}

async function letGo(peer: SqlitePeer): Promise<void> {
  await peer.run('COMMIT');
  await peer.close();
}

const beginBackup = async (page: Page): Promise<void> => {
  await click(page, home.action.backUpNow);
  await page.getByRole('heading', { name: underWay }).waitFor(patient);
};

test('a backup goes on while its window is closed, the tray shows it, and a window opened again does too', async () => {
  const office = await openOffice(500);
  await using app = await office.start();
  const page = await app.page();
  await protectCrm(app, page, office);
  const agents = await app.agents();
  const crm = await holdCrm(office);
  await beginBackup(page);
  await app.close();
  await expect
    .poll(async () => app.notices.shown.map(({ title }) => title), patient)
    .toEqual(['Holdfast keeps protecting your CRM']);
  expect(await shown(app)).toBe(0);
  expect(await labels(app)).toContain(running);
  await app.tray.clickIcon();
  await (await app.page()).getByRole('heading', { name: underWay }).waitFor(patient);
  await app.close();
  expect(await shown(app)).toBe(0);
  await letGo(crm);
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

async function bytesIn(folder: string): Promise<number> {
  let bytes = 0;
  for (const name of await readdir(folder, { recursive: true })) {
    // A file may be renamed between the two looks.
    bytes += (await stat(join(folder, name)).catch(() => null))?.size ?? 0;
  }
  return bytes;
}

test('an agent that is killed in a backup comes back, the run stands as interrupted, and the next copy is the CRM', async () => {
  const office = await openOffice(500);
  await using app = await office.start();
  const page = await app.page();
  await protectCrm(app, page, office);
  const crm = startSqlitePeer(office.crm);
  await crm.run('CREATE TABLE documents (id INTEGER PRIMARY KEY, body BLOB)');
  await crm.run('INSERT INTO documents (body) SELECT randomblob(1000000) FROM contacts LIMIT 40');
  await crm.close();
  const vault = await vaultOf(office);
  const before = await bytesIn(vault);
  await click(page, home.action.backUpNow);
  while ((await bytesIn(vault)) < before + 1_000_000);
  const [agent = 0] = await app.agents();
  process.kill(agent, 'SIGKILL');
  await page.getByText('Holdfast has to start its work again').waitFor(patient);
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
    await using app = await office.start();
    const page = await app.page();
    await protectCrm(app, page, office);
    const crm = await holdCrm(office);
    await beginBackup(page);
    await app.dialogs.answer('showMessageBox', { response: 0, checkboxChecked: false });
    await app.tray.click('Quit Holdfast');
    await expect.poll(() => app.dialogs.shown.length, patient).toBe(3);
    await page.getByRole('heading', { name: underWay }).waitFor(patient);
    await app.dialogs.answer('showMessageBox', { response: 1, checkboxChecked: false });
    expect(await app.quit()).toBe(0);
    expect(backupStates(office)).toEqual(['ok', 'interrupted']);
    await letGo(crm);
  }
  await using app = await office.start();
  const page = await app.page();
  await backUp(page, office);
  expect(backupStates(office)).toEqual(['ok', 'interrupted', 'ok']);
  await expectCopyIsCrm(office);
});

test('without a tray the window is minimised instead, everything is in reach, and a closed window disturbs no backup', async () => {
  const office = await openOffice(500);
  await using app = await office.start({ system: { hasTray: false } });
  const page = await app.page();
  await protectCrm(app, page, office);
  expect(await app.tray.state()).toBeNull();
  const crm = await holdCrm(office);
  await beginBackup(page);
  await app.close();
  expect(await app.windows()).toMatchObject([{ isMinimized: true }]);
  expect(app.notices.shown).toEqual([]);
  await letGo(crm);
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
