// How often a database has been committed to, by SQLite's own counters: in rollback mode the change counter of the file's
// header, in WAL mode the one in the wal-index. Tells whether anybody wrote between two moments.
import { endianness } from 'node:os';
import { HEADER_BYTES, parseDatabaseHeader } from './database-header.ts';
import { withDescriptor } from './descriptors.ts';
import { sideFileOf } from './side-files.ts';
import { readFully } from './wal-frames.ts';
import { readWalIndex } from './wal-index.ts';

/** Only comparing two of them means something. */
export interface CommitNumber {
  /** Of the header; null where it is unreadable just now. */
  readonly inFile: number | null;
  /** Of the wal-index; null without one. */
  readonly inLog: number | null;
  readonly framesInLog: number;
}

/** Counters now; the caller keeps a connection open, so that the log's index stays. */
export function readCommitNumber(path: string): CommitNumber {
  const inFile = withDescriptor(path, (fd) => {
    const bytes = Buffer.alloc(HEADER_BYTES);
    const got = readFully(fd, bytes, HEADER_BYTES, 0);
    return got < HEADER_BYTES ? null : (parseDatabaseHeader(bytes)?.changeCounter ?? null);
  });
  const index = withDescriptor(sideFileOf(path, '-shm'), readWalIndex);
  if (index === null) return { inFile, inLog: null, framesInLog: 0 };
  // Field iChange at offset 8, in the computer's own byte order (sqlite.org/walformat.html, section 2.1).
  const field = Buffer.from(index.raw, 'hex').subarray(8, 12);
  const inLog = endianness() === 'LE' ? field.readUInt32LE() : field.readUInt32BE();
  return { inFile, inLog, framesInLog: index.lastFrame };
}

/** True when `after` is one commit later than `before`, and no more. */
export function isNextCommit(before: CommitNumber, after: CommitNumber): boolean {
  if (before.inLog !== null) return after.inLog === nextOf(before.inLog);
  // The one commit may have turned a rollback database into one with a log: then nothing is in the log yet.
  const isInFile = before.inFile !== null && after.inFile === nextOf(before.inFile);
  return isInFile && after.framesInLog === 0;
}

/** True when nobody committed between the two. */
export function isSameCommit(before: CommitNumber, after: CommitNumber): boolean {
  // With a log, the file's own counter follows only at a checkpoint.
  if (before.inLog !== null || after.inLog !== null) return before.inLog === after.inLog;
  return before.inFile !== null && before.inFile === after.inFile;
}

function nextOf(counter: number): number {
  return (counter + 1) >>> 0;
}
