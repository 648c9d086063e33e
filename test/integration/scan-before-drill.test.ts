/** A restore test of what a write-ahead log told must not pass for proof that this is what the CRM had. */
import { renameSync } from 'node:fs';
import Database from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import { readPairEvidence } from '../../electron/history/evidence.ts';
import { vaultAtPlan } from '../../electron/jobs/plan-place.ts';
import { scanAndDrillJob } from '../../electron/jobs/scan-and-drill-job.ts';
import { showPoint } from '../../electron/jobs/show-point.ts';
import { openTestOffice, type TestOffice } from '../support/open-test-office.ts';

const context = { signal: new AbortController().signal, onProgress: (): void => undefined };

/** Two backups with commits in between that stay in the log: the second one is guided by it. */
async function openGuidedOffice(): Promise<TestOffice & { readonly crmIsOpen: Database.Database }> {
  const office = await openTestOffice(300);
  const crmIsOpen = new Database(office.crm);
  onTestFinished(() => void crmIsOpen.close());
  crmIsOpen.pragma('journal_mode = wal');
  crmIsOpen.pragma('wal_autocheckpoint = 0');
  const change = (): unknown =>
    crmIsOpen.exec('DELETE FROM activities WHERE id IN (SELECT id FROM activities LIMIT 1)');
  change();
  await office.backUp();
  change();
  await office.backUp();
  expect(office.methods).toEqual(['scanned', 'guided']);
  return { ...office, crmIsOpen };
}

const drillsOf = ({ agent, plan }: TestOffice) => {
  const { expectedVault } = vaultAtPlan(plan);
  const [source] = plan.sources;
  if (expectedVault === null || source === undefined) throw new Error('no vault, no source');
  return readPairEvidence(agent.engine.history(), expectedVault, source.id).drills;
};

test('what was guided since the last scan is scanned before the test, by the plan and on the command line', async () => {
  const office = await openGuidedOffice();
  const { agent, plan } = office;
  const drilled = await agent.call('drill', { plan: plan.id });
  expect(drilled.outcome).toBe('proved');
  expect(await methodOf(office, drilled.point)).toBe('scanned');
  expect(drillsOf(office)).toMatchObject([{ point: drilled.point, outcome: 'proved' }]);
  // Nothing changed since: no further backup is made for the next one.
  expect((await agent.call('drill', { plan: plan.id })).point).toBe(drilled.point);

  office.crmIsOpen.exec('DELETE FROM activities WHERE id IN (SELECT id FROM activities LIMIT 1)');
  const guided = await office.backUp();
  expect(await methodOf(office, guided)).toBe('guided');
  const request = {
    ...vaultAtPlan(plan),
    wanted: { kind: 'latest' },
    only: null,
    planId: null,
  } as const;
  const byHand = await agent.clock.drive(scanAndDrillJob(agent.engine, request, context));
  expect(await methodOf(office, byHand.point)).toBe('scanned');
  expect(byHand).toMatchObject({ outcome: 'proved', unscanned: [] });
});

test('where the source cannot be scanned now, the test passes and is no proof', async () => {
  const office = await openGuidedOffice();
  const { agent, plan, crm, crmIsOpen } = office;
  crmIsOpen.close();
  renameSync(crm, `${crm}.away`);
  expect(await agent.call('drill', { plan: plan.id })).toMatchObject({ outcome: 'proved' });
  expect(drillsOf(office)).toEqual([]);
});

async function methodOf({ agent, plan }: TestOffice, id: string): Promise<string | undefined> {
  const request = { place: vaultAtPlan(plan).place, wanted: { kind: 'id', id } } as const;
  const { point } = await agent.clock.drive(showPoint(agent.engine, request, context));
  return point.sources[0]?.method;
}
