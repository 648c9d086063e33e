// Whether a program on Windows has a database's rollback journal open. SQLite keeps it open there in the modes TRUNCATE and
// PERSIST, and a transaction of another connection, which ends by removing it, can then not end ("disk I/O error").
// In DELETE mode it is open during a transaction only, so whoever waits for a gap finds one.
import { closeSync, constants, openSync } from 'node:fs';
import { platform } from 'node:os';
import { sideFileOf } from './side-files.ts';
import { codeOf } from './source-failure.ts';

/** libuv's UV_FS_O_EXLOCK: nobody else may have the file open, or the call fails. SQLite tries again for longer than it takes. */
const ALONE = 0x1000_0000;

/** Always false elsewhere: there an open file can be removed. */
export function isJournalHeld(path: string): boolean {
  if (platform() !== 'win32') return false;
  try {
    closeSync(openSync(sideFileOf(path, '-journal'), constants.O_RDONLY | ALONE));
    return false;
  } catch (error) {
    return codeOf(error) === 'EBUSY';
  }
}
