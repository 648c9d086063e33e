// One step of a folder backup: what the folder has at a path against what the parent lists there.
// An SQLite database found inside is no file of the folder; those of other makers are files, noted for being read twice. An
// unreadable item keeps the parent's entry, and the run says so.
import { join } from 'node:path';
import { BackupError } from '../../../shared/model/backup-error.ts';
import type { Failure, Problem } from '../../../shared/model/failure.ts';
import { hasSqliteSignature } from '../sources/database-header.ts';
import type { FolderItem } from '../sources/list-folder.ts';
import type { SourceHost } from '../sources/source-host.ts';
import { sideFileSuffixes } from '../sources/side-files.ts';
import type { FolderEntry } from '../vault/folder-list.ts';
import type { LostFrames } from '../vault/lost-frames.ts';
import type { FolderChange, FolderChanges } from './folder-changes.ts';
import { isForeignFile, isForeignName } from '../sources/foreign-files.ts';
import type { FolderStep } from './folder-steps.ts';
import type { ReadContent, ReadStep } from './read-ahead.ts';
import type { ChunkStore, StoredContent } from './store-chunks.ts';

type FileItem = Extract<FolderItem, { kind: 'file' }>;
type FileEntry = Extract<FolderEntry, { kind: 'file' }>;

/** One reading does not tell whether anybody wrote meanwhile. */
export interface FirstReading {
  readonly item: FileItem;
  readonly content: StoredContent;
  /** The parent has it just so. */
  readonly isKnown: boolean;
}

export interface FolderWalk {
  readonly host: SourceHost;
  /** The folder, and what the source is called. */
  readonly root: string;
  readonly name: string;
  readonly signal: AbortSignal;
  readonly onBytes: (bytes: number) => void;
  readonly lost: LostFrames;
  readonly store: ChunkStore;
  readonly changes: FolderChanges;
  readonly problems: Problem[];
  /** Relative paths of databases found inside. */
  readonly databases: string[];
  /** Databases of other makers, by relative path, as they were read first. */
  readonly foreign: Map<string, FirstReading>;
  /** Files by whose names there may be more of them, by relative path: not there any more, or not to be read. */
  readonly away: Map<string, 'removed' | 'unreadable'>;
  /** Files that changed before this need no reading; null when every file is to be read. */
  readonly trustBeforeMs: number | null;
  files: number;
  bytes: number;
  bytesRead: number;
}

/** True for a file that has to be read to know what it holds. */
export function needsReading(walk: FolderWalk, step: FolderStep): boolean {
  if (step.kind === 'gone' || step.item.kind !== 'file') return false;
  // Whether it is one is known only once the database before it was read.
  if (sideFileSuffixes.some((suffix) => step.path.endsWith(suffix))) return false;
  return !isUntouched(walk, step.item, step.known);
}

/** Adds what changed to the changes of the run. */
export async function takeStep(walk: FolderWalk, { step, content }: ReadStep): Promise<void> {
  const { path } = step;
  walk.onBytes(0); // the walk goes on, also where there is nothing to read
  const isListed =
    step.kind === 'here' && (await takeItem(walk, path, step.item, step.known, content));
  const wasListed = step.kind === 'gone' || step.known !== null;
  if (!wasListed || isListed) return;
  if (step.kind === 'gone' && isForeignName(path)) walk.away.set(path, 'removed');
  await walk.changes.add({ kind: 'removed', path });
}

/** False when the item is no entry of the list. */
async function takeItem(
  walk: FolderWalk,
  path: string,
  item: FolderItem,
  known: FolderEntry | null,
  content: ReadContent,
): Promise<boolean> {
  if (item.kind === 'other' || item.kind === 'unlisted')
    return noteProblem(walk, path, item.detail, known);
  if (item.kind === 'file') return takeFile(walk, path, item, known, content);
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

function noteProblem(
  walk: FolderWalk,
  path: string,
  detail: string,
  known: FolderEntry | null,
): boolean {
  const failure = { code: 'source-unreadable' as const, path: join(walk.root, path), detail };
  walk.problems.push({ failure, source: walk.name });
  if (isForeignName(path)) walk.away.set(path, 'unreadable');
  return known !== null;
}

async function takeFile(
  walk: FolderWalk,
  path: string,
  item: FileItem,
  known: FolderEntry | null,
  content: ReadContent,
): Promise<boolean> {
  if (isSideFile(walk, path)) return false;
  if (known?.kind === 'file' && isUntouched(walk, item, known)) {
    count(walk, item.size);
    walk.onBytes(item.size);
    return true;
  }
  try {
    const stored = await storeFile(walk, path, content);
    if (stored === 'database') {
      walk.databases.push(path);
      return false;
    }
    const { isForeign, ...read } = stored;
    count(walk, read.size);
    const isKnown = isSameFile(walk, item, known, read);
    if (isForeign) walk.foreign.set(path, { item, content: read, isKnown });
    // What is read twice may have changed by then: its place in the order is kept.
    if (!isKnown || isForeign) await walk.changes.add(changeOf(path, item, read));
    return true;
  } catch (error) {
    if (!(error instanceof BackupError) || !error.failure.code.startsWith('source-')) throw error;
    const { failure } = error;
    return noteProblem(walk, path, 'detail' in failure ? failure.detail : failure.code, known);
  }
}

function isSameFile(
  walk: FolderWalk,
  { mode, mtimeMs, ctimeMs }: FileItem,
  known: FolderEntry | null,
  { sha256 }: StoredContent,
): boolean {
  return (
    known?.kind === 'file' &&
    known.sha256 === sha256 &&
    known.mode === mode &&
    known.mtimeMs === mtimeMs &&
    known.ctimeMs === ctimeMs &&
    !hasLostChunk(walk, known)
  );
}

/** A file's entry with the content that was read. */
export function changeOf(
  path: string,
  { mode, mtimeMs, ctimeMs, fileId }: FileItem,
  { size, sha256, chunks }: StoredContent,
): FolderChange {
  return { kind: 'file', path, size, mode, mtimeMs, ctimeMs, fileId, sha256, chunks };
}

function count(walk: FolderWalk, size: number): void {
  walk.files += 1;
  walk.bytes += size;
}

function isUntouched(walk: FolderWalk, item: FileItem, known: FolderEntry | null): boolean {
  const { trustBeforeMs } = walk;
  // Their programs map files into memory, where a write need not touch the time.
  if (known?.kind !== 'file' || trustBeforeMs === null || isForeignName(item.name)) return false;
  if (item.mtimeMs >= trustBeforeMs || item.ctimeMs >= trustBeforeMs) return false;
  const isSame =
    item.size === known.size &&
    item.mtimeMs === known.mtimeMs &&
    item.ctimeMs === known.ctimeMs &&
    item.fileId === known.fileId;
  return isSame && item.mode === known.mode && !hasLostChunk(walk, known);
}

function hasLostChunk({ lost }: FolderWalk, entry: FileEntry): boolean {
  return !lost.isEmpty && entry.chunks.some((chunk) => lost.has(chunk.packId, chunk.frame));
}

/** Side files belong to the database of that name, which comes before them in path order. */
function isSideFile(walk: FolderWalk, path: string): boolean {
  return sideFileSuffixes.some(
    (suffix) => path.endsWith(suffix) && walk.databases.includes(path.slice(0, -suffix.length)),
  );
}

interface StoredFile extends StoredContent {
  /** A database of another maker, or a part of one. */
  readonly isForeign: boolean;
}

async function storeFile(
  walk: FolderWalk,
  path: string,
  content: ReadContent,
): Promise<StoredFile | 'database'> {
  if (content === null) return readAndStore(walk, path);
  if (!(content instanceof Uint8Array)) throw new BackupError(content satisfies Failure);
  if (isDatabase(content)) return 'database';
  countRead(walk, content.length);
  const isForeign = isForeignFile(path, content, content.length);
  return { ...(await walk.store.storeSmall(content)), isForeign };
}

/** Reads a file of any size and stores what is new of it. */
export async function readAndStore(
  walk: FolderWalk,
  path: string,
): Promise<StoredFile | 'database'> {
  await using file = await walk.host.openRawFile(join(walk.root, path));
  let isOne = false;
  let isForeign = false;
  const stored = await walk.store.store(async (buffer, offset) => {
    walk.signal.throwIfAborted();
    const bytes = await file.read(buffer, offset);
    const start = new Uint8Array(buffer, 0, bytes);
    isOne ||= offset === 0 && isDatabase(start);
    isForeign ||= offset === 0 && isForeignFile(path, start, file.size);
    if (isOne) return 0; // ends the reading before anything is stored
    countRead(walk, bytes);
    return bytes;
  });
  return isOne ? 'database' : { ...stored, isForeign };
}

const isDatabase = ({ buffer, byteOffset, length }: Uint8Array): boolean =>
  hasSqliteSignature(Buffer.from(buffer, byteOffset, length));

function countRead(walk: FolderWalk, bytes: number): void {
  walk.bytesRead += bytes;
  walk.onBytes(bytes);
}
