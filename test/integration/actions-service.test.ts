/** A CRM that runs as a service is stopped for its backup and runs again afterwards, even when Holdfast is killed in between. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import type { Plan } from '../../shared/model/plan.ts';
import type { RestorePoint } from '../../shared/model/restore-point.ts';
import type { Run } from '../../shared/model/run.ts';
import { openCommandLine, sourceCli, type CommandLine } from '../support/command-line.ts';
import { createCrmService, type CrmService } from '../support/crm-service.ts';
import { pluck } from '../support/open-test-office.ts';
import { createLedger } from '../support/quiet-database.ts';
import { startAgent } from '../support/start-agent.ts';
import { TEST_PASSPHRASE } from '../support/test-engine.ts';

const killedRun = fileURLToPath(new URL('../support/run-plan-process.ts', import.meta.url));
const sourceAgent = fileURLToPath(new URL('../../electron/agent.ts', import.meta.url));

type Office = CommandLine & {
  readonly service: CrmService;
  readonly plan: Plan;
  runs(): Promise<readonly Run[]>;
};

/** The service runs. */
async function openOffice(): Promise<Office> {
  const cli = await openCommandLine(sourceCli);
  const database = join(cli.folder, 'crm.db');
  createLedger(database, { rows: 40, seed: 1 });
  const service = await createCrmService(cli.folder, database);
  const draft = {
    name: 'Office',
    sources: [{ path: database, name: 'crm.db' }],
    places: [cli.place],
    schedule: { kind: 'interval', everyMs: 24 * 3_600_000 },
    actions: { before: { command: service.stop }, after: { command: service.start } },
  };
  await writeFile(join(cli.folder, 'plan.json'), JSON.stringify(draft));
  const { plan } = await cli.json(['plan', 'create', join(cli.folder, 'plan.json')]);
  await service.run(service.start);
  return {
    ...cli,
    service,
    plan: plan as Plan,
    runs: async () => (await cli.json(['history']))['runs'] as readonly Run[],
  };
}

const happened = ({ service }: Office): string[] => service.log().map(({ what }) => what);

/** The backup kills itself with SIGKILL when it comes to `phase`. */
async function backUpAndDie({ dataFolder, plan }: Office, phase: string): Promise<void> {
  const child = spawn(process.execPath, [killedRun, dataFolder, plan.id, phase]);
  const [, signal] = (await once(child, 'exit')) as [number | null, string | null];
  expect(signal).toBe('SIGKILL');
}

test('the copy is made while the service is stopped, and the service runs again', async () => {
  const office = await openOffice();
  const { service, json, run, folder } = office;
  const pidBefore = service.pid();
  const answer = await json(['run', 'Office']);
  expect(happened(office)).toEqual(['up', 'down', 'up']);
  const [, down, up] = service.log();
  const point = answer['point'] as { readonly id: string };
  const { capturedAtMs } = (answer['sources'] as readonly RestorePoint['sources'][number][])[0]!;
  expect(capturedAtMs).toBeGreaterThanOrEqual(down?.atMs ?? Infinity);
  expect(capturedAtMs).toBeLessThanOrEqual(up?.atMs ?? 0);
  expect(service.isUp()).toBe(true);
  expect(service.pid()).not.toBe(pidBefore);
  // The copy says so itself.
  const out = join(folder, 'out');
  await json(['restore', point.id, '--at', office.place, '--into', out]);
  expect(pluck(join(out, 'crm.db'), 'SELECT state FROM service')).toEqual(['stopped']);
  expect((await office.runs()).find(({ kind }) => kind === 'backup')).toMatchObject({
    state: 'ok',
    actions: [
      { phase: 'before', end: { kind: 'exited', code: 0 }, output: 'stopped before' },
      { phase: 'after', end: { kind: 'exited', code: 0 }, isLate: false },
    ],
  });
  const { stdout } = await run(['history', '--output']);
  expect(stdout).toContain('Command before');
  expect(stdout).toContain('| started after ok');
  // It still has the streams that the command gave it, and lives on without us.
  expect(service.isUp()).toBe(true);
});

test('killed in the middle of the backup: the next command line starts the service', async () => {
  const office = await openOffice();
  const { service, json } = office;
  await backUpAndDie(office, 'read');
  expect(happened(office)).toEqual(['up', 'down']);
  expect(service.isUp()).toBe(false);
  const { notices } = await json(['plan', 'list']);
  expect(notices).toContainEqual({ kind: 'action-late', plan: 'Office', failure: null });
  expect(happened(office)).toEqual(['up', 'down', 'up']);
  expect(service.isUp()).toBe(true);
  expect((await office.runs())[0]).toMatchObject({
    kind: 'backup',
    state: 'interrupted',
    actions: [
      { phase: 'before', isLate: false },
      { phase: 'after', isLate: true, output: 'started after interrupted' },
    ],
  });
});

test('killed in the middle of the backup: the next start of the agent starts the service', async () => {
  const office = await openOffice();
  const { service, dataFolder } = office;
  await backUpAndDie(office, 'read');
  expect(service.isUp()).toBe(false);
  const env = { HOLDFAST_DATA_DIR: dataFolder, HOLDFAST_PASSPHRASE: TEST_PASSPHRASE };
  await using agent = startAgent(env, sourceAgent);
  await expect.poll(() => happened(office), { timeout: 60_000 }).toEqual(['up', 'down', 'up']);
  expect(agent.pid).toBeGreaterThan(0);
  expect(service.isUp()).toBe(true);
});
