/** A person who cancels, in whatever phase, is heard at once, and nothing half-made is left to them. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, inject, test } from 'vitest';
import { changeRows, digestDatabase, makeLargeDatabase } from '../support/large/large-database.ts';
import { listHalfMade, openLargeOffice, type LargeOffice } from '../support/large/large-office.ts';
import { changeSome, inFolders, makeManyFiles } from '../support/large/many-files.ts';
import { scale } from '../support/large/step-results.ts';
import { differences, digestTree } from '../support/large/tree-digest.ts';
import { makeTemporaryFolder } from '../support/temporary-folder.ts';

const files = Math.max(2000, Math.round(20_000 * scale));
const bytes = Math.max(64 * 2 ** 20, Math.round(2 ** 30 * scale));

test('a run that was cancelled in any phase leaves nothing half-made, and the next one succeeds', async () => {
  const folder = await makeTemporaryFolder();
  const database = join(folder, 'crm.db');
  const attachments = join(folder, 'attachments');
  await makeLargeDatabase(database, bytes);
  await makeManyFiles(attachments, files, inFolders, 3);
  await using office = await openLargeOffice('cancel', folder, {
    sources: [database, attachments],
    builtFolder: inject('builtFolder'),
  });
  const { plan } = office;
  const expectWhole = async (): Promise<void> => {
    expect(await listHalfMade(join(folder, 'data'))).toEqual([]);
    expect(await unreportedPoints(office)).toEqual([]);
  };

  for (const phase of ['inspect', 'read', 'commit', 'prove'] as const) {
    await office.cancelled(`cancel ${phase}`, 'runPlan', { plan }, { phase, share: 0 });
    await expectWhole();
    const { points } = await office.agent.call('timeline', { plan });
    // What was published before it was to be read back is there, and the run says so.
    expect(points.length).toBe(phase === 'prove' ? 1 : 0);
  }
  changeRows(database, 100, 9);
  await changeSome(attachments, { files, pathOf: inFolders, count: 50 });
  const { value } = await office.step('the next backup', 'runPlan', { plan });
  expect(value.problems).toEqual([]);
  expect(await listHalfMade(office.place)).toEqual([]);
  await expectWhole();

  const back = join(folder, 'back');
  const restore = {
    plan,
    point: value.point,
    what: { kind: 'everything' },
    where: { kind: 'folder', path: back },
    goOnWithoutUndo: false,
  } as const;
  for (const phase of ['plan', 'fetch', 'check'] as const) {
    await office.cancelled(`cancel ${phase}`, 'bringBack', restore, { phase, share: 0 });
    expect(await listHalfMade(back)).toEqual([]);
    await rm(back, { recursive: true, force: true });
  }
  await office.step('the next restore', 'bringBack', restore);
  const restored = join(back, 'attachments');
  expect(differences(await digestTree(attachments), await digestTree(restored))).toEqual([]);
  const wanted = await digestDatabase(database);
  expect(await digestDatabase(join(back, 'crm.db', 'crm.db'))).toBe(wanted);
});

/** Ids of restore points that no run has on record. */
async function unreportedPoints({ agent, plan }: LargeOffice): Promise<readonly string[]> {
  const { points } = await agent.call('timeline', { plan });
  const { runs } = await agent.call('runs', {
    kind: null,
    state: null,
    plan,
    beforeMs: null,
    limit: 100,
  });
  const reported = new Set(runs.map(({ point }) => point));
  return points.map(({ id }) => id).filter((id) => !reported.has(id));
}
