// Puts a finished file in the place of another by one rename, where restoring through SQLite is not possible.
// Promise: the old state is one file and under lock when the rename happens, so a crash leaves the old or the new file
// and no side file of the old one ever lies beside the new one; and it is the state that was kept, or nothing happens.
// What cannot be folded is told, and left as it was.
import { closeSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs';
import { platform } from 'node:os';
import { dirname } from 'node:path';
import { BackupError } from '../../../shared/model/backup-error.ts';
import { findAccessLock } from './access-lock.ts';
import type { CaptureEnvironment } from './capture-parts.ts';
import { openConnection } from './descriptors.ts';
import { findHolders } from './file-holders.ts';
import { inUse } from './restore-through.ts';
import { sideFileOf, sideFileSuffixes } from './side-files.ts';
import { codeOf, isBusy } from './source-failure.ts';
import { stampTarget } from './target-stamp.ts';

/** How long another program that only looks at the file (a scanner, an indexer) is waited for. */
const BLOCKED_FOR_MS = 10_000;
const RETRY_MS = 50;

export interface ReplaceRequest {
  /** No links in it. */
  readonly path: string;
  /** On the same disk, durable, with the mode and owner that it shall have. */
  readonly scratch: string;
  /** False: any other file, which has no log to fold. */
  readonly isSqlite: boolean;
  /** The target's stamp when its state was begun to be kept; null: whatever was written since may be lost. */
  readonly keptAt: string | null;
}

export type ReplaceOutcome =
  | { readonly kind: 'replaced' }
  /** SQLite cannot open it: its files have to be moved one by one. */
  | { readonly kind: 'cannot-fold'; readonly detail: string };

/** Throws target-in-use, target-changed when somebody wrote since `keptAt` (nothing was replaced then), and the system's error. */
export async function replaceTarget(
  { path, scratch, isSqlite, keptAt }: ReplaceRequest,
  environment: CaptureEnvironment,
): Promise<ReplaceOutcome> {
  assertNotHeld(path);
  if (!isSqlite) {
    assertUnchanged(path, keptAt);
    await renameOver(scratch, path, environment);
    return { kind: 'replaced' };
  }
  const folded = foldUnderLock(path, keptAt);
  if (folded.kind === 'cannot-fold') return folded;
  try {
    // Windows renames over no file that is open, not even by ourselves; there the rename refuses for all others.
    if (platform() === 'win32') folded.unlock();
    await renameOver(scratch, path, environment);
    return { kind: 'replaced' };
  } finally {
    folded.unlock();
  }
}

function assertUnchanged(path: string, keptAt: string | null): void {
  if (keptAt !== null && stampTarget(path) !== keptAt)
    throw new BackupError({ code: 'target-changed', path });
}

/** A program that has it open and idle holds no lock in rollback mode, and would go on writing into the old file. */
export function assertNotHeld(path: string): void {
  if ((findHolders(path) ?? []).length > 0 || findAccessLock(path) !== null) throw inUse(path);
}

type Folded =
  | { readonly kind: 'locked'; readonly unlock: () => void }
  | Extract<ReplaceOutcome, { kind: 'cannot-fold' }>;

function foldUnderLock(path: string, keptAt: string | null): Folded {
  let unlock = (): void => {};
  try {
    const connection = openConnection(path, { isReadOnly: false, busyTimeoutMs: 0 });
    const { database, close } = connection;
    unlock = close;
    // Before the first access: only then a WAL database is refused while anybody has it open.
    database.pragma('locking_mode = EXCLUSIVE');
    database.exec('BEGIN EXCLUSIVE; COMMIT');
    // Nobody can write any more, and folding has not changed anything yet.
    assertUnchanged(path, keptAt);
    database.pragma('wal_checkpoint(TRUNCATE)');
    const mode = database.pragma('journal_mode = DELETE', { simple: true });
    if (mode !== 'delete')
      throw Object.assign(new Error(`mode ${String(mode)}`), { code: 'SQLITE_BUSY' });
    // Exclusive mode keeps its journal file; normal mode removes it with the next read.
    database.pragma('locking_mode = NORMAL');
    database.pragma('user_version');
    database.exec('BEGIN EXCLUSIVE');
    // What is left is empty or cold, for SQLite has just read past it: a journal kept by truncating, a dead log's index.
    for (const suffix of sideFileSuffixes) rmSync(sideFileOf(path, suffix), { force: true });
    return { kind: 'locked', unlock };
  } catch (error) {
    unlock();
    if (isBusy(error) || codeOf(error).startsWith('SQLITE_LOCKED')) throw inUse(path, error);
    if (!codeOf(error).startsWith('SQLITE_')) throw error;
    return { kind: 'cannot-fold', detail: error instanceof Error ? error.message : String(error) };
  }
}

async function renameOver(
  scratch: string,
  path: string,
  environment: CaptureEnvironment,
): Promise<void> {
  const startedAt = environment.monotonicMs();
  for (;;) {
    try {
      renameSync(scratch, path);
      syncFolder(dirname(path));
      return;
    } catch (error) {
      const isBlocked = ['EPERM', 'EACCES', 'EBUSY'].includes(codeOf(error));
      if (!isBlocked) throw error;
      if (environment.monotonicMs() - startedAt > BLOCKED_FOR_MS) throw inUse(path, error);
    }
    await environment.sleep(RETRY_MS);
  }
}

function syncFolder(folder: string): void {
  if (platform() === 'win32') return;
  const fd = openSync(folder, 'r');
  try {
    fsyncSync(fd);
  } catch (error) {
    // Some shares cannot sync a folder.
    if (!['EINVAL', 'ENOTSUP', 'EACCES', 'EPERM'].includes(codeOf(error))) throw error;
  } finally {
    closeSync(fd);
  }
}
