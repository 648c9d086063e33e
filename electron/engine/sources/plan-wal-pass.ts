// Decides which pages a pass in WAL mode hands out: none, those that the log names, or all.
// Pure. The log is believed only under the conditions of capture-marker.ts and if its chain runs through the parent's end.
import type { CapturedState, CaptureRequest } from './capture.ts';
import { canGuide, type CaptureMarker, isUnchanged, type SourceFacts } from './capture-marker.ts';
import type { PageRun } from './page-image.ts';
import { toRuns, wholeRun } from './pass-cursor.ts';
import type { Snapshot } from './take-wal-snapshot.ts';
import type { WalReading } from './wal-snapshot.ts';

export type WalPassPlan = Pick<CapturedState, 'method' | 'expectedChanges'> & {
  readonly runs: readonly PageRun[];
};

/** Which pages the pass hands out. A scan hands out all, and says which ones a guided pass would have. */
export function planWalPass(
  parent: CaptureMarker | null,
  snapshot: Snapshot,
  method: CaptureRequest['method'],
): WalPassPlan {
  const { facts } = snapshot;
  const guided = parent === null ? null : planGuided(parent, snapshot);
  if (guided !== null && method === 'auto') return { ...guided, expectedChanges: null };
  const expectedChanges = guided === null ? null : guided.runs;
  return { method: 'scanned', runs: wholeRun(facts.pageCount), expectedChanges };
}

function planGuided(
  parent: CaptureMarker,
  { facts, reading }: Snapshot,
): Omit<WalPassPlan, 'expectedChanges'> | null {
  if (isUnchanged(parent, facts)) return { method: 'unchanged', runs: [] };
  const runs = guidedRuns(parent, facts, reading);
  return runs === null ? null : { method: 'guided', runs };
}

/** Pages written since the parent by the log's own account; null when it may not be asked. */
function guidedRuns(
  parent: CaptureMarker,
  facts: SourceFacts,
  reading: WalReading | null,
): readonly PageRun[] | null {
  if (reading === null || !canGuide(parent, facts)) return null;
  const { checksumAtAfter, pagesAfter, fewestPagesAfter } = reading;
  const [first, second] = parent.wal.checksum;
  if (checksumAtAfter === null || checksumAtAfter[0] !== first || checksumAtAfter[1] !== second) {
    return null;
  }
  const pages = new Set<number>();
  for (const page of pagesAfter) if (page < facts.pageCount) pages.add(page);
  // What was cut off and grew again need not be in the log: unused pages are never written.
  const kept = Math.min(parent.pageCount, fewestPagesAfter);
  for (let page = kept; page < facts.pageCount; page += 1) pages.add(page);
  return toRuns(pages);
}
