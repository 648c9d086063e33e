// Which of SQLite's errors mean "no lock to be had here, read it as bytes", and which are failures.
import { codeOf, isBusy } from './source-failure.ts';
import type { BytesReason } from './source-access.ts';

/** Why SQLite will not hold this source for us; null for every other error. */
export function refusalOf(error: unknown): BytesReason | null {
  const code = codeOf(error);
  if (isBusy(error)) return 'locked';
  if (code === 'SQLITE_READONLY_ROLLBACK') return 'cut-transaction';
  // A read-only folder, or an index that only a writer could make anew.
  if (code.startsWith('SQLITE_READONLY') || code.startsWith('SQLITE_CANTOPEN'))
    return 'not-writable';
  if (code === 'SQLITE_NOTADB') return 'not-sqlite';
  return null;
}
