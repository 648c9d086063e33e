/** Freeing space: only what nobody needs any more, days after it was announced, and nothing at all in doubt. */
import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { packName, pointName, tableName } from '../../electron/engine/format/object-names.ts';
import { TRAILER_BYTES } from '../../electron/engine/format/sealed-object.ts';
import { PRUNE_GRACE_MS } from '../../electron/engine/retention/plan-prune.ts';
import { planForget, runForget } from '../../electron/engine/retention/run-forget.ts';
import { runPrune, type PruneReport } from '../../electron/engine/retention/run-prune.ts';
import { createMemoryStorage } from '../../electron/engine/storage/memory-storage.ts';
import { takeLease, type Lease } from '../../electron/engine/vault/lease.ts';
import { readPointIndex, toEntry } from '../../electron/engine/vault/point-index.ts';
import type { Vault } from '../../electron/engine/vault/vault.ts';
import { isSound, verifyVault } from '../../electron/engine/verify/verify-vault.ts';
import { keepEverything } from '../../shared/model/keep-rules.ts';
import { createHandClock } from '../support/hand-clock.ts';
import { createLedger, editDatabase } from '../support/quiet-database.ts';
import { createPointLedger, readAllPoints } from '../support/restored-points.ts';
import { openTestEngine } from '../support/test-engine.ts';

const YEAR_MS = 365 * 24 * 3600 * 1000;

/** A vault in memory, with a clock of its own that is turned together with ours unless a test says otherwise. */
async function openVaultInMemory() {
  const [clock, storageClock] = [createHandClock(), createHandClock()];
  const wrapStorage = () => createMemoryStorage({ clock: storageClock, random: randomBytes });
  const engine = await openTestEngine({ clock, wrapStorage });
  const ledger = createPointLedger();
  const path = `${engine.folder}/crm.db`;
  createLedger(path, { rows: 100, seed: 1 });
  const advance = async (ms: number): Promise<void> => {
    await clock.advance(ms);
    await storageClock.advance(ms);
  };
  const back = async (kind: 'full' | 'incremental' = 'incremental') => {
    editDatabase(path, `UPDATE entries SET text = hex(randomblob(300)) WHERE id % 20 = 1`);
    const made = await ledger.record([path], async () => engine.backup(path, { kind }));
    await advance(3600_000);
    return made;
  };
  const withLease = async <T>(work: (lease: Lease) => Promise<T>, vault = engine.vault) => {
    const { owner, report } = engine;
    await using lease = await takeLease(vault, { purpose: 'test', owner, report, waitMs: 0 });
    return await work(lease);
  };
  /** Keeps the newest `last` points and what must stay anyway. */
  const forget = async (last: number): Promise<void> =>
    withLease(async (lease) => {
      const request = {
        vault: engine.vault,
        rules: { ...keepEverything, last },
        zone: 'UTC',
        proved: new Set<never>(),
        doubts: [],
        needed: [],
        report: engine.report,
      };
      const plan = await planForget(request, lease.points);
      for (const { id } of plan.plan.remove) ledger.strike(id);
      await runForget(engine.vault, lease, plan);
    });
  const prune = async (vault: Vault = engine.vault): Promise<PruneReport> =>
    clock.drive(
      withLease(
        async (lease) => runPrune({ vault, lease, signal: new AbortController().signal }),
        vault,
      ),
    );
  /** Everything that is recorded comes back, nothing else is there, and a check finds nothing. */
  const expectWhole = async (): Promise<void> => {
    const vault = await engine.openAgain();
    const found = await readAllPoints({ ...engine, vault, folder: `${engine.folder}/out` });
    expect(found).toEqual(ledger.expected);
    const report = await verifyVault({
      vault,
      pool: engine.pool,
      depth: 'data',
      onProgress: () => undefined,
      signal: new AbortController().signal,
    });
    expect(report).toMatchObject({ damage: [], affected: [], vanished: [] });
    expect(isSound(report)).toBe(true);
  };
  const names = async (folder: string): Promise<readonly string[]> =>
    (await engine.storage.list(folder)).map(({ name }) => name);
  const rest = { advance, back, withLease, forget, prune, expectWhole, names };
  return { clock, storageClock, engine, ledger, path, ...rest };
}

/** Two families; the first one is forgotten, its packs and tables are needed by nobody. */
async function makeForgottenFamily() {
  const bed = await openVaultInMemory();
  const old = [await bed.back('full'), await bed.back(), await bed.back()];
  const kept = [await bed.back('full'), await bed.back()];
  const manifests = new Map<string, Buffer>();
  for (const name of await bed.names('points'))
    manifests.set(name, await bed.engine.storage.readWhole(name, 1e7));
  await bed.forget(2);
  const needless = old.flatMap(({ point }) => [
    ...point.written.packs.map((id) => packName(id)),
    ...point.tables.flatMap(({ id }) => [tableName(id, 'a'), tableName(id, 'b')]),
  ]);
  return { ...bed, old, kept, manifests, needless: new Set(needless) };
}

describe('freeing space', () => {
  test('announces first, waits three days and a backup, then removes exactly what nobody needs', async () => {
    const { engine, advance, back, prune, names, needless, expectWhole } =
      await makeForgottenFamily();
    const before = await names('');
    const first = await prune();
    expect(first).toMatchObject({ condemnedObjects: needless.size, removedObjects: 0 });
    expect(first.condemnedBytes).toBeGreaterThan(20_000);
    expect(await names('')).toEqual(expect.arrayContaining([...before]));

    await back();
    await advance(PRUNE_GRACE_MS - 7200_000);
    const early = await prune();
    expect(early).toMatchObject({ condemnedObjects: 0, removedObjects: 0 });
    expect(early.waiting).toMatchObject([{ reason: 'grace' }]);

    await advance(7200_000);
    const second = await prune();
    expect(second).toMatchObject({ removedObjects: needless.size, condemnedObjects: 0 });
    expect(second.freedBytes).toBe(first.condemnedBytes);
    const left = new Set(await names(''));
    expect([...needless].filter((name) => left.has(name))).toEqual([]);
    await expectWhole();
    await back();
    await expectWhole();
    expect(await prune()).toMatchObject({ condemnedObjects: 0, removedObjects: 0 });
    expect(engine.damage).toEqual([]);
  });

  test('waits for a backup, however long that takes', async () => {
    const { advance, back, prune, needless, expectWhole } = await makeForgottenFamily();
    await prune();
    await advance(30 * 24 * 3600_000);
    const waiting = await prune();
    expect(waiting).toMatchObject({ removedObjects: 0 });
    expect(waiting.waiting).toMatchObject([{ reason: 'no-backup-since' }]);
    await back();
    expect(await prune()).toMatchObject({ removedObjects: needless.size });
    await expectWhole();
  });

  test('removes what crashed backups left: packs nobody names and temporary files of the dead', async () => {
    const { engine, advance, back, prune, names, expectWhole } = await openVaultInMemory();
    await back('full');
    await engine.storage.put(packName('ab'.repeat(16)), Buffer.from('left by a crash'));
    const writer = await engine.storage.startWriter(packName('cd'.repeat(16)), '00000001');
    await writer.write(Buffer.from('half'));
    expect(await prune()).toMatchObject({ condemnedObjects: 1, removedTemporaryFiles: 1 });
    await advance(PRUNE_GRACE_MS);
    await back();
    expect(await prune()).toMatchObject({ removedObjects: 1 });
    expect(await names('packs')).not.toContain(packName('ab'.repeat(16)));
    await expectWhole();
  });

  test('keeps records few without bringing anything back', async () => {
    const bed = await openVaultInMemory();
    const { engine, back, forget, prune, names, advance, expectWhole } = bed;
    await back('full');
    for (let round = 0; round < 20; round++) {
      await back(round % 7 === 0 ? 'full' : 'incremental');
      await forget(3);
      await prune();
      await advance(PRUNE_GRACE_MS);
    }
    await back();
    await prune();
    await expectWhole();
    expect((await names('leases')).length).toBeLessThan(80);
    expect((await names('notes')).length).toBeLessThan(8);
    const index = await readPointIndex(await engine.openAgain(), engine.report);
    expect(index).toMatchObject({ late: [], vanished: [] });
  });
});

describe('a forgotten restore point', () => {
  test('does not come back to life when a crash left its manifest', async () => {
    const bed = await makeForgottenFamily();
    const { engine, advance, back, prune, old, manifests, expectWhole, names, needless } = bed;
    const leftover = pointName(old[1]?.stem ?? '', 'b');
    await engine.storage.put(leftover, manifests.get(leftover) ?? Buffer.alloc(0));
    await expectWhole();
    for (let round = 0; round < 3; round++) {
      await prune();
      await advance(PRUNE_GRACE_MS);
      await back();
    }
    expect(await names('points')).not.toContain(leftover);
    const left = new Set(await names(''));
    expect([...needless].filter((name) => left.has(name))).toEqual([]);
    await expectWhole();
  });
});

describe('in doubt nothing is removed', () => {
  /** Everything is due: only the doubt holds it back. */
  async function makeDue() {
    const bed = await makeForgottenFamily();
    await bed.prune();
    await bed.advance(PRUNE_GRACE_MS);
    await bed.back();
    const before = await bed.names('');
    const expectNothingGone = async (): Promise<void> => {
      const left = new Set(await bed.names(''));
      expect(
        before.filter((name) => /^(packs|tables|lists|notes)\//.test(name) && !left.has(name)),
      ).toEqual([]);
    };
    return { ...bed, expectNothingGone };
  }

  async function damage(bed: Awaited<ReturnType<typeof makeDue>>, names: readonly string[]) {
    for (const name of names) {
      const bytes = await bed.engine.storage.readWhole(name, 1e7);
      await bed.engine.storage.remove(name);
      const at = bytes.length - TRAILER_BYTES - 8; // in the last frame: a table's list of packs
      await bed.engine.storage.put(name, bytes.with(at, (bytes[at] ?? 0) ^ 1));
    }
  }

  test('when a manifest cannot be read', async () => {
    const bed = await makeDue();
    const stem = bed.kept[0]?.stem ?? '';
    await damage(bed, [pointName(stem, 'a'), pointName(stem, 'b')]);
    await expect(bed.prune()).rejects.toMatchObject({ failure: { code: 'prune-refused' } });
    await bed.expectNothingGone();
  });

  test('when a page table cannot be read', async () => {
    const bed = await makeDue();
    const id = bed.kept[0]?.point.tables[0]?.id ?? '';
    await damage(bed, [tableName(id, 'a'), tableName(id, 'b')]);
    await expect(bed.prune()).rejects.toMatchObject({ failure: { code: 'prune-refused' } });
    await bed.expectNothingGone();
  });

  test('when a note cannot be read', async () => {
    const bed = await makeDue();
    const note = (await bed.names('notes')).find((name) => name.includes('forget')) ?? '';
    await damage(bed, [note]);
    await expect(bed.prune()).rejects.toMatchObject({ failure: { code: 'prune-refused' } });
    await bed.expectNothingGone();
  });

  test('when a restore point has vanished', async () => {
    const bed = await makeDue();
    const stem = bed.kept[1]?.stem ?? '';
    for (const side of ['a', 'b'] as const) await bed.engine.storage.remove(pointName(stem, side));
    await expect(bed.prune()).rejects.toMatchObject({ failure: { code: 'prune-refused' } });
    await bed.expectNothingGone();
  });

  test('one damaged copy is no doubt', async () => {
    const bed = await makeDue();
    const table = tableName(bed.kept[0]?.point.tables[0]?.id ?? '', 'a');
    await damage(bed, [pointName(bed.kept[0]?.stem ?? '', 'a'), table]);
    expect(await bed.prune()).toMatchObject({ removedObjects: bed.needless.size });
  });

  test.each([
    ['ours forward', 'clock', YEAR_MS],
    ['ours back', 'clock', -YEAR_MS],
    ['the vault’s forward', 'storageClock', YEAR_MS],
    ['the vault’s back', 'storageClock', -YEAR_MS],
  ] as const)(
    'when a clock has jumped, %s: the three days begin again',
    async (_what, which, ms) => {
      const bed = await makeDue();
      bed[which].setWallTime(bed[which].nowMs() + ms);
      const report = await bed.prune();
      expect(report).toMatchObject({ restartedGrace: true, removedObjects: 0 });
      expect(report.condemnedObjects).toBe(bed.needless.size);
      await bed.back();
      await bed.advance(PRUNE_GRACE_MS - 7200_000);
      expect(await bed.prune()).toMatchObject({ removedObjects: 0 });
      await bed.advance(7200_000);
      expect(await bed.prune()).toMatchObject({ removedObjects: bed.needless.size });
    },
  );

  test('when somebody else has taken the turn while the listing settled', async () => {
    const bed = await makeDue();
    const { engine, clock, withLease } = bed;
    const owner = { ...engine.owner, pid: 2 ** 22 + 77 };
    const request = { purpose: 'prune', owner, report: engine.report, waitMs: 0 };
    const lease = await takeLease(engine.vault, request);
    const work = runPrune({ vault: engine.vault, lease, signal: new AbortController().signal });
    await clock.advance(0);
    await clock.advance(0);
    const other = await engine.openAgain();
    await withLease(async (mine) => mine.end(mine.points.live.map(toEntry)), other);
    await expect(clock.drive(work)).rejects.toMatchObject({ failure: { code: 'vault-fenced' } });
    await lease[Symbol.asyncDispose]();
    await bed.expectNothingGone();
  });
});

describe('what a late restore point needs', () => {
  /** A backup that was overtaken before its manifest was out; `publish` lets it go on. */
  async function makeOvertaken() {
    const bed = await openVaultInMemory();
    const { engine, path, withLease } = bed;
    await bed.back('full');
    const [gate, arrived] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const storage = {
      ...engine.storage,
      put: async (name: string, bytes: Uint8Array): Promise<void> => {
        if (name.startsWith('points/')) {
          arrived.resolve();
          await gate.promise;
        }
        await engine.storage.put(name, bytes);
      },
    };
    editDatabase(path, "UPDATE entries SET text = 'written by the sleeper' WHERE id % 20 = 3");
    const work = engine.backup(path, {
      vault: { ...(await engine.openAgain()), storage },
      owner: { ...engine.owner, pid: 2 ** 22 + 77 },
      cacheFolder: `${engine.folder}/other-cache`,
    });
    work.catch(() => undefined); // looked at by `publish`
    await arrived.promise;
    await withLease(
      async (lease) => lease.end(lease.points.live.map(toEntry)),
      await engine.openAgain(),
    );
    const publish = async (): Promise<void> => {
      gate.resolve();
      await expect(work).rejects.toMatchObject({ failure: { code: 'vault-fenced' } });
    };
    return { ...bed, publish };
  }

  const late = async (bed: Awaited<ReturnType<typeof makeOvertaken>>) =>
    (await readPointIndex(await bed.engine.openAgain(), bed.engine.report)).late;

  test('is never announced for removal', async () => {
    const bed = await makeOvertaken();
    await bed.publish();
    expect(await late(bed)).toHaveLength(1);
    expect(await bed.prune()).toMatchObject({ condemnedObjects: 0 });
  });

  test('is not removed when it was announced before the point appeared', async () => {
    const bed = await makeOvertaken();
    const { condemnedObjects } = await bed.prune();
    expect(condemnedObjects).toBeGreaterThan(1);
    const packs = await bed.names('packs');
    await bed.publish();
    await bed.advance(PRUNE_GRACE_MS);
    const { engine } = bed;
    await bed.back('full');
    const report = await bed.prune();
    expect(report.removedObjects).toBe(0);
    expect(await bed.names('packs')).toEqual(expect.arrayContaining([...packs]));
    const index = await readPointIndex(await engine.openAgain(), engine.report);
    expect(index.late.length + index.live.length).toBe(3);
    const found = await readAllPoints({
      ...engine,
      vault: await engine.openAgain(),
      folder: `${engine.folder}/out`,
    });
    expect(Object.keys(found)).toHaveLength(3);
  });

  test('that is gone already does not stand in the way for ever', async () => {
    const bed = await makeOvertaken();
    await bed.prune();
    await bed.advance(PRUNE_GRACE_MS);
    await bed.back('full');
    expect((await bed.prune()).removedObjects).toBeGreaterThan(1);
    await bed.publish();
    expect(await late(bed)).toHaveLength(1);
    await bed.back();
    expect(await bed.prune()).toMatchObject({ removedObjects: 0 });
    expect(await late(bed)).toHaveLength(1);
    await bed.expectWhole();
  });
});
