/** What can go wrong around the commands of a plan, and that the command after a backup is run whatever does. */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { agreeToActions } from '../../electron/jobs/actions/agreements.ts';
import { finishOwedActions } from '../../electron/jobs/actions/finish-owed-actions.ts';
import { listOwed, writeOwed } from '../../electron/jobs/actions/owed-after.ts';
import { tryPlanLock } from '../../electron/jobs/actions/plan-lock.ts';
import { watchOwedActions } from '../../electron/jobs/actions/watch-owed-actions.ts';
import { connectJob } from '../../electron/jobs/connect-job.ts';
import type { Engine } from '../../electron/jobs/engine.ts';
import { createPlan, deletePlan, pausePlan } from '../../electron/jobs/plan-jobs.ts';
import { runPlanJob } from '../../electron/jobs/run-plan-job.ts';
import { INTERRUPTION } from '../../electron/jobs/stop-reason.ts';
import { listRuns } from '../../electron/history/runs.ts';
import { readPlan } from '../../electron/plans/plan-files.ts';
import type { RunId } from '../../shared/model/ids.ts';
import type { Notice } from '../../shared/model/notice.ts';
import type { Plan } from '../../shared/model/plan.ts';
import { openActionsEngine } from '../support/actions-engine.ts';
import { createHandClock } from '../support/hand-clock.ts';
import { nobody, openActionsOffice, type ActionsOffice } from '../support/actions-office.ts';

/** A command that notes that it was run, and how. */
const noting = (office: ActionsOffice, more = ''): string[] => [
  '/bin/sh',
  '-c',
  `echo "$HOLDFAST_PHASE \${HOLDFAST_RESULT:--}" >> '${join(office.folder, 'noted')}'; ${more}`,
];

const notedIn = ({ folder }: ActionsOffice): string[] => {
  const file = join(folder, 'noted');
  return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
};

const noteBoth = (office: ActionsOffice): object => ({
  before: { command: noting(office) },
  after: { command: noting(office) },
});

const run = async ({ engine, context }: ActionsOffice, plan: Plan) =>
  runPlanJob(engine, plan, context);

const deadRun = '7'.repeat(32) as RunId;

/** As if a process had died that owed the command after a backup of this plan. */
async function owe(
  office: ActionsOffice,
  plan: Plan,
  beforePid: number | null = null,
): Promise<void> {
  await writeOwed(office.engine, {
    version: 1,
    run: deadRun,
    planId: plan.id,
    planName: plan.name,
    command: noting(office),
    timeLimitMs: 60_000,
    beforePid,
  });
}

test('a failing command before a backup stops it, says why, and what was stopped is started', async () => {
  const office = await openActionsOffice();
  const plan = await office.plan({
    before: { command: noting(office, 'echo no such unit >&2; exit 5') },
    after: { command: noting(office) },
  });
  await expect(run(office, plan)).rejects.toMatchObject({
    failure: {
      code: 'action-failed',
      phase: 'before',
      end: { kind: 'exited', code: 5 },
      lines: 'no such unit',
    },
  });
  expect(notedIn(office)).toEqual(['before -', 'after failed']);
  expect(office.backups()).toMatchObject([
    { state: 'failed', point: null, failure: { code: 'action-failed' } },
  ]);
  expect(await listOwed(office.engine)).toEqual([]);
});

test('where the plan says so a failing command before is a problem of a backup that is made', async () => {
  const office = await openActionsOffice();
  const plan = await office.plan({
    before: { command: noting(office, 'exit 5'), onFailure: 'go-on' },
    after: { command: ['/no/such/program'] },
  });
  const { point, problems } = await run(office, plan);
  expect(problems).toMatchObject([
    { failure: { code: 'action-failed', phase: 'before' } },
    { failure: { code: 'action-failed', phase: 'after', end: { kind: 'not-started' } } },
  ]);
  expect(office.backups()).toMatchObject([{ state: 'partial', point: point.id, problems }]);
});

test('a command that hangs is ended at its time, and the one after is run', async () => {
  const office = await openActionsOffice();
  const plan = await office.plan({
    before: { command: noting(office, 'sleep 1000'), timeLimitMs: 1000 },
    after: { command: noting(office) },
  });
  await expect(run(office, plan)).rejects.toMatchObject({
    failure: { code: 'action-failed', end: { kind: 'timed-out', limitMs: 1000 } },
  });
  expect(notedIn(office).at(-1)).toBe('after failed');
});

test.each([
  ['cancelled by a person', undefined, 'cancelled'],
  ['interrupted by sleep or shutdown', INTERRUPTION, 'interrupted'],
])('%s in the middle: the command after is run, and told', async (_, reason, told) => {
  const office = await openActionsOffice();
  const plan = await office.plan(noteBoth(office));
  const stop = new AbortController();
  const onProgress = ({ phase }: { readonly phase: string }): void => {
    if (phase === 'read') stop.abort(reason);
  };
  const context = { signal: stop.signal, onProgress };
  await expect(runPlanJob(office.engine, plan, context)).rejects.toThrow('cancelled');
  expect(notedIn(office)).toEqual(['before -', `after ${told}`]);
  expect(office.backups()).toMatchObject([{ state: told, point: null }]);
});

test('cancelled while the command before runs: that is ended, and the one after is run', async () => {
  const office = await openActionsOffice();
  const plan = await office.plan({
    before: { command: noting(office, 'sleep 1000') },
    after: { command: noting(office) },
  });
  const stop = new AbortController();
  const running = runPlanJob(office.engine, plan, { ...nobody, signal: stop.signal });
  running.catch(() => undefined);
  await expect.poll(() => notedIn(office), { timeout: 60_000 }).toEqual(['before -']);
  stop.abort();
  await expect(running).rejects.toThrow('cancelled');
  expect(notedIn(office)).toEqual(['before -', 'after cancelled']);
});

test('commands get to know the run and none of our secrets', async () => {
  const office = await openActionsOffice();
  process.env['HOLDFAST_PASSPHRASE'] = 'lemon-otter';
  onTestFinished(() => void delete process.env['HOLDFAST_PASSPHRASE']);
  const plan = await office.plan({ after: { command: ['/usr/bin/env'] } });
  await run(office, plan);
  const [{ id, actions }] = office.backups() as [ReturnType<ActionsOffice['backups']>[number]];
  const own = actions[0]?.output.split('\n').filter((line) => line.startsWith('HOLDFAST_'));
  expect(own?.sort()).toEqual([
    'HOLDFAST_PHASE=after',
    'HOLDFAST_PLAN=Office',
    'HOLDFAST_RESULT=ok',
    `HOLDFAST_RUN=${id}`,
  ]);
});

test('what a dead process owes is run once, whoever comes first, and said', async () => {
  const office = await openActionsOffice();
  const plan = await office.plan(noteBoth(office));
  await owe(office, plan);
  const said: Notice[] = [];
  await using other = openActionsEngine(office.dataFolder, (notice) => void said.push(notice));
  await Promise.all([finishOwedActions(office.engine), finishOwedActions(other)]);
  expect(notedIn(office)).toEqual(['after interrupted']);
  expect([...said, ...office.said]).toContainEqual({
    kind: 'action-late',
    plan: 'Office',
    failure: null,
  });
  await finishOwedActions(office.engine);
  expect(notedIn(office)).toHaveLength(1);
});

test('an agent that runs already makes up for what another process owes', async () => {
  const office = await openActionsOffice();
  const plan = await office.plan(noteBoth(office));
  const clock = createHandClock();
  await using engine = openActionsEngine(office.dataFolder, () => undefined, clock);
  await using _ = watchOwedActions(engine);
  await owe(office, plan);
  const lookAgain = async (): Promise<string[]> => {
    await clock.advance(30_000);
    return notedIn(office);
  };
  await expect.poll(lookAgain, { timeout: 60_000 }).toEqual(['after interrupted']);
});

test('what a living process owes is left to it', async () => {
  const office = await openActionsOffice();
  const plan = await office.plan(noteBoth(office));
  await owe(office, plan);
  {
    using _ = await tryPlanLock(office.engine, plan.id);
    await using other = openActionsEngine(office.dataFolder, () => undefined);
    await finishOwedActions(other);
    expect(notedIn(office)).toEqual([]);
  }
  await finishOwedActions(office.engine);
  expect(notedIn(office)).toEqual(['after interrupted']);
});

test('a run beside one of another process is busy, and starts no command', async () => {
  const office = await openActionsOffice();
  const plan = await office.plan(noteBoth(office));
  using _ = await tryPlanLock(office.engine, plan.id);
  const clock = createHandClock();
  await using other = openActionsEngine(office.dataFolder, () => undefined, clock);
  const running = clock.drive(runPlanJob(other, plan, nobody));
  await expect(running).rejects.toMatchObject({ failure: { code: 'vault-busy' } });
  expect(notedIn(office)).toEqual([]);
});

test('a command before that a dead process left running is ended before the one after is run', async () => {
  const office = await openActionsOffice();
  const plan = await office.plan(noteBoth(office));
  const noted = join(office.folder, 'noted');
  const script = `trap 'sleep 0.3; echo stopped >> ${noted}; exit 0' TERM; echo began >> ${noted}; while :; do sleep 0.1; done`;
  const env = { ...process.env, HOLDFAST_RUN: deadRun };
  const child = spawn('/bin/sh', ['-c', script], { env, detached: true, stdio: 'ignore' });
  await expect.poll(() => notedIn(office), { timeout: 60_000 }).toEqual(['began']);
  await owe(office, plan, child.pid);
  await finishOwedActions(office.engine);
  expect(notedIn(office)).toEqual(['began', 'stopped', 'after interrupted']);
});

test('no command before is started while one after is owed', async () => {
  const office = await openActionsOffice();
  const plan = await office.plan(noteBoth(office));
  await owe(office, plan);
  await run(office, plan);
  expect(notedIn(office)).toEqual(['after interrupted', 'before -', 'after ok']);
});

test('commands that came with a vault wait for an agreement on this computer, to their very words', async () => {
  const office = await openActionsOffice();
  const made = await office.plan(noteBoth(office));
  const said: Notice[] = [];
  const elsewhere = join(office.folder, 'elsewhere');
  await using engine: Engine = openActionsEngine(elsewhere, (notice) => void said.push(notice));
  await connectJob(engine, { place: office.place, remember: false }, nobody);
  expect(said).toContainEqual(expect.objectContaining({ kind: 'actions-wait', plan: 'Office' }));
  const { plan } = await readPlan(elsewhere, made.id);
  expect(plan.actions).toEqual(made.actions);
  const refused = { failure: { code: 'actions-not-agreed', plan: 'Office' } };
  await expect(runPlanJob(engine, plan, nobody)).rejects.toMatchObject(refused);
  expect(notedIn(office)).toEqual([]);
  expect(listRuns(engine.history(), { state: 'failed' })).toHaveLength(1);

  await agreeToActions(engine, plan);
  // Another schedule or a pause are no other commands.
  await runPlanJob(engine, await pausePlan(engine, plan, nobody), nobody);
  expect(notedIn(office)).toEqual(['before -', 'after ok']);

  const after = { command: noting(office, 'true'), timeLimitMs: 60_000 };
  const changed = { ...plan, actions: { before: null, after } };
  const { problems } = await runPlanJob(engine, changed, nobody);
  expect(problems).toMatchObject([{ failure: { code: 'actions-not-agreed' } }]);
  expect(notedIn(office)).toHaveLength(2);

  // It was deleted: what comes back under its name comes from elsewhere.
  await deletePlan(engine, plan, nobody);
  await createPlan(engine, plan, nobody);
  await expect(runPlanJob(engine, plan, nobody)).rejects.toMatchObject(refused);
});

test('a plan from before there were commands runs none, and is written as it was', async () => {
  const office = await openActionsOffice();
  const plan = await office.plan(undefined);
  expect(Object.keys(plan)).not.toContain('actions');
  await run(office, plan);
  expect(office.backups()).toMatchObject([{ state: 'ok', actions: [] }]);
});
