// Restores a database through SQLite: its backup API writes the scratch file's pages into the live database as one
// transaction. Programs that have it open stay so and see the new rows; a crash rolls back; side files stay SQLite's.
// Promise: it returns only after the live database was read again and was, page by page, the scratch file.
import { fsyncSync } from 'node:fs';
import type Database from 'better-sqlite3';
import { BackupError } from '../../../shared/model/backup-error.ts';
import { findAccessLock } from './access-lock.ts';
import type { CaptureEnvironment } from './capture-parts.ts';
import {
  isNextCommit,
  isSameCommit,
  readCommitNumber,
  type CommitNumber,
} from './commit-number.ts';
import { openConnection, withDescriptor, nameForSqlite } from './descriptors.ts';
import { findHolders } from './file-holders.ts';
import { isJournalHeld } from './held-journal.ts';
import type { CallContext } from './operations.ts';
import { sideFileOf } from './side-files.ts';
import { codeOf, isBusy } from './source-failure.ts';
import { compareState, digestState, type StateDigest } from './state-digest.ts';

/** How long a writer of the live database is waited for; commits take milliseconds. */
const LONGEST_WAIT_MS = 10_000;
const RETRY_MS = 25;
/** Pages between two looks at the wish to cancel. */
const PAGES_PER_STEP = 2_048;

export interface RestoreThroughRequest {
  /** The live database; it exists, has the scratch file's page size, and no links in its path. */
  readonly path: string;
  readonly scratch: string;
  /** Counters when its state was begun to be kept; null: whatever was written since may be lost. */
  readonly keptAt: CommitNumber | null;
}

export interface RestoredThrough {
  /** Of the scratch file: what the live database is, unless somebody wrote since. */
  readonly digest: StateDigest;
  /** Pages that another program has changed between the restore and the comparison. */
  readonly pagesWrittenSince: number;
}

/**
 * Throws target-in-use when no lock could be had and target-changed when somebody wrote since `keptAt` (nothing was
 * changed then), restore-differs, and SQLite's errors. `letWrite` ends a hold of ours just before the lock is taken.
 */
export async function restoreThrough(
  request: RestoreThroughRequest,
  environment: CaptureEnvironment,
  call: CallContext,
  letWrite: () => void,
): Promise<RestoredThrough> {
  const { path, scratch } = request;
  // Stays open: it keeps the log and its index where they are.
  using observer = openConnection(path, { isReadOnly: false, busyTimeoutMs: 0 });
  const { database } = observer;
  await retryBusy(path, environment, call, () => database.pragma('user_version'));
  const before = await copyInto(request, environment, call, letWrite);
  foldLog(database, path);
  let isQuiet = false;
  const found = await compareState(path, scratch, environment, () => {
    isQuiet = isNextCommit(before, readCommitNumber(path));
  });
  if (found.differingPages === 0) return { digest: digestOf(found), pagesWrittenSince: 0 };
  if (isQuiet && isNextCommit(before, readCommitNumber(path))) {
    const detail = `${found.differingPages} pages differ`;
    throw new BackupError({ code: 'restore-differs', path, detail });
  }
  const digest = await digestState(scratch, environment);
  return { digest, pagesWrittenSince: found.differingPages };
}

/** Resolves with the counters as they were under our lock, before our commit. */
async function copyInto(
  { path, scratch, keptAt }: RestoreThroughRequest,
  environment: CaptureEnvironment,
  call: CallContext,
  letWrite: () => void,
): Promise<CommitNumber> {
  let before: CommitNumber | null = null;
  using source = openConnection(scratch, { isReadOnly: false, busyTimeoutMs: 0 });
  await retryBusy(path, environment, call, async () => {
    before = null;
    letWrite();
    if (isJournalHeld(path)) throw Object.assign(new Error('journal'), { code: 'SQLITE_BUSY' });
    const { totalPages } = await source.database.backup(nameForSqlite(path), {
      progress: ({ totalPages: total, remainingPages }) => {
        throwIfCancelled(call);
        before ??= readCommitNumber(path);
        if (keptAt !== null && !isSameCommit(keptAt, before))
          throw new BackupError({ code: 'target-changed', path });
        call.report({ totalPages: total, remainingPages });
        return PAGES_PER_STEP;
      },
    });
    // better-sqlite3 takes a refused lock for the end of the work: no pages, no error.
    if (totalPages === 0) throw Object.assign(new Error('locked'), { code: 'SQLITE_BUSY' });
  });
  return before ?? readCommitNumber(path);
}

/** Tries until the lock is given or patience ends. */
async function retryBusy(
  path: string,
  environment: CaptureEnvironment,
  call: CallContext,
  work: () => unknown,
): Promise<void> {
  const startedAt = environment.monotonicMs();
  for (;;) {
    throwIfCancelled(call);
    try {
      await work();
      return;
    } catch (error) {
      if (!isBusy(error) && !codeOf(error).startsWith('SQLITE_LOCKED')) throw error;
      if (environment.monotonicMs() - startedAt > LONGEST_WAIT_MS) throw inUse(path, error);
    }
    await environment.sleep(RETRY_MS);
  }
}

/** In WAL mode the new pages lie in the log: into the file with them, and onto the disk in any case. */
function foldLog(database: Database.Database, path: string): void {
  // Refused while others read older states, or write in rollback mode; they or their next commit fold it then.
  try {
    database.pragma('wal_checkpoint(TRUNCATE)');
  } catch (error) {
    if (!isBusy(error)) throw error;
  }
  for (const file of [path, sideFileOf(path, '-wal')]) {
    withDescriptor(file, (fd) => {
      try {
        fsyncSync(fd);
      } catch (error) {
        // Windows syncs only what may be written; there the checkpoint has done it.
        if (codeOf(error) !== 'EPERM') throw error;
      }
    });
  }
}

function digestOf({ kind, pageSize, pageCount, size, sha256 }: StateDigest): StateDigest {
  return { kind, pageSize, pageCount, size, sha256 };
}

function throwIfCancelled(call: CallContext): void {
  if (call.signal.aborted) throw new BackupError({ code: 'cancelled' });
}

/** Names who has it open only if the system tells. */
export function inUse(path: string, cause?: unknown): BackupError {
  const holders = findHolders(path);
  const by = holders === null || holders.length === 0 ? null : holders.join(', ');
  const lock = findAccessLock(path);
  const failure = { code: 'target-in-use', path, by } as const;
  return new BackupError(lock === null ? failure : { ...failure, lock }, cause);
}
