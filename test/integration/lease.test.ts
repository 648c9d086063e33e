/** One writer at a time: nothing is written twice, nobody waits for the dead, and who lost his turn changes nothing. */
import { randomBytes } from 'node:crypto';
import { utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  LEASE_EXPIRES_AFTER_MS,
  takeLease,
  type Lease,
} from '../../electron/engine/vault/lease.ts';
import type { ProcessIdentity } from '../../electron/engine/vault/process-identity.ts';
import { readPointIndex } from '../../electron/engine/vault/point-index.ts';
import { createMemoryStorage } from '../../electron/engine/storage/memory-storage.ts';
import type { Vault } from '../../electron/engine/vault/vault.ts';
import { createHandClock } from '../support/hand-clock.ts';
import { createLedger, editDatabase } from '../support/quiet-database.ts';
import { createPointLedger, readAllPoints } from '../support/restored-points.ts';
import { openTestEngine, TEST_PASSPHRASE, type TestEngine } from '../support/test-engine.ts';
import { startVaultProcess, type VaultTask } from '../support/vault-process.ts';

const take = async (
  engine: TestEngine,
  owner: ProcessIdentity = engine.owner,
  vault: Vault = engine.vault,
): Promise<Lease> => takeLease(vault, { purpose: 'test', owner, report: engine.report, waitMs: 0 });

/** Somebody of whom nothing can be told from here. */
const stranger = (engine: TestEngine): ProcessIdentity => ({
  ...engine.owner,
  host: 'reception',
  machine: '00'.repeat(16),
});
/** A process of this computer that has ended: no system gives out such a number. */
const deadProcess = (engine: TestEngine): ProcessIdentity => ({
  ...engine.owner,
  pid: 2 ** 22 + 77,
});

const taskOf = (engine: TestEngine, task: Partial<VaultTask> = {}): VaultTask => ({
  do: 'hold',
  place: engine.place,
  passphrase: TEST_PASSPHRASE,
  cacheFolder: join(engine.folder, 'other-cache'),
  ...task,
});

describe('a vault that somebody else is writing to', () => {
  test('is said to be in use, and by whom, until that process is killed', async () => {
    const engine = await openTestEngine();
    const other = startVaultProcess(taskOf(engine));
    await other.next();
    expect(await other.next()).toMatchObject({ event: 'held' });
    const owner = `${engine.owner.user} on ${engine.owner.host}`;
    await expect(take(engine)).rejects.toMatchObject({ failure: { code: 'vault-busy', owner } });
    other.child.kill('SIGKILL');
    await other.ended;
    const lease = await take(engine);
    expect(lease.epoch).toBe(2);
    await lease.end([]);
  });

  test('is given to exactly one of many who come at once', async () => {
    const engine = await openTestEngine();
    const vaults = await Promise.all([1, 2, 3, 4, 5].map(async () => engine.openAgain()));
    const results = await Promise.allSettled(
      vaults.map(async (vault) => take(engine, engine.owner, vault)),
    );
    const failed = results.filter((result) => result.status === 'rejected');
    expect(failed).toHaveLength(4);
    for (const { reason } of failed)
      expect(reason).toMatchObject({ failure: { code: 'vault-busy' } });
  });

  test('is free at once after a run that failed, for the same process too', async () => {
    const engine = await openTestEngine();
    const missing = join(engine.folder, 'missing.db');
    for (let round = 0; round < 3; round++)
      await expect(engine.backup(missing)).rejects.toMatchObject({
        failure: { code: 'source-missing' },
      });
    await (await take(engine)).end([]);
  });

  test('is free for a process whose own lease could not be ended', async () => {
    const state = { isAway: false };
    const engine = await openTestEngine({
      wrapStorage: (storage) => ({
        ...storage,
        put: async (name, bytes) => {
          if (state.isAway) throw new Error('the cable is out');
          await storage.put(name, bytes);
        },
      }),
    });
    {
      await using _lease = await take(engine);
      state.isAway = true;
    }
    state.isAway = false;
    const lease = await take(engine);
    expect(lease.epoch).toBe(2);
    await expect(take(engine)).rejects.toMatchObject({ failure: { code: 'vault-busy' } });
  });
});

describe('a holder that says nothing more', () => {
  test('on another computer has lost its turn after two minutes of our own clock, not before', async () => {
    const clock = createHandClock();
    const engine = await openTestEngine({ clock });
    await take(engine, stranger(engine));
    // Its heartbeat must not run on our clock: that process is dead.
    const frozen = createHandClock(clock.nowMs());
    const observer = { ...(await engine.openAgain()), clock: frozen };
    const started = frozen.monotonicMs();
    const lease = await frozen.drive(take(engine, engine.owner, observer));
    expect(lease.epoch).toBe(2);
    expect(frozen.monotonicMs() - started).toBeGreaterThanOrEqual(LEASE_EXPIRES_AFTER_MS);
    expect(frozen.monotonicMs() - started).toBeLessThan(LEASE_EXPIRES_AFTER_MS + 10_000);
  });

  test('keeps its turn as long as its heart beats', async () => {
    const clock = createHandClock();
    // In memory a heartbeat takes no real time, of which this clock knows nothing.
    const wrapStorage = () => createMemoryStorage({ clock, random: randomBytes });
    const engine = await openTestEngine({ clock, wrapStorage });
    const held = await take(engine, stranger(engine));
    const started = clock.monotonicMs();
    await expect(clock.drive(take(engine))).rejects.toMatchObject({
      failure: { code: 'vault-busy', owner: expect.stringContaining('reception') as unknown },
    });
    expect(clock.monotonicMs() - started).toBeLessThan(30_000);
    await held.confirm();
    await held.end([]);
    await (await take(engine)).end([]);
  });

  test('on this computer is dead at once when its process is', async () => {
    const clock = createHandClock();
    const engine = await openTestEngine({ clock });
    await take(engine, deadProcess(engine));
    expect((await take(engine)).epoch).toBe(2);
    expect(clock.monotonicMs()).toBe(0);
  });

  test('and hangs has lost its turn after two minutes, though its process is alive', async () => {
    const clock = createHandClock(Date.now());
    const engine = await openTestEngine({ clock });
    const other = startVaultProcess(taskOf(engine));
    await other.next();
    await other.next();
    other.child.kill('SIGSTOP');
    // As the vault's own clock shows it, the process has written nothing for ten minutes.
    const then = new Date(Date.now() - 600_000);
    await utimes(join(engine.place, 'leases', '00000001'), then, then);
    const lease = await clock.drive(take(engine));
    expect(lease.epoch).toBe(2);
    expect(clock.monotonicMs()).toBeGreaterThanOrEqual(LEASE_EXPIRES_AFTER_MS);
  });
});

describe('a process that was overtaken while it stood still', () => {
  test('fails when it wakes up; its restore point counts only after the next holder has looked at it', async () => {
    const engine = await openTestEngine();
    const ledger = createPointLedger();
    const path = join(engine.folder, 'crm.db');
    createLedger(path, { rows: 200, seed: 1 });
    await ledger.record([path], async () => engine.backup(path));
    editDatabase(path, "UPDATE entries SET text = 'seen by the sleeper' WHERE id % 20 = 1");
    const sleeper = startVaultProcess(
      taskOf(engine, { do: 'backup', sources: [path], freezeBeforeManifest: true }),
    );
    await sleeper.next();
    expect(await sleeper.next()).toEqual({ event: 'frozen' });
    const late = await ledger.record([path], async () => {
      const clock = createHandClock(Date.now());
      const epoch = '00000002';
      const then = new Date(Date.now() - 600_000);
      await utimes(join(engine.place, 'leases', epoch), then, then);
      const vault = { ...(await engine.openAgain()), clock };
      const made = await clock.drive(engine.backup(path, { vault }));
      sleeper.child.kill('SIGCONT');
      expect(await sleeper.next()).toEqual({ event: 'failed', code: 'vault-fenced' });
      return made;
    });
    expect(late.point.epoch).toBe(3);
    const index = await readPointIndex(await engine.openAgain(), engine.report);
    expect(index.live.map(({ epoch }) => epoch)).toEqual([1, 3]);
    expect(index.late.map(({ epoch }) => epoch)).toEqual([2]);

    const next = await ledger.record([path], async () => engine.backup(path));
    expect(next.point.parent).toBe(late.point.id);
    const [adopted] = index.late;
    const found = await readAllPoints({
      ...engine,
      vault: await engine.openAgain(),
      folder: join(engine.folder, 'out'),
    });
    expect(Object.keys(found)).toHaveLength(4);
    expect(found[adopted?.id ?? '']).toEqual(ledger.expected[late.point.id]);
    expect(found).toMatchObject(ledger.expected);
  });

  test('is no parent and no restore point when a part of it is missing', async () => {
    const gate = Promise.withResolvers<void>();
    const arrived = Promise.withResolvers<void>();
    const engine = await openTestEngine({
      wrapStorage: (storage) => ({
        ...storage,
        put: async (name, bytes) => {
          if (name.startsWith('points/00000001')) {
            arrived.resolve();
            await gate.promise;
          }
          await storage.put(name, bytes);
        },
      }),
    });
    const path = join(engine.folder, 'crm.db');
    createLedger(path, { rows: 200, seed: 1 });
    const overtaken = engine.backup(path, { owner: deadProcess(engine) });
    await arrived.promise;
    const made = await engine.backup(path, { vault: await engine.openAgain() });
    gate.resolve();
    await expect(overtaken).rejects.toMatchObject({ failure: { code: 'vault-fenced' } });
    const before = await readPointIndex(await engine.openAgain(), engine.report);
    expect(before.late).toHaveLength(1);

    const own = new Set<string>(made.point.packs.map(({ id }) => id));
    for (const { name } of await engine.storage.list('packs'))
      if (!own.has(name.slice(-32))) await engine.storage.remove(name);
    await engine.backup(path);
    const after = await readPointIndex(await engine.openAgain(), engine.report);
    expect(after.late).toEqual(before.late);
    expect(after.live).toHaveLength(2);
  });
});
