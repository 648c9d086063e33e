/** What the owner of a database larger than memory would lose: memory, a moving bar, a cancel that is heard, any page. */
import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, inject, test } from 'vitest';
import { changeRows, digestDatabase, makeLargeDatabase } from '../support/large/large-database.ts';
import { listHalfMade, openLargeOffice } from '../support/large/large-office.ts';
import { scale } from '../support/large/step-results.ts';
import { verifyData } from '../support/large/verify-data.ts';
import { makeTemporaryFolder } from '../support/temporary-folder.ts';

const bytes = Math.round(8 * 2 ** 30 * scale);
/**
 * Due are 250 MB, and a tenth more for any size. 289 MiB were measured in a restore on a busy machine: glibc keeps blocks that were
 * given back (with MALLOC_MMAP_THRESHOLD_=262144 it was 219 MiB). The limit is that and a seventh: whatever grows with the
 * database is far beyond it.
 */
const LIMIT_BYTES = 330 * 2 ** 20;

test(`a database of ${bytes} bytes comes back, within the memory of a small one`, async () => {
  const folder = await makeTemporaryFolder();
  const source = join(folder, 'crm.db');
  await makeLargeDatabase(source, bytes);
  await using office = await openLargeOffice('database', folder, {
    sources: [source],
    builtFolder: inject('builtFolder'),
  });
  const { plan } = office;
  const run = { plan } as const;
  const peaks: [string, number][] = [];
  const tellPeak = (name: string, peak: number): void => void peaks.push([name, peak]);
  const backUp = async (name: string) => {
    const { value, peakBytes } = await office.step(name, 'runPlan', run);
    tellPeak(name, peakBytes);
    return value;
  };

  await office.cancelled('cancel a capture', 'runPlan', run, { phase: 'read', share: 0.1 });
  expect((await office.agent.call('timeline', { plan })).points).toEqual([]);
  const first = await backUp('first backup');
  expect(first.bytesRead).toBeGreaterThanOrEqual((await stat(source)).size);
  expect(await listHalfMade(office.place)).toEqual([]);
  expect((await backUp('nothing changed')).sources[0]?.changedPages).toBe(0);
  changeRows(source, 100, 7);
  expect((await backUp('100 rows changed')).bytesStored).toBeLessThan(4 * 2 ** 20);
  await verifyData('database', office, inject('builtFolder'), tellPeak);

  const wanted = await digestDatabase(source);
  const back = join(folder, 'back');
  const [newest] = (await office.agent.call('timeline', { plan })).points;
  if (newest === undefined) throw new Error('there is no restore point');
  const what = {
    plan,
    point: newest.id,
    what: { kind: 'everything' },
    goOnWithoutUndo: false,
  } as const;
  const intoFolder = { ...what, where: { kind: 'folder', path: back } } as const;
  await office.cancelled('cancel a fetch', 'bringBack', intoFolder, { phase: 'fetch', share: 0.1 });
  expect(await listHalfMade(back)).toEqual([]);
  await office.cancelled('cancel a check', 'bringBack', intoFolder, { phase: 'check', share: 0 });
  expect(await listHalfMade(back)).toEqual([]);
  const restored = await office.step('restore', 'bringBack', intoFolder);
  tellPeak('restore', restored.peakBytes);
  expect(await digestDatabase(join(back, 'crm.db'))).toBe(wanted);
  await rm(back, { recursive: true });

  changeRows(source, 10, 8);
  expect(await digestDatabase(source)).not.toBe(wanted);
  const inPlace = await office.step('restore in place', 'bringBack', {
    ...what,
    where: { kind: 'in-place' },
  });
  tellPeak('restore in place', inPlace.peakBytes);
  expect(await digestDatabase(source)).toBe(wanted);
  expect(peaks.filter(([, peak]) => peak > LIMIT_BYTES)).toEqual([]);
});
