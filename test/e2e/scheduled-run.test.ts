/** The schedule through the agent's own timer, as a process: nothing is asked for, only time goes by. */
import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import type { Job } from '../../shared/model/job.ts';
import { openCommandLine } from '../support/command-line.ts';
import { holdDatabase, longPatienceEnv } from '../support/hold-database.ts';
import { createLedger, editDatabase } from '../support/quiet-database.ts';
import { startAgent, type Agent } from '../support/start-agent.ts';
import { TEST_PASSPHRASE } from '../support/test-engine.ts';

const HOUR = 3_600_000;
const entry = fileURLToPath(new URL('../support/agent-with-clock.ts', import.meta.url));

async function openOffice(rows = 200) {
  const cli = await openCommandLine();
  const database = join(cli.folder, 'crm.db');
  createLedger(database, { rows, seed: 1 });
  const clockFile = join(cli.folder, 'clock.json');
  const start = (): Agent =>
    startAgent(
      {
        HOLDFAST_DATA_DIR: cli.dataFolder,
        HOLDFAST_PASSPHRASE: TEST_PASSPHRASE,
        HOLDFAST_TEST_CLOCK: clockFile,
        ...longPatienceEnv,
      },
      entry,
    );
  /** As a whole file, so that nobody reads half of it. */
  const setAhead = async (aheadMs: number): Promise<void> => {
    await writeFile(`${clockFile}.new`, JSON.stringify({ aheadMs }));
    await rename(`${clockFile}.new`, clockFile);
  };
  const draft = {
    name: 'Office',
    sources: [database],
    places: [cli.place],
    schedule: { kind: 'interval', everyMs: 6 * HOUR },
  };
  const made = await cli.json(['plan', 'create', '-'], 0, { input: JSON.stringify(draft) });
  const plan = (made['plan'] as { readonly id: string }).id;
  const points = async () =>
    (await cli.json(['points', '--at', cli.place]))['points'] as readonly object[];
  return { ...cli, database, start, setAhead, plan, points };
}

async function until(isSo: () => boolean): Promise<void> {
  // A look that comes late counts as a sleep, and after one a minute is waited: on a busy machine that is a real one.
  await expect.poll(isSo, { timeout: 180_000 }).toBe(true);
}

const jobsOf = ({ events }: Agent): readonly Job[] =>
  events.flatMap((event) => (event.kind === 'jobs' ? event.jobs : []));
/** Backups by the schedule that have begun, and whether nothing is under way any more. */
const begun = (agent: Agent): number =>
  new Set(
    jobsOf(agent)
      .filter(
        ({ kind, origin, state }) => kind === 'backup' && origin !== 'user' && state === 'running',
      )
      .map(({ id }) => id),
  ).size;
const isIdle = ({ events }: Agent): boolean => {
  const last = events.findLast((event) => event.kind === 'jobs');
  return last?.kind === 'jobs' && last.jobs.length === 0;
};

test('when its time comes the agent backs up by itself, once, and again at the next slot', async () => {
  const { start, setAhead, plan, points, database } = await openOffice();
  await using agent = start();
  await agent.call('runPlan', { plan });
  await setAhead(6.1 * HOUR);
  await until(() => begun(agent) === 1 && isIdle(agent));
  editDatabase(database, "UPDATE entries SET text = 'changed' WHERE id = 1");
  // Not at a slot: the next one would be served as well.
  await setAhead(28 * HOUR);
  await until(() => begun(agent) === 2 && isIdle(agent));
  expect(await points()).toHaveLength(3);
  await agent.call('close', {});
  expect(await agent.ended).toBe(0);
});

test('an agent that dies in a scheduled backup makes up for it when it is back', async () => {
  const { start, setAhead, plan, points, database, json } = await openOffice();
  await using first = start();
  await first.call('runPlan', { plan });
  const crm = await holdDatabase(database, "UPDATE entries SET text = text || 'x'");
  await setAhead(6.1 * HOUR);
  await until(() =>
    jobsOf(first).some(({ progress, origin }) => origin !== 'user' && progress?.phase === 'read'),
  );
  process.kill(first.pid, 'SIGKILL');
  await first.ended;
  await crm.letGo();
  expect(await points()).toHaveLength(1);
  await using second = start();
  await second.call('status', {});
  await setAhead(6.3 * HOUR);
  await until(() => begun(second) === 1 && isIdle(second));
  expect(jobsOf(second).find(({ kind }) => kind === 'backup')?.origin).toBe('catch-up');
  expect(await points()).toHaveLength(2);
  const { runs } = await json(['history']);
  const states = (runs as readonly { readonly kind: string; readonly state: string }[])
    .filter(({ kind }) => kind === 'backup')
    .map(({ state }) => state);
  expect(states).toEqual(['ok', 'interrupted', 'ok']);
});

test('an agent that is told to end records what runs as interrupted', async () => {
  const { start, plan, json, database } = await openOffice();
  await using agent = start();
  const crm = await holdDatabase(database);
  const running = agent.call('runPlan', { plan }).catch((error: unknown) => error);
  await until(() => jobsOf(agent).some(({ progress }) => progress?.phase === 'read'));
  const closed = agent.call('close', {});
  await closed;
  await crm.letGo();
  expect(await running).toMatchObject({ failure: { code: 'cancelled' } });
  expect(await agent.ended).toBe(0);
  const { runs } = await json(['history']);
  expect(runs).toMatchObject([{ kind: 'backup', state: 'interrupted', failure: null }]);
});
