// Restores a point, or a part of it, into a folder: a single source's files directly there, several in a folder each.
// Promise: nothing that exists is overwritten, nothing lands outside of the folder, and a file that has its name is whole.
import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { BackupError } from '../../../shared/model/backup-error.ts';
import type { Problem } from '../../../shared/model/failure.ts';
import type { PointSource } from '../../../shared/model/restore-point.ts';
import { checkPageFile } from './check-page-file.ts';
import { tryDiskNames } from './disk-names.ts';
import { dress } from './dress-entries.ts';
import { lendFrames } from './fetch-list-file.ts';
import { freeBytesOf } from './free-bytes.ts';
import { createPackFrames } from './pack-frames.ts';
import { placeNewFile, syncFolder } from './place-file.ts';
import {
  planIntoFolder,
  type FolderRestoreRequest,
  type PagesWork,
  type Work,
} from './plan-into-folder.ts';
import { restoreList } from './restore-list.ts';
import type { RestorePhaseTime, RestoreTools } from './restore-tools.ts';
import { watchRestore, type RestoreWatch } from './restore-watch.ts';
import { removeDeadScratch, removeScratch, scratchPath } from './scratch-file.ts';

const CHECK_DEADLINE_MS = 6 * 3600_000;

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

/** Throws file-missing-in-point, target-exists, target-full, target-refused, point-damaged. */
export async function restoreIntoFolder(
  request: FolderRestoreRequest,
): Promise<FolderRestoreResult> {
  const { tools, from } = request;
  const watch = watchRestore(tools);
  watch.start('plan', null, request.folder);
  const work = await planIntoFolder(request, await tryDiskNames(request.folder, tools));
  await mkdir(request.folder, { recursive: true });
  await removeDeadScratch(request.folder, tools.owner, new Set());
  await assertRoom(request.folder, work);

  const bytes = work.reduce((sum, item) => sum + item.bytes, 0);
  const databases: RestoredDatabase[] = [];
  const problems: Problem[] = [];
  let files = 0;
  const lendFrame = lendFrames(createPackFrames(from.vault, tools.pool));
  for (const item of work) {
    watch.start('fetch', item.bytes, item.source.name);
    if (item.kind === 'pages') {
      const database = await restorePages(request, item, watch);
      databases.push(database);
      problems.push(...complaintsOf(database));
    } else {
      files += await restoreList(request, item, lendFrame, watch, problems);
    }
  }
  return { folder: request.folder, databases, files, bytes, problems, phases: watch.finish() };
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
    await dress(scratch, { mode: file.mode, mtimeMs: source.capturedAtMs });
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
  const complaints = await watch.during(host.checkIntegrity(scratch, CHECK_DEADLINE_MS, signal));
  const after = await stat(scratch, { bigint: true });
  if (before.mtimeNs !== after.mtimeNs || before.size !== after.size) {
    await checkPageFile({ path: scratch, file, pool, onBytes: watch.addBytes, signal });
  }
  return complaints;
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
