/** The keep rules never take the copy that still has what was lost. */
import { expect, test } from 'vitest';
import { forgetJob } from '../../../electron/jobs/forget-job.ts';
import { keepEverything } from '../../../shared/model/keep-rules.ts';
import type { Plan } from '../../../shared/model/plan.ts';
import { createHandClock } from '../../support/hand-clock.ts';
import { openTestAgent, type TestAgent } from '../../support/open-test-agent.ts';
import { openDatabase, openTestOffice } from '../../support/open-test-office.ts';
import { deleteContactsByAccident } from '../../support/sample-day.ts';

test('tidying up waits until somebody said that the rows were meant to go', async () => {
  // Near the disk’s own time: a clock that is minutes away from it is a doubt too.
  const clock = createHandClock(Date.now());
  const { agent, plan, crm } = await openTestOffice(600, () => [], { clock });
  const of = { plan: plan.id };
  const backUp = async (): Promise<string> => {
    await clock.advance(1_000);
    return (await agent.call('runPlan', of)).point;
  };
  const list = async (): Promise<readonly string[]> =>
    (await agent.call('timeline', of)).points.map(({ id }) => id).reverse();
  await agent.call('changePlan', { ...of, keep: { last: 1 } });
  const full = await backUp();
  await backUp();
  const good = await backUp();
  expect(await list()).toEqual([full, good]);
  {
    using db = openDatabase(crm);
    deleteContactsByAccident(db, 60);
  }
  const noticed = await backUp();
  const later = await backUp();
  expect(await list()).toEqual([full, good, noticed, later]);
  expect((await agent.call('timeline', of)).preselected).toBe(good);
  await agent.call('acknowledgeLoss', { ...of, point: later });
  const newest = await backUp();
  // The newest, the newest full, and the newest proved one: on a busy machine a copy may have been taken without SQLite's
  // lock, and is then restore-tested at once. Of five at least two go.
  const left = await list();
  expect(left.length).toBeLessThanOrEqual(3);
  expect(left.at(-1)).toBe(newest);
});

/** How many points another computer's rules would take. */
async function countForgotten(computer: TestAgent, plan: Plan): Promise<number> {
  const request = {
    place: plan.places[0]?.path ?? '',
    rules: { ...keepEverything, last: 1 },
    zone: 'UTC',
    isDryRun: true,
    planId: null,
    expectedVault: null,
  };
  const context = { signal: new AbortController().signal, onProgress: () => undefined };
  const work = forgetJob(computer.engine, request, context);
  return (await computer.clock.drive(work)).remove.length;
}

test('another computer\u2019s rules wait as well, and hear from the copy that the rows were meant to go', async () => {
  const clock = createHandClock(Date.now());
  const { agent, plan, crm } = await openTestOffice(600, () => [], { clock });
  const of = { plan: plan.id };
  const backUp = async (): Promise<string> => {
    await clock.advance(1_000);
    return (await agent.call('runPlan', of)).point;
  };
  // The same copies, seen from a computer that has no plan for them.
  const { keychain } = agent;
  const other = await openTestAgent({ clock, keychain });
  for (let count = 0; count < 4; count++) await backUp();
  expect(await countForgotten(other, plan)).toBeGreaterThan(0);
  {
    using db = openDatabase(crm);
    deleteContactsByAccident(db, 60);
  }
  const later = await backUp();
  expect(await countForgotten(other, plan)).toBe(0);

  await agent.call('acknowledgeLoss', { ...of, point: later });
  // Said on the first computer; its next backup tells the copy.
  expect(await countForgotten(other, plan)).toBe(0);
  await backUp();
  expect(await countForgotten(other, plan)).toBeGreaterThan(0);
  const third = await openTestAgent({ clock, keychain });
  const place = plan.places[0]?.path ?? '';
  await third.call('connect', { place, secret: 'lemon-otter-river-amber', remember: true });
  // It does not ask again.
  const points = (await third.call('timeline', of)).points;
  expect(points.filter(({ isAfterLoss }) => isAfterLoss)).toEqual([]);
});
