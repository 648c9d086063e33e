/** `latest` after a restore must not be the state that the restore took away; a damaged copy must not be called missing. */
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { backupJob } from '../../electron/jobs/backup-job.ts';
import { findPoint, type WantedPoint } from '../../electron/jobs/find-point.ts';
import { listPoints } from '../../electron/jobs/list-points.ts';
import { vaultAtPlan } from '../../electron/jobs/plan-place.ts';
import { restoreInPlaceJob } from '../../electron/jobs/restore-in-place-job.ts';
import { useVault } from '../../electron/jobs/use-vault.ts';
import { verifyJob } from '../../electron/jobs/verify-job.ts';
import { openTestAgent } from '../support/open-test-agent.ts';
import { openDatabase, openTestOffice, type TestOffice } from '../support/open-test-office.ts';

const context = { signal: new AbortController().signal, onProgress: (): void => undefined };
const latest = { kind: 'latest' } as const;

/** Two backups, then a restore of the first: newest in the vault is the state that was restored over. */
async function restoreFirst() {
  const office = await openTestOffice(50);
  const { agent, plan, crm } = office;
  const first = await office.backUp();
  edit(crm, 'DELETE FROM contacts WHERE id % 2 = 0');
  const second = await office.backUp();
  edit(crm, 'DELETE FROM contacts');
  await agent.clock.advance(1000);
  const request = { ...vaultAtPlan(plan), only: null, goOnWithoutUndo: false };
  const wanted = { kind: 'id', id: first } as const;
  const restoring = restoreInPlaceJob(agent.engine, { ...request, wanted }, context);
  const [restored] = await agent.clock.drive(restoring);
  if (restored?.safety?.kind !== 'point')
    throw new Error('the present state was not kept in the vault');
  return { ...office, first, second, kept: restored.safety.point };
}

function edit(path: string, sql: string): void {
  using db = openDatabase(path);
  db.exec(sql);
}

const find = async ({ agent, plan }: Pick<TestOffice, 'agent' | 'plan'>, wanted: WantedPoint) =>
  useVault(agent.engine, vaultAtPlan(plan), context, async ({ vault }) =>
    agent.clock.drive(findPoint(agent.engine, vault, wanted)),
  );

test('after a restore, latest means the newest backup; the kept state is found by its id and marked', async () => {
  const office = await restoreFirst();
  const { agent, plan, second, kept } = office;
  expect((await find(office, latest)).point.id).toBe(second);
  expect((await find(office, { kind: 'id', id: kept })).point.id).toBe(kept);
  const { points } = await useVault(agent.engine, vaultAtPlan(plan), context, async ({ vault }) =>
    listPoints(agent.engine, vault, context.signal),
  );
  const marked = points.filter(({ isSafetyPoint }) => isSafetyPoint);
  expect(marked.map(({ point }) => point.id)).toEqual([kept]);
});

test('a computer that knows nothing of the restore tells it by the points; a backup by hand is one where it was made', async () => {
  const office = await restoreFirst();
  const { agent, crm, second } = office;
  const { place } = vaultAtPlan(office.plan);
  const other = await openTestAgent({ keychain: agent.keychain, clock: agent.clock });
  expect((await find({ agent: other, plan: office.plan }, latest)).point.id).toBe(second);
  const byHand = await agent.clock.drive(
    backupJob(
      agent.engine,
      {
        place,
        sources: [{ path: crm, id: null, name: null }],
        kind: 'auto',
        forceScan: false,
        readBack: false,
        planId: null,
        expectedVault: null,
      },
      context,
    ),
  );
  expect((await find(office, latest)).point.id).toBe(byHand.point.id);
});

test('when all restore points are damaged, the newest is named as damaged, not as missing', async () => {
  const office = await restoreFirst();
  const { agent, plan, second } = office;
  const { place } = vaultAtPlan(plan);
  damagePacks(place);
  const request = { place, depth: 'data', planId: null, expectedVault: null } as const;
  await agent.clock.drive(verifyJob(agent.engine, request, context));
  await expect(find(office, latest)).rejects.toMatchObject({
    failure: { code: 'point-damaged', point: second },
  });
  const earlier = { kind: 'before', atMs: 0 } as const;
  await expect(find(office, earlier)).rejects.toMatchObject({ failure: { code: 'point-missing' } });
});

/** Flips a byte in the middle of every pack. */
function damagePacks(place: string): void {
  const packs = join(place, 'packs');
  for (const name of readdirSync(packs, { recursive: true }) as string[]) {
    const path = join(packs, name);
    if (!statSync(path).isFile()) continue;
    const bytes = readFileSync(path);
    const at = Math.floor(bytes.length / 2);
    bytes[at] = (bytes[at] ?? 0) ^ 0x55;
    writeFileSync(path, bytes);
  }
}
