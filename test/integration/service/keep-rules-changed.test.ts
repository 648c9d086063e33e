/** Whoever chooses to keep more while a backup runs loses nothing by the rules that were in force when it began. */
import { expect, test } from 'vitest';
import { runPlanJob } from '../../../electron/jobs/run-plan-job.ts';
import { vaultOf } from '../../../electron/jobs/vault-of.ts';
import { createHandClock } from '../../support/hand-clock.ts';
import { openTestOffice } from '../../support/open-test-office.ts';

const context = { signal: new AbortController().signal, onProgress: () => undefined };

test('a backup tidies up by the rules as they are when it is done, and not at all for a plan that was deleted', async () => {
  // Near the disk’s own time: a clock that is minutes away from it is a doubt too.
  const clock = createHandClock(Date.now());
  const { agent, plan } = await openTestOffice(50, () => [], { clock });
  const of = { plan: plan.id };
  for (let count = 0; count < 4; count++) {
    await clock.advance(1_000);
    await agent.call('runPlan', of);
  }
  const before = { ...plan, keep: { ...plan.keep, last: 1 } };
  // What the run knew when it began, and what is on file by the time that it tidies up.
  const run = async () => {
    await clock.advance(1_000);
    // In its turn: what a change of the plan tells the copy comes before.
    const job = { kind: 'backup', plan, origin: 'user', vault: vaultOf(plan) } as const;
    const work = agent.parts.board.add(job, context, async (running) =>
      runPlanJob(agent.engine, before, running),
    );
    return (await clock.drive(work)).forgotten;
  };
  expect(await run()).toEqual([]);
  await agent.call('changePlan', { ...of, keep: { last: 1 } });
  expect((await run()).length).toBeGreaterThan(0);
  for (let count = 0; count < 3; count++) {
    await agent.call('changePlan', { ...of, keep: {} });
    await clock.advance(1_000);
    await agent.call('runPlan', of);
  }
  await agent.call('changePlan', { ...of, keep: { last: 1 } });
  await agent.call('deletePlan', of);
  expect(await run()).toEqual([]);
});
