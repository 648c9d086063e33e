/** A plan with several places: made as a whole or not at all, one passphrase and one paper for all, each with its copy. */
import { existsSync, mkdirSync, readdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { listRuns } from '../../../electron/history/runs.ts';
import { createVaultJob } from '../../../electron/jobs/create-vault-job.ts';
import { planToRead } from '../../../electron/jobs/plan-to-read.ts';
import { createPlan } from '../../../electron/jobs/plan-jobs.ts';
import { openTestAgent, type TestAgent } from '../../support/open-test-agent.ts';
import { createLedger, editDatabase } from '../../support/quiet-database.ts';
import { TEST_PASSPHRASE } from '../../support/test-engine.ts';

const context = { signal: new AbortController().signal, onProgress: () => undefined };

async function openOffice() {
  const agent = await openTestAgent();
  const at = (name: string): string => join(agent.folder, name);
  createLedger(at('crm.db'), { rows: 100, seed: 1 });
  for (const name of ['blue', 'red', 'nas']) mkdirSync(at(name));
  const request = {
    name: 'Office',
    sources: [at('crm.db')],
    place: at('blue'),
    schedule: { kind: 'times', timesOfDay: ['12:00'], days: [1, 2, 3, 4, 5, 6, 7], zone: 'UTC' },
    keep: {},
    secret: { kind: 'passphrase', passphrase: TEST_PASSPHRASE },
    remember: true,
  } as const;
  return { agent, at, request };
}

const placesOfRuns = (agent: TestAgent): (string | null)[] =>
  listRuns(agent.engine.history(), { kind: 'backup', state: 'ok' })
    .map(({ place }) => place)
    .toReversed();

test('disks that take turns get a copy each, opened by one paper, and each can be tested', async () => {
  const { agent, at, request } = await openOffice();
  const made = await agent.call('protect', {
    ...request,
    furtherPlaces: [at('red')],
    set: 'Disks',
  });
  const { plan, kit } = made;
  const paths = [at('blue/Office'), at('red/Office')];
  expect(plan.places).toMatchObject(paths.map((path) => ({ path, set: 'Disks' })));
  expect(made.isRemembered).toBe(true);

  const groups = kit.recoveryKey.split('-').map((text, index) => ({ index, text }));
  const proof = { kind: 'groups', groups: groups.slice(0, 2) } as const;
  expect(await agent.call('confirmKit', { plan: plan.id, proof })).toMatchObject({
    isConfirmed: true,
  });
  await agent.call('runPlan', { plan: plan.id });
  expect(placesOfRuns(agent)).toEqual(paths);
  // The one that was never tested comes first.
  for (const _ of paths) {
    expect(await agent.call('drill', { plan: plan.id })).toMatchObject({ outcome: 'proved' });
  }
  const { status, places } = (await agent.call('overview', {})).plans[0] ?? {};
  expect(status?.proved.map(({ place, ageMs }) => [place, ageMs !== null])).toEqual(
    paths.map((path) => [path, true]),
  );
  expect(status?.reasons.map(({ code }) => code)).toEqual(['only-own-disk']);
  expect(places).toMatchObject(paths.map((path) => ({ path, set: 'Disks', isHere: true })));

  for (const path of paths) {
    const again = await openTestAgent();
    const secret = kit.recoveryKey;
    const taken = await again.call('connect', { place: path, secret, remember: false });
    expect(taken.plans[0]?.plan.places).toMatchObject(paths.map((each) => ({ path: each })));
  }
});

test('with one disk in the drawer the other one is backed up, read, and brings back', async () => {
  const { agent, at, request } = await openOffice();
  const furtherPlaces = [at('red')];
  const { plan } = await agent.call('protect', { ...request, furtherPlaces, set: 'Disks' });
  await agent.call('runPlan', { plan: plan.id });
  renameSync(at('blue'), at('drawer'));
  editDatabase(at('crm.db'), "UPDATE entries SET text = 'changed' WHERE id = 1");
  await agent.call('runPlan', { plan: plan.id });
  expect(placesOfRuns(agent).slice(2)).toEqual([at('red/Office')]);
  expect(listRuns(agent.engine.history(), { state: 'failed' })).toEqual([]);
  expect(existsSync(at('blue'))).toBe(false);
  const shown = await agent.call('timeline', { plan: plan.id });
  expect(shown.points).toHaveLength(2);
  const [newest] = listRuns(agent.engine.history(), { kind: 'backup', limit: 1 });
  const read = await planToRead(agent.engine, plan, newest?.point ?? null);
  expect(read.places.map(({ path }) => path)).toEqual([at('red/Office')]);
  // Without a member there is a failure, and nothing is made in its stead.
  renameSync(at('red'), at('drawer2'));
  await expect(agent.call('runPlan', { plan: plan.id })).rejects.toMatchObject({
    failure: { code: 'place-missing' },
  });
  expect(existsSync(at('blue')) || existsSync(at('red'))).toBe(false);
});

test('a place that is no member and is away is a failure, after the others had their turn', async () => {
  const { agent, at, request } = await openOffice();
  const { plan } = await agent.call('protect', { ...request, furtherPlaces: [at('nas')] });
  expect(plan.places.map(({ set }) => set)).toEqual([undefined, undefined]);
  renameSync(at('blue'), at('gone'));
  await expect(agent.call('runPlan', { plan: plan.id })).rejects.toMatchObject({
    failure: { code: 'place-missing' },
  });
  expect(placesOfRuns(agent)).toEqual([at('nas/Office')]);
});

test('a new passphrase is for all copies or for none', async () => {
  const { agent, at, request } = await openOffice();
  const furtherPlaces = [at('red')];
  const { plan } = await agent.call('protect', { ...request, furtherPlaces, set: 'Disks' });
  const change = { plan: plan.id, current: TEST_PASSPHRASE, next: 'another passphrase' };
  renameSync(at('red'), at('drawer'));
  await expect(agent.call('changePassphrase', change)).rejects.toMatchObject({
    failure: { code: 'place-missing' },
  });
  renameSync(at('drawer'), at('red'));
  await agent.call('changePassphrase', change);
  const kit = await agent.call('newRecoveryKey', { plan: plan.id, current: change.next });
  for (const secret of [change.next, kit.recoveryKey]) {
    await agent.call('unlock', { plan: plan.id, secret, remember: false });
  }
  await expect(
    agent.call('unlock', { plan: plan.id, secret: TEST_PASSPHRASE, remember: false }),
  ).rejects.toMatchObject({ failure: { code: 'key-wrong' } });
});

test('a plan that cannot be made everywhere is made nowhere', async () => {
  const { agent, at, request } = await openOffice();
  const furtherPlaces = [at('red'), at('nowhere/at/all')];
  await expect(agent.call('protect', { ...request, furtherPlaces })).rejects.toMatchObject({
    failure: { code: 'place-missing' },
  });
  expect([at('blue'), at('red')].flatMap((folder) => readdirSync(folder))).toEqual([]);
  expect(agent.keychain.secrets.size).toBe(0);
});

test('a plan is changed while one of its disks is away, if its copy is known', async () => {
  const { agent, at, request } = await openOffice();
  const furtherPlaces = [at('red')];
  const { plan } = await agent.call('protect', { ...request, furtherPlaces, set: 'Disks' });
  renameSync(at('red'), at('drawer'));
  const renamed = await agent.clock.drive(
    createPlan(agent.engine, { ...plan, name: 'Other' }, context),
  );
  expect(renamed).toEqual({ ...plan, name: 'Other' });
  const unknown = { ...plan, places: [at('blue/Office'), at('red/Office')] };
  await expect(agent.clock.drive(createPlan(agent.engine, unknown, context))).rejects.toMatchObject(
    { failure: { code: 'place-missing' } },
  );
});

test('a second copy may have a key of its own; then its paper is shown by itself', async () => {
  const { agent, at, request } = await openOffice();
  const { plan } = await agent.call('protect', request);
  const other = await agent.clock.drive(
    createVaultJob(
      agent.engine,
      { place: at('red/own'), passphrase: 'another one', remember: true },
      context,
    ),
  );
  const places = [...plan.places, { path: at('red/own'), vaultId: other.vaultId }];
  const both = await agent.clock.drive(createPlan(agent.engine, { ...plan, places }, context));
  const proof = { kind: 'key', recoveryKey: other.recoveryKey } as const;
  await expect(agent.call('confirmKit', { plan: both.id, proof })).rejects.toMatchObject({
    failure: { code: 'key-wrong' },
  });
});
