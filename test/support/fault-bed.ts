/**
 * A vault in memory on which faults are tried: every trial begins with the same state, and afterwards one question is
 * asked of whatever is left: does it open, is it sound, does every restore point that was reported come back?
 */
import { randomBytes } from 'node:crypto';
import { cp, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { BackupRequest, BackupResult } from '../../electron/engine/backup/backup-request.ts';
import { runBackup } from '../../electron/engine/backup/run-backup.ts';
import {
  createMemoryStorage,
  type MemoryStorage,
} from '../../electron/engine/storage/memory-storage.ts';
import type { Storage } from '../../electron/engine/storage/storage.ts';
import { openVault } from '../../electron/engine/vault/open-vault.ts';
import { readPointIndex } from '../../electron/engine/vault/point-index.ts';
import type { ProcessIdentity } from '../../electron/engine/vault/process-identity.ts';
import type { Vault } from '../../electron/engine/vault/vault.ts';
import {
  isSound,
  verifyVault,
  type VerifyReport,
} from '../../electron/engine/verify/verify-vault.ts';
import { createHandClock, type HandClock } from './hand-clock.ts';
import { describeFiles, readAllPoints, type Contents } from './restored-points.ts';
import { openTestEngine, type TestEngine } from './test-engine.ts';

export interface FaultBed {
  readonly engine: TestEngine;
  readonly clock: HandClock;
  /** The storage's own. */
  readonly storageClock: HandClock;
  /** What trials begin with: take `afterKill()` of it. */
  readonly base: MemoryStorage;
  /** A process that is dead for everybody who comes after it. */
  readonly owner: ProcessIdentity;
  /** Points that were reported, with what they must give back. */
  readonly reported: Map<string, Contents>;
  openOn(storage: Storage): Promise<Vault>;
  /** Lets time pass on both clocks. */
  advance(ms: number): Promise<void>;
  /** Backs up; what it reports is expected from then on. */
  backup(
    storage: Storage,
    sources: readonly string[],
    options?: Partial<BackupRequest>,
  ): Promise<BackupResult>;
  /** Work that is only tried out: what it reports is not expected of the next trial. */
  tryOut<T>(work: () => Promise<T>): Promise<T>;
  /** A copy of the local caches for one trial, as they were at its beginning. */
  copyCaches(): Promise<string>;
}

/** Call inside a test. */
export async function openFaultBed(): Promise<FaultBed> {
  const [clock, storageClock] = [createHandClock(), createHandClock()];
  const base = createMemoryStorage({ clock: storageClock, random: randomBytes });
  const engine = await openTestEngine({ clock, wrapStorage: () => base });
  const owner = { ...engine.owner, pid: 2 ** 22 + 77 };
  const reported = new Map<string, Contents>();
  const openOn = async (storage: Storage): Promise<Vault> =>
    // The recovery key takes no scrypt: a trial opens the vault half a dozen times.
    openVault(
      storage,
      { kind: 'recovery-key', secret: engine.recoverySecret },
      { clock, random: randomBytes },
      () => undefined,
    );
  let copies = 0;
  return {
    engine,
    clock,
    storageClock,
    base,
    owner,
    reported,
    openOn,
    async advance(ms) {
      await clock.advance(ms);
      await storageClock.advance(ms);
    },
    async backup(storage, sources, options = {}) {
      const files = sources.map((path) => [path.slice(path.lastIndexOf('/') + 1), path] as const);
      const contents = await describeFiles(Object.fromEntries(files));
      const { host, pool, cacheFolder } = engine;
      const made = await runBackup({
        vault: await openOn(storage),
        host,
        pool,
        owner,
        kind: 'incremental',
        planId: null,
        app: 'test',
        cacheFolder,
        forceScan: false,
        onProgress: () => undefined,
        report: () => undefined,
        signal: new AbortController().signal,
        ...options,
        sources: sources.map((path) => ({ path, id: null, name: null })),
      });
      reported.set(made.point.id, contents);
      return made;
    },
    async tryOut(work) {
      const known = [...reported];
      try {
        return await work();
      } finally {
        reported.clear();
        for (const [id, contents] of known) reported.set(id, contents);
      }
    },
    async copyCaches() {
      const copy = join(engine.folder, `cache-${++copies}`);
      await mkdir(engine.cacheFolder, { recursive: true });
      await cp(engine.cacheFolder, copy, { recursive: true });
      return copy;
    },
  };
}

export interface Whole {
  /** Points that must be there with these contents. */
  readonly reported: ReadonlyMap<string, Contents>;
  /** What a point must hold that is there without having been reported. */
  readonly unreported: Contents | null;
  /** Points that may be gone (a forget was under way). */
  readonly mayBeGone?: ReadonlySet<string>;
}

/** Asserts that the vault opens, is sound, and that every point gives back what it must. Returns the check's report. */
export async function expectWhole(
  bed: FaultBed,
  storage: Storage,
  { reported, unreported, mayBeGone = new Set() }: Whole,
): Promise<VerifyReport> {
  const vault = await bed.openOn(storage);
  const report = await checkData(bed, vault);
  expect(report).toMatchObject({ affected: [], vanished: [], unreadablePoints: [] });
  expect(isSound(report)).toBe(true);
  const found = await readAllPoints({
    vault,
    pool: bed.engine.pool,
    folder: join(bed.engine.folder, 'out'),
  });
  for (const [id, contents] of reported) {
    if (found[id] !== undefined || !mayBeGone.has(id)) expect(found[id]).toEqual(contents);
  }
  const others = Object.entries(found).filter(([id]) => !reported.has(id));
  expect(others.length).toBeLessThanOrEqual(unreported === null ? 0 : 1);
  for (const [, contents] of others) expect(contents).toEqual(unreported);
  return report;
}

export async function checkData(bed: FaultBed, vault: Vault): Promise<VerifyReport> {
  return verifyVault({
    vault,
    pool: bed.engine.pool,
    depth: 'data',
    onProgress: () => undefined,
    signal: new AbortController().signal,
  });
}

/** After what happened the work goes on: one more backup, all points come back, nothing stays late or missing. */
export async function expectGoesOn(
  bed: FaultBed,
  storage: Storage,
  sources: readonly string[],
  whole: Whole,
  cacheFolder: string,
): Promise<void> {
  const reported = new Map(whole.reported);
  await bed.tryOut(async () => {
    const { point } = await bed.backup(storage, sources, { cacheFolder });
    reported.set(point.id, bed.reported.get(point.id) ?? {});
  });
  await expectWhole(bed, storage, { ...whole, reported });
  const index = await readPointIndex(await bed.openOn(storage), () => undefined);
  expect(index).toMatchObject({ late: [], vanished: [] });
  await rm(cacheFolder, { recursive: true, force: true });
}
