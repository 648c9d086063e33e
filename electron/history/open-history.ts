// The history database: runs and figures, in the data folder. Disposable: it never stands between the user and a backup.
// Promise: opening always succeeds. What cannot be used is set aside, never deleted, and what happened is told; without
// any usable file the history lives in memory for this process. Writes that fail are kept as `trouble`, not thrown.
import { mkdirSync, renameSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { migrate, NewerHistoryError } from './migrate.ts';

/** What was found at opening; null when the history was there and well. */
export type HistoryNotice =
  /** There was none: the first start, or it was deleted. */
  | { readonly kind: 'created' }
  | { readonly kind: 'set-aside'; readonly file: string; readonly detail: string }
  | { readonly kind: 'in-memory'; readonly detail: string };

export interface History extends Disposable {
  /** For the functions of this folder only. */
  readonly db: Database.Database;
  readonly notice: HistoryNotice | null;
  /** The first write that failed, in the database's words; null while all went well. */
  trouble(): string | null;
  /** Runs a write in one transaction; false when it failed, which `trouble` then tells. */
  write(change: () => void): boolean;
  close(): void;
}

const FILE_NAME = 'history.db';
/** How long another process may hold the file. */
const BUSY_TIMEOUT_MS = 5000;

/** Opens the history in `dataFolder`, makes it or replaces it; never throws for a bad file. `nowMs` names what is set aside. */
export function openHistory(dataFolder: string, nowMs: number): History {
  const file = join(dataFolder, FILE_NAME);
  try {
    mkdirSync(dataFolder, { recursive: true, mode: 0o700 });
    return openFile(file);
  } catch (error) {
    if (!isUnusable(error)) return openInMemory(error);
    return replaceFile(file, error, nowMs);
  }
}

function openFile(file: string): History {
  const db = new Database(file, { timeout: BUSY_TIMEOUT_MS });
  try {
    db.pragma('journal_mode = WAL');
    // Undo records must survive a power cut; there are few writes.
    db.pragma('synchronous = FULL');
    db.pragma('foreign_keys = ON');
    checkPages(db);
    const versionBefore = migrate(db);
    checkTables(db);
    return historyOn(db, versionBefore === 0 ? { kind: 'created' } : null);
  } catch (error) {
    db.close();
    throw error;
  }
}

function replaceFile(file: string, error: unknown, nowMs: number): History {
  try {
    const aside = setAside(file, nowMs);
    const { db } = openFile(file);
    return historyOn(db, { kind: 'set-aside', file: aside, detail: messageOf(error) });
  } catch (second) {
    return openInMemory(second);
  }
}

/** The side files go along: an old WAL must not be replayed into a new file, and belongs to the old one. */
function setAside(file: string, nowMs: number): string {
  const time = new Date(nowMs).toISOString().slice(0, 19).replaceAll(/[-:]/gu, '');
  const base = file.replace(/\.db$/u, `-damaged-${time}`);
  let aside = `${base}.db`;
  for (let number = 2; existsSync(aside); number += 1) aside = `${base}-${number}.db`;
  for (const suffix of ['-wal', '-shm']) {
    if (existsSync(file + suffix)) renameSync(file + suffix, aside + suffix);
  }
  renameSync(file, aside);
  return aside;
}

function openInMemory(error: unknown): History {
  const db = new Database(':memory:');
  db.pragma('foreign_keys = ON');
  migrate(db);
  return historyOn(db, { kind: 'in-memory', detail: messageOf(error) });
}

function historyOn(db: Database.Database, notice: HistoryNotice | null): History {
  let trouble: string | null = null;
  return {
    db,
    notice,
    trouble: () => trouble,
    write(change) {
      try {
        db.transaction(change).immediate();
        return true;
      } catch (error) {
        if (!(error instanceof Database.SqliteError)) throw error;
        trouble ??= `${error.code}: ${error.message}`;
        return false;
      }
    },
    close: () => db.close(),
    [Symbol.dispose]: () => db.close(),
  };
}

class DamagedHistoryError extends Error {
  override readonly name = 'DamagedHistoryError';
}

function checkPages(db: Database.Database): void {
  const found = db.pragma('quick_check(1)', { simple: true });
  if (found !== 'ok') throw new DamagedHistoryError(String(found));
}

function checkTables(db: Database.Database): void {
  const found = db.prepare(`SELECT name FROM sqlite_schema WHERE type = 'table'`).pluck().all();
  const missing = ['runs', 'evidence', 'sightings', 'undo', 'disks'].filter(
    (name) => !found.includes(name),
  );
  if (missing.length > 0) throw new DamagedHistoryError(`no table ${missing.join(', ')}`);
}

/** True when a new file is the answer; false when the file is only out of reach for now (busy, no rights, disk full). */
function isUnusable(error: unknown): boolean {
  if (error instanceof DamagedHistoryError || error instanceof NewerHistoryError) return true;
  if (!(error instanceof Database.SqliteError)) return false;
  return /^SQLITE_(?:CORRUPT|NOTADB|ERROR|FORMAT|MISMATCH|IOERR_SHORT_READ)/u.test(error.code);
}

const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);
