// The header of the wal-index (`-shm`): which frames are the newest committed state, by SQLite's own account.
// Only its first 104 bytes are ever read: bytes 120..127 are locks, on Windows even reading them fails.
import { endianness } from 'node:os';
import { LARGEST_PAGE } from './database-header.ts';
import { type Checksum, readFully } from './wal-frames.ts';

const INDEX_BYTES = 104;
const COPY_BYTES = 48;
const VERSION = 3_007_000;
const isLittleEndian = endianness() === 'LE';

export interface WalIndexHeader {
  /** Both copies' 48 bytes as hex: equal means that no commit lies between two readings. */
  readonly raw: string;
  readonly pageSize: number;
  /** Frames of the newest committed state; 0 = the log is empty. */
  readonly lastFrame: number;
  readonly pageCount: number;
  /** Running checksum after `lastFrame`. */
  readonly checksum: Checksum;
  /** As in the log's header, 16 hex digits. */
  readonly salts: string;
  /** Frames that a checkpoint has written into the database. */
  readonly backfilled: number;
}

/** The header now, or null while it is being written or was never filled. */
export function readWalIndex(fd: number): WalIndexHeader | null {
  const bytes = Buffer.alloc(INDEX_BYTES);
  if (readFully(fd, bytes, INDEX_BYTES, 0) < INDEX_BYTES) return null;
  const first = bytes.subarray(0, COPY_BYTES);
  if (!first.equals(bytes.subarray(COPY_BYTES, 2 * COPY_BYTES))) return null;
  const word = (offset: number): number =>
    isLittleEndian ? bytes.readUInt32LE(offset) : bytes.readUInt32BE(offset);
  if (word(0) !== VERSION || bytes[12] === 0) return null;
  const size = isLittleEndian ? bytes.readUInt16LE(14) : bytes.readUInt16BE(14);
  return {
    raw: first.toString('hex'),
    pageSize: size === 1 ? LARGEST_PAGE : size,
    lastFrame: word(16),
    pageCount: word(20),
    checksum: [word(24), word(28)],
    salts: bytes.toString('hex', 32, 40),
    backfilled: word(96),
  };
}
