// The look before opening: what lies there, by plain reads alone.
// Promise: SQLite is not asked before this says that it is safe; seen: an empty database beside a log full of commits
// loses the log, its only data, when it is merely opened, even read-only.
import { fstatSync, realpathSync, statSync, type BigIntStats } from 'node:fs';
import { BackupError } from '../../../shared/model/backup-error.ts';
import { withoutLongForm } from '../../../shared/model/windows-path.ts';
import {
  type DatabaseHeader,
  HEADER_BYTES,
  hasSqliteSignature,
  parseDatabaseHeader,
} from './database-header.ts';
import { withDescriptor } from './descriptors.ts';
import { isJournalInUse } from './rollback-journal.ts';
import { sideFileOf, type SideFileSuffix } from './side-files.ts';
import { parseWalHeader, readFully, WAL_HEADER_BYTES, type WalHeader } from './wal-frames.ts';

/** Tells one state of a file from another as well as the file system can. */
export interface FileStamp {
  readonly device: string;
  readonly inode: string;
  readonly size: number;
  readonly mtimeNs: string;
  readonly ctimeNs: string;
}

export interface SourceLook {
  /** Absolute, symlinks resolved. */
  readonly path: string;
  readonly stamp: FileStamp;
  readonly mode: number;
  /** First bytes of the file: 100, or all it has. */
  readonly start: Buffer;
  readonly hasSignature: boolean;
  /** Null where the file has no whole database header. */
  readonly header: DatabaseHeader | null;
  readonly wal: { readonly stamp: FileStamp; readonly header: WalHeader | null } | null;
  readonly shm: { readonly stamp: FileStamp } | null;
  readonly journal: { readonly stamp: FileStamp; readonly isInUse: boolean } | null;
}

/** Looks at a file and its side files; throws the system's error when it is not there or no plain file. */
export function lookAtSource(givenPath: string): SourceLook {
  const path = realpathSync(withoutLongForm(givenPath));
  // Opening a pipe would wait for its other end.
  if (!statSync(path).isFile()) {
    throw new BackupError({ code: 'source-unsupported', path, detail: 'it is no plain file' });
  }
  const file = readStart(path, HEADER_BYTES);
  if (file === null) throw Object.assign(new Error(`no such file: ${path}`), { code: 'ENOENT' });
  const side = (suffix: SideFileSuffix): Start | null =>
    readStart(sideFileOf(path, suffix), WAL_HEADER_BYTES);
  const wal = side('-wal');
  const shm = side('-shm');
  const journal = side('-journal');
  return {
    path,
    stamp: file.stamp,
    mode: file.mode,
    start: file.bytes,
    hasSignature: hasSqliteSignature(file.bytes),
    header: parseDatabaseHeader(file.bytes),
    wal: wal && { stamp: wal.stamp, header: parseWalHeader(wal.bytes) },
    shm: shm && { stamp: shm.stamp },
    journal: journal && { stamp: journal.stamp, isInUse: isJournalInUse(journal.bytes) },
  };
}

/** The stamp of an open file. */
export function stampOf(fd: number): FileStamp {
  return toStamp(fstatSync(fd, { bigint: true }));
}

/** True if nothing about the file tells of a change. */
export function isSameStamp(a: FileStamp, b: FileStamp): boolean {
  return (
    isSameInode(a, b) && a.size === b.size && a.mtimeNs === b.mtimeNs && a.ctimeNs === b.ctimeNs
  );
}

/** True if both are the same file, whatever its content. */
export function isSameInode(a: FileStamp, b: FileStamp): boolean {
  return a.device === b.device && a.inode === b.inode;
}

interface Start {
  readonly stamp: FileStamp;
  readonly mode: number;
  readonly bytes: Buffer;
}

function readStart(path: string, length: number): Start | null {
  return withDescriptor(path, (fd) => {
    const stat = fstatSync(fd, { bigint: true });
    const bytes = Buffer.alloc(length);
    const got = stat.isFile() ? readFully(fd, bytes, length, 0) : 0;
    return {
      stamp: toStamp(stat),
      mode: Number(stat.mode) & 0o7777,
      bytes: bytes.subarray(0, got),
    };
  });
}

function toStamp(stat: BigIntStats): FileStamp {
  return {
    device: String(stat.dev),
    inode: String(stat.ino),
    size: Number(stat.size),
    mtimeNs: String(stat.mtimeNs),
    ctimeNs: String(stat.ctimeNs),
  };
}
