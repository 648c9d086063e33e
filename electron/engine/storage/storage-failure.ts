// From the operating system's error codes to failures, and which of these are worth another try.
// Does not look at the disk: what needs a look (is the root still there?) is decided in place-failure.ts.
import { constants } from 'node:os';
import { BackupError, failureOf } from '../../../shared/model/backup-error.ts';

const BLOCKED = new Set(['EPERM', 'EACCES', 'EBUSY', 'ETXTBSY']);
const FULL = new Set(['ENOSPC', 'EDQUOT']);
const UNREACHABLE = new Set([
  'EIO',
  'ESTALE',
  'EHOSTDOWN',
  'EHOSTUNREACH',
  'ENETDOWN',
  'ENETUNREACH',
  'ENOTCONN',
  'ETIMEDOUT',
  'ECONNABORTED',
  'ECONNREFUSED',
  'ECONNRESET',
  'ESHUTDOWN',
  'EREMOTEIO',
  'ENODEV',
  'ENXIO',
  'ENOMEDIUM',
  // A handle that was open while its server was away: Linux's SMB client has no other word for it.
  'EBADF',
]);

/** Node has no names for these and gives "Unknown system error -116" as the code. */
const UNNAMED = new Map([
  [constants.errno.ESTALE, 'ESTALE'],
  [constants.errno.EDQUOT, 'EDQUOT'],
  ...(process.platform === 'linux' ? ([[123, 'ENOMEDIUM']] as const) : []),
]);

/** The code of a system error, or null for any other value. */
export function errnoOf(error: unknown): string | null {
  if (!(error instanceof Error) || !('code' in error)) return null;
  const unnamed = 'errno' in error ? UNNAMED.get(-Number(error.errno)) : undefined;
  return unnamed ?? (typeof error.code === 'string' ? error.code : null);
}

/** True for errors that another program (a virus scanner, an indexer) causes for a moment. */
export function isBlocked(error: unknown): boolean {
  return BLOCKED.has(errnoOf(error) ?? '');
}

/** True when a name, or a folder on the way to it, is not there. */
export function isGone(error: unknown): boolean {
  const errno = errnoOf(error);
  return errno === 'ENOENT' || errno === 'ENOTDIR';
}

/** The failure that a system error means by its code alone; BackupErrors stay as they are. */
export function explainErrno(error: unknown, place: string, path: string): BackupError {
  if (error instanceof BackupError) return error;
  const errno = errnoOf(error) ?? '';
  const detail = failureDetail(error);
  if (FULL.has(errno)) return new BackupError({ code: 'place-full', place }, error);
  if (errno === 'EROFS') return new BackupError({ code: 'place-read-only', place }, error);
  if (BLOCKED.has(errno)) return new BackupError({ code: 'blocked-by-other-program', path }, error);
  if (UNREACHABLE.has(errno)) {
    return new BackupError({ code: 'place-unreachable', place, detail }, error);
  }
  return new BackupError({ code: 'unexpected', detail }, error);
}

/** True when trying again makes no sense; `blocked-by-other-program` has been tried for long enough. */
export function isFinalFailure(error: unknown): boolean {
  const { code } = failureOf(error);
  return code !== 'place-unreachable' && code !== 'place-missing';
}

function failureDetail(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
