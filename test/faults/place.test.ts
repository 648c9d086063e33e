/** The place is full, away, slow to let go, or lies about durability: nothing that was reported is lost, the work goes on after. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import type { FaultCounts } from '../../electron/engine/storage/fault-plan.ts';
import { createFaultyStorage } from '../../electron/engine/storage/faulty-storage.ts';
import { createRetryingStorage } from '../../electron/engine/storage/retrying-storage.ts';
import type { Storage } from '../../electron/engine/storage/storage.ts';
import { failureOf } from '../../shared/model/backup-error.ts';
import { expectGoesOn, expectWhole, openFaultBed, type FaultBed } from '../support/fault-bed.ts';
import { createLedger, editDatabase } from '../support/quiet-database.ts';
import { describeFiles, type Contents } from '../support/restored-points.ts';
import { createSeededRandom } from '../support/seeded-random.ts';

const seed = Number(process.env['HOLDFAST_SEED'] ?? 1);
const isDeep = process.env['HOLDFAST_DEEP'] === '1';

let bed: FaultBed;
let path: string;
let sources: readonly string[];
let unreported: Contents;

beforeEach(async () => {
  bed = await openFaultBed();
  path = join(bed.engine.folder, 'crm.db');
  sources = [path];
  createLedger(path, { rows: 200, seed });
  await bed.backup(bed.base, sources, { kind: 'full' });
  editDatabase(path, "UPDATE entries SET text = 'later' WHERE id % 20 = 3");
  unreported = await describeFiles({ 'crm.db': path });
});

/** Backs up on a storage that fails, then asks the survivor. The failure's code, or null when it went well. */
async function tryBackup(
  wrap: (place: Storage) => Storage,
  kind: 'full' | 'incremental' = 'incremental',
): Promise<string | null> {
  const place = bed.base.afterKill();
  const cacheFolder = await bed.copyCaches();
  const reported = new Map(bed.reported);
  const outcome = await codeOf(
    bed.tryOut(async () =>
      bed.clock.drive(bed.backup(wrap(place), sources, { cacheFolder, kind })),
    ),
  );
  await expectWhole(bed, place, { reported, unreported });
  await expectGoesOn(bed, place, sources, { reported, unreported }, cacheFolder);
  return outcome;
}

/** The code of the failure, or null. */
async function codeOf(work: Promise<unknown>): Promise<string | null> {
  return work.then(
    () => null,
    (error: unknown) => failureOf(error).code,
  );
}

/** What one backup of this kind does to the storage. */
async function countBackup(kind: 'full' | 'incremental'): Promise<FaultCounts> {
  const counting = createFaultyStorage(bed.base.afterKill(), []);
  const cacheFolder = await bed.copyCaches();
  await bed.tryOut(async () => bed.backup(counting, sources, { kind, cacheFolder }));
  return counting.plan.counts();
}

describe('a full disk', () => {
  test('costs the run and nothing else, in whatever phase it fills up', async () => {
    for (const kind of ['incremental', 'full'] as const) {
      const { bytes } = await countBackup(kind);
      const random = createSeededRandom(seed);
      const ends = Array.from({ length: isDeep ? 60 : 8 }, () => random.below(bytes));
      // The very last writes: second copies, the manifest, the end of the lease.
      for (const afterBytes of [0, ...ends, bytes - 2000, bytes - 900, bytes - 200]) {
        const code = await tryBackup(
          (place) => createFaultyStorage(place, [{ kind: 'full', afterBytes }]),
          kind,
        );
        expect(code, `full after ${afterBytes} of ${bytes}`).toBe('place-full');
      }
    }
  });
});

describe('a place that goes away in the middle of a backup', () => {
  test('costs the run when it stays away, at whatever call', async () => {
    const { calls } = await countBackup('incremental');
    const random = createSeededRandom(seed + 1);
    for (let trial = 0; trial < (isDeep ? calls : 10); trial++) {
      const call = isDeep ? trial + 4 : random.between(4, calls);
      const code = await tryBackup((place) =>
        createFaultyStorage(place, [
          {
            kind: 'away',
            call,
            calls: 1e9,
            code: random.pick(['place-missing', 'place-unreachable']),
          },
        ]),
      );
      expect(['place-missing', 'place-unreachable', null], `call ${call}`).toContain(code);
    }
  });

  test('costs at most the run when it is back within a minute, and often not even that', async () => {
    const random = createSeededRandom(seed + 2);
    const { calls } = await countBackup('incremental');
    const trials = isDeep ? 60 : 8;
    let succeeded = 0;
    for (let trial = 0; trial < trials; trial++) {
      const call = random.between(1, calls - 3);
      const fault = { kind: 'away', call, calls: 3, code: 'place-unreachable' } as const;
      const code = await tryBackup((place) => {
        const faulty = createFaultyStorage(place, [fault]);
        return createRetryingStorage(faulty, { clock: bed.clock });
      });
      // A writer is not repeated once it began: then the run fails, and the next one does it.
      expect([null, 'place-unreachable']).toContain(code);
      if (code === null) succeeded += 1;
    }
    expect(succeeded).toBeGreaterThanOrEqual(trials / 4);
  });
});

describe('another program that holds a file', () => {
  test('for longer than ten seconds costs the run, and says so', async () => {
    for (const operation of ['put', 'publish', 'startWriter', 'remove'] as const) {
      const file = 'somewhere in the vault';
      const failure = { code: 'blocked-by-other-program', path: file } as const;
      const code = await tryBackup((place) =>
        createFaultyStorage(place, [{ kind: 'error', operation, call: 1, calls: 99, failure }]),
      );
      expect([operation, code]).toEqual([
        operation,
        operation === 'remove' ? null : 'blocked-by-other-program',
      ]);
    }
  });
});

describe('a write of which only the answer was lost', () => {
  test('leaves no restore point without its packs', async () => {
    for (let call = 1; call < 8; call++) {
      for (const isDone of [true, false]) {
        const detail = 'the answer was lost';
        const failure = { code: 'place-unreachable', place: 'memory', detail } as const;
        const faults = [{ kind: 'error', operation: 'put', call, failure, isDone } as const];
        const code = await tryBackup((place) => createFaultyStorage(place, faults));
        expect([null, 'place-unreachable']).toContain(code);
      }
    }
  });
});

test('the emergency kit in a vault is put right by the next backup', async () => {
  const place = bed.base.afterKill();
  await place.remove('restore.mjs');
  await place.put('restore.mjs', Buffer.from('something else'));
  await place.remove('README.txt');
  const made = await bed.backup(place, sources, { cacheFolder: await bed.copyCaches() });
  expect(made.foreignKitFiles.toSorted()).toEqual(['README.txt', 'restore.mjs']);
  const own = new URL('../../electron/engine/vault/emergency/restore.mjs', import.meta.url);
  expect((await place.readWhole('restore.mjs', 1e7)).equals(readFileSync(own))).toBe(true);
});
