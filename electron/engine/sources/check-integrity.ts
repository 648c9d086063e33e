// SQLite's own check of a copy of ours: a drill's, or a restored file before it takes the old one's place.
// Never run on a live source: it would hold its lock for as long as the check takes.
import { openConnection } from './descriptors.ts';
import { codeOf } from './source-failure.ts';

const BUSY_TIMEOUT_MS = 1_000;

/** What `PRAGMA integrity_check` complains about; empty = sound. A file that does not open as a database is a complaint. */
export function checkIntegrity(path: string): readonly string[] {
  try {
    // Writable, so that closing takes its own side files away again.
    using connection = openConnection(path, { isReadOnly: false, busyTimeoutMs: BUSY_TIMEOUT_MS });
    const { database } = connection;
    const lines = database.prepare<[], string>('PRAGMA integrity_check').pluck().all();
    return lines.filter((line) => line !== 'ok');
  } catch (error) {
    const code = codeOf(error);
    if (error instanceof Error && (code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_NOTADB')) {
      return [error.message];
    }
    throw error;
  }
}
