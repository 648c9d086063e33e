// The rollback journal (sqlite.org/fileformat.html, section 3): pages as they were before a transaction that a crash cut.
// Promise: gives exactly the pages that SQLite's own recovery would put back; the journal itself is never touched.
import { statSync } from 'node:fs';
import { isPageSize, lockBytePage } from './database-header.ts';
import { readFully } from './wal-frames.ts';

const MAGIC = Buffer.from('d9d505f920a163d7', 'hex');
const HEADER_FIELDS = 28;
/** In place of a count: written without waiting for the disk, the records go on to the end of the file. */
const COUNT_UNKNOWN = 0xffff_ffff;
const CHECKSUM_STEP = 200;

/** Where the content before the transaction lies. */
export interface JournalRecovery {
  readonly pageSize: number;
  /** Pages of the database before the transaction. */
  readonly pageCount: number;
  /** Page (from 0) -> byte offset of its old content in the journal. */
  readonly offsets: ReadonlyMap<number, number>;
}

interface JournalHeader {
  readonly records: number;
  readonly nonce: number;
  readonly pageCount: number;
  readonly sectorSize: number;
  readonly pageSize: number;
}

/** True if SQLite would look at this journal at all: an ended transaction zeroes or empties it. */
export function isJournalInUse(firstBytes: Uint8Array): boolean {
  return firstBytes.length > 0 && firstBytes[0] !== 0;
}

/** What a recovery would put back, or null when the journal asks for nothing (no valid header, or committed elsewhere). */
export function readJournal(fd: number, size: number): JournalRecovery | null {
  const first = readHeader(fd, 0, size);
  if (first === null || !isPageSize(first.pageSize) || !isCutTransaction(fd, size)) {
    return null;
  }
  const { pageSize, sectorSize, pageCount } = first;
  const offsets = new Map<number, number>();
  let at = 0;
  for (;;) {
    const header = at === 0 ? first : readHeader(fd, at, size);
    if (header === null) break;
    const next = readRecords(fd, { ...header, pageSize, sectorSize, pageCount }, at, size, offsets);
    if (next === null) break;
    at = Math.ceil(next / sectorSize) * sectorSize;
  }
  return { pageSize, pageCount, offsets };
}

/** Offset after the last record of a segment; null when a record was not whole, which ends the recovery. */
function readRecords(
  fd: number,
  header: JournalHeader,
  at: number,
  size: number,
  offsets: Map<number, number>,
): number | null {
  const { pageSize, pageCount } = header;
  const recordBytes = pageSize + 8;
  const start = at + header.sectorSize;
  const fits = Math.floor((size - start) / recordBytes);
  const records = header.records === COUNT_UNKNOWN ? fits : header.records;
  const record = Buffer.alloc(recordBytes);
  for (let index = 0; index < records; index += 1) {
    const offset = start + index * recordBytes;
    if (readFully(fd, record, recordBytes, offset) < recordBytes) return null;
    const page = record.readUInt32BE(0) - 1;
    if (page < 0 || page === lockBytePage(pageSize)) return null;
    if (
      checksumOf(record.subarray(4, 4 + pageSize), header.nonce) !==
      record.readUInt32BE(4 + pageSize)
    ) {
      return null;
    }
    // The earliest content of a page is the one before the transaction.
    if (page < pageCount && !offsets.has(page)) offsets.set(page, offset + 4);
  }
  return start + records * recordBytes;
}

function readHeader(fd: number, at: number, size: number): JournalHeader | null {
  const bytes = Buffer.alloc(HEADER_FIELDS);
  if (at + HEADER_FIELDS > size || readFully(fd, bytes, HEADER_FIELDS, at) < HEADER_FIELDS)
    return null;
  if (!bytes.subarray(0, MAGIC.length).equals(MAGIC)) return null;
  const sectorSize = bytes.readUInt32BE(20);
  if (
    at === 0 &&
    (sectorSize < 32 || sectorSize > 65_536 || (sectorSize & (sectorSize - 1)) !== 0)
  ) {
    return null;
  }
  return {
    records: bytes.readUInt32BE(8),
    nonce: bytes.readUInt32BE(12),
    pageCount: bytes.readUInt32BE(16),
    sectorSize,
    pageSize: bytes.readUInt32BE(24),
  };
}

/** SQLite's spot check of a record: every 200th byte from the end. */
function checksumOf(content: Uint8Array, nonce: number): number {
  let sum = nonce;
  for (let at = content.length - CHECKSUM_STEP; at > 0; at -= CHECKSUM_STEP) {
    sum = (sum + (content[at] ?? 0)) >>> 0;
  }
  return sum;
}

/** A transaction over several databases is committed once its common journal is gone. */
function isCutTransaction(fd: number, size: number): boolean {
  const tail = Buffer.alloc(16);
  if (size < 16 || readFully(fd, tail, 16, size - 16) < 16) return true;
  const length = tail.readUInt32BE(0);
  if (!tail.subarray(8).equals(MAGIC) || length === 0 || length > size - 16) return true;
  const name = Buffer.alloc(length);
  readFully(fd, name, length, size - 16 - length);
  let sum = 0;
  // SQLite adds them as signed bytes.
  for (const byte of name) sum = (sum + ((byte << 24) >> 24)) >>> 0;
  if (sum !== tail.readUInt32BE(4)) return true;
  const common = name.toString('utf8').replace(/\0.*$/s, '');
  // To SQLite an empty file is none.
  return (statSync(common, { throwIfNoEntry: false })?.size ?? 0) > 0;
}
