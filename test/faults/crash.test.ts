/**
 * The process ends, or the power fails, at any write of any work: no restore point that was reported is lost, none is
 * wrong, and the next backup goes on. Every single write in the deep run, a seeded choice of them otherwise.
 */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { planForget, runForget } from '../../electron/engine/retention/run-forget.ts';
import { PRUNE_GRACE_MS } from '../../electron/engine/retention/plan-prune.ts';
import { runPrune } from '../../electron/engine/retention/run-prune.ts';
import type { StopFault } from '../../electron/engine/storage/fault-plan.ts';
import { createFaultyStorage } from '../../electron/engine/storage/faulty-storage.ts';
import type { MemoryStorage } from '../../electron/engine/storage/memory-storage.ts';
import type { Storage } from '../../electron/engine/storage/storage.ts';
import { packName } from '../../electron/engine/format/object-names.ts';
import { takeLease } from '../../electron/engine/vault/lease.ts';
import { keepEverything } from '../../shared/model/keep-rules.ts';
import { expectGoesOn, expectWhole, openFaultBed, type FaultBed } from '../support/fault-bed.ts';
import { createLedger, editDatabase } from '../support/quiet-database.ts';
import { describeFiles } from '../support/restored-points.ts';
import { createSeededRandom } from '../support/seeded-random.ts';

const seed = Number(process.env['HOLDFAST_SEED'] ?? 1);
const isDeep = process.env['HOLDFAST_DEEP'] === '1';
const moments = ['before', 'torn', 'after'] as const;

/** Which writes of `count` the process ends at. */
function chooseStops(count: number): readonly { mutation: number; at: StopFault['at'] }[] {
  const all = Array.from({ length: count }, (_, index) => index + 1);
  if (isDeep) return all.flatMap((mutation) => moments.map((at) => ({ mutation, at })));
  const random = createSeededRandom(seed * 1000 + count);
  // The last ones publish what all others prepared: most can go wrong there.
  const chosen = all.filter(
    (mutation) => mutation > count - 5 || random.chance(Math.ceil(500 / count)),
  );
  return chosen.map((mutation) => ({ mutation, at: random.pick(moments) }));
}

type Work = (storage: Storage, cacheFolder: string) => Promise<unknown>;

interface Trial {
  readonly bed: FaultBed;
  readonly sources: readonly string[];
  readonly work: Work;
  readonly mayBeGone?: ReadonlySet<string>;
  /** The vault is damaged at the beginning; only the next backup heals it. */
  readonly isWounded?: boolean;
}

/** Ends `work` at the chosen writes, each time from the same beginning. Returns how many ends were tried. */
async function tryStops(trial: Trial): Promise<number> {
  const { bed, sources, work, mayBeGone = new Set(), isWounded = false } = trial;
  const counting = createFaultyStorage(bed.base.afterKill(), []);
  const known = new Map(bed.reported);
  await bed.tryOut(async () => work(counting, await bed.copyCaches()));
  const names = sources.map((path) => [path.slice(path.lastIndexOf('/') + 1), path] as const);
  const unreported = await describeFiles(Object.fromEntries(names));
  const stops = chooseStops(counting.plan.counts().mutations);
  for (const [index, stop] of stops.entries()) {
    const place = bed.base.afterKill();
    const storage = createFaultyStorage(place, [{ kind: 'stop', ...stop }]);
    const cacheFolder = await bed.copyCaches();
    await expect(work(storage, cacheFolder)).rejects.toThrow('the process ended here');
    storage.plan.assertAllHit();
    const survivors: MemoryStorage[] = [place.afterKill()];
    if (isDeep || index % 3 === 0)
      survivors.push(place.afterPowerCut(index % 2 === 0 ? 'undone' : 'done'));
    for (const survivor of survivors) {
      const whole = { reported: known, unreported, mayBeGone };
      try {
        if (!isWounded) await expectWhole(bed, survivor, whole);
        await expectGoesOn(bed, survivor, sources, whole, cacheFolder);
      } catch (error) {
        throw new Error(`after a stop ${stop.at} write ${stop.mutation}`, { cause: error });
      }
    }
    await rm(cacheFolder, { recursive: true, force: true });
  }
  return stops.length;
}

let bed: FaultBed;
let sources: readonly string[];
beforeEach(async () => {
  bed = await openFaultBed();
  sources = ['crm.db', 'mail.db'].map((name) => join(bed.engine.folder, name));
  for (const [index, path] of sources.entries()) createLedger(path, { rows: 120, seed: index });
});

const change = (round: number): void => {
  for (const path of sources)
    editDatabase(path, `UPDATE entries SET text = 'round ${round}' WHERE id % 15 = ${round}`);
};
const backUp: Work = async (storage, cacheFolder) => bed.backup(storage, sources, { cacheFolder });
const backUpAll: Work = async (storage, cacheFolder) =>
  bed.backup(storage, sources, { cacheFolder, kind: 'full' });

async function makeChain(points: number): Promise<void> {
  for (let round = 0; round < points; round++) {
    await bed.backup(bed.base, sources, { kind: round === 0 ? 'full' : 'incremental' });
    change(round);
    await bed.advance(24 * 3600_000);
  }
}

const forgetAllBut =
  (last: number): Work =>
  async (storage) => {
    const vault = await bed.openOn(storage);
    const request = { purpose: 'forget', owner: bed.owner, report: () => undefined, waitMs: 0 };
    await using lease = await takeLease(vault, request);
    const plan = await planForget(
      {
        vault,
        rules: { ...keepEverything, last },
        zone: 'UTC',
        proved: new Set(),
        needed: [],
        doubts: [],
        report: () => undefined,
      },
      lease.points,
    );
    return await runForget(vault, lease, plan);
  };

const prune: Work = async (storage) => {
  // The trials before let only one of the clocks pass.
  bed.storageClock.setWallTime(bed.clock.nowMs());
  const vault = await bed.openOn(storage);
  const request = { purpose: 'prune', owner: bed.owner, report: () => undefined, waitMs: 0 };
  await using lease = await takeLease(vault, request);
  return await bed.clock.drive(runPrune({ vault, lease, signal: new AbortController().signal }));
};

describe('no restore point is lost when the process ends', () => {
  test('during the first backup', async () => {
    expect(await tryStops({ bed, sources, work: backUp })).toBeGreaterThanOrEqual(8);
  });

  test('during an increment', async () => {
    await makeChain(3);
    expect(await tryStops({ bed, sources, work: backUp })).toBeGreaterThanOrEqual(8);
  });

  test('during a later full', async () => {
    await makeChain(2);
    expect(await tryStops({ bed, sources, work: backUpAll })).toBeGreaterThanOrEqual(8);
  });

  test('during a backup that heals a lost pack', async () => {
    await makeChain(1);
    const { point } = await bed.backup(bed.base, sources);
    // What the newest point had changed is lost; the sources still have it.
    await bed.base.remove(packName(point.written.packs[0] ?? ''));
    expect(await tryStops({ bed, sources, work: backUp, isWounded: true })).toBeGreaterThanOrEqual(
      8,
    );
  });

  test('while restore points are dropped', async () => {
    await makeChain(5);
    const ids = [...bed.reported.keys()];
    const mayBeGone = new Set(ids.slice(1, 3));
    expect(await tryStops({ bed, sources, work: forgetAllBut(2), mayBeGone })).toBeGreaterThan(4);
  });

  test('while space is announced to be freed, and while it is', async () => {
    await makeChain(3);
    await bed.backup(bed.base, sources, { kind: 'full' });
    change(7);
    await bed.backup(bed.base, sources);
    await forgetAllBut(2)(bed.base, '');
    for (const id of [...bed.reported.keys()].slice(0, 3)) bed.reported.delete(id);
    expect(await tryStops({ bed, sources, work: prune })).toBeGreaterThan(2);

    await prune(bed.base, '');
    await bed.advance(PRUNE_GRACE_MS);
    change(8);
    await bed.backup(bed.base, sources);
    const packs = (await bed.base.list('packs')).length;
    expect(await tryStops({ bed, sources, work: prune })).toBeGreaterThan(4);
    await prune(bed.base, '');
    expect((await bed.base.list('packs')).length).toBeLessThan(packs);
  });
});
