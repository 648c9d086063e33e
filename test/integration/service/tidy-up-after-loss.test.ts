/** The keep rules never take the copy that still has what was lost. */
import { expect, test } from 'vitest';
import { createHandClock } from '../../support/hand-clock.ts';
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
