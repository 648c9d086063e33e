// The first 100 bytes of a SQLite database (sqlite.org/fileformat.html, section 1.3), as far as capturing needs them.

export const HEADER_BYTES = 100;
export const SMALLEST_PAGE = 512;
export const LARGEST_PAGE = 65_536;
/** Position of SQLite's lock bytes; the page that holds them has no content. */
export const LOCK_BYTE_OFFSET = 0x4000_0000;

const SIGNATURE = Buffer.from('SQLite format 3\0', 'latin1');

export interface DatabaseHeader {
  readonly pageSize: number;
  /** 1 = rollback journal, 2 = WAL; others are newer than this program. */
  readonly writeVersion: number;
  readonly readVersion: number;
  readonly changeCounter: number;
  /** Pages by the header; counts only if `versionValidFor` equals `changeCounter`. */
  readonly pageCount: number;
  readonly versionValidFor: number;
}

/** True if the bytes begin like a SQLite database. */
export function hasSqliteSignature(bytes: Uint8Array): boolean {
  return bytes.length >= SIGNATURE.length && SIGNATURE.equals(bytes.subarray(0, SIGNATURE.length));
}

/** The header's fields, or null when these bytes are no database header. */
export function parseDatabaseHeader(bytes: Buffer): DatabaseHeader | null {
  if (bytes.length < HEADER_BYTES || !hasSqliteSignature(bytes)) return null;
  const pageSize = decodePageSize(bytes.readUInt16BE(16));
  if (pageSize === null) return null;
  return {
    pageSize,
    writeVersion: bytes[18] ?? 0,
    readVersion: bytes[19] ?? 0,
    changeCounter: bytes.readUInt32BE(24),
    pageCount: bytes.readUInt32BE(28),
    versionValidFor: bytes.readUInt32BE(92),
  };
}

/** True for the page sizes that SQLite knows. */
export function isPageSize(size: number): boolean {
  return size >= SMALLEST_PAGE && size <= LARGEST_PAGE && (size & (size - 1)) === 0;
}

/** Pages of the database as SQLite counts them, from header and file size. */
export function countPages(header: DatabaseHeader, fileSize: number): number {
  const inFile = Math.floor(fileSize / header.pageSize);
  const isHeaderRight = header.pageCount > 0 && header.changeCounter === header.versionValidFor;
  return isHeaderRight ? Math.min(header.pageCount, inFile) : inFile;
}

/** Number (from 0) of the page that holds the lock bytes; it is never read. */
export function lockBytePage(pageSize: number): number {
  return Math.floor(LOCK_BYTE_OFFSET / pageSize);
}

/** The header bytes that change with every commit or mode switch: 18-19, 24-31, 92-95, as hex. */
export function fingerprintOf(header: Buffer): string {
  const part = (from: number, to: number): string => header.toString('hex', from, to);
  return part(16, 32) + part(92, 96);
}

function decodePageSize(stored: number): number | null {
  const size = stored === 1 ? LARGEST_PAGE : stored;
  return isPageSize(size) ? size : null;
}
