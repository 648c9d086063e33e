// Opens the live database beside its program, for a look or for one transaction of ours.
// Promise: never opened where that could lose data, never waited for longer than the caller's patience.
import { BackupError } from '../../../shared/model/backup-error.ts';
import { type Connection, openConnection } from './descriptors.ts';
import { throwIfEnded, type WorkContext } from './give-way.ts';
import { planAccess, readAccessFacts } from './source-access.ts';
import { isBusy } from './source-failure.ts';
import { lookAtSource } from './source-look.ts';

export interface LiveRequest {
  readonly live: string;
  /** A copy of ours that is seen as schema `copy`; null where none is needed. */
  readonly copy: string | null;
  readonly patienceMs: number;
}

/** Between two tries; a busy program leaves gaps of a few milliseconds. */
const RETRY_MS = 5;

/** A connection in a transaction that reads one state. Throws source-busy, target-refused. */
export async function openLiveReader(
  request: LiveRequest,
  context: WorkContext,
): Promise<Connection> {
  return openInTransaction(request, context, false);
}

/**
 * A connection in a transaction that holds the write lock. References are not enforced and nothing cascades on it: what
 * else a change needs is decided before, and checked after. Throws source-busy, target-refused.
 */
export async function openLiveWriter(
  request: LiveRequest,
  context: WorkContext,
): Promise<Connection> {
  return openInTransaction(request, context, true);
}

async function openInTransaction(
  request: LiveRequest,
  context: WorkContext,
  mayWrite: boolean,
): Promise<Connection> {
  const { path, isReadOnly } = admit(request.live, mayWrite);
  return withPatience(request, context, () => {
    const connection = openConnection(path, { isReadOnly, busyTimeoutMs: 0 });
    const { database } = connection;
    try {
      database.pragma('foreign_keys = OFF');
      database.pragma('synchronous = FULL');
      database.pragma('user_version');
      if (request.copy !== null) connection.attach(request.copy, 'copy');
      database.exec(mayWrite ? 'BEGIN IMMEDIATE' : 'BEGIN');
      database.pragma('main.user_version');
      return connection;
    } catch (error) {
      connection.close();
      throw error;
    }
  });
}

/** Runs `action` again while another program holds the lock that it needs; throws source-busy in the end. */
export async function withPatience<T>(
  { live, patienceMs }: Pick<LiveRequest, 'live' | 'patienceMs'>,
  context: WorkContext,
  action: () => T,
): Promise<T> {
  const until = context.monotonicMs() + patienceMs;
  for (;;) {
    try {
      return action();
    } catch (error) {
      if (!isBusy(error)) throw error;
      if (context.monotonicMs() > until) {
        const detail = `another program was writing for more than ${patienceMs} ms`;
        throw new BackupError({ code: 'source-busy', path: live, detail }, error);
      }
    }
    await context.sleep(RETRY_MS);
    throwIfEnded(context.signal);
  }
}

function admit(
  live: string,
  mayWrite: boolean,
): { readonly path: string; readonly isReadOnly: boolean } {
  const look = lookAtSource(live);
  const facts = readAccessFacts(look.path);
  const access = planAccess(look, facts);
  if (access.kind === 'damaged') {
    throw new BackupError({ code: 'source-damaged', path: live, detail: access.detail });
  }
  if (access.kind === 'bytes') throw refused(live, access.reason);
  if (mayWrite && !facts.canWrite) throw refused(live, 'not-writable');
  return { path: look.path, isReadOnly: !mayWrite && access.kind === 'read-only' };
}

function refused(path: string, detail: string): BackupError {
  return new BackupError({ code: 'target-refused', path, detail });
}
