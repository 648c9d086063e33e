// A folder put back where it was, file by file: what is missing or differs comes back, what came since stays.
// Promise: the present state is kept before the first file is touched, and each file is the old one or the whole restored
// one. A crash in between leaves some of each: doing it again, or undoing it, ends that.
import { createHash } from 'node:crypto';
import { createReadStream, type Stats } from 'node:fs';
import { chmod, lstat, mkdir, rename, rm, symlink, utimes } from 'node:fs/promises';
import { dirname } from 'node:path';
import { BackupError, hasCode } from '../../../shared/model/backup-error.ts';
import type { Failure, Problem } from '../../../shared/model/failure.ts';
import type { PointSource } from '../../../shared/model/restore-point.ts';
import { retryWhileBlocked } from '../storage/blocked-retry.ts';
import { readFolderList, type FolderEntry } from '../vault/folder-list.ts';
import { fetchListFile, keepFrames } from './fetch-list-file.ts';
import { freeBytesOf, type SafetyPoint, type SafetyWishes } from './make-safety-point.ts';
import { createPackFrames } from './pack-frames.ts';
import { syncFolder } from './place-file.ts';
import type { PointToRestore, RestorePhaseTime, RestoreTools } from './restore-tools.ts';
import { watchRestore, type RestoreWatch } from './restore-watch.ts';
import { assertPlainParents, onMissing, resolveInside } from './safe-target.ts';
import { removeDeadScratch, removeScratch, scratchPath } from './scratch-file.ts';

type FileEntry = Extract<FolderEntry, { kind: 'file' }>;

export interface FolderInPlaceRequest {
  readonly tools: RestoreTools;
  readonly from: PointToRestore;
  /** A folder. */
  readonly source: PointSource;
  /** Absolute; the folder that it is in must be there. */
  readonly folder: string;
  readonly safety: SafetyWishes;
  /** Files that it is about, by path; null: all of them. */
  readonly only: ReadonlySet<string> | null;
  /** Files that go, if they are there: an undo takes away what the restore had put there. */
  readonly removes: readonly string[];
  /** Called before anything is touched: the record of the safety point must be durable when it resolves. */
  readonly onSafetyPoint: (safety: SafetyPoint | null) => Promise<void>;
}

export interface FolderInPlacePlan {
  /** What is missing or differs, in the order of paths: folders before what is in them. */
  readonly entries: readonly Difference[];
  readonly files: number;
  readonly bytes: number;
  readonly freeBytes: number | null;
}

interface Difference {
  readonly entry: FolderEntry;
  /** What lay there when it was looked at; null: nothing. */
  readonly stamp: string | null;
}

export interface FolderInPlaceResult {
  readonly folder: string;
  readonly files: number;
  readonly bytes: number;
  readonly removed: number;
  readonly safety: SafetyPoint | null;
  /** Files that could not be replaced, because a program has them open. */
  readonly problems: readonly Problem[];
  readonly phases: readonly RestorePhaseTime[];
}

/** Reads the present files where size and times cannot tell. Throws target-refused, target-full, point-damaged. */
export async function planFolderInPlace(
  request: Pick<FolderInPlaceRequest, 'tools' | 'from' | 'source' | 'folder' | 'only'>,
): Promise<FolderInPlacePlan> {
  const { tools, from, source, folder, only } = request;
  if ((await lstat(dirname(folder)).catch(onMissing)) === null) {
    throw refused(folder, `its folder ${dirname(folder)} is not there`);
  }
  const entries: Difference[] = [];
  let [files, bytes] = [0, 0];
  for await (const entry of readFolderList(from.vault, source.list?.levels ?? [], tools.report)) {
    tools.signal.throwIfAborted();
    if (only !== null && !only.has(entry.path)) continue;
    const stamp = await stampOf(resolveInside(folder, entry.path));
    if (!(await differs(folder, entry))) continue;
    entries.push({ entry, stamp });
    if (entry.kind !== 'file') continue;
    files += 1;
    bytes += entry.size;
  }
  const freeBytes = await freeBytesOf(dirname(folder));
  if (freeBytes !== null && freeBytes < bytes) {
    throw new BackupError({ code: 'target-full', path: folder, neededBytes: bytes, freeBytes });
  }
  return { entries, files, bytes, freeBytes };
}

/** Throws no-safety-point, and what a plan throws; files that are open are problems of the result. */
export async function restoreFolderInPlace(
  request: FolderInPlaceRequest,
): Promise<FolderInPlaceResult> {
  const { tools, folder, removes } = request;
  const watch = watchRestore(tools);
  watch.start('plan', null, folder);
  const plan = await planFolderInPlace(request);
  const isNothing = plan.entries.length === 0 && removes.length === 0;
  watch.start('safety-point', null, folder);
  const safety = isNothing ? null : await keepFolder(request);
  await request.onSafetyPoint(safety);
  watch.start('fetch', plan.bytes, folder);
  const problems: Problem[] = [];
  const done = await putBack(request, plan, watch, problems);
  const removed = await removeFiles(request, problems);
  return { folder, ...done, removed, safety, problems, phases: watch.finish() };
}

/** Changes with every write. */
async function stampOf(path: string): Promise<string | null> {
  const found = await lstat(path, { bigint: true }).catch(onMissing);
  return found && `${found.dev} ${found.ino} ${found.size} ${found.mtimeNs} ${found.ctimeNs}`;
}

async function differs(folder: string, entry: FolderEntry): Promise<boolean> {
  const path = resolveInside(folder, entry.path);
  await assertPlainParents(folder, entry.path);
  const found = await lstat(path).catch(onMissing);
  if (found === null) return true;
  if (entry.kind === 'folder') {
    if (!found.isDirectory()) throw refused(path, 'it is no folder now');
    return false;
  }
  // Where a link leads is nobody's content.
  if (entry.kind === 'link') return false;
  if (!found.isFile()) throw refused(path, 'it is no plain file now');
  return !(await isSameFile(path, found, entry));
}

/** Equal times of both kinds mean that nobody wrote to it; otherwise only its bytes tell. */
async function isSameFile(path: string, found: Stats, entry: FileEntry): Promise<boolean> {
  if (found.size !== entry.size) return false;
  if (found.mtimeMs === entry.mtimeMs && found.ctimeMs === entry.ctimeMs) return true;
  const digest = createHash('sha256');
  for await (const part of createReadStream(path)) digest.update(part as Buffer);
  return digest.digest('hex') === entry.sha256;
}

/** Only a vault can keep a folder. */
async function keepFolder({
  tools,
  folder,
  safety,
}: FolderInPlaceRequest): Promise<SafetyPoint | null> {
  if ((await lstat(folder).catch(onMissing)) === null) return null;
  try {
    if (safety.inVault !== null) return await safety.inVault(folder);
  } catch (error) {
    if (tools.signal.aborted || !safety.goOnWithout) throw error;
  }
  if (safety.goOnWithout) return null;
  const detail = 'a folder can be kept in a vault only';
  throw new BackupError({ code: 'no-safety-point', path: folder, detail });
}

async function putBack(
  request: FolderInPlaceRequest,
  { entries }: FolderInPlacePlan,
  watch: RestoreWatch,
  problems: Problem[],
): Promise<{ readonly files: number; readonly bytes: number }> {
  const { tools, from, folder, source } = request;
  const readFrame = keepFrames(createPackFrames(from.vault, tools.pool));
  await mkdir(folder, { recursive: true });
  const tidied = new Set<string>();
  let [files, bytes] = [0, 0];
  for (const { entry, stamp } of entries) {
    tools.signal.throwIfAborted();
    const path = resolveInside(folder, entry.path);
    await assertPlainParents(folder, entry.path);
    await mkdir(dirname(path), { recursive: true });
    if (entry.kind === 'folder') {
      await mkdir(path, { recursive: true });
      await chmod(path, entry.mode & 0o777);
      continue;
    }
    try {
      if (entry.kind === 'link') {
        await symlink(entry.target, path);
        continue;
      }
      if (!tidied.has(dirname(path))) {
        tidied.add(dirname(path));
        await removeDeadScratch(dirname(path), tools.owner, new Set());
      }
      await replaceFile(request, { entry, stamp, path }, readFrame, watch);
      files += 1;
      bytes += entry.size;
    } catch (error) {
      // What is wrong with the copy ends it; what is wrong with one name here does not.
      if (error instanceof BackupError && !hasCode(error, 'target-changed')) throw error;
      problems.push({ failure: failureHere(error, path), source: source.name });
    }
  }
  for (const each of tidied) await syncFolder(each);
  return { files, bytes };
}

async function replaceFile(
  { tools, from }: FolderInPlaceRequest,
  { entry, stamp, path }: Difference & { readonly entry: FileEntry; readonly path: string },
  readFrame: ReturnType<typeof keepFrames>,
  watch: RestoreWatch,
): Promise<void> {
  const { report, signal, clock } = tools;
  const targetPath = scratchPath(dirname(path), tools.owner, tools.random);
  const pointId = from.point.id;
  try {
    const onBytes = watch.addBytes;
    await fetchListFile({ readFrame, pointId, entry, targetPath, onBytes, report, signal });
    await chmod(targetPath, entry.mode & 0o777);
    await utimes(targetPath, entry.mtimeMs / 1000, entry.mtimeMs / 1000);
    // What was written since it was looked at may not have been kept.
    if ((await stampOf(path)) !== stamp) throw new BackupError({ code: 'target-changed', path });
    await retryWhileBlocked(clock, async () => rename(targetPath, path));
  } finally {
    await removeScratch(targetPath);
  }
}

async function removeFiles(
  { folder, removes, source }: FolderInPlaceRequest,
  problems: Problem[],
): Promise<number> {
  let removed = 0;
  for (const name of removes) {
    const path = resolveInside(folder, name);
    await assertPlainParents(folder, name);
    try {
      if ((await lstat(path).catch(onMissing)) === null) continue;
      await rm(path);
      removed += 1;
    } catch (error) {
      problems.push({ failure: failureHere(error, path), source: source.name });
    }
  }
  return removed;
}

export interface FolderChange {
  /** Files that the restore put in the place of others. */
  readonly replaced: ReadonlySet<string>;
  /** Files that it put where none were, and that are still as it left them. */
  readonly added: readonly string[];
  /** Files that were kept, that it knew nothing of, and that are not there now. */
  readonly gone: readonly string[];
  /** Nobody wrote to any of them since. */
  readonly isAsRestored: boolean;
}

interface StoredFolder {
  readonly from: PointToRestore;
  readonly source: PointSource;
}

/** What the restore of a folder changed, by the lists of what it restored and of what it had kept before. */
export async function compareFolderSince(
  tools: RestoreTools,
  folder: string,
  restored: StoredFolder,
  kept: StoredFolder,
): Promise<FolderChange> {
  const before = new Map<string, FileEntry>();
  for await (const entry of filesOf(tools, kept)) before.set(entry.path, entry);
  const others = new Set(before.keys());
  const replaced = new Set<string>();
  const added: string[] = [];
  let isAsRestored = true;
  for await (const entry of filesOf(tools, restored)) {
    const old = before.get(entry.path);
    others.delete(entry.path);
    if (old?.sha256 === entry.sha256) continue;
    const isSame = !(await differs(folder, entry));
    if (old !== undefined) {
      replaced.add(entry.path);
      // An undo that was cut off has put some of them back already.
      isAsRestored &&= isSame || !(await differs(folder, old));
    } else if (isSame) {
      added.push(entry.path);
    } else {
      // Gone is what the undo would make of it; changed belongs to whoever wrote it, and stays.
      isAsRestored &&= (await stampOf(resolveInside(folder, entry.path))) === null;
    }
  }
  const gone: string[] = [];
  for (const path of others) {
    if ((await stampOf(resolveInside(folder, path))) === null) gone.push(path);
  }
  return { replaced, added, gone, isAsRestored };
}

async function* filesOf(
  { report }: RestoreTools,
  { from, source }: StoredFolder,
): AsyncGenerator<FileEntry> {
  for await (const entry of readFolderList(from.vault, source.list?.levels ?? [], report)) {
    if (entry.kind === 'file') yield entry;
  }
}

function failureHere(error: unknown, path: string): Failure {
  if (error instanceof BackupError) return error.failure;
  const detail = error instanceof Error ? error.message : String(error);
  return { code: 'target-refused', path, detail };
}

function refused(path: string, detail: string): BackupError {
  return new BackupError({ code: 'target-refused', path, detail });
}
