// Every descriptor of a database, its -wal, -shm and -journal in this process: SQLite's connections and our own raw ones.
// Promise: no raw descriptor is closed while a connection of the same database is open. On POSIX, closing any descriptor
// of a file drops all locks that the process holds on it, SQLite's too: a reader would lose its snapshot unseen. Not so on
// Windows.
// Used by the source worker's thread only: there the table below is the process's.
import { closeSync, openSync, statSync } from 'node:fs';
import Database from 'better-sqlite3';
import { inLongForm } from '../../../shared/model/windows-path.ts';
import { sideFileSuffixes } from './side-files.ts';

/** A connection that the table knows of. */
export interface Connection extends Disposable {
  readonly database: Database.Database;
  /** Lets the connection see a second database as `schema`, until it is closed. */
  attach(path: string, schema: string): void;
  close(): void;
}

/** A raw descriptor for positioned reads. */
export interface RawDescriptor extends Disposable {
  readonly fd: number;
  close(): void;
}

export interface ConnectionOptions {
  readonly isReadOnly: boolean;
  /** How long SQLite itself waits for a lock, milliseconds; the thread does nothing else meanwhile. */
  readonly busyTimeoutMs: number;
  /** Creates the file if it is missing (scratch files only). */
  readonly mayCreate?: boolean;
}

interface Group {
  connections: number;
  /** Descriptors that were let go while a connection was open. */
  readonly waiting: number[];
}

const groups = new Map<string, Group>();

/**
 * On Windows locks belong to a handle, and a journal that somebody has open is not gone when its owner has deleted it: the
 * CRM's next transaction could not begin. There a raw handle is closed at once.
 */
const dropsLocks = process.platform !== 'win32';

/** Opens a connection through SQLite; throws SQLite's or the system's error. */
export function openConnection(path: string, options: ConnectionOptions): Connection {
  const database = new Database(nameForSqlite(path), {
    readonly: options.isReadOnly,
    fileMustExist: options.mayCreate !== true,
    timeout: options.busyTimeoutMs,
  });
  const leave = [joinGroup(path)];
  const attach = (otherPath: string, schema: string): void => {
    database.prepare(`ATTACH ? AS ${schema}`).run(nameForSqlite(otherPath));
    leave.push(joinGroup(otherPath));
  };
  const close = (): void => {
    if (!database.open) return;
    database.close();
    for (const each of leave) each();
  };
  return { database, attach, close, [Symbol.dispose]: close };
}

/** Node puts long paths into the form that Windows wants; SQLite does not. */
export function nameForSqlite(path: string): string {
  return process.platform === 'win32' ? inLongForm(path) : path;
}

/** Opens a file for reading. Where a connection of the same database is needed too, open that first. */
export function openDescriptor(path: string): RawDescriptor {
  const key = groupKeyOf(path);
  const fd = openSync(path, 'r');
  let isOpen = true;
  const close = (): void => {
    if (!isOpen) return;
    isOpen = false;
    const group = groups.get(key);
    if (group === undefined || !dropsLocks) closeSync(fd);
    else group.waiting.push(fd);
  };
  return { fd, close, [Symbol.dispose]: close };
}

/** Runs `read` on a raw descriptor of `path`, or gives null when no such file exists. */
export function withDescriptor<T>(path: string, read: (fd: number) => T): T | null {
  let descriptor: RawDescriptor;
  try {
    descriptor = openDescriptor(path);
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
  try {
    return read(descriptor.fd);
  } finally {
    descriptor.close();
  }
}

/** Counts a connection of the database at `path`; the returned function ends that. */
function joinGroup(path: string): () => void {
  const key = groupKeyOf(path);
  const group = groups.get(key) ?? { connections: 0, waiting: [] };
  groups.set(key, group);
  group.connections += 1;
  return () => {
    group.connections -= 1;
    if (group.connections === 0) closeWaiting(key, group);
  };
}

function closeWaiting(key: string, group: Group): void {
  groups.delete(key);
  for (const fd of group.waiting) closeSync(fd);
}

/** A database and its side files share one group; hard links and symlinks of the database too. */
function groupKeyOf(path: string): string {
  const suffix = sideFileSuffixes.find((ending) => path.endsWith(ending));
  const base = suffix === undefined ? path : path.slice(0, -suffix.length);
  const stat =
    statSync(base, { bigint: true, throwIfNoEntry: false }) ??
    statSync(path, { bigint: true, throwIfNoEntry: false });
  return stat === undefined ? path : `${stat.dev}:${stat.ino}`;
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
