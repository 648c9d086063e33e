// A folder put back where it was, file by file: what is missing or differs comes back, what came since stays.
// Promise: the present state is kept before the first file is touched, and each file is the old one or the whole restored
// one, never written over unseen. A crash in between leaves some of each: doing it again, or undoing it, ends that.
import { lstat, mkdir, rename, rm, symlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { BackupError } from '../../../shared/model/backup-error.ts';
import type { Failure, Problem } from '../../../shared/model/failure.ts';
import { retryWhileBlocked } from '../storage/blocked-retry.ts';
import type { FolderEntry } from '../vault/folder-list.ts';
import { assertNotOpen } from './assert-not-open.ts';
import { tryDiskNames } from './disk-names.ts';
import { dress, dressFolders, makeFolder, saidOf, type MadeFolder } from './dress-entries.ts';
import { fetchListFile, lendFrames, type LendFrame } from './fetch-list-file.ts';
import { stampFile } from './file-stamp.ts';
import { freeBytesOf } from './free-bytes.ts';
import type { SafetyPoint, SafetyWishes } from './make-safety-point.ts';
import { createPackFrames } from './pack-frames.ts';
import { syncFolder } from './place-file.ts';
import {
  planFolderInPlace,
  type Difference,
  type FolderInPlacePlan,
  type FolderToPlan,
} from './plan-folder-in-place.ts';
import type { RestorePhaseTime, RestoreTools } from './restore-tools.ts';
import { watchRestore, type RestoreWatch } from './restore-watch.ts';
import { assertPlainParents, onMissing, resolveInside } from './safe-target.ts';
import { removeDeadScratch, removeScratch, scratchPath } from './scratch-file.ts';
import { storedBytesOf } from './write-sparse.ts';

/** A file as it was when somebody looked. */
export interface SeenFile {
  /** On this disk, below the folder. */
  readonly path: string;
  readonly stamp: string;
}

export interface FolderInPlaceRequest extends FolderToPlan {
  readonly tools: RestoreTools;
  readonly safety: SafetyWishes;
  /** Files that go, if they are as they were seen: an undo takes away what the restore had put there. */
  readonly removes: readonly SeenFile[];
  /** Called before anything is touched: the record of the safety point must be durable when it resolves. */
  readonly onSafetyPoint: (safety: SafetyPoint | null) => Promise<void>;
}

export interface FolderInPlaceResult {
  readonly folder: string;
  readonly files: number;
  readonly bytes: number;
  readonly removed: number;
  readonly safety: SafetyPoint | null;
  /** Files that could not be replaced, because a program has them open; and those that came back under another name. */
  readonly problems: readonly Problem[];
  readonly phases: readonly RestorePhaseTime[];
}

/** Throws no-safety-point, and what a plan throws; files that are open are problems of the result. */
export async function restoreFolderInPlace(
  wanted: FolderInPlaceRequest,
): Promise<FolderInPlaceResult> {
  const { tools, folder, removes } = wanted;
  const request = { ...wanted, names: wanted.names ?? (await tryDiskNames(folder, tools)) };
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
  const hand = {
    watch,
    lendFrame: lendFrames(createPackFrames(from.vault, tools.pool)),
    tidied: new Set<string>(),
    made: [] as MadeFolder[],
  };
  await mkdir(folder, { recursive: true });
  let [files, bytes] = [0, 0];
  for (const difference of entries) {
    tools.signal.throwIfAborted();
    const { entry } = difference;
    const path = resolveInside(folder, entry.path);
    await assertPlainParents(folder, entry.path);
    try {
      await putBackOne(request, difference, path, hand);
      problems.push(...saidOf(entry, path, source.name));
      if (entry.kind !== 'file') continue;
      files += 1;
      bytes += entry.size;
    } catch (error) {
      // What is wrong with the copy ends it; what is wrong with one name here does not.
      if (error instanceof BackupError && !isOfOneName(error)) throw error;
      if (isFull(error)) throw await noRoom(folder, path, entry);
      problems.push({ failure: failureHere(error, path), source: source.name });
    }
  }
  await dressFolders(hand.made);
  for (const each of hand.tidied) await syncFolder(each);
  return { files, bytes };
}

interface Hand {
  readonly watch: RestoreWatch;
  readonly lendFrame: LendFrame;
  /** Folders in which nothing of a killed restore lies any more. */
  readonly tidied: Set<string>;
  readonly made: MadeFolder[];
}

async function putBackOne(
  request: FolderInPlaceRequest,
  { entry, stamp }: Difference,
  path: string,
  { watch, lendFrame, tidied, made }: Hand,
): Promise<void> {
  const { owner } = request.tools;
  const parent = dirname(path);
  await mkdir(parent, { recursive: true });
  if (entry.kind === 'folder') {
    made.push(await makeFolder(path, entry));
    return;
  }
  if (entry.kind === 'link') {
    await symlink(entry.target, path);
    return;
  }
  if (!tidied.has(parent)) {
    tidied.add(parent);
    await removeDeadScratch(parent, owner, new Set());
  }
  await replaceFile(request, { entry, stamp, path }, lendFrame, watch);
}

type FileEntry = Extract<FolderEntry, { kind: 'file' }>;

async function replaceFile(
  { tools, from }: FolderInPlaceRequest,
  {
    entry,
    stamp,
    path,
  }: Pick<Difference, 'stamp'> & { readonly entry: FileEntry; readonly path: string },
  lendFrame: LendFrame,
  watch: RestoreWatch,
): Promise<void> {
  const { report, signal, clock } = tools;
  const targetPath = scratchPath(dirname(path), tools.owner, tools.random);
  const pointId = from.point.id;
  try {
    const onBytes = watch.addBytes;
    await fetchListFile({ lendFrame, pointId, entry, targetPath, onBytes, report, signal });
    await dress(targetPath, entry);
    await assertNotOpen(tools.host, path);
    // What was written since it was looked at may not have been kept.
    if ((await stampFile(path)) !== stamp) throw new BackupError({ code: 'target-changed', path });
    await retryWhileBlocked(clock, async () => rename(targetPath, path));
  } finally {
    await removeScratch(targetPath);
  }
}

async function removeFiles(
  { tools, folder, removes, source }: FolderInPlaceRequest,
  problems: Problem[],
): Promise<number> {
  let removed = 0;
  for (const { path: name, stamp } of removes) {
    const path = resolveInside(folder, name);
    await assertPlainParents(folder, name);
    try {
      const now = await stampFile(path);
      if (now === null) continue;
      await assertNotOpen(tools.host, path);
      // Changed, it belongs to whoever wrote it.
      if (now !== stamp) throw new BackupError({ code: 'target-changed', path });
      await rm(path);
      removed += 1;
    } catch (error) {
      problems.push({ failure: failureHere(error, path), source: source.name });
    }
  }
  return removed;
}

/** Somebody wrote to it, has it open, or lets nobody look. */
function isOfOneName({ failure: { code } }: BackupError): boolean {
  return code === 'target-changed' || code === 'target-in-use' || code.startsWith('source-');
}

/** The next file would not find room either. */
function isFull(error: unknown): boolean {
  return (
    error instanceof Error && 'code' in error && ['ENOSPC', 'EDQUOT'].includes(String(error.code))
  );
}

async function noRoom(folder: string, path: string, entry: FolderEntry): Promise<BackupError> {
  const neededBytes = entry.kind === 'file' ? storedBytesOf(entry) : 0;
  const freeBytes = (await freeBytesOf(folder)) ?? 0;
  return new BackupError({ code: 'target-full', path, neededBytes, freeBytes });
}

function failureHere(error: unknown, path: string): Failure {
  if (error instanceof BackupError) return error.failure;
  const detail = error instanceof Error ? error.message : String(error);
  return { code: 'target-refused', path, detail };
}
