/** What a check says at the end: nobody must be sent after damage that a backup has made good. */
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { vaultAtPlan } from '../../electron/jobs/plan-place.ts';
import { verifyJob } from '../../electron/jobs/verify-job.ts';
import { openDatabase, openTestOffice, type TestOffice } from '../support/open-test-office.ts';

const context = { signal: new AbortController().signal, onProgress: (): void => undefined };

const verify = async ({ agent, plan }: TestOffice) => {
  const request = { ...vaultAtPlan(plan), depth: 'data', planId: null } as const;
  return agent.clock.drive(verifyJob(agent.engine, request, context));
};

const packsOf = ({ plan }: TestOffice): string[] => {
  const folder = join(vaultAtPlan(plan).place, 'packs');
  const names = readdirSync(folder, { recursive: true }) as string[];
  return names.map((name) => join(folder, name)).filter((path) => statSync(path).isFile());
};

function flipMiddle(path: string): void {
  const bytes = readFileSync(path);
  const at = Math.floor(bytes.length / 2);
  writeFileSync(path, bytes.with(at, (bytes[at] ?? 0) ^ 0x55));
}

function edit(path: string, sql: string): void {
  using db = openDatabase(path);
  db.exec(sql);
}

test('damage that the next backup made good is no failure any more', async () => {
  const office = await openTestOffice(200);
  await office.backUp();
  packsOf(office).forEach(flipMiddle);
  expect((await verify(office)).failure).toMatchObject({ code: 'vault-damaged' });
  await office.backUp();
  const { failure, isSound, damage } = await verify(office);
  expect({ failure, isSound }).toEqual({ failure: null, isSound: true });
  expect(damage).toMatchObject([{ isHealed: true }]);
});

test('where only older restore points lost something, the check names one of them, not the whole copy', async () => {
  const office = await openTestOffice(200);
  const first = await office.backUp();
  packsOf(office).forEach(flipMiddle);
  await verify(office);
  edit(office.crm, 'DELETE FROM contacts');
  await office.backUp();
  expect(await verify(office)).toMatchObject({
    isSound: false,
    failure: { code: 'point-damaged', point: first },
  });
});

test('a second copy that is gone is said to be no loss', async () => {
  const office = await openTestOffice(200);
  await office.backUp();
  const { place } = vaultAtPlan(office.plan);
  rmSync(join(place, 'keys', '00000001.b'));
  expect(await verify(office)).toMatchObject({
    isSound: true,
    failure: { code: 'vault-wounded', objects: ['keys/00000001.b'] },
  });
});
