import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { writeDurably } from '../../../electron/plans/durable-file.ts';
import { listPlans, readPlan, removePlan, writePlan } from '../../../electron/plans/plan-files.ts';
import type { PlanId } from '../../../shared/model/ids.ts';
import { parsePlan } from '../../../shared/model/plan.ts';
import { samplePlan } from '../../support/sample-plan.ts';

let folder = '';
const file = (suffix = ''): string => join(folder, 'plans', `${samplePlan.id}.json${suffix}`);
const renamed = { ...samplePlan, name: 'Renamed' };

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-plans-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test('a plan written is the plan read, and only its owner can read the file', async () => {
  await writePlan(folder, samplePlan);
  expect(await readPlan(folder, samplePlan.id)).toEqual({
    plan: samplePlan,
    previousUsedBecause: null,
  });
  expect((await stat(file())).mode & 0o077).toBe(0);
  expect(await readdir(join(folder, 'plans'))).toEqual([`${samplePlan.id}.json`]);
});

test.each([
  ['empty', () => truncate(file(), 0)],
  ['cut', () => truncate(file(), 100)],
  ['zeros', async () => writeFile(file(), Buffer.alloc(400))],
  ['a future format', async () => writeFile(file(), JSON.stringify({ ...renamed, version: 9 }))],
  [
    'another plan',
    async () => writeFile(file(), JSON.stringify({ ...renamed, id: 'f'.repeat(32) })),
  ],
  ['gone', () => rm(file())],
  ['a folder', async () => rm(file()).then(() => mkdir(file()))],
])('a plan file that is %s does not lose the plan, and it is said', async (_, damage) => {
  await writePlan(folder, samplePlan);
  await writePlan(folder, renamed);
  await damage();
  const { plans, unreadable } = await listPlans(folder);
  expect(unreadable).toEqual([]);
  expect(plans.map(({ plan }) => plan)).toEqual([samplePlan]);
  expect(plans[0]?.previousUsedBecause).toMatch(/\S/u);
});

test('saving over a damaged file keeps the good version before it', async () => {
  await writePlan(folder, samplePlan);
  await writePlan(folder, renamed);
  await truncate(file(), 10);
  await writePlan(folder, { ...samplePlan, name: 'Third' });
  expect((await readPlan(folder, samplePlan.id)).plan.name).toBe('Third');
  await truncate(file(), 10);
  expect((await readPlan(folder, samplePlan.id)).plan).toEqual(samplePlan);
});

test('one plan that cannot be read hides no other', async () => {
  const other = { ...samplePlan, id: 'a'.repeat(32) as PlanId, name: 'Other' };
  await writePlan(folder, other);
  await mkdir(join(folder, 'plans'), { recursive: true });
  await writeFile(file(), '{');
  await writeFile(join(folder, 'plans', 'notes.txt'), 'hello');
  const { plans, unreadable } = await listPlans(folder);
  expect(plans.map(({ plan }) => plan)).toEqual([other]);
  expect(unreadable).toEqual([{ id: samplePlan.id, detail: expect.stringContaining('JSON') }]);
  await expect(readPlan(folder, samplePlan.id)).rejects.toMatchObject({
    failure: { code: 'plan-invalid' },
  });
});

test('a removed plan is gone with all its versions; a second time it is missing', async () => {
  await writePlan(folder, samplePlan);
  await writePlan(folder, renamed);
  await removePlan(folder, samplePlan.id);
  expect(await readdir(join(folder, 'plans'))).toEqual([]);
  expect(await listPlans(folder)).toEqual({ plans: [], unreadable: [] });
  const missing = { failure: { code: 'plan-missing', plan: samplePlan.id } };
  await expect(removePlan(folder, samplePlan.id)).rejects.toMatchObject(missing);
  await expect(readPlan(folder, samplePlan.id)).rejects.toMatchObject(missing);
});

test('an empty data folder has no plans, and that is no error', async () => {
  expect(await listPlans(join(folder, 'absent'))).toEqual({ plans: [], unreadable: [] });
});

test('a secret cannot get into a plan file', async () => {
  const withSecret = { ...samplePlan, passphrase: 'correct horse' };
  await expect(writePlan(folder, withSecret)).rejects.toMatchObject({
    failure: { code: 'plan-invalid' },
  });
  expect(await readdir(folder)).toEqual([]);
});

test('a save that fails leaves the old state and no litter', async () => {
  await writePlan(folder, samplePlan);
  const before = await readFile(file(), 'utf8');
  await mkdir(file('.previous'));
  await writeFile(join(file('.previous'), 'x'), '');
  await expect(writePlan(folder, renamed)).rejects.toThrow(/EISDIR|ENOTEMPTY|EEXIST|EPERM/u);
  expect(await readFile(file(), 'utf8')).toBe(before);
  expect((await readdir(join(folder, 'plans'))).filter((name) => name.endsWith('.tmp'))).toEqual(
    [],
  );
});

test('a process saving or killed while saving never shows a part of a plan', async () => {
  const script = `
    const { writePlan } = await import(${JSON.stringify(new URL('../../../electron/plans/plan-files.ts', import.meta.url).href)});
    const plan = ${JSON.stringify(samplePlan)};
    for (let round = 0; ; round += 1) {
      await writePlan(${JSON.stringify(folder)}, { ...plan, name: 'Round ' + round });
      if (round === 0) console.log('writing');
    }`;
  for (const waitMs of [0, 1, 2, 3, 5, 8, 13, 150]) {
    const child = spawn(process.execPath, ['--input-type=module', '-e', script]);
    await once(child.stdout, 'data');
    const untilMs = performance.now() + waitMs;
    // What another process sees at any moment is what a power cut could leave.
    while (performance.now() < untilMs) parsePlan(JSON.parse(readFileSync(file(), 'utf8')));
    child.kill('SIGKILL');
    await once(child, 'close');
    const { plan, previousUsedBecause } = await readPlan(folder, samplePlan.id);
    expect(plan.name).toMatch(/^Round \d+$/u);
    expect(previousUsedBecause).toBeNull();
  }
  await writePlan(folder, renamed);
  expect((await readPlan(folder, samplePlan.id)).plan).toEqual(renamed);
});

test('several writers of one process leave one whole file and nothing beside it', async () => {
  const contents = Array.from({ length: 40 }, (_, index) =>
    String(index % 10).repeat(50_000 + index * 1_000),
  );
  const path = join(folder, 'one.json');
  const seen = new Set<string>();
  const isWhole = async (): Promise<boolean> =>
    readFile(path, 'utf8').then(
      (text) => seen.add(text) && contents.includes(text),
      () => true,
    );
  const writing = contents.map(async (content) => {
    await writeDurably(path, content);
    expect(await isWhole()).toBe(true);
  });
  await Promise.all(writing);
  expect(seen.size).toBeGreaterThan(0);
  expect(await readdir(folder)).toEqual(['one.json']);
});
