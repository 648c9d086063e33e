/** A change of keys that holds reaches whoever asked for it: nobody is left with a vault whose key no one has seen. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseRecoveryKey } from '../../electron/engine/crypto/recovery-key.ts';
import type { Fault } from '../../electron/engine/storage/fault-plan.ts';
import { createFaultyStorage } from '../../electron/engine/storage/faulty-storage.ts';
import { openVault } from '../../electron/engine/vault/open-vault.ts';
import type { Engine } from '../../electron/jobs/engine.ts';
import { keyJob } from '../../electron/jobs/key-job.ts';
import { readKitConfirmation } from '../../electron/jobs/kit-confirmations.ts';
import { locateVault } from '../../electron/jobs/locate-vault.ts';
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
