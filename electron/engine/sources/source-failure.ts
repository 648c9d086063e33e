// Errors of the system and of SQLite while a source is read, as failures of the closed union.
import { BackupError } from '../../../shared/model/backup-error.ts';

/** SQLite's or the system's code of an error, or ''. */
export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string'
    ? error.code
    : '';
}

/** True for every kind of SQLITE_BUSY: somebody else holds the lock. */
export function isBusy(error: unknown): boolean {
  return codeOf(error).startsWith('SQLITE_BUSY');
}

/** What happened to the source at `path`; a BackupError passes through. */
export function sourceFailure(error: unknown, path: string): BackupError {
  if (error instanceof BackupError) return error;
  const code = codeOf(error);
  const detail = error instanceof Error ? error.message : String(error);
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return new BackupError({ code: 'source-missing', path }, error);
  }
  if (isBusy(error) || code.startsWith('SQLITE_LOCKED')) {
    return new BackupError({ code: 'source-busy', path, detail }, error);
  }
  if (code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_NOTADB') {
    return new BackupError({ code: 'source-damaged', path, detail }, error);
  }
  if (code.startsWith('SQLITE_') || /^E[A-Z]+$/.test(code)) {
    return new BackupError({ code: 'source-unreadable', path, detail }, error);
  }
  return new BackupError({ code: 'unexpected', detail: `${path}: ${detail}` }, error);
}

/** Runs `work`; what it throws comes out as a BackupError about `path`. */
export async function aboutSource<T>(path: string, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw sourceFailure(error, path);
  }
}
