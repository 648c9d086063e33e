/** A change of keys that holds reaches whoever asked for it: nobody is left with a vault whose key no one has seen. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseRecoveryKey } from '../../electron/engine/crypto/recovery-key.ts';
import type { Fault } from '../../electron/engine/storage/fault-plan.ts';
import { createFaultyStorage } from '../../electron/engine/storage/faulty-storage.ts';
import { openVault } from '../../electron/engine/vault/open-vault.ts';
import { listRuns } from '../../electron/history/runs.ts';
import type { Engine } from '../../electron/jobs/engine.ts';
import { changeKeyEverywhere } from '../../electron/jobs/change-key-everywhere.ts';
import { keyJob } from '../../electron/jobs/key-job.ts';
import { readKitConfirmation } from '../../electron/jobs/kit-confirmations.ts';
import { locateVault } from '../../electron/jobs/locate-vault.ts';
import { BackupError } from '../../shared/model/backup-error.ts';
import type { Notice } from '../../shared/model/notice.ts';
import { openTestAgent } from '../support/open-test-agent.ts';
import { createLedger } from '../support/quiet-database.ts';

const passphrase = 'lemon-otter-river-amber';
const context = { signal: new AbortController().signal, onProgress: () => undefined };
const failure = { code: 'place-missing', place: 'the place' } as const;

async function protectLedger() {
  const agent = await openTestAgent();
  const [place, crm] = [join(agent.folder, 'usb'), join(agent.folder, 'crm.db')];
  mkdirSync(place);
  createLedger(crm, { rows: 5, seed: 1 });
  const { plan, kit } = await agent.call('protect', {
    name: 'Office',
    sources: [crm],
    place,
    schedule: { kind: 'interval', everyMs: 3_600_000 },
    keep: {},
    secret: { kind: 'passphrase', passphrase },
    remember: true,
  });
  return { agent, plan, kit };
}

/** The engine with a place on which all vaults meet these faults. */
function withFaults(engine: Engine, faults: readonly Fault[]) {
  const storages: ReturnType<typeof createFaultyStorage>[] = [];
  const open: Engine['vaults']['open'] = async (located, signal) => {
    const opened = await engine.vaults.open(located, signal);
    const storage = createFaultyStorage(opened.vault.storage, faults);
    storages.push(storage);
    return { ...opened, vault: { ...opened.vault, storage } };
  };
  const isMet = (): boolean =>
    storages.every(({ plan }) => {
      try {
        plan.assertAllHit();
        return true;
      } catch {
        return false;
      }
    });
  return { engine: { ...engine, vaults: { ...engine.vaults, open } }, isMet };
}

async function opens(engine: Engine, place: string, recoveryKey: string): Promise<boolean> {
  const { storage } = await locateVault(place, engine);
  const secret = { kind: 'recovery-key', secret: parseRecoveryKey(recoveryKey) } as const;
  return openVault(storage, secret, engine, () => undefined).then(
    () => true,
    () => false,
  );
}

test('whatever the place refuses, the recovery key that opens the copy is one that was shown', async () => {
  const { agent, plan, kit } = await protectLedger();
  const { place } = kit;
  const request = { place, expectedVault: kit.vault, planId: plan.id } as const;
  let shown = kit.recoveryKey;
  let handedOver = 0;
  const change = async (fault: Fault): Promise<boolean> => {
    const faulty = withFaults(agent.engine, [fault]);
    const wish = { ...request, change: { kind: 'recovery-key' } } as const;
    const result = await agent.clock.drive(keyJob(faulty.engine, wish, context).catch(() => null));
    if (result !== null) shown = result.recoveryKey ?? '';
    if (result !== null && faulty.isMet()) handedOver += 1;
    expect(await opens(agent.engine, place, shown), JSON.stringify(fault)).toBe(true);
    return faulty.isMet();
  };
  const fault = { kind: 'error', calls: 1000, failure } as const;
  // Listing: before the turn, at each confirmation, and when older keys are removed.
  for (let call = 1; await change({ ...fault, operation: 'list', call }); call++);
  await change({ ...fault, operation: 'remove', call: 1 });
  // The second copy, and the end of the turn.
  for (const call of [2, 3]) await change({ ...fault, operation: 'put', call, calls: 1 });
  expect(handedOver).toBeGreaterThanOrEqual(4);
  // What is left over of all that does not keep the next backup from its work.
  await agent.call('runPlan', { plan: plan.id });
  expect(await opens(agent.engine, place, shown)).toBe(true);
});

test('a process that ends in the middle of the change leaves a copy whose recovery key is asked for again', async () => {
  const { agent, plan, kit } = await protectLedger();
  const proof = { kind: 'key', recoveryKey: kit.recoveryKey } as const;
  await agent.call('confirmKit', { plan: plan.id, proof });
  expect(await readKitConfirmation(agent.engine, kit.vault)).not.toBeNull();
  // Mutations: the turn, then the new header's first copy.
  const faulty = withFaults(agent.engine, [{ kind: 'stop', at: 'after', mutation: 2 }]);
  const wish = {
    place: kit.place,
    expectedVault: kit.vault,
    change: { kind: 'recovery-key' },
  } as const;
  await expect(agent.clock.drive(keyJob(faulty.engine, wish, context))).rejects.toThrow(
    'the process ended here',
  );
  expect(await opens(agent.engine, kit.place, kit.recoveryKey)).toBe(false);
  const again = await openTestAgent({
    dataFolder: agent.engine.dataFolder,
    keychain: agent.keychain,
  });
  const [report] = (await again.call('status', {})).plans;
  expect(report?.reasons.map(({ code }) => code)).toContain('kit-not-confirmed');
});

/** A plan with two disks; to the engine `failing` the second one is lost as soon as it has been seen. */
async function protectTwice() {
  const agent = await openTestAgent();
  const [blue, red, crm] = ['blue', 'red', 'crm.db'].map((name) => join(agent.folder, name)) as [
    string,
    string,
    string,
  ];
  for (const folder of [blue, red]) mkdirSync(folder);
  createLedger(crm, { rows: 5, seed: 1 });
  const { plan, kit } = await agent.call('protect', {
    name: 'Office',
    sources: [crm],
    place: blue,
    furtherPlaces: [red],
    schedule: { kind: 'interval', everyMs: 3_600_000 },
    keep: {},
    secret: { kind: 'passphrase', passphrase },
    remember: true,
  });
  const said: Notice[] = [];
  const unlock: Engine['vaults']['unlock'] = async (located, secret, signal) => {
    if (located.vaultId === plan.places[1]?.vaultId) throw new BackupError(failure);
    return agent.engine.vaults.unlock(located, secret, signal);
  };
  const failing: Engine = {
    ...agent.engine,
    vaults: { ...agent.engine.vaults, unlock },
    notify: (notice) => void said.push(notice),
  };
  return { agent, plan, kit, failing, said, paths: plan.places.map(({ path }) => path) };
}

test('a recovery key that holds at the first place is handed over though the second one fails', async () => {
  const { agent, plan, kit, failing, said, paths } = await protectTwice();
  const proof = { kind: 'key', recoveryKey: kit.recoveryKey } as const;
  await agent.call('confirmKit', { plan: plan.id, proof });
  const current = { kind: 'passphrase', passphrase } as const;
  const change = async (engine: Engine) =>
    agent.clock.drive(
      changeKeyEverywhere(engine, { plan, change: { kind: 'recovery-key' }, current }, context),
    );
  const opensEach = async (key: string | null): Promise<boolean[]> =>
    Promise.all(paths.map(async (path) => opens(agent.engine, path, key ?? '')));

  const half = await change(failing);
  expect(half.left).toEqual([plan.places[1]]);
  expect(await opensEach(half.recoveryKey)).toEqual([true, false]);
  expect(await opensEach(kit.recoveryKey)).toEqual([false, true]);
  expect(said).toEqual([
    { kind: 'key-left-behind', plan: 'Office', place: paths[1], secret: 'recovery-key', failure },
  ]);
  for (const { vaultId } of plan.places) {
    expect(vaultId !== null && (await readKitConfirmation(agent.engine, vaultId))).toBeNull();
  }
  const whole = await change(agent.engine);
  expect(whole.left).toEqual([]);
  expect(await opensEach(whole.recoveryKey)).toEqual([true, true]);
});

test('the same new passphrase again makes up for the place that had failed', async () => {
  const { agent, plan, failing, said } = await protectTwice();
  const next = 'tulip-harbour-copper-lark';
  const wish = {
    plan,
    change: { kind: 'passphrase', newPassphrase: async () => next },
    current: { kind: 'passphrase', passphrase },
  } as const;
  const change = async (engine: Engine) =>
    agent.clock.drive(changeKeyEverywhere(engine, wish, context));
  expect((await change(failing)).left).toEqual([plan.places[1]]);
  expect(said).toMatchObject([{ kind: 'key-left-behind', secret: 'passphrase' }]);
  // Nothing new was changed: then it is a failure like any other.
  await expect(change(failing)).rejects.toMatchObject({ failure });
  // Once to make up for it, once where there is nothing left to do.
  for (const _ of [1, 2]) {
    expect(await change(agent.engine)).toMatchObject({ left: [], isRemembered: true });
    await agent.call('unlock', { plan: plan.id, secret: next, remember: false });
  }
  expect(listRuns(agent.engine.history(), { kind: 'key', state: 'failed' })).toHaveLength(2);
});
