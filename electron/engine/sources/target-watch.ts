// Tells a restore in place whether anybody wrote to its target since the present state was begun to be kept, and can
// make writers wait meanwhile. Promise: a commit between keeping and replacing is seen under SQLite's own lock, so it
// is kept too or nothing is replaced; writers never wait longer than the longest hold, whatever becomes of the caller.
import { BackupError } from '../../../shared/model/backup-error.ts';
import type { CaptureEnvironment } from './capture-parts.ts';
import { type CommitNumber, readCommitNumber } from './commit-number.ts';
import { type Connection, openConnection } from './descriptors.ts';
import { findHolders } from './file-holders.ts';
import { planAccess, readAccessFacts } from './source-access.ts';
import { isBusy } from './source-failure.ts';
import { lookAtSource } from './source-look.ts';

/** A CRM waits this long at most while a small increment is stored; then its writers go first. */
export const LONGEST_WRITE_HOLD_MS = 30_000;
const LONGEST_WAIT_MS = 10_000;
const RETRY_MS = 5;

export interface TargetWatches {
  /**
   * Keeps a connection open, so that the counters keep their meaning, and gives them as they are now; null where SQLite
   * cannot be let in. Throws target-in-use when the writers of the target leave no gap to hold them.
   */
  watch(path: string, holdsWriters: boolean): Promise<CommitNumber | null>;
  /** Lets the writers go; the connection stays. */
  letWrite(path: string): void;
  end(path: string): void;
  endAll(): void;
}

/** Of one worker. */
export function startTargetWatches(environment: CaptureEnvironment): TargetWatches {
  const watches = new Map<string, Connection>();
  const letWrite = (path: string): void => {
    const database = watches.get(path)?.database;
    if (database?.inTransaction === true) database.exec('ROLLBACK');
  };
  const end = (path: string): void => {
    watches.get(path)?.close();
    watches.delete(path);
  };
  const watch = async (path: string, holdsWriters: boolean): Promise<CommitNumber | null> => {
    end(path);
    if (!isOpenToSqlite(path)) return null;
    const connection = openConnection(path, { isReadOnly: false, busyTimeoutMs: 0 });
    watches.set(path, connection);
    try {
      await retryBusy(path, environment, () => {
        connection.database.pragma('user_version');
        if (holdsWriters) connection.database.exec('BEGIN IMMEDIATE');
      });
    } catch (error) {
      end(path);
      // What SQLite cannot open has no counters; how it is replaced is decided without them.
      if (error instanceof BackupError) throw error;
      return null;
    }
    if (holdsWriters) {
      void environment.sleep(LONGEST_WRITE_HOLD_MS).then(() => {
        if (watches.get(path) === connection) letWrite(path);
      });
    }
    return readCommitNumber(path);
  };
  return {
    watch,
    letWrite,
    end,
    endAll: () => [...watches.keys()].forEach(end),
  };
}

function isOpenToSqlite(path: string): boolean {
  const look = lookAtSource(path);
  const facts = readAccessFacts(look.path);
  const { kind } = planAccess(look, facts);
  return facts.canWrite && (kind === 'read-only' || kind === 'read-write');
}

async function retryBusy(
  path: string,
  environment: CaptureEnvironment,
  action: () => void,
): Promise<void> {
  const until = environment.monotonicMs() + LONGEST_WAIT_MS;
  for (;;) {
    try {
      action();
      return;
    } catch (error) {
      if (!isBusy(error)) throw error;
      if (environment.monotonicMs() > until) {
        const by = findHolders(path)?.join(', ') ?? '';
        throw new BackupError({ code: 'target-in-use', path, by: by === '' ? null : by }, error);
      }
    }
    await environment.sleep(RETRY_MS);
  }
}
