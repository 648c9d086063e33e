// Nobody clicks anything: time goes by, and the copies are made when they are due.
import { expect, test } from 'vitest';
import { en } from '../../../renderer/text/en/words.ts';
import { backupStates, countPoints, expectCopyIsCrm } from '../../support/judge-copies.ts';
import { click, openOffice, protectCrm, type Office } from '../../support/office.ts';
import { holdDatabase, longPatience } from '../../support/hold-database.ts';
import type { RunningApp } from '../../support/start-app.ts';
import { startSqlitePeer } from '../../support/start-sqlite-peer.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** A look that comes late counts as a sleep, and after one a minute is waited: on a busy machine that is a real one. */
const patient = { timeout: 180_000 };

/** Nine in the morning of a day to come; by the preset of setup copies are due at 12:30 and 18:00. */
const nine = Math.ceil(Date.now() / DAY_MS + 1) * DAY_MS + 9 * HOUR_MS;
const at = (hour: number, minute: number, day = 0): number =>
  nine + (hour - 9) * HOUR_MS + minute * MINUTE_MS + day * DAY_MS;

const startAt = async (office: Office, atMs: number): Promise<RunningApp> =>
  office.start({
    clock: { atMs },
    env: { TZ: 'UTC' },
    system: { utilityImports: [longPatience] },
  });

async function enterCustomer(office: Office, name: string): Promise<void> {
  const crm = startSqlitePeer(office.crm);
  await crm.run(`UPDATE contacts SET last_name = '${name}' WHERE id = 7`);
  await crm.close();
}

test('a due slot is met once by itself; slots missed while the app was ended are caught up by one backup', async () => {
  const office = await openOffice(500);
  {
    await using app = await startAt(office, at(9, 0));
    const page = await app.page();
    await protectCrm(app, page, office);
    await enterCustomer(office, 'Mittag');
    await app.clock.set(at(12, 33));
    await expect.poll(() => backupStates(office), patient).toEqual(['ok', 'ok']);
    await expectCopyIsCrm(office);
    // The schedule looks again, and finds nothing to do.
    await app.clock.set(at(12, 36));
    await click(page, en.common.nav.history);
    const runs = page.getByRole('list', { name: en.history.list }).getByRole('listitem');
    const backups = runs.filter({ hasText: en.history.kind.backup });
    await expect.poll(async () => backups.count(), patient).toBe(2);
    expect(await app.quit()).toBe(0);
  }
  await enterCustomer(office, 'Abend');
  await using app = await startAt(office, at(20, 0, 1));
  // The agent is up, and looks at the clock as it goes on.
  await (await app.page()).getByText(en.home.data, { exact: true }).waitFor();
  await app.clock.set(at(20, 3, 1));
  await expect.poll(() => backupStates(office), patient).toEqual(['ok', 'ok', 'ok']);
  await expectCopyIsCrm(office);
  await app.clock.set(at(12, 33, 2));
  await expect.poll(() => backupStates(office), patient).toEqual(['ok', 'ok', 'ok', 'ok']);
  expect(await countPoints(office)).toBe(4);
});

test('a computer that goes to sleep interrupts a backup, and it is caught up after waking', async () => {
  const office = await openOffice(500);
  await using app = await startAt(office, at(9, 0));
  const page = await app.page();
  await protectCrm(app, page, office);
  // The CRM holds its file: the backup waits for it.
  const change = "UPDATE contacts SET last_name = 'Schlaf' WHERE id = 7";
  const crm = await holdDatabase(office.crm, change);
  await page.getByRole('button', { name: en.home.action.backUpNow, exact: true }).click();
  await expect.poll(() => backupStates(office), patient).toEqual(['ok', 'running']);
  await app.power('suspend');
  await expect.poll(() => backupStates(office), patient).toEqual(['ok', 'interrupted']);
  await crm.letGo();
  await app.power('resume');
  // Short of the time after which it would go on without having heard of the waking.
  await app.clock.set(at(9, 3));
  await expect.poll(() => backupStates(office), patient).toEqual(['ok', 'interrupted', 'ok']);
  await click(page, en.common.nav.history);
  const interrupted = page.getByRole('listitem').filter({ hasText: en.history.state.interrupted });
  await interrupted.getByRole('button').click();
  await page.getByText(en.history.stateText.interrupted).waitFor();
  await expectCopyIsCrm(office);
});
