/**
 * A small office for end-to-end tests: a computer with the app on it, a CRM database, and another disk for the copies.
 * Whatever the screens say, tests judge by the files: the database is opened with SQLite here.
 */
import { execFile } from 'node:child_process';
import { mkdir, readdir, rename, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import Database from 'better-sqlite3';
import type { Page } from 'playwright-core';
import { expect, inject, onTestFinished } from 'vitest';
import { en } from '../../renderer/text/en/words.ts';
import { isAvailable } from './machine.ts';
import { createSampleCrm } from './sample-crm.ts';
import { startApp, type AppOptions, type RunningApp } from './start-app.ts';
import { makeTemporaryFolder } from './temporary-folder.ts';

const run = promisify(execFile);

export const passphrase = 'otter lantern violet harbor';

export interface Office {
  /** The CRM's folder, and its database in it. */
  readonly folder: string;
  readonly crm: string;
  /** On another disk than the CRM where this machine has one. */
  readonly disk: string;
  /** False: this machine has no other disk for the test. */
  readonly isElsewhere: boolean;
  readonly dataFolder: string;
  /** The disk is taken away; an empty folder stays where it was. */
  unplug(): Promise<void>;
  plugIn(): Promise<void>;
  /** The app on this computer; the same data again after it was ended. */
  start(options?: Partial<AppOptions>): Promise<RunningApp>;
}

/** Makes the office; `contacts` in its CRM. Everything is removed when the test has finished. */
export async function openOffice(contacts = 2000): Promise<Office> {
  const folder = await makeTemporaryFolder();
  const crm = join(folder, 'kunden 客户.db');
  createSampleCrm(crm, { seed: 7, size: { contacts } });
  const dataFolder = await makeTemporaryFolder();
  return {
    folder,
    crm,
    dataFolder,
    ...(await makeOtherDisk()),
    start: async (options = {}) =>
      startApp({ main: join(inject('builtFolder'), 'main.js'), dataFolder, ...options }),
  };
}

/**
 * A mounted folder that the system takes for another computer's: bindfs shows a folder through FUSE by sshfs's name. Where that cannot be
 * mounted the copies lie on the CRM's own disk, and the light says so.
 */
async function makeOtherDisk(): Promise<
  Pick<Office, 'disk' | 'isElsewhere' | 'unplug' | 'plugIn'>
> {
  const disk = await makeTemporaryFolder();
  const behind = await makeTemporaryFolder();
  if (!isAvailable('bindfs')) return { disk, isElsewhere: false, ...moveDisk(disk, behind) };
  let isIn = false;
  const plugIn = async (): Promise<void> => {
    await run('bindfs', ['-o', 'subtype=sshfs', behind, disk]);
    isIn = true;
  };
  const unplug = async (): Promise<void> => {
    // What a dying process still holds is let go a moment later.
    if (isIn) await run('umount', ['--lazy', disk]);
    isIn = false;
  };
  await plugIn();
  onTestFinished(unplug);
  return { disk, isElsewhere: true, unplug, plugIn };
}

const moveDisk = (disk: string, drawer: string): Pick<Office, 'unplug' | 'plugIn'> => ({
  async unplug() {
    await rmdir(drawer);
    await rename(disk, drawer);
    await mkdir(disk);
  },
  async plugIn() {
    await rmdir(disk);
    await rename(drawer, disk);
    await mkdir(drawer);
  },
});

/** What a query says about a database file, through a connection of the test's own. */
export function query(path: string, sql: string): unknown[][] {
  const db = new Database(path, { readonly: true, fileMustExist: true });
  try {
    return db.prepare(sql).raw().all() as unknown[][];
  } finally {
    db.close();
  }
}

/** Clicks a button by its whole name. */
export async function click(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name, exact: true }).click();
}

/** Goes through setup as a person would, up to the plan and its confirmed kit. Returns the recovery key. */
export async function setUpPlan(app: RunningApp, page: Page, office: Office): Promise<string> {
  const { setup, common, home } = en;
  await click(page, home.protect);
  await app.dialogs.answer('showOpenDialog', { canceled: false, filePaths: [office.crm] });
  await click(page, setup.source.chooseFile);
  await page.getByText(setup.source.chosen).waitFor();
  await click(page, common.action.next);
  await app.dialogs.answer('showOpenDialog', { canceled: false, filePaths: [office.disk] });
  await click(page, setup.place.chooseFolder);
  await page.getByText(setup.place.passed).waitFor();
  await click(page, common.action.next);
  await click(page, common.action.next);
  await page.getByLabel(setup.protection.passphrase, { exact: false }).last().fill(passphrase);
  await page.getByLabel(setup.protection.again, { exact: false }).fill(passphrase);
  await click(page, setup.protection.create);
  const key = page.getByRole('list', { name: setup.kit.keyLabel });
  await key.waitFor();
  const groups = await key.getByRole('listitem').allTextContents();
  for (const [index, group] of groups.entries()) {
    const label = setup.kit.group.replace('{{number}}', String(index + 1));
    const box = page.getByLabel(label, { exact: true });
    if ((await box.count()) > 0) await box.fill(group.toLowerCase());
  }
  await click(page, setup.kit.confirm);
  await page.getByText(setup.kit.confirmed).waitFor();
  await click(page, common.action.next);
  return groups.join('-');
}

/** The same with the first backup and the first restore test, ending on Home. */
export async function protectCrm(app: RunningApp, page: Page, office: Office): Promise<string> {
  const key = await setUpPlan(app, page, office);
  await click(page, en.setup.firstBackup.start);
  await page.getByText(en.setup.firstBackup.done).waitFor({ timeout: 60_000 });
  await click(page, en.setup.firstBackup.home);
  return key;
}

/** Backs up from Home. Resolves when the copy is on the disk and the screen offers the next one. */
export async function backUp(page: Page, office: Office): Promise<void> {
  const before = await listManifests(office);
  const button = page.getByRole('button', { name: en.home.action.backUpNow, exact: true });
  await button.click();
  await expect
    .poll(async () => (await listManifests(office)).some((name) => !before.includes(name)), {
      timeout: 60_000,
    })
    .toBe(true);
  // It cannot be clicked while a run is going on.
  await button.click({ trial: true, timeout: 60_000 });
}

async function listManifests({ disk }: Office): Promise<readonly string[]> {
  const names = await readdir(disk, { recursive: true });
  return names.filter((name) => /points.[0-9a-f-]+\.a$/u.test(name));
}

/** Changes the CRM through a connection of its own, beside whoever has it open. */
export function changeCrm<T>(path: string, change: (db: Database.Database) => T): T {
  const db = new Database(path, { timeout: 20_000 });
  try {
    db.pragma('foreign_keys = ON');
    return change(db);
  } finally {
    db.close();
  }
}

/** Clicks the last button of bringing back, and waits for the evidence. */
export async function bringItBack(page: Page): Promise<void> {
  await click(page, en.bringBack.check.begin);
  const { restoredTitle, foldersTitle } = en.bringBack.run;
  const name = new RegExp(`^(${restoredTitle}|${foldersTitle})$`, 'u');
  await page.getByRole('heading', { name }).waitFor({ timeout: 60_000 });
}

/** Undoes what was just brought back, on the screen that shows it. */
export async function undoIt(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^Undo /u }).click();
  await page.getByText(en.bringBack.run.undone).waitFor({ timeout: 60_000 });
}
