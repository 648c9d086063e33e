/** The agent: vaults stay open between runs, one run at a time, and it ends clean whatever becomes of the window. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { contract, type CallInput } from '../../shared/ipc/contract.ts';
import type { Progress } from '../../shared/model/progress.ts';
import { openCommandLine } from '../support/command-line.ts';
import { holdDatabase, longPatienceEnv } from '../support/hold-database.ts';
import { createLedger, editDatabase } from '../support/quiet-database.ts';
import { startAgent, type Agent } from '../support/start-agent.ts';
import { TEST_PASSPHRASE } from '../support/test-engine.ts';

async function openOffice(rows = 200) {
  const cli = await openCommandLine();
  const database = join(cli.folder, 'crm.db');
  createLedger(database, { rows, seed: 1 });
  const agent: Agent = startAgent({
    HOLDFAST_DATA_DIR: cli.dataFolder,
    HOLDFAST_PASSPHRASE: TEST_PASSPHRASE,
    ...longPatienceEnv,
  });
  const input: CallInput<'backup'> = {
    place: cli.place,
    sources: [database],
    kind: 'auto',
    forceScan: false,
    readBack: true,
  };
  return { ...cli, database, agent, input };
}

test('the second run does not pay for opening the vault again, and sees what others did meanwhile', async () => {
  const { agent, input, database, json, place } = await openOffice();
  await using _ = agent;
  const first = await agent.call('backup', input);
  expect(contract.backup.output.parse(first)).toEqual(first);
  expect(first).toMatchObject({ kind: 'full', provedBytes: first.bytesStored });
  editDatabase(database, "UPDATE entries SET text = 'changed' WHERE id = 1");
  // Another process takes its turn in between.
  await json(['backup', '--to', place, database]);
  editDatabase(database, "UPDATE entries SET text = 'once more' WHERE id = 2");
  const second = await agent.call('backup', { ...input, readBack: false });
  expect(second).toMatchObject({ provedBytes: null });
  const { points } = await json(['points', '--at', place]);
  expect(points).toHaveLength(3);
  await json(['verify', '--at', place, '--data']);
  expect(await agent.call('close', {})).toEqual({});
  expect(await agent.ended).toBe(0);
});

test('it carries out plans and tells their light, with progress on the way', async () => {
  const { agent, database, json, place } = await openOffice();
  await using _ = agent;
  const draft = {
    name: 'Office',
    sources: [database],
    places: [place],
    schedule: { kind: 'interval', everyMs: 3_600_000 },
  };
  const made = await json(['plan', 'create', '-'], 0, { input: JSON.stringify(draft) });
  const { id } = made['plan'] as { readonly id: string };
  const phases = new Set<string>();
  const report = await agent.call(
    'runPlan',
    { plan: id },
    { onProgress: ({ phase }) => phases.add(phase) },
  );
  expect(report).toMatchObject({ kind: 'full', problems: [] });
  expect([...phases]).toEqual(expect.arrayContaining(['read', 'commit', 'prove']));
  const status = await agent.call('status', {});
  expect(contract.status.output.parse(status)).toEqual(status);
  expect(status.plans).toMatchObject([{ name: 'Office', status: 'not-protected' }]);
  await expect(agent.call('runPlan', { plan: 'f'.repeat(32) })).rejects.toMatchObject({
    failure: { code: 'plan-missing' },
  });
});

test('a call that the contract does not allow reaches nothing', async () => {
  const { agent, input } = await openOffice();
  await using _ = agent;
  agent.sendRaw({ kind: 'nonsense' });
  const wrong = { ...input, sources: ['relative.db'] };
  await expect(agent.call('backup', wrong)).rejects.toMatchObject({ failure: { code: 'usage' } });
  const unknown = agent.call('format' as 'status', {});
  await expect(unknown).rejects.toMatchObject({ failure: { code: 'usage' } });
  const surplus: object = { all: true };
  const extra = agent.call('status', surplus as Record<string, never>);
  await expect(extra).rejects.toMatchObject({ failure: { code: 'usage' } });
  expect(await agent.call('status', {})).toEqual({ plans: [] });
});

/** The same backup with another source behind it, at which it stands still. */
async function andHeld({ folder, input }: Awaited<ReturnType<typeof openOffice>>) {
  const held = join(folder, 'held.db');
  createLedger(held, { rows: 10, seed: 2 });
  const { letGo } = await holdDatabase(held);
  return { held: { ...input, sources: [...input.sources, held] }, letGo };
}

test('a cancelled run leaves nothing half, and the one behind it has its turn', async () => {
  const office = await openOffice(12_000);
  const { agent, input, place, json } = office;
  await using _ = agent;
  const { held, letGo } = await andHeld(office);
  const cancelling = new AbortController();
  const { signal } = cancelling;
  const onProgress = ({ phase, bytesDone }: Progress): void => {
    if (phase === 'read' && bytesDone > 0) cancelling.abort();
  };
  const first = agent.call('backup', held, { signal, onProgress }).catch((error: unknown) => error);
  const second = agent.call('backup', input);
  // It ends although the other program still holds its database.
  expect(await first).toMatchObject({ failure: { code: 'cancelled' } });
  await letGo();
  await expect(second).resolves.toMatchObject({ kind: 'full' });
  const { points } = await json(['points', '--at', place]);
  expect(points).toHaveLength(1);
});

test('when the window dies in the middle of a backup, the agent cleans up and goes', async () => {
  const office = await openOffice(12_000);
  const { agent, place, json, database } = office;
  await using _ = agent;
  const { held, letGo } = await andHeld(office);
  const running = agent.call('backup', held).catch(() => null);
  await untilWriting(place);
  process.kill(agent.pid, 'SIGTERM');
  expect(await agent.ended).toBe(0);
  await letGo();
  await running;
  const left = await readdir(place, { recursive: true });
  expect(left.filter((name) => name.includes('tmp-'))).toEqual([]);
  await json(['backup', '--to', place, database]);
});

async function untilWriting(place: string): Promise<void> {
  const names = async () => readdir(join(place, 'packs'), { recursive: true }).catch(() => []);
  await expect.poll(async () => (await names()).some((name) => name.includes('tmp-'))).toBe(true);
}
