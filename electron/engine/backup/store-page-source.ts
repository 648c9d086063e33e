// Stores a source that is one page file: opens parent and capture, stores the pages, later writes the levels.
import { join } from 'node:path';
import type { Problem } from '../../../shared/model/failure.ts';
import { SEGMENT_PAGES } from '../format/page-segment.ts';
import type { CapturedState } from '../sources/capture.ts';
import type { PageFile, PointSource } from '../../../shared/model/restore-point.ts';
import type { LostFrames } from '../vault/lost-frames.ts';
import type { BackupRequest } from './backup-request.ts';
import type { FrameQueue } from './frame-queue.ts';
import { openParentPages, type ParentPages } from './parent-pages.ts';
import { readSourceMarker, type SourceMarker } from './source-marker.ts';
import type { FinishedSource, FramePlaces, StoredSource } from './source-result.ts';
import { sliceBytesOf, storePages, type StoredPages } from './store-pages.ts';
import { createWorkTable, type WorkTable } from './work-table.ts';
import { isOtherDatabase } from './is-other-database.ts';
import { writeLevels } from './write-levels.ts';
import type { ParentSource, PlannedSource } from './planned-source.ts';

/** Row counts may take this long on a scan, less on an increment; what does not fit is counted by the first drill. */
const COUNT_BUDGET_MS = 1_500;
/** The slice buffers are made before the page size is known; every page size divides this. */
const SLICE_BYTES = sliceBytesOf(4096);
/** A scan finds what a guided capture might have missed; due after this long. */
const SCAN_EVERY_MS = 24 * 3600 * 1000;

export interface PageSourceJob {
  readonly request: BackupRequest;
  readonly epoch: number;
  readonly planned: PlannedSource;
  /** Null: store every page. */
  readonly parent: ParentSource | null;
  readonly frames: FrameQueue;
  readonly lost: LostFrames;
  readonly onBytes: (bytes: number) => void;
}

/** Throws source-busy, source-damaged and the like; the frames already queued are then garbage. */
export async function storePageSource(job: PageSourceJob): Promise<StoredSource> {
  const { request, planned } = job;
  const known = readSourceMarker(job.parent?.source.marker);
  const nowMs = request.vault.clock.nowMs();
  const isScanDue =
    request.forceScan ||
    known === null ||
    known.isLogUntrue ||
    nowMs - known.scannedAtMs > SCAN_EVERY_MS ||
    nowMs < known.scannedAtMs;
  const mayBeGuided = !isScanDue && job.parent?.isNewest === true && job.lost.isEmpty;
  await using stack = new AsyncDisposableStack();
  const capture = stack.use(
    await request.host.openCapture(
      {
        path: planned.path,
        parentMarker: job.parent?.isNewest === true ? (known?.capture ?? null) : null,
        method: mayBeGuided ? 'auto' : 'scan',
        countBudgetMs: COUNT_BUDGET_MS,
        sliceBytes: SLICE_BYTES,
      },
      request.signal,
    ),
  );
  const cachePath = join(request.cacheFolder, request.vault.id, planned.id);
  const parent = await openParent(job, capture.state, cachePath);
  const work = await createWorkTable(join(request.cacheFolder, `work-${planned.id}-${job.epoch}`));
  const keep = new AsyncDisposableStack();
  keep.use(work);
  if (parent !== null) keep.use(parent);
  try {
    const file = { source: planned.id, path: planned.fileName, pageSize: capture.state.pageSize };
    const stored = await storePages({
      ...job,
      capture,
      file,
      pool: request.pool,
      work,
      parent,
      signal: request.signal,
    });
    const scannedAtMs = stored.state.method === 'scanned' ? nowMs : (known?.scannedAtMs ?? nowMs);
    return {
      bytesRead: stored.pagesRead * stored.state.pageSize,
      isReplaced: parent !== null && (await isOtherDatabase(work, parent, stored.state.pageCount)),
      finish: (places) =>
        finish(job, { stored, parent, work, cachePath, known, scannedAtMs, keep }, places),
      [Symbol.asyncDispose]: () => keep.disposeAsync(),
    };
  } catch (error) {
    await keep.disposeAsync();
    throw error;
  }
}

async function openParent(
  job: PageSourceJob,
  state: CapturedState,
  cachePath: string,
): Promise<ParentPages | null> {
  const { parent, request } = job;
  if (parent === null || parent.source.pages === null) return null;
  if (parent.source.pages.pageSize !== state.pageSize) return null;
  return openParentPages({
    vault: request.vault,
    file: parent.source.pages,
    pointId: parent.point.id,
    cachePath,
    lost: job.lost,
    report: request.report,
  });
}

interface StoredState {
  readonly stored: StoredPages;
  readonly parent: ParentPages | null;
  readonly work: WorkTable;
  readonly cachePath: string;
  readonly known: SourceMarker | null;
  readonly scannedAtMs: number;
  readonly keep: AsyncDisposableStack;
}

async function finish(
  job: PageSourceJob,
  held: StoredState,
  places: FramePlaces,
): Promise<FinishedSource> {
  const { request, planned } = job;
  const { state, end } = held.stored;
  const { pageSize, pageCount, size } = state;
  const written = await writeLevels({
    vault: request.vault,
    epoch: job.epoch,
    file: { pageSize, pageCount, size },
    work: held.work,
    parent: held.parent,
    parentTables: job.parent?.point.tables ?? [],
    ...places,
    cachePath: held.cachePath,
    held: held.keep,
    report: request.report,
  });
  const missedPages = await countMissedPages(job, held);
  const { root, levels, changedPages, storedPages } = written;
  const pages: PageFile = {
    path: planned.fileName,
    size,
    pageSize,
    pageCount,
    mode: state.mode,
    root,
    levels,
    changedPages,
    storedPages,
  };
  const isAsParent = end.counts === null && changedPages === 0;
  const source: PointSource = {
    id: planned.id,
    kind: state.kind,
    name: planned.name,
    path: planned.path,
    capturedAtMs: end.capturedAtMs,
    label: end.label,
    method: state.method,
    pages,
    list: null,
    counts: end.counts ?? (isAsParent ? (job.parent?.source.counts ?? null) : null),
    marker: {
      capture: end.marker,
      scannedAtMs: held.scannedAtMs,
      isLogUntrue: missedPages > 0 || held.known?.isLogUntrue === true,
      areAllCounted: end.areAllCounted || (isAsParent && held.known?.areAllCounted === true),
    },
  };
  const supersededShare =
    held.parent === null ? 1 : Math.min(1, changedPages / Math.max(1, held.parent.file.pageCount));
  return {
    source,
    tables: written.tables,
    lists: [],
    packs: written.packs,
    bytesWritten: written.bytesWritten,
    supersededShare,
    problems: missedPages === 0 ? [] : [untrueLog(planned, missedPages)],
    commitCache: written.commitCache,
  };
}

/** Changed pages of a first pass that a guided one would have left unread; lost pages do not count, they are stored anew. */
async function countMissedPages(
  job: PageSourceJob,
  { stored, parent, work }: StoredState,
): Promise<number> {
  const { expectedChanges } = stored.state;
  if (parent === null || expectedChanges === null || stored.passes > 1 || !job.lost.isEmpty)
    return 0;
  const expected = new Set<number>();
  for (const [first, count] of expectedChanges) {
    for (let page = first; page < first + count; page++) expected.add(page);
  }
  let missed = 0;
  for (const segment of work.touched()) {
    const block = await work.block(segment);
    const end = Math.min((segment + 1) * SEGMENT_PAGES, stored.state.pageCount);
    for (let page = segment * SEGMENT_PAGES; page < end; page++) {
      if (block.isChanged(page) && !expected.has(page)) missed += 1;
    }
  }
  return missed;
}

function untrueLog(planned: PlannedSource, pages: number): Problem {
  return {
    failure: { code: 'source-log-untrue', path: planned.path, pages },
    source: planned.name,
  };
}
