// Silence is never taken for health: once a week one line says that all is fine, and only when it is.
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createWeeklyLine, isWeeklyLineDue } from '../../../electron/jobs/weekly-line.ts';
import type { Plan } from '../../../shared/model/plan.ts';
import { makeTemporaryFolder } from '../../support/temporary-folder.ts';

const DAY_MS = 86_400_000;
const START_MS = Date.UTC(2026, 0, 5);
const plan = { name: 'Office', createdAtMs: START_MS } as Plan;

test.each([
  ['no plan', null, [], 30, false],
  ['a plan of six days', null, [plan], 6, false],
  ['a plan of a week', null, [plan], 7, true],
  ['said yesterday', START_MS + 29 * DAY_MS, [plan], 30, false],
  ['said a week ago', START_MS + 23 * DAY_MS, [plan], 30, true],
  ['said in the future, by a wrong clock', START_MS + 400 * DAY_MS, [plan], 30, false],
])('%s', (_, saidAtMs, plans, days, isDue) => {
  expect(isWeeklyLineDue(saidAtMs, plans, START_MS + days * DAY_MS)).toBe(isDue);
});

async function openYear() {
  const dataFolder = await makeTemporaryFolder();
  const world = { nowMs: START_MS, isProtected: true, isReadable: true, said: [] as number[] };
  const start = () =>
    createWeeklyLine({
      nowMs: () => world.nowMs,
      dataFolder,
      areAllReadable: async () => world.isReadable,
      isProtected: async () => world.isProtected,
      backupsSince: (sinceMs) => Math.round((world.nowMs - sinceMs) / DAY_MS),
      say: (plans, backups) => void world.said.push(plans * 100 + backups),
    });
  return { dataFolder, world, start };
}

test('ten weeks of good days, with a restart each day, are ten lines', async () => {
  const { world, start } = await openYear();
  for (let day = 1; day <= 70; day += 1) {
    world.nowMs = START_MS + day * DAY_MS;
    await start().look([plan]);
  }
  expect(world.said).toEqual(Array.from({ length: 10 }, () => 107));
});

test('while something is wrong nothing is said; it comes as soon as all is fine again', async () => {
  const { world, start } = await openYear();
  const line = start();
  world.isProtected = false;
  for (let day = 1; day <= 20; day += 1) {
    world.nowMs = START_MS + day * DAY_MS;
    await line.look([plan]);
  }
  expect(world.said).toEqual([]);
  world.isProtected = true;
  world.isReadable = false;
  await line.look([plan]);
  expect(world.said).toEqual([]);
  world.isReadable = true;
  await line.look([plan]);
  expect(world.said).toHaveLength(1);
});

test('a clock that was a year ahead costs a week, not a year', async () => {
  const { world, start, dataFolder } = await openYear();
  world.nowMs = START_MS + 10 * DAY_MS;
  await writeFile(
    join(dataFolder, 'weekly.json'),
    JSON.stringify({ saidAtMs: START_MS + 400 * DAY_MS }),
  );
  const line = start();
  await line.look([plan]);
  world.nowMs += 7 * DAY_MS;
  await line.look([plan]);
  expect(world.said).toHaveLength(1);
});

test('a file that cannot be written does not make it come at every look', async () => {
  const { world, start, dataFolder } = await openYear();
  const line = start();
  world.nowMs = START_MS + 8 * DAY_MS;
  await rm(dataFolder, { recursive: true });
  await writeFile(dataFolder, 'in the way');
  for (let look = 0; look < 3; look += 1) await line.look([plan]);
  expect(world.said).toHaveLength(1);
});
