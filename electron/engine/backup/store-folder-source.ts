// Stores a folder: files in content-defined chunks, folders and links as entries; what did not change is neither read nor listed again.
// A database found inside is no file of the folder: it is handed back, to be captured as a source of its own.
import { join } from 'node:path';
import type { PointSource } from '../../../shared/model/restore-point.ts';
import { readFolderList, type FolderEntry } from '../vault/folder-list.ts';
import type { LostFrames } from '../vault/lost-frames.ts';
import type { BackupRequest } from './backup-request.ts';
import { type ChunkIndex, createChunkIndex } from './chunk-index.ts';
import { createFolderChanges } from './folder-changes.ts';
import { type FolderStep, pairWithParent } from './folder-steps.ts';
import type { FrameQueue } from './frame-queue.ts';
import type { ParentSource, PlannedSource } from './planned-source.ts';
import { readAhead } from './read-ahead.ts';
import type { FinishedSource, FramePlaces, StoredSource } from './source-result.ts';
import { readSourceMarker } from './source-marker.ts';
import { settleForeignFiles } from './settle-foreign-files.ts';
import { createChunkStore } from './store-chunks.ts';
import { type FolderWalk, needsReading, takeStep } from './take-folder-item.ts';
import { walkFolder } from './walk-folder.ts';
import { writeFolderLevels } from './write-folder-levels.ts';

/** File systems keep times this coarsely: a file changed just before the last capture may have changed after it. */
const TIME_GRAIN_MS = 3_000;
/** Everything is read again at least this often: size and times can lie (restic#2506). */
const READ_AGAIN_AFTER_MS = 7 * 24 * 3600 * 1000;

export interface FolderSourceJob {
  readonly request: BackupRequest;
  readonly epoch: number;
  readonly planned: PlannedSource;
  readonly parent: ParentSource | null;
  readonly frames: FrameQueue;
  readonly lost: LostFrames;
  readonly onBytes: (bytes: number) => void;
}

export interface StoredFolder extends StoredSource {
  /** Relative paths of databases found inside. */
  readonly databases: readonly string[];
}

export async function storeFolderSource(job: FolderSourceJob): Promise<StoredFolder> {
  const { request, planned } = job;
  const nowMs = request.vault.clock.nowMs();
  const marker = readSourceMarker(job.parent?.source.marker);
  const isReadDue =
    marker === null ||
    request.forceScan ||
    Math.abs(nowMs - marker.scannedAtMs) > READ_AGAIN_AFTER_MS;
  const known = await readKnownChunks(job);
  const changes = await createFolderChanges(
    join(request.cacheFolder, `folder-${planned.id}-${job.epoch}`),
  );
  const capturedBeforeMs = job.parent?.source.capturedAtMs ?? 0;
  const walk: FolderWalk = {
    host: request.host,
    root: planned.path,
    name: planned.name,
    signal: request.signal,
    onBytes: job.onBytes,
    lost: job.lost,
    store: createChunkStore(request.pool, job.frames, known),
    changes,
    problems: [],
    databases: [],
    foreign: new Map(),
    away: new Map(),
    trustBeforeMs: isReadDue ? null : capturedBeforeMs - TIME_GRAIN_MS,
    files: 0,
    bytes: 0,
    bytesRead: 0,
  };
  try {
    await walkFolderSource(walk, job);
    await settleForeignFiles(walk);
    await walk.store.flush();
  } catch (error) {
    await changes[Symbol.asyncDispose]();
    throw error;
  }
  const scannedAtMs = isReadDue ? nowMs : marker.scannedAtMs;
  return {
    bytesRead: walk.bytesRead,
    databases: walk.databases,
    isReplaced: false,
    finish: (places) => finish(walk, job, { capturedAtMs: nowMs, scannedAtMs }, places),
    [Symbol.asyncDispose]: () => changes[Symbol.asyncDispose](),
  };
}

/** Chunks of the family by hash, so that a moved or copied file costs nothing. Lost ones are left out. */
async function readKnownChunks(job: FolderSourceJob): Promise<ChunkIndex> {
  const known = createChunkIndex();
  for await (const entry of parentEntries(job)) {
    job.request.signal.throwIfAborted();
    job.onBytes(0);
    if (entry.kind !== 'file') continue;
    for (const { packId, frame, offset, hash } of entry.chunks) {
      if (!job.lost.has(packId, frame))
        known.set(Buffer.from(hash, 'hex'), { kind: 'stored', packId, frame, offset });
    }
  }
  return known;
}

async function* parentEntries(job: FolderSourceJob): AsyncGenerator<FolderEntry> {
  const levels = job.parent?.source.list?.levels;
  if (levels !== undefined) yield* readFolderList(job.request.vault, levels, job.request.report);
}

async function walkFolderSource(walk: FolderWalk, job: FolderSourceJob): Promise<void> {
  const { host, root } = walk;
  const steps = pairWithParent(walkFolder(host, root), parentEntries(job));
  const isWanted = (step: FolderStep): boolean => needsReading(walk, step);
  for await (const step of readAhead(steps, { host, root, isWanted })) {
    walk.signal.throwIfAborted();
    await takeStep(walk, step);
  }
}

async function finish(
  walk: FolderWalk,
  job: FolderSourceJob,
  times: { capturedAtMs: number; scannedAtMs: number },
  places: FramePlaces,
): Promise<FinishedSource> {
  const { request, planned } = job;
  const written = await writeFolderLevels({
    vault: request.vault,
    epoch: job.epoch,
    changes: walk.changes,
    parent: job.parent,
    places,
    report: request.report,
    onBytes: job.onBytes,
    signal: request.signal,
  });
  const source: PointSource = {
    id: planned.id,
    kind: 'folder',
    name: planned.name,
    path: planned.path,
    capturedAtMs: times.capturedAtMs,
    label: 'crash-consistent',
    method: 'scanned',
    pages: null,
    list: { levels: written.lists.map(({ id }) => id), files: walk.files, bytes: walk.bytes },
    counts: null,
    marker: { capture: null, scannedAtMs: times.scannedAtMs },
  };
  return {
    source,
    tables: [],
    lists: written.lists,
    packs: written.packs,
    bytesWritten: written.bytesWritten,
    supersededShare: 0,
    problems: walk.problems,
    commitCache: async () => undefined,
  };
}
