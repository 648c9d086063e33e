// The files, links and folders of a list, put into a new folder. Promise: nothing that exists is overwritten, a link is only
// made, never followed, and a file that has its name is whole; folders get their rights and times when all is in them.
import { lstat, mkdir, rm, symlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { BackupError, failureOf } from '../../../shared/model/backup-error.ts';
import type { Problem } from '../../../shared/model/failure.ts';
import type { FolderEntry } from '../vault/folder-list.ts';
import { dress, dressFolders, makeFolder, saidOf, type MadeFolder } from './dress-entries.ts';
import { fetchListFile, type LendFrame } from './fetch-list-file.ts';
import { createFewAtOnce } from './few-at-once.ts';
import { placeNewFile, syncFolder } from './place-file.ts';
import { entriesOfWork, type FolderRestoreRequest, type ListWork } from './plan-into-folder.ts';
import type { RestoreWatch } from './restore-watch.ts';
import { assertNothingThere, assertPlainParents, onMissing, resolveInside } from './safe-target.ts';
import { scratchPath } from './scratch-file.ts';

/** Each waits for the disk; the system has four threads for that. */
const FILES_AT_ONCE = 8;

/** Gives the number of files; what could not be made, or got another name, is among `problems`. */
export async function restoreList(
  request: FolderRestoreRequest,
  work: ListWork,
  lendFrame: LendFrame,
  watch: RestoreWatch,
  problems: Problem[],
): Promise<number> {
  const { source } = work;
  const made: MadeFolder[] = [];
  const touched = new Set<string>();
  const writing = createFewAtOnce(FILES_AT_ONCE);
  let files = 0;
  try {
    for await (const entry of entriesOfWork(request, work)) {
      const target = resolveInside(work.folder, entry.path);
      await assertPlainParents(work.folder, entry.path);
      if (!touched.has(dirname(target))) await mkdir(dirname(target), { recursive: true });
      touched.add(dirname(target));
      problems.push(...saidOf(entry, target, source.name));
      if (entry.kind === 'folder') {
        await assertFolderOrNothing(target);
        made.push(await makeFolder(target, entry));
      } else if (entry.kind === 'link') {
        await makeLink(entry.target, target, problems, source.name);
      } else {
        await assertNothingThere(target);
        await writing.add(async () => restoreListFile(request, entry, target, lendFrame, watch));
        files += 1;
      }
    }
    await writing.finish();
  } finally {
    await writing.settle();
  }
  for (const folder of touched) await syncFolder(folder);
  await dressFolders(made);
  return files;
}

async function restoreListFile(
  { tools, from }: FolderRestoreRequest,
  entry: Extract<FolderEntry, { kind: 'file' }>,
  target: string,
  lendFrame: LendFrame,
  watch: RestoreWatch,
): Promise<void> {
  const { report, signal } = tools;
  const scratch = scratchPath(dirname(target), tools.owner, tools.random);
  const pointId = from.point.id;
  const onBytes = watch.addBytes;
  try {
    await fetchListFile({
      lendFrame,
      pointId,
      entry,
      targetPath: scratch,
      onBytes,
      report,
      signal,
    });
    await dress(scratch, entry);
    await placeNewFile(tools.clock, scratch, target);
  } catch (error) {
    await rm(scratch, { force: true });
    throw error;
  }
}

async function assertFolderOrNothing(path: string): Promise<void> {
  const found = await lstat(path).catch(onMissing);
  if (found !== null && !found.isDirectory()) {
    throw new BackupError({ code: 'target-exists', path });
  }
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
