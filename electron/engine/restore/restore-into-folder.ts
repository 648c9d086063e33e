// Restores a point, or a part of it, into a folder: a single source's files directly there, several in a folder each.
// Promise: nothing that exists is overwritten, nothing lands outside of the folder, and a file that has its name is whole.
import { chmod, lstat, mkdir, stat, symlink, utimes } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { BackupError, failureOf } from '../../../shared/model/backup-error.ts';
import type { Problem } from '../../../shared/model/failure.ts';
import type { FileList, PageFile, PointSource } from '../../../shared/model/restore-point.ts';
import { sideFileOf, sideFileSuffixes } from '../sources/side-files.ts';
import { readFolderList, type FolderEntry } from '../vault/folder-list.ts';
import { checkPageFile } from './check-page-file.ts';
import { fetchListFile, keepFrames, type ReadFrameContent } from './fetch-list-file.ts';
import type { PlannedPageFile } from './fetch-page-file.ts';
import { planPointFile } from './plan-point-file.ts';
import { freeBytesOf } from './make-safety-point.ts';
import { createPackFrames } from './pack-frames.ts';
import { placeNewFile, syncFolder } from './place-file.ts';
import type { PointToRestore, RestorePhaseTime, RestoreTools } from './restore-tools.ts';
import { watchRestore, type RestoreWatch } from './restore-watch.ts';
import {
  assertNothingThere,
  assertPlainParents,
  onMissing,
  resolveInside,
  toFolderName,
} from './safe-target.ts';
import { removeDeadScratch, removeScratch, scratchPath } from './scratch-file.ts';

const CHECK_DEADLINE_MS = 6 * 3600_000;

/** What of a point. `path`: one file of a source, as the point has it. */
export type RestoreScope =
  | { readonly kind: 'everything' }
  | { readonly kind: 'source'; readonly source: string }
  | { readonly kind: 'file'; readonly source: string; readonly path: string };

export interface FolderRestoreRequest {
  readonly tools: RestoreTools;
  readonly from: PointToRestore;
  /** Absolute; made if need be. */
  readonly folder: string;
  readonly scope: RestoreScope;
  /** Runs SQLite's own check on each database. */
  readonly checkIntegrity: boolean;
}

export interface RestoredDatabase {
  readonly source: PointSource;
  readonly path: string;
  readonly bytes: number;
  /** Pages that came out of packs; the others are zeros. */
  readonly storedPages: number;
  readonly replacedPages: number;
  /** Hex: computed from the pages written, equal to the manifest's. */
  readonly root: string;
  /** What SQLite's integrity check says; empty = sound; null = not run. */
  readonly complaints: readonly string[] | null;
}

export interface FolderRestoreResult {
  readonly folder: string;
  readonly databases: readonly RestoredDatabase[];
  /** Files of lists. */
  readonly files: number;
  readonly bytes: number;
  readonly problems: readonly Problem[];
  readonly phases: readonly RestorePhaseTime[];
}

export interface FolderPlan {
  readonly items: readonly {
    readonly source: PointSource;
    /** The file, or the folder that the source's files go to. */
    readonly path: string;
    readonly bytes: number;
    readonly neededBytes: number;
  }[];
  readonly neededBytes: number;
  /** Null: the disk does not tell. */
  readonly freeBytes: number | null;
}

/** What a restore would write; makes nothing. Throws file-missing-in-point, target-exists, target-refused, point-damaged. */
export async function planRestoreIntoFolder(request: FolderRestoreRequest): Promise<FolderPlan> {
  const items: FolderPlan['items'][number][] = [];
  for (const item of await planWork(request)) {
    const { source } = item;
    if (item.kind === 'pages') {
      const { target: path, bytes, storedBytes: neededBytes } = item;
      items.push({ source, path, bytes, neededBytes });
    } else if (item.only === null) {
      await assertListFree(request, item);
      const { folder: path, bytes, storedBytes: neededBytes } = item;
      items.push({ source, path, bytes, neededBytes });
    } else {
      const path = resolveInside(item.folder, item.only);
      await assertPlainParents(item.folder, item.only);
      await assertNothingThere(path);
      items.push({ source, path, bytes: item.bytes, neededBytes: item.bytes });
    }
  }
  const neededBytes = items.reduce((sum, item) => sum + item.neededBytes, 0);
  return { items, neededBytes, freeBytes: await freeBytesAbove(request.folder) };
}

/** Throws target-exists for the first file that has its name already. */
async function assertListFree(
  { tools, from }: FolderRestoreRequest,
  work: ListWork,
): Promise<void> {
  if ((await lstat(work.folder).catch(onMissing)) === null) return;
  for await (const entry of readFolderList(from.vault, work.list.levels, tools.report)) {
    const target = resolveInside(work.folder, entry.path);
    if (entry.kind !== 'folder') await assertNothingThere(target);
  }
}

async function sizeOfListFile(
  request: FolderRestoreRequest,
  { list }: PointSource,
  only: string,
): Promise<number> {
  const { tools, from } = request;
  for await (const entry of readFolderList(from.vault, list?.levels ?? [], tools.report)) {
    if (entry.path === only) return entry.kind === 'file' ? entry.size : 0;
  }
  throw fileMissing(request, only);
}

/** Of the disk that the folder will be on. */
async function freeBytesAbove(folder: string): Promise<number | null> {
  const isThere = (await lstat(folder).catch(onMissing)) !== null;
  const parent = dirname(folder);
  return isThere || parent === folder ? freeBytesOf(folder) : freeBytesAbove(parent);
}

/** Throws file-missing-in-point, target-exists, target-full, target-refused, point-damaged. */
export async function restoreIntoFolder(
  request: FolderRestoreRequest,
): Promise<FolderRestoreResult> {
  const { tools, from, scope } = request;
  const watch = watchRestore(tools);
  watch.start('plan', null, request.folder);
  const work = await planWork(request);
  await mkdir(request.folder, { recursive: true });
  await removeDeadScratch(request.folder, tools.owner, new Set());
  await assertRoom(request.folder, work);

  const bytes = work.reduce((sum, item) => sum + item.bytes, 0);
  const databases: RestoredDatabase[] = [];
  const problems: Problem[] = [];
  let files = 0;
  const readFrame = keepFrames(createPackFrames(from.vault, tools.pool));
  for (const item of work) {
    watch.start('fetch', bytes, item.source.name);
    if (item.kind === 'pages') {
      const database = await restorePages(request, item, watch);
      databases.push(database);
      problems.push(...complaintsOf(database));
    } else {
      files += await restoreList(request, item, readFrame, watch, problems);
    }
  }
  if (scope.kind === 'file' && files + databases.length === 0)
    throw fileMissing(request, scope.path);
  return { folder: request.folder, databases, files, bytes, problems, phases: watch.finish() };
}

interface PagesWork {
  readonly kind: 'pages';
  readonly source: PointSource;
  readonly file: PageFile;
  readonly folder: string;
  readonly target: string;
  readonly bytes: number;
  readonly storedBytes: number;
  readonly planned: PlannedPageFile;
  readonly tell: { onBytes: (bytes: number) => void };
}

interface ListWork {
  readonly kind: 'list';
  readonly source: PointSource;
  readonly list: FileList;
  readonly folder: string;
  readonly bytes: number;
  readonly storedBytes: number;
  readonly only: string | null;
}

type Work = PagesWork | ListWork;

/** Everything that can be refused is refused here, before the first byte is written. */
async function planWork(request: FolderRestoreRequest): Promise<readonly Work[]> {
  const { from, scope, folder } = request;
  const sources = from.point.sources.filter(
    (source) => scope.kind === 'everything' || source.id === scope.source,
  );
  if (sources.length === 0 && scope.kind !== 'everything') throw fileMissing(request, scope.source);
  const only = scope.kind === 'file' ? scope.path : null;
  const names = new Set<string>();
  const work: Work[] = [];
  for (const source of sources) {
    const own = sources.length === 1 ? folder : join(folder, takeName(source.name, names));
    if (source.pages !== null && (only === null || only === source.pages.path)) {
      work.push(await planPages(request, source, source.pages, own));
    }
    if (source.list !== null) {
      const { list } = source;
      const bytes = only === null ? list.bytes : await sizeOfListFile(request, source, only);
      work.push({ kind: 'list', source, list, folder: own, bytes, storedBytes: bytes, only });
    }
  }
  if (work.length === 0 && only !== null) throw fileMissing(request, only);
  return work;
}

async function planPages(
  { tools, from }: FolderRestoreRequest,
  source: PointSource,
  file: PageFile,
  folder: string,
): Promise<PagesWork> {
  const target = resolveInside(folder, file.path);
  await assertPlainParents(folder, file.path);
  // A log that lies there already would be replayed into the new file.
  for (const path of [target, ...sideFileSuffixes.map((suffix) => sideFileOf(target, suffix))]) {
    await assertNothingThere(path);
  }
  const tell = { onBytes: (_bytes: number): void => {} };
  const planned = await planPointFile(tools, from, { source, file }, (bytes) =>
    tell.onBytes(bytes),
  );
  const { storedBytes } = planned;
  return {
    kind: 'pages',
    source,
    file,
    folder,
    target,
    bytes: file.size,
    storedBytes,
    planned,
    tell,
  };
}

async function restorePages(
  { tools, checkIntegrity }: FolderRestoreRequest,
  work: PagesWork,
  watch: RestoreWatch,
): Promise<RestoredDatabase> {
  const { file, source, target } = work;
  await mkdir(dirname(target), { recursive: true });
  const scratch = scratchPath(dirname(target), tools.owner, tools.random);
  try {
    work.tell.onBytes = watch.addBytes;
    const fetched = await work.planned.fetch(scratch);
    const isChecked = checkIntegrity && source.kind === 'sqlite';
    const complaints = isChecked ? await checkDatabase(tools, work, scratch, watch) : null;
    await chmod(scratch, file.mode & 0o777);
    const takenAt = source.capturedAtMs / 1000;
    await utimes(scratch, takenAt, takenAt);
    await placeNewFile(tools.clock, scratch, target);
    await syncFolder(dirname(target));
    const { storedPages, replacedPages, root } = fetched;
    return { source, path: target, bytes: file.size, storedPages, replacedPages, root, complaints };
  } finally {
    await removeScratch(scratch);
  }
}

/** SQLite's opinion first; if looking changed the file after all, the digest once more. */
async function checkDatabase(
  { host, pool, signal }: RestoreTools,
  { file, target }: PagesWork,
  scratch: string,
  watch: RestoreWatch,
): Promise<readonly string[]> {
  watch.start('check', null, target);
  const before = await stat(scratch, { bigint: true });
  const complaints = await host.checkIntegrity(scratch, CHECK_DEADLINE_MS);
  const after = await stat(scratch, { bigint: true });
  if (before.mtimeNs !== after.mtimeNs || before.size !== after.size) {
    await checkPageFile({ path: scratch, file, pool, onBytes: watch.addBytes, signal });
  }
  return complaints;
}

async function restoreList(
  request: FolderRestoreRequest,
  work: ListWork,
  readFrame: ReadFrameContent,
  watch: RestoreWatch,
  problems: Problem[],
): Promise<number> {
  const { tools, from } = request;
  const folders: Extract<FolderEntry, { kind: 'folder' }>[] = [];
  const touched = new Set<string>();
  let files = 0;
  for await (const entry of readFolderList(from.vault, work.list.levels, tools.report)) {
    if (work.only !== null && entry.path !== work.only) continue;
    const target = resolveInside(work.folder, entry.path);
    await assertPlainParents(work.folder, entry.path);
    await mkdir(dirname(target), { recursive: true });
    touched.add(dirname(target));
    if (entry.kind === 'folder') {
      await makeFolder(target);
      folders.push(entry);
    } else if (entry.kind === 'link') {
      await makeLink(entry.target, target, problems, work.source.name);
    } else {
      await assertNothingThere(target);
      await restoreListFile(request, entry, target, readFrame, watch);
      files += 1;
    }
  }
  for (const folder of touched) await syncFolder(folder);
  // Times last, the innermost first: a file that is made changes its folder's.
  for (const { path, mode, mtimeMs } of folders.reverse()) {
    const target = resolveInside(work.folder, path);
    await chmod(target, mode & 0o777);
    await utimes(target, mtimeMs / 1000, mtimeMs / 1000);
  }
  return files;
}

async function restoreListFile(
  { tools, from }: FolderRestoreRequest,
  entry: Extract<FolderEntry, { kind: 'file' }>,
  target: string,
  readFrame: ReadFrameContent,
  watch: RestoreWatch,
): Promise<void> {
  const { report, signal } = tools;
  const scratch = scratchPath(dirname(target), tools.owner, tools.random);
  const pointId = from.point.id;
  const onBytes = watch.addBytes;
  try {
    await fetchListFile({
      readFrame,
      pointId,
      entry,
      targetPath: scratch,
      onBytes,
      report,
      signal,
    });
    await chmod(scratch, entry.mode & 0o777);
    await utimes(scratch, entry.mtimeMs / 1000, entry.mtimeMs / 1000);
    await placeNewFile(tools.clock, scratch, target);
  } finally {
    await removeScratch(scratch);
  }
}

async function makeFolder(path: string): Promise<void> {
  const found = await lstat(path).catch(onMissing);
  if (found === null) await mkdir(path);
  else if (!found.isDirectory()) throw new BackupError({ code: 'target-exists', path });
}

/** Only made, never followed. Where links are not allowed (Windows, FAT) that is a problem of the run. */
async function makeLink(
  to: string,
  path: string,
  problems: Problem[],
  source: string,
): Promise<void> {
  await assertNothingThere(path);
  try {
    await symlink(to, path);
  } catch (error) {
    const detail = `the link could not be made: ${failureOf(error).code}`;
    problems.push({ failure: { code: 'target-refused', path, detail }, source });
  }
}

async function assertRoom(folder: string, work: readonly Work[]): Promise<void> {
  const neededBytes = work.reduce((sum, item) => sum + item.storedBytes, 0);
  const freeBytes = await freeBytesOf(folder);
  if (freeBytes !== null && freeBytes < neededBytes) {
    throw new BackupError({ code: 'target-full', path: folder, neededBytes, freeBytes });
  }
}

/** A faithful copy of a damaged database: it is restored as it was, and said so. */
function complaintsOf({ source, path, complaints }: RestoredDatabase): readonly Problem[] {
  const [first] = complaints ?? [];
  if (first === undefined) return [];
  return [{ failure: { code: 'source-damaged', path, detail: first }, source: source.name }];
}

function takeName(label: string, taken: Set<string>): string {
  const plain = toFolderName(label);
  let name = plain;
  for (let copy = 2; taken.has(name.toLowerCase()); copy++) name = `${plain} (${copy})`;
  taken.add(name.toLowerCase());
  return name;
}

function fileMissing({ from }: FolderRestoreRequest, file: string): BackupError {
  return new BackupError({ code: 'file-missing-in-point', file, point: from.point.id });
}
