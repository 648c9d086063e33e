/** Many captures of a ledger under a writer that never rests; each copy is opened and looked through. */
import { copyFileSync, readFileSync, rmSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { SourceHost } from '../../electron/engine/sources/source-host.ts';
import { captureToFile, type CapturedFile } from './capture-to-file.ts';
import { createSeededRandom } from './seeded-random.ts';
import { startTransferWriter, type TransferProfile } from './start-transfer-writer.ts';
import { findLedgerDamage, makeLedger } from './transfer-ledger.ts';

const logHeaderBytes = 32;
const frameHeaderBytes = 24;

export type TrialOptions = {
  readonly seed: number;
  readonly captures: number;
  readonly profile: TransferProfile;
  /** The writer is killed before this share of captures; what it leaves is captured, then it starts anew. */
  readonly killPercent: number;
  /** After a kill in WAL mode, the log's tail is lost in this share. */
  readonly cutTailPercent: number;
  /** Each copy builds on the one before, as increments do. */
  readonly isIncremental?: boolean;
  /** Ends with the first damaged copy: enough for a trial that must find one. */
  readonly untilDamaged?: boolean;
};

export type TrialResult = {
  readonly damaged: readonly string[];
  /** Captures that gave no copy at all. */
  readonly failed: readonly string[];
  readonly labels: ReadonlySet<string>;
  readonly methods: ReadonlySet<string>;
  readonly captures: number;
  readonly passes: number;
};

/** Runs the trial in `folder`. */
export async function runCaptureTrial(
  host: SourceHost,
  folder: string,
  options: TrialOptions,
): Promise<TrialResult> {
  const random = createSeededRandom(options.seed);
  const path = join(folder, 'ledger.db');
  const copy = join(folder, 'copy.db');
  const looked = join(folder, 'looked.db');
  const journalMode =
    options.profile === 'rollback' || options.profile === 'spilling' ? 'delete' : 'wal';
  const pageSize = random.pick([1024, 4096, 4096, 8192]);
  makeLedger(path, { journalMode, pageSize, autoVacuum: random.pick(['none', 'full']) });
  const damaged: string[] = [];
  const failed: string[] = [];
  const results: CapturedFile[] = [];
  const start = () => startTransferWriter(path, random.uint32(), options.profile);
  let writer = await start();
  try {
    for (let number = 1; number <= options.captures; number += 1) {
      await wait(random.below(30));
      const isKilled = random.chance(options.killPercent);
      if (isKilled) {
        await writer.kill();
        if (random.chance(options.cutTailPercent)) cutLogTail(path, random.below(1000) / 1000);
      }
      const parentMarker = options.isIncremental === true ? (results.at(-1)?.marker ?? null) : null;
      if (parentMarker === null) rmSync(copy, { force: true });
      const pauseMs = random.pick([0, 0, 1, 4]);
      try {
        const wishes = { sliceBytes: 64 * 1024, pauseMs, parentMarker };
        const result = await captureToFile(host, path, copy, wishes);
        results.push(result);
        // Looking changes a WAL database: the next increment builds on the untouched copy.
        copyFileSync(copy, looked);
        const damage = findLedgerDamage(looked, result.counts);
        if (damage.length > 0) damaged.push(`capture ${number}: ${damage.join('; ')}`);
      } catch (error) {
        failed.push(`capture ${number}: ${String(error)}`);
      }
      if (isKilled) writer = await start();
      if (options.untilDamaged === true && damaged.length > 0) break;
    }
    await writer.stop();
  } finally {
    await writer[Symbol.asyncDispose]();
  }
  return {
    damaged,
    failed,
    labels: new Set(results.map((result) => result.label)),
    methods: new Set(results.map((result) => result.state.method)),
    captures: results.length,
    passes: results.reduce((sum, { passes }) => sum + passes, 0),
  };
}

/**
 * Takes a share off the log's end, as a power cut does to what was not on the disk yet; what a checkpoint has used was
 * synced before and stays.
 */
export function cutLogTail(path: string, share: number): void {
  const log = `${path}-wal`;
  const size = statSync(log, { throwIfNoEntry: false })?.size ?? 0;
  if (size <= logHeaderBytes) return;
  const pageSize = readFileSync(log).readUInt32BE(8);
  const index = readFileSync(`${path}-shm`);
  const backfilled = Math.max(index.readUInt32LE(96), index.readUInt32LE(128));
  const durable = logHeaderBytes + backfilled * (frameHeaderBytes + pageSize);
  truncateSync(log, durable + Math.floor(Math.max(0, size - durable) * share));
}
