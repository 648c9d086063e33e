// Two databases on one connection, each in one unchanging state: copies of ours, or a copy beside the live file.
// Promise: the live file is opened as a capture opens it - looked at first, in a read transaction that blocks nobody.
// A rollback-journal database cannot be held like that: it is refused, and the caller compares a captured copy instead.
import { BackupError } from '../../../shared/model/backup-error.ts';
import type { CaptureParts } from './capture-parts.ts';
import { type Connection, openConnection } from './descriptors.ts';
import { planAccess, readAccessFacts } from './source-access.ts';
import { lookAtSource } from './source-look.ts';

/** One of two databases; what is not live is a copy of ours that nobody else touches. */
export interface DatabaseSide {
  readonly path: string;
  readonly isLive: boolean;
}

/** Schema names of the two states on `connection`; its transaction is open. */
export interface DatabasePair extends Disposable {
  readonly connection: Connection;
  readonly before: string;
  readonly after: string;
}

/** SQLite waits this long for a recovery or a closing connection of another process. */
const BUSY_TIMEOUT_MS = 2_000;

/** Opens both. Throws source-unsupported when the live one cannot be held without blocking its program. */
export function openPair(
  before: DatabaseSide,
  after: DatabaseSide,
  parts: CaptureParts,
): DatabasePair {
  if (before.isLive && after.isLive) {
    throw new BackupError({ code: 'usage', detail: 'one of two databases must be a copy' });
  }
  // The live one opens the connection: its way of being opened holds for what is attached as well.
  const [first, second] = after.isLive ? [after, before] : [before, after];
  const connection = first.isLive
    ? openLive(first.path)
    : openConnection(first.path, { isReadOnly: false, busyTimeoutMs: BUSY_TIMEOUT_MS });
  try {
    connection.attach(second.path, 'other');
    parts.beginRead(connection.database);
    const close = (): void => {
      parts.endRead(connection.database);
      connection.close();
    };
    const [one, two] = after.isLive ? ['other', 'main'] : ['main', 'other'];
    return { connection, before: one, after: two, [Symbol.dispose]: close };
  } catch (error) {
    connection.close();
    throw error;
  }
}

function openLive(path: string): Connection {
  const look = lookAtSource(path);
  const access = planAccess(look, readAccessFacts(look.path));
  if (access.kind === 'damaged') {
    throw new BackupError({ code: 'source-damaged', path, detail: access.detail });
  }
  if (access.kind === 'bytes') throw unsupported(path, access.reason);
  if (access.journalMode !== 'wal') throw unsupported(path, 'rollback journal');
  const isReadOnly = access.kind === 'read-only';
  const connection = openConnection(look.path, { isReadOnly, busyTimeoutMs: BUSY_TIMEOUT_MS });
  try {
    // It may have left WAL mode since the look.
    const mode = connection.database.pragma('journal_mode', { simple: true });
    if (mode !== 'wal') throw unsupported(path, 'rollback journal');
    return connection;
  } catch (error) {
    connection.close();
    throw error;
  }
}

function unsupported(path: string, detail: string): BackupError {
  return new BackupError({ code: 'source-unsupported', path, detail });
}
