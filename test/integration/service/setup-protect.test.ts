// From the first start to a protected CRM, and back on a new computer: the calls that setup makes, on real parts.
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { failureOf } from '../../../shared/model/backup-error.ts';
import type { CallRequest } from '../../../shared/ipc/contract.ts';
import { listPlans } from '../../../electron/plans/plan-files.ts';
import { createMemoryKeychain } from '../../support/memory-keychain.ts';
import { openTestAgent, type TestAgent } from '../../support/open-test-agent.ts';
import { createLedger } from '../../support/quiet-database.ts';

const passphrase = 'lemon-otter-river-amber';
const HOUR_MS = 3_600_000;

/** A CRM and a place for its copies; `request` protects it. */
async function openOffice(agent: TestAgent) {
  const place = join(agent.folder, 'usb');
  mkdirSync(place);
  const crm = join(agent.folder, 'crm.db');
  createLedger(crm, { rows: 50, seed: 1 });
  const request: CallRequest<'protect'> = {
    name: 'Office: 客户',
    sources: [crm],
    place,
    schedule: { kind: 'interval', everyMs: HOUR_MS },
    keep: { last: 10 },
    secret: { kind: 'passphrase', passphrase },
    remember: true,
  };
  return { place, crm, request };
}

const groupsOf = (recoveryKey: string, ...indexes: readonly number[]) =>
  indexes.map((index) => ({ index, text: recoveryKey.split('-')[index] ?? '' }));

test('protect, confirm the kit, back up, test: the light has only what cannot be helped here', async () => {
  const agent = await openTestAgent();
  const { place, crm, request } = await openOffice(agent);
  const { plan, kit, isRemembered } = await agent.call('protect', request);
  expect(plan).toMatchObject({ name: 'Office: 客户', sources: [{ path: crm, name: 'crm.db' }] });
  expect(kit).toMatchObject({ plan: plan.id, place: join(place, 'Office 客户'), sources: [crm] });
  expect(kit.vault).toBe(plan.places[0]?.vaultId);
  expect([isRemembered, agent.keychain.secrets.get(kit.vault)]).toEqual([true, passphrase]);
  expect(agent.events).toContainEqual({ kind: 'changed', topics: ['overview'] });

  const confirm = async (groups: ReturnType<typeof groupsOf>) =>
    agent.call('confirmKit', { plan: plan.id, proof: { kind: 'groups', groups } });
  const slip = [...groupsOf(kit.recoveryKey, 2), { index: 5, text: 'AAAAA' }];
  expect(await confirm(slip)).toEqual({ isConfirmed: false, wrong: [5] });
  const reasons = async () =>
    (await agent.call('status', {})).plans[0]?.reasons.map(({ code }) => code);
  expect(await reasons()).toContain('kit-not-confirmed');
  await expect(confirm(groupsOf(kit.recoveryKey, 3, 3))).rejects.toMatchObject({
    failure: { code: 'usage' },
  });
  expect(await confirm(groupsOf(kit.recoveryKey, 2, 5))).toEqual({ isConfirmed: true, wrong: [] });
  // Confirmed, the agent knows the groups no more.
  await expect(confirm(groupsOf(kit.recoveryKey, 2, 5))).rejects.toMatchObject({
    failure: { code: 'kit-forgotten' },
  });

  const made = await agent.call('runPlan', { plan: plan.id });
  expect(made.provedBytes).toBeGreaterThan(0);
  await agent.call('drill', { plan: plan.id });
  // The copy lies on the CRM's own disk: nothing else is left to say.
  expect(await reasons()).toEqual(['only-own-disk']);
});

test('a new computer gets the plan back with nothing but the recovery key', async () => {
  const agent = await openTestAgent();
  const { place, request } = await openOffice(agent);
  const { plan, kit } = await agent.call('protect', request);
  const { point } = await agent.call('runPlan', { plan: plan.id });
  await agent.close();

  const other = await openTestAgent();
  const wrong = { place, secret: 'not this one', remember: true };
  await expect(other.call('connect', wrong)).rejects.toMatchObject({
    failure: { code: 'key-wrong' },
  });
  expect(await other.call('overview', {})).toMatchObject({ plans: [] });
  // The disk was chosen, not the folder on it.
  const taken = await other.call('connect', { ...wrong, secret: kit.recoveryKey.toLowerCase() });
  expect(taken).toMatchObject({ vault: kit.vault, place: kit.place, points: 1 });
  expect(taken.plans).toEqual([{ plan, isNew: true, missingSources: [] }]);
  expect([taken.isRemembered, other.keychain.secrets.size]).toEqual([false, 0]);
  const { plans } = await other.call('overview', {});
  expect(plans[0]?.plan).toEqual(plan);
  expect(plans[0]?.lastRun).toMatchObject({ point, isRebuilt: true });
  expect(plans[0]?.status.reasons.map(({ code }) => code)).not.toContain('kit-not-confirmed');
});

test('a further plan takes the passphrase of the first, from memory or the keychain', async () => {
  const agent = await openTestAgent();
  const { request } = await openOffice(agent);
  const first = await agent.call('protect', request);
  const same = { ...request, secret: { kind: 'same-as', plan: first.plan.id } } as const;
  const second = await agent.call('protect', same);
  expect(second.kit.place).toBe(`${first.kit.place} 2`);
  expect(agent.keychain.secrets.get(second.kit.vault)).toBe(passphrase);
  const { dataFolder } = agent.engine;
  await agent.close();

  const later = await openTestAgent({ dataFolder, keychain: agent.keychain });
  const third = await later.call('protect', same);
  expect(later.keychain.secrets.get(third.kit.vault)).toBe(passphrase);
  await later.close();

  const locked = await openTestAgent({ dataFolder, keychain: createMemoryKeychain() });
  await expect(locked.call('protect', same)).rejects.toMatchObject({
    failure: { code: 'key-needed' },
  });
  expect(readdirSync(request.place)).toHaveLength(3);
});

test('an outdated passphrase in the keychain seals nothing new', async () => {
  const agent = await openTestAgent();
  const { request } = await openOffice(agent);
  const { plan, kit } = await agent.call('protect', request);
  await agent.close();
  agent.keychain.secrets.set(kit.vault, 'the one before');
  const { dataFolder } = agent.engine;
  const later = await openTestAgent({ dataFolder, keychain: agent.keychain });
  const same = { ...request, secret: { kind: 'same-as', plan: plan.id } } as const;
  await expect(later.call('protect', same)).rejects.toMatchObject({
    failure: { code: 'key-needed', place: kit.place },
  });
});

test('a plan that cannot be stored leaves no vault, no folder, no secret', async () => {
  const agent = await openTestAgent();
  const { place, request } = await openOffice(agent);
  // A file lies where plans are kept: the vault is made before that is found out.
  mkdirSync(agent.engine.dataFolder, { recursive: true });
  writeFileSync(join(agent.engine.dataFolder, 'plans'), '');
  const inNewFolder = { ...request, place: join(place, 'new') };
  await expect(agent.call('protect', inNewFolder)).rejects.toThrow(/plans/u);
  expect(readdirSync(place)).toEqual([]);
  expect([agent.keychain.secrets.size, agent.said]).toEqual([0, []]);
});

test('what is refused is refused before anything is made', async () => {
  const agent = await openTestAgent();
  const { place, crm, request } = await openOffice(agent);
  const file = join(agent.folder, 'a file');
  writeFileSync(file, '');
  const refused = async (part: Partial<typeof request>) =>
    agent.call('protect', { ...request, ...part }).then(
      () => 'made',
      (error: unknown) => failureOf(error).code,
    );
  expect(await refused({ sources: [join(agent.folder, 'no.db')] })).toBe('source-missing');
  expect(await refused({ sources: [crm, crm] })).toBe('plan-invalid');
  expect(await refused({ name: '   ' })).toBe('plan-invalid');
  expect(await refused({ place: join(place, 'not', 'there') })).toBe('place-missing');
  expect(await refused({ place: file })).toBe('place-missing');
  expect(await refused({ sources: [agent.folder] })).toBe('place-in-source');
  expect(readdirSync(place)).toEqual([]);
  expect(agent.keychain.secrets.size).toBe(0);
  expect((await listPlans(agent.engine.dataFolder)).plans).toEqual([]);
});

test('sources of the same name get names that a restore can keep apart', async () => {
  const agent = await openTestAgent();
  const { request } = await openOffice(agent);
  const folders = ['a', 'b'].map((name) => join(agent.folder, name));
  const sources = folders.map((folder) => join(folder, 'CRM.db'));
  folders.forEach((folder) => mkdirSync(folder));
  sources.forEach((path, seed) => createLedger(path, { rows: 5, seed }));
  const { plan } = await agent.call('protect', { ...request, sources });
  expect(plan.sources.map(({ name }) => name)).toEqual(['CRM.db', 'CRM.db (2)']);
});
