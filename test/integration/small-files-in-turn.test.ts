/** Two changes at once of what is said on this computer: neither takes the other back. */
import { expect, test } from 'vitest';
import {
  confirmKit,
  dropKitConfirmation,
  readKitConfirmation,
} from '../../electron/jobs/kit-confirmations.ts';
import {
  acknowledgeUpTo,
  readAcknowledgedUpTo,
} from '../../electron/jobs/loss-acknowledgements.ts';
import type { PlanId, VaultId } from '../../shared/model/ids.ts';
import { openTestAgent } from '../support/open-test-agent.ts';

const idOf = (digit: number): string => digit.toString(16).repeat(32);
const all = Array.from({ length: 8 }, (_, index) => idOf(index));

test('a recovery key that was replaced does not count as confirmed because another one was confirmed then', async () => {
  const { engine } = await openTestAgent();
  const [renewed, ...others] = all as VaultId[];
  if (renewed === undefined) throw new Error('no vault');
  await confirmKit(engine, renewed);
  await Promise.all([
    ...others.map(async (vault) => confirmKit(engine, vault)),
    dropKitConfirmation(engine, renewed),
  ]);
  expect(await readKitConfirmation(engine, renewed)).toBeNull();
  for (const vault of others) expect(await readKitConfirmation(engine, vault)).not.toBeNull();
});

test('what was said of several plans at once is known of each', async () => {
  const { engine } = await openTestAgent();
  const upTo = { epoch: 3, counter: 1 };
  await Promise.all(all.map(async (plan) => acknowledgeUpTo(engine, plan as PlanId, upTo)));
  for (const plan of all) expect(await readAcknowledgedUpTo(engine, plan as PlanId)).toEqual(upTo);
});
