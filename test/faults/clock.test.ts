/** Clocks that jump: restore points keep their order, doubtful times are said, and nothing is dropped because of them. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { planForget } from '../../electron/engine/retention/run-forget.ts';
import { loadNewestManifest, readPointIndex } from '../../electron/engine/vault/point-index.ts';
import { keepEverything } from '../../shared/model/keep-rules.ts';
import { expectWhole, openFaultBed, type FaultBed } from '../support/fault-bed.ts';
import { createLedger, editDatabase } from '../support/quiet-database.ts';

const DAY_MS = 24 * 3600 * 1000;
const YEAR_MS = 365 * DAY_MS;

/** One restore point a day; returns their ids. */
async function backUpDaily(bed: FaultBed, path: string, days: number): Promise<string[]> {
  const ids: string[] = [];
  for (let day = 0; day < days; day++) {
    editDatabase(path, `UPDATE entries SET text = hex(randomblob(40)) WHERE id % 9 = ${day % 9}`);
    ids.push((await bed.backup(bed.base, [path])).point.id);
    await bed.advance(DAY_MS);
  }
  return ids;
}

async function start(): Promise<{ bed: FaultBed; path: string }> {
  const bed = await openFaultBed();
  const path = join(bed.engine.folder, 'crm.db');
  createLedger(path, { rows: 80, seed: 1 });
  return { bed, path };
}

const liveOf = async (bed: FaultBed) =>
  (await readPointIndex(await bed.openOn(bed.base), () => undefined)).live;

async function doubtfulPoints(bed: FaultBed): Promise<string[]> {
  const vault = await bed.openOn(bed.base);
  const doubtful: string[] = [];
  for (const ref of await liveOf(bed)) {
    const loaded = await loadNewestManifest(vault, [ref], () => undefined);
    if (loaded?.point.takenAt.doubtful === true) doubtful.push(ref.id);
  }
  return doubtful;
}

/** What a rule of one a day for three days would drop now. */
async function wouldForget(bed: FaultBed): Promise<string[]> {
  const vault = await bed.openOn(bed.base);
  const index = await readPointIndex(vault, () => undefined);
  const { plan } = await planForget(
    {
      vault,
      rules: { ...keepEverything, daily: 3 },
      zone: 'UTC',
      proved: new Set(),
      needed: [],
      doubts: [],
      report: () => undefined,
    },
    index,
  );
  return plan.remove.map(({ id }) => id);
}

test('a clock that went back a year makes its restore points doubtful, the newest all the same', async () => {
  const { bed, path } = await start();
  const before = await backUpDaily(bed, path, 4);
  bed.clock.setWallTime(bed.clock.nowMs() - YEAR_MS);
  const after = await backUpDaily(bed, path, 3);
  expect((await liveOf(bed)).map(({ id }) => id)).toEqual([...before, ...after]);
  expect(await doubtfulPoints(bed)).toEqual(after);
  // Kept, and they fill no day of the rule: the days before count as before. The first one is the only full.
  expect(await wouldForget(bed)).toEqual([]);
  await expectWhole(bed, bed.base, { reported: bed.reported, unreported: null });
});

test('a clock that went ahead a year makes its restore points doubtful by the clock of the vault', async () => {
  const { bed, path } = await start();
  const before = await backUpDaily(bed, path, 5);
  bed.clock.setWallTime(bed.clock.nowMs() + YEAR_MS);
  const after = await backUpDaily(bed, path, 2);
  expect(await doubtfulPoints(bed)).toEqual(after);
  bed.clock.setWallTime(bed.clock.nowMs() - YEAR_MS);
  const later = await backUpDaily(bed, path, 2);
  // A doubtful time makes none after it doubtful.
  expect(await doubtfulPoints(bed)).toEqual(after);
  const forgotten = await wouldForget(bed);
  for (const id of [...after, ...later]) expect(forgotten).not.toContain(id);
  expect(forgotten).toEqual([before[3], before[2], before[1]]);
  await expectWhole(bed, bed.base, { reported: bed.reported, unreported: null });
});

test('a wrong clock that is put right costs no backup and no parent', async () => {
  const { bed, path } = await start();
  bed.clock.setWallTime(0);
  const [first] = await backUpDaily(bed, path, 1);
  bed.clock.setWallTime(bed.storageClock.nowMs());
  editDatabase(path, "UPDATE entries SET text = 'x' WHERE id = 1");
  const made = await bed.backup(bed.base, [path], { kind: 'incremental' });
  expect(made.point.parent).toBe(first);
  expect(made.point.takenAt.doubtful).toBe(false);
});
