// What opens a copy, as a person changes it in the window: every wrong secret is refused, every right one goes on working.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createMemoryKeychain } from '../../support/memory-keychain.ts';
import { openTestAgent, type TestAgent } from '../../support/open-test-agent.ts';
import { createLedger } from '../../support/quiet-database.ts';

const passphrase = 'lemon-otter-river-amber';
const failsWith = (code: string) => ({ failure: { code } });

async function protectOffice(agent: TestAgent, remember = true) {
  const place = join(agent.folder, 'usb');
  mkdirSync(place);
  const crm = join(agent.folder, 'crm.db');
  createLedger(crm, { rows: 20, seed: 1 });
  return agent.call('protect', {
    name: 'Office',
    sources: [crm],
    place,
    schedule: { kind: 'interval', everyMs: 3_600_000 },
    keep: {},
    secret: { kind: 'passphrase', passphrase },
    remember,
  });
}

test('a locked plan runs again once it was unlocked, and the keychain keeps the passphrase if wished', async () => {
  const first = await openTestAgent();
  const { plan, kit } = await protectOffice(first, false);
  expect(first.keychain.secrets.size).toBe(0);
  const { dataFolder } = first.engine;
  await first.close();

  const agent = await openTestAgent({ dataFolder });
  const { id } = plan;
  await expect(agent.call('runPlan', { plan: id })).rejects.toMatchObject(failsWith('key-needed'));
  const give = async (secret: string, remember = false) =>
    agent.call('unlock', { plan: id, secret, remember });
  await expect(give('wrong')).rejects.toMatchObject(failsWith('key-wrong'));
  await expect(agent.call('runPlan', { plan: id })).rejects.toMatchObject(failsWith('key-needed'));
  const notices = async () =>
    (await agent.call('notices', {})).notices.map(({ fact }) => fact.kind);
  expect(await notices()).toContain('key-needed');
  expect(await give(passphrase)).toEqual({ isRemembered: false });
  expect(await notices()).not.toContain('key-needed');
  await agent.call('runPlan', { plan: id });
  // A wrong one is refused also while the vault is open, and it stays open.
  await expect(give('wrong')).rejects.toMatchObject(failsWith('key-wrong'));
  await agent.call('runPlan', { plan: id });
  expect(await give(passphrase, true)).toEqual({ isRemembered: true });
  expect(agent.keychain.secrets.get(kit.vault)).toBe(passphrase);
  await agent.close();

  const again = await openTestAgent({ dataFolder, keychain: agent.keychain });
  await again.call('runPlan', { plan: id });
});

test('a locked keychain is said, not hidden', async () => {
  const keychain = createMemoryKeychain();
  keychain.isLocked = true;
  const agent = await openTestAgent({ keychain });
  const { plan, isRemembered } = await protectOffice(agent);
  expect(isRemembered).toBe(false);
  expect(agent.said).toEqual([{ kind: 'secret-not-stored' }]);
  // This agent made the vault and works on until it ends.
  await agent.call('runPlan', { plan: plan.id });
});

test('a change of the passphrase needs the present one, and the agent works on without asking', async () => {
  const agent = await openTestAgent();
  const { plan, kit } = await protectOffice(agent);
  const change = async (current: string, next: string) =>
    agent.call('changePassphrase', { plan: plan.id, current, next });
  await expect(change('wrong', 'new one')).rejects.toMatchObject(failsWith('key-wrong'));
  expect(await change(passphrase, 'new one')).toEqual({ isRemembered: true });
  expect(agent.keychain.secrets.get(kit.vault)).toBe('new one');
  await agent.call('runPlan', { plan: plan.id });
  const { runs } = await agent.call('runs', {
    kind: 'key',
    state: null,
    plan: plan.id,
    beforeMs: null,
    limit: 10,
  });
  expect(runs.map(({ state }) => state)).toEqual(['ok', 'failed']);
  // A further plan with the same passphrase gets the one that is valid now.
  const further = await agent.call('protect', {
    name: 'Shop',
    sources: [...kit.sources],
    place: join(agent.folder, 'usb'),
    schedule: plan.schedule,
    keep: {},
    secret: { kind: 'same-as', plan: plan.id },
    remember: true,
  });
  expect(agent.keychain.secrets.get(further.kit.vault)).toBe('new one');
  // With the recovery key it can be changed as well: somebody forgot it.
  expect(await change(kit.recoveryKey, 'third')).toEqual({ isRemembered: true });
  await agent.close();

  const other = await openTestAgent();
  const connect = async (secret: string) =>
    other.call('connect', { place: kit.place, secret, remember: true });
  for (const old of [passphrase, 'new one']) {
    await expect(connect(old)).rejects.toMatchObject(failsWith('key-wrong'));
  }
  expect(await connect('third')).toMatchObject({ isRemembered: true, points: 1 });
});

test('a new recovery key replaces the old one and has to be confirmed anew', async () => {
  const agent = await openTestAgent();
  const { plan, kit } = await protectOffice(agent);
  const confirm = async (recoveryKey: string) =>
    agent.call('confirmKit', { plan: plan.id, proof: { kind: 'key', recoveryKey } });
  expect(await confirm(kit.recoveryKey)).toEqual({ isConfirmed: true, wrong: [] });
  const renew = async (current: string) => agent.call('newRecoveryKey', { plan: plan.id, current });
  await expect(renew('wrong')).rejects.toMatchObject(failsWith('key-wrong'));
  const renewed = await renew(passphrase);
  expect(renewed).toMatchObject({ ...kit, recoveryKey: renewed.recoveryKey });
  expect(renewed.recoveryKey).not.toBe(kit.recoveryKey);
  const reasons = (await agent.call('status', {})).plans[0]?.reasons.map(({ code }) => code);
  expect(reasons).toContain('kit-not-confirmed');
  await expect(confirm(kit.recoveryKey)).rejects.toMatchObject(failsWith('key-wrong'));
  const mistyped = renewed.recoveryKey.replace(/.$/u, (sign) => (sign === '2' ? '3' : '2'));
  await expect(confirm(mistyped)).rejects.toMatchObject({
    failure: { code: 'recovery-key-mistyped', groups: [8] },
  });
  const groups = [0, 7].map((index) => ({
    index,
    text: ` ${renewed.recoveryKey.split('-')[index]?.toLowerCase()} `,
  }));
  const proof = { kind: 'groups', groups } as const;
  expect(await agent.call('confirmKit', { plan: plan.id, proof })).toEqual({
    isConfirmed: true,
    wrong: [],
  });
});

test('with the recovery key made by the recovery key the agent works on', async () => {
  const agent = await openTestAgent();
  const { plan, kit } = await protectOffice(agent, false);
  const first = await agent.call('newRecoveryKey', { plan: plan.id, current: kit.recoveryKey });
  await agent.call('runPlan', { plan: plan.id });
  const second = await agent.call('newRecoveryKey', { plan: plan.id, current: first.recoveryKey });
  expect(second.recoveryKey).not.toBe(first.recoveryKey);
});

test('a place that is away, or holds another copy, is told from a wrong passphrase', async () => {
  const agent = await openTestAgent();
  const { plan } = await protectOffice(agent);
  const empty = join(agent.folder, 'empty');
  mkdirSync(empty);
  const connect = async (place: string) =>
    agent.call('connect', { place, secret: passphrase, remember: false });
  await expect(connect(empty)).rejects.toMatchObject(failsWith('vault-missing'));
  await expect(connect(join(empty, 'no'))).rejects.toMatchObject(failsWith('place-missing'));
  // Two copies on one disk: which one is meant has to be said.
  const usb = join(agent.folder, 'usb');
  await agent.call('protect', {
    name: 'Shop',
    sources: plan.sources.map(({ path }) => path),
    place: usb,
    schedule: { kind: 'interval', everyMs: 3_600_000 },
    keep: {},
    secret: { kind: 'same-as', plan: plan.id },
    remember: false,
  });
  await expect(connect(usb)).rejects.toMatchObject(failsWith('vault-missing'));
  expect(await connect(join(usb, 'Shop'))).toMatchObject({ plans: [{ isNew: false }] });
});
