// Decides how a source may be read: through SQLite, or only as bytes.
// Promise: SQLite is let in only where opening and closing leaves every existing file as it was.
import { accessSync, constants } from 'node:fs';
import { dirname } from 'node:path';
import { isOnNetwork } from './file-system-kind.ts';
import type { SourceLook } from './source-look.ts';

export type SourceAccess =
  /** A connection that cannot write; side files are there already, or none are needed. */
  | { readonly kind: 'read-only'; readonly journalMode: 'wal' | 'rollback' }
  /** Opening makes -wal and -shm; only a connection that could write takes them away again. */
  | { readonly kind: 'read-write'; readonly journalMode: 'wal' }
  /** Read as bytes until two readings are equal. */
  | { readonly kind: 'bytes'; readonly reason: BytesReason }
  /** Opening would destroy what is left of it. */
  | { readonly kind: 'damaged'; readonly detail: string };

/** Why SQLite can hold no lock for us. */
export type BytesReason =
  | 'not-sqlite'
  | 'network'
  | 'not-writable'
  | 'log-without-index'
  | 'cut-transaction'
  | 'locked'
  | 'newer-format'
  | 'side-files'
  | 'name';

/** What the world outside the file says. */
export interface AccessFacts {
  readonly isOnNetwork: boolean;
  readonly canWrite: boolean;
}

/** Asks the system for the facts. */
export function readAccessFacts(path: string): AccessFacts {
  return { isOnNetwork: isOnNetwork(path), canWrite: canWrite(path) && canWrite(dirname(path)) };
}

/** Decides. */
export function planAccess(look: SourceLook, facts: AccessFacts): SourceAccess {
  const { header, stamp, wal, journal } = look;
  const hasContentBeside = (wal?.stamp.size ?? 0) > 0 || journal?.isInUse === true;
  if (stamp.size === 0) {
    if (hasContentBeside) return damaged('the file is empty, but its log or journal is not');
    // SQLite deletes a log beside an empty database.
    if (wal !== null || journal !== null) return bytes('side-files');
    return { kind: 'read-only', journalMode: 'rollback' };
  }
  if (!look.hasSignature) return bytes('not-sqlite');
  if (header === null || stamp.size < header.pageSize) {
    return damaged('the file is shorter than its first page');
  }
  // better-sqlite3 trims the name that it is given.
  if (look.path !== look.path.trim()) return bytes('name');
  if (header.readVersion > 2 || header.writeVersion > 2) return bytes('newer-format');
  return isWalMode(look)
    ? planWalAccess(look, facts)
    : { kind: 'read-only', journalMode: 'rollback' };
}

/** True if SQLite would use a log: the header asks for one, or a log is there all the same. */
export function isWalMode(look: SourceLook): boolean {
  return look.header?.readVersion === 2 || (look.wal !== null && look.wal.header !== null);
}

function planWalAccess(look: SourceLook, facts: AccessFacts): SourceAccess {
  const { wal, shm, journal } = look;
  // The log's index is shared memory: from a second machine it would be another one.
  if (facts.isOnNetwork) return bytes('network');
  if (journal?.isInUse === true) return bytes('cut-transaction');
  if (wal !== null && shm !== null) return { kind: 'read-only', journalMode: 'wal' };
  if (wal !== null) return bytes('log-without-index');
  if (shm !== null) return bytes('side-files');
  return facts.canWrite ? { kind: 'read-write', journalMode: 'wal' } : bytes('not-writable');
}

function bytes(reason: BytesReason): SourceAccess {
  return { kind: 'bytes', reason };
}

function damaged(detail: string): SourceAccess {
  return { kind: 'damaged', detail };
}

function canWrite(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
