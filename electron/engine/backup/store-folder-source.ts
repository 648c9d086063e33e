// Stores a folder: files in content-defined chunks, folders and links as entries; what did not change is neither read nor listed again.
// A database found inside is no file of the folder: it is handed back, to be captured as a source of its own.
import { join } from 'node:path';
import { BackupError } from '../../../shared/model/backup-error.ts';
import type { Problem } from '../../../shared/model/failure.ts';
import type { PointSource } from '../../../shared/model/restore-point.ts';
import type { FolderItem } from '../sources/list-folder.ts';
import { hasSqliteSignature } from '../sources/database-header.ts';
import { sideFileSuffixes } from '../sources/side-files.ts';
import { readFolderList, type FolderEntry } from '../vault/folder-list.ts';
import type { LostFrames } from '../vault/lost-frames.ts';
import type { BackupRequest } from './backup-request.ts';
import { createFolderChanges, type FolderChanges } from './folder-changes.ts';
import type { FrameQueue } from './frame-queue.ts';
import { comparePaths } from '../format/list-entry.ts';
import type { ParentSource, PlannedSource } from './planned-source.ts';
import type { FinishedSource, FramePlaces, StoredSource } from './source-result.ts';
import { readSourceMarker } from './source-marker.ts';
import { createChunkStore, type ChunkStore, type KnownChunk } from './store-chunks.ts';
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

interface Walk {
  readonly job: FolderSourceJob;
  readonly store: ChunkStore;
  readonly changes: FolderChanges;
  readonly problems: Problem[];
  readonly databases: string[];
  /** Null when every file is to be read. */
  readonly trustBeforeMs: number | null;
  files: number;
  bytes: number;
  bytesRead: number;
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
  const walk: Walk = {
    job,
    store: createChunkStore(request.pool, job.frames, known),
    changes,
    problems: [],
    databases: [],
    trustBeforeMs: isReadDue ? null : capturedBeforeMs - TIME_GRAIN_MS,
    files: 0,
    bytes: 0,
    bytesRead: 0,
  };
  try {
    await walkAgainstParent(walk);
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
    finish: (places) => finish(walk, { capturedAtMs: nowMs, scannedAtMs }, places),
    [Symbol.asyncDispose]: () => changes[Symbol.asyncDispose](),
  };
}

/** Chunks of the family by hash, so that a moved or copied file costs nothing. Lost ones are left out. */
async function readKnownChunks(job: FolderSourceJob): Promise<Map<string, KnownChunk>> {
  const known = new Map<string, KnownChunk>();
  for await (const entry of parentEntries(job)) {
    if (entry.kind !== 'file') continue;
    for (const { packId, frame, offset, hash } of entry.chunks) {
      if (!job.lost.has(packId, frame)) known.set(hash, { kind: 'stored', packId, frame, offset });
    }
  }
  return known;
}

async function* parentEntries(job: FolderSourceJob): AsyncGenerator<FolderEntry> {
  const levels = job.parent?.source.list?.levels;
  if (levels !== undefined) yield* readFolderList(job.request.vault, levels, job.request.report);
}

/** Walks the folder and the parent's list side by side, both in path order. */
async function walkAgainstParent(walk: Walk): Promise<void> {
  const { job } = walk;
  const before = parentEntries(job);
  let old = await before.next();
  const dropOlderThan = async (path: string | null) => {
    const isOlder = (known: string) => path === null || comparePaths(known, path) < 0;
    while (old.done !== true && isOlder(old.value.path)) {
      await walk.changes.add({ kind: 'removed', path: old.value.path });
      old = await before.next();
    }
  };
  for await (const { path, item } of walkFolder(job.request.host, job.planned.path)) {
    job.request.signal.throwIfAborted();
    await dropOlderThan(path);
    const known = old.done !== true && old.value.path === path ? old.value : null;
    const isListed = await takeItem(walk, path, item, known);
    if (known !== null && !isListed) await walk.changes.add({ kind: 'removed', path });
    if (known !== null) old = await before.next();
  }
  await dropOlderThan(null);
}

/** Adds what changed; false when the item is no entry of the list. */
async function takeItem(
  walk: Walk,
  path: string,
  item: FolderItem,
  known: FolderEntry | null,
): Promise<boolean> {
  if (item.kind === 'other') return noteProblem(walk, path, item.detail, known);
  if (item.kind === 'file') return takeFile(walk, path, item, known);
  const { name: _name, ...facts } = item;
  const entry = { path, ...facts };
  if (!isSameEntry(entry, known)) await walk.changes.add(entry);
  return true;
}

function isSameEntry(entry: object, known: FolderEntry | null): boolean {
  if (known === null) return false;
  const old = new Map(Object.entries(known));
  return Object.entries(entry).every(([key, value]) => old.get(key) === value);
}

/** An unreadable item keeps the parent's entry: an older copy is better than none, and the run says so. */
function noteProblem(walk: Walk, path: string, detail: string, known: FolderEntry | null): boolean {
  const failure = {
    code: 'source-unreadable' as const,
    path: join(walk.job.planned.path, path),
    detail,
  };
  walk.problems.push({ failure, source: walk.job.planned.name });
  return known !== null;
}

async function takeFile(
  walk: Walk,
  path: string,
  item: Extract<FolderItem, { kind: 'file' }>,
  known: FolderEntry | null,
): Promise<boolean> {
  if (isSideFile(walk, path)) return false;
  const { size, mode, mtimeMs, ctimeMs, fileId } = item;
  if (known?.kind === 'file' && isUntouched(walk, item, known)) {
    count(walk, size);
    return true;
  }
  try {
    const content = await readFile(walk, path);
    if (content === 'database') {
      walk.databases.push(path);
      return false;
    }
    count(walk, content.size);
    const isSame =
      known?.kind === 'file' &&
      known.sha256 === content.sha256 &&
      known.mode === mode &&
      known.mtimeMs === mtimeMs &&
      known.ctimeMs === ctimeMs &&
      !hasLostChunk(walk.job, known);
    if (!isSame) {
      const { chunks, sha256 } = content;
      await walk.changes.add({
        kind: 'file',
        path,
        size: content.size,
        mode,
        mtimeMs,
        ctimeMs,
        fileId,
        sha256,
        chunks,
      });
    }
    return true;
  } catch (error) {
    if (!(error instanceof BackupError) || !error.failure.code.startsWith('source-')) throw error;
    const { failure } = error;
    return noteProblem(walk, path, 'detail' in failure ? failure.detail : failure.code, known);
  }
}

function count(walk: Walk, size: number): void {
  walk.files += 1;
  walk.bytes += size;
}

function isUntouched(
  walk: Walk,
  item: Extract<FolderItem, { kind: 'file' }>,
  known: Extract<FolderEntry, { kind: 'file' }>,
): boolean {
  const { trustBeforeMs, job } = walk;
  if (trustBeforeMs === null || item.mtimeMs >= trustBeforeMs || item.ctimeMs >= trustBeforeMs)
    return false;
  const isSame =
    item.size === known.size &&
    item.mtimeMs === known.mtimeMs &&
    item.ctimeMs === known.ctimeMs &&
    item.fileId === known.fileId;
  return isSame && item.mode === known.mode && !hasLostChunk(job, known);
}

function hasLostChunk(
  job: FolderSourceJob,
  entry: Extract<FolderEntry, { kind: 'file' }>,
): boolean {
  return !job.lost.isEmpty && entry.chunks.some((chunk) => job.lost.has(chunk.packId, chunk.frame));
}

/** Side files belong to the database of that name, which comes before them in path order. */
function isSideFile(walk: Walk, path: string): boolean {
  return sideFileSuffixes.some(
    (suffix) => path.endsWith(suffix) && walk.databases.includes(path.slice(0, -suffix.length)),
  );
}

async function readFile(walk: Walk, path: string) {
  const { job } = walk;
  await using file = await job.request.host.openRawFile(join(job.planned.path, path));
  let isDatabase = false;
  const content = await walk.store.store(async (buffer, offset) => {
    job.request.signal.throwIfAborted();
    const bytes = await file.read(buffer, offset);
    isDatabase ||= offset === 0 && hasSqliteSignature(Buffer.from(buffer, 0, bytes));
    if (isDatabase) return 0; // ends the reading before anything is stored
    walk.bytesRead += bytes;
    job.onBytes(bytes);
    return bytes;
  });
  return isDatabase ? 'database' : content;
}

async function finish(
  walk: Walk,
  times: { capturedAtMs: number; scannedAtMs: number },
  places: FramePlaces,
): Promise<FinishedSource> {
  const { job } = walk;
  const { request, planned } = job;
  const written = await writeFolderLevels({
    vault: request.vault,
    epoch: job.epoch,
    changes: walk.changes,
    parent: job.parent,
    places,
    report: request.report,
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
