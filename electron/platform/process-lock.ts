// A lock that one process has at a time and that nobody has to clear away: the system takes it back when its holder ends,
// however that happens. It is SQLite's own lock on an empty file, which is the same on every system; after a power cut and
// on Windows, where a process number alone tells nothing, it still says whether the holder lives.
import Database from 'better-sqlite3';

/** Takes the lock at once; null while somebody else has it, in this process or another. Throws when the file cannot be used. */
export function takeProcessLock(file: string): Disposable | null {
  const database = new Database(file, { timeout: 0 });
  try {
    database.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    if (error instanceof Database.SqliteError && error.code.startsWith('SQLITE_BUSY')) return null;
    throw error;
  }
  return { [Symbol.dispose]: () => void database.close() };
}
