// The lock file that Access keeps beside a database that is open for sharing, and the computers and users that it names.
// Promise: it is told only for a file that is an Access database; names are those of the file, never guessed.
import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import type { LockUser, SourceLock } from '../../../shared/model/source-lock.ts';
import { withDescriptor } from './descriptors.ts';
import { isAccess } from './foreign-formats.ts';
import { readFully } from './wal-frames.ts';

/** .mdb has .ldb, .accdb has .laccdb; which of them Access made is its affair. */
const ENDINGS = ['.ldb', '.laccdb'];
/** A computer's name, then a user's of Access itself ("Admin" where there are none), both ended by a zero byte. */
const RECORD_BYTES = 64;
const NAME_BYTES = 32;
/** 255 users at most. */
const MOST_BYTES = 255 * RECORD_BYTES;

/** The lock of the Access database at `path`; null where there is none. */
export function findAccessLock(path: string): SourceLock | null {
  if (withDescriptor(path, startsLikeAccess) !== true) return null;
  const folder = dirname(path);
  const stem = basename(path, extname(path)).toLowerCase();
  const file = readdirSync(folder).find((name) =>
    ENDINGS.some((ending) => name.toLowerCase() === stem + ending),
  );
  return file === undefined ? null : { file, users: readUsers(join(folder, file)) };
}

function startsLikeAccess(fd: number): boolean {
  const bytes = Buffer.alloc(32);
  return isAccess(bytes.subarray(0, readFully(fd, bytes, bytes.length, 0)));
}

function readUsers(path: string): readonly LockUser[] {
  try {
    return parseUsers(readFileSync(path).subarray(0, MOST_BYTES));
  } catch {
    // Gone again, or locked: somebody has it, whoever that is.
    return [];
  }
}

function parseUsers(bytes: Buffer): readonly LockUser[] {
  const users = new Map<string, LockUser>();
  for (let at = 0; at + RECORD_BYTES <= bytes.length; at += RECORD_BYTES) {
    const computer = textAt(bytes, at);
    const user = textAt(bytes, at + NAME_BYTES);
    if (computer !== '') users.set(`${computer}\0${user}`, { computer, user });
  }
  return [...users.values()];
}

function textAt(bytes: Buffer, at: number): string {
  const field = bytes.subarray(at, at + NAME_BYTES);
  const end = field.indexOf(0);
  const text = field.toString('latin1', 0, end === -1 ? NAME_BYTES : end);
  return text.replace(/\p{Cc}/gu, '').trim();
}
