// Captures a database in WAL mode: one open read transaction, its exact snapshot read from file and log.
// Promise: never blocks a writer or a checkpoint; while the transaction is open, the frames that the pass reads stay put.
import { BackupError } from '../../../shared/model/backup-error.ts';
import type { CaptureRequest } from './capture.ts';
import { type CaptureMarker, makeMarker, parseMarker } from './capture-marker.ts';
import type { CaptureEnvironment } from './capture-parts.ts';
import type { CaptureRoute, OpenedRoute } from './capture-route.ts';
import { countTables } from './count-tables.ts';
import { readRun } from './page-image.ts';
import { countRunPages, startPass } from './pass-cursor.ts';
import { planWalPass } from './plan-wal-pass.ts';
import { refusalOf } from './route-refusal.ts';
import { isSameInode, type SourceLook, stampOf } from './source-look.ts';
import { type Snapshot, takeSnapshot } from './take-wal-snapshot.ts';
import { openWalHoldings, releaseWalHoldings, type WalHoldings } from './wal-holdings.ts';

const COUNT_STEP_MS = 100;
/** An increment reads a few pages; counting may cost it no more than a person notices. */
const GUIDED_COUNT_BUDGET_MS = 200;

/** Opens the transaction and fixes its snapshot. */
export async function openWalRoute(
  look: SourceLook,
  isReadOnly: boolean,
  request: CaptureRequest,
  nowMs: number,
  environment: CaptureEnvironment,
): Promise<OpenedRoute> {
  let holdings: WalHoldings | null = null;
  try {
    holdings = openWalHoldings(look.path, isReadOnly);
    if (holdings === null) return { kind: 'changed', detail: 'it left WAL mode' };
    if (!isSameInode(stampOf(holdings.file.fd), look.stamp)) {
      releaseWalHoldings(holdings);
      return { kind: 'changed', detail: 'the file was replaced' };
    }
    const parent = parseMarker(request.parentMarker);
    const snapshot = await takeSnapshot(holdings, parent, environment);
    if (snapshot === null) {
      releaseWalHoldings(holdings);
      return { kind: 'changed', detail: 'commits left no moment between them' };
    }
    const route = startRoute(holdings, look.mode, snapshot, parent, request, nowMs, environment);
    return { kind: 'open', route };
  } catch (error) {
    if (holdings !== null) releaseWalHoldings(holdings);
    const reason = refusalOf(error);
    if (reason === null) throw error;
    return { kind: 'refused', reason };
  }
}

function startRoute(
  holdings: WalHoldings,
  mode: number,
  snapshot: Snapshot,
  parent: CaptureMarker | null,
  request: CaptureRequest,
  nowMs: number,
  environment: CaptureEnvironment,
): CaptureRoute {
  const { image, facts } = snapshot;
  const plan = planWalPass(parent, snapshot, request.method);
  const cursor = startPass(plan.runs);
  const scannedAtMs = plan.method === 'scanned' ? nowMs : (parent?.lastScanAtMs ?? nowMs);
  // A fall in rows is to be seen at the next backup, not at the next scan.
  const budgetMs =
    plan.method === 'scanned'
      ? request.countBudgetMs
      : Math.min(request.countBudgetMs, GUIDED_COUNT_BUDGET_MS);
  const canCount = plan.method !== 'unchanged' && budgetMs > 0;
  const count = (): ReturnType<typeof countTables> =>
    countTables(holdings.connection.database, {
      budgetMs,
      stepMs: COUNT_STEP_MS,
      wholeTableMs: budgetMs,
      monotonicMs: environment.monotonicMs,
      inState: (step) => Promise.resolve(step()),
    });
  return {
    state: {
      kind: 'sqlite',
      method: plan.method,
      expectedChanges: plan.expectedChanges,
      pageSize: image.pageSize,
      pageCount: image.pageCount,
      size: image.pageCount * image.pageSize,
      mode,
      pagesInPass: countRunPages(plan.runs),
    },
    mostPasses: 1,
    nextSlice: async (buffer) => {
      const runs = cursor.take(Math.floor(buffer.length / image.pageSize));
      if (runs.length === 0) return null;
      let at = 0;
      for (const run of runs) {
        if (!readRun(image, run, buffer, at)) throw cutLog(request.path);
        at += run[1] * image.pageSize;
      }
      return { runs, pageCount: at / image.pageSize };
    },
    endPass: async () => {
      // A schema that this SQLite does not understand has no counts; its pages are whole all the same.
      const counted = canCount ? await count().catch(() => null) : null;
      return {
        kind: 'consistent',
        label: 'transactional',
        counts: counted?.counts ?? null,
        areAllCounted: counted?.isComplete ?? false,
        marker: makeMarker(facts, scannedAtMs),
      };
    },
    close: () => releaseWalHoldings(holdings),
  };
}

/** Our read transaction keeps the log; somebody went past SQLite's locks. */
function cutLog(path: string): BackupError {
  const detail = 'its log was cut while it was read';
  return new BackupError({ code: 'source-damaged', path, detail });
}
