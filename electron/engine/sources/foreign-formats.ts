// Recognises database files of other makers by what stands in them, and what looks encrypted. Never by the name: anything may
// be called .mdb. Tells the size of their pages, in which they are stored; all of them are captured the same way, as bytes
// read twice.
import { extname } from 'node:path';
import { DBASE_TABLE, UNKNOWN_FORMAT } from '../../../shared/model/setup.ts';
import { parseDbaseTable } from './dbase-table.ts';
import { withDescriptor } from './descriptors.ts';
import { parseFirebirdHeader } from './firebird-header.ts';
import { readFully } from './wal-frames.ts';

export interface ForeignFormat {
  readonly name: string;
  readonly isEncrypted: boolean;
  /** As the header tells or the format prescribes; null where there are no pages. */
  readonly pageSize: number | null;
  /** Not as long as its header and its pages say: an end is missing. Null: it cannot be told. */
  readonly isCutShort: boolean | null;
}

/** As much as any of the headers needs. */
export const SAMPLE_BYTES = 4_096;
/** Random bytes of this sample size reach about 7.95 bits; texts and tables stay far below. */
const ENCRYPTED_BITS_PER_BYTE = 7.6;
const DATABASE_ENDINGS = ['.db', '.db3', '.sqlite', '.sqlite3', '.crm', '.dat', '.enc'];

/** What the file at `path` is; a missing or empty one is unknown. */
export function recogniseFormat(path: string, size: number): ForeignFormat {
  const sample = withDescriptor(path, readSample);
  return recogniseSample(sample ?? Buffer.alloc(0), size, path);
}

/** The same of an open file. */
export function recogniseOpenFile(fd: number, size: number, path: string): ForeignFormat {
  return recogniseSample(readSample(fd), size, path);
}

function readSample(fd: number): Buffer {
  const sample = Buffer.alloc(SAMPLE_BYTES);
  return sample.subarray(0, readFully(fd, sample, SAMPLE_BYTES, 0));
}

/** By the first bytes. Unknown ones are called a database only if they look like an encrypted one. */
export function recogniseSample(bytes: Buffer, size: number, path: string): ForeignFormat {
  const paged = pagedFormat(bytes);
  if (paged !== null) {
    const isCutShort = size % paged.pageSize !== 0;
    return { ...paged, isEncrypted: false, isCutShort };
  }
  const table = parseDbaseTable(bytes, size);
  if (table !== null) {
    const { isCutShort } = table;
    return { name: DBASE_TABLE, isEncrypted: false, pageSize: null, isCutShort };
  }
  const isEncrypted =
    DATABASE_ENDINGS.includes(extname(path).toLowerCase()) &&
    entropyOf(bytes) > ENCRYPTED_BITS_PER_BYTE;
  const name = isEncrypted ? 'encrypted database' : UNKNOWN_FORMAT;
  return { name, isEncrypted, pageSize: null, isCutShort: null };
}

interface PagedFormat {
  readonly name: string;
  readonly pageSize: number;
}

function pagedFormat(bytes: Buffer): PagedFormat | null {
  return accessFormat(bytes) ?? fileMakerFormat(bytes) ?? firebirdFormat(bytes) ?? sqlServer(bytes);
}

/** Jet 3 (Access 97) has pages of 2 KiB, everything since has 4 KiB; the version stands behind the name. */
function accessFormat(bytes: Buffer): PagedFormat | null {
  if (!isAccess(bytes)) return null;
  return { name: 'Access database', pageSize: bytes[0x14] === 0 ? 2_048 : 4_096 };
}

/** True for the first bytes of an Access database of any version. */
export function isAccess(bytes: Buffer): boolean {
  if (bytes.length < 0x15 || bytes.readUInt32BE(0) !== 0x0001_0000) return false;
  const name = bytes.toString('latin1', 4, 20);
  return name === 'Standard Jet DB\0' || name === 'Standard ACE DB\0';
}

/** FileMaker 7 and later (.fp7, .fmp12): 15 fixed bytes, then HBAM7. */
const FILEMAKER_START = Buffer.concat([
  Buffer.from('0001000000020001000500020002c0', 'hex'),
  Buffer.from('HBAM7', 'latin1'),
]);

function fileMakerFormat(bytes: Buffer): PagedFormat | null {
  if (!bytes.subarray(0, FILEMAKER_START.length).equals(FILEMAKER_START)) return null;
  return { name: 'FileMaker database', pageSize: 4_096 };
}

function firebirdFormat(bytes: Buffer): PagedFormat | null {
  const header = parseFirebirdHeader(bytes);
  return header === null ? null : { name: 'Firebird database', pageSize: header.pageSize };
}

const SQL_SERVER_PAGE = 8_192;
/** The object that the page of the file header belongs to. */
const FILE_HEADER_OBJECT = 99;

/** The first page of .mdf, .ndf and .ldf alike: header version 1, page type 15, page 0 of file N; data has object 99 there. */
function sqlServer(bytes: Buffer): PagedFormat | null {
  if (bytes.length < 96 || bytes.readUInt32BE(0) !== 0x010f_0000) return null;
  const isFirstPage = bytes.readUInt32LE(32) === 0 && bytes.readUInt16LE(36) > 0;
  if (!isFirstPage) return null;
  const isLog = bytes.readUInt32LE(24) !== FILE_HEADER_OBJECT;
  const name = isLog ? 'SQL Server log' : 'SQL Server database';
  return { name, pageSize: SQL_SERVER_PAGE };
}

/** Shannon entropy in bits per byte. */
function entropyOf(bytes: Buffer): number {
  const counts = new Float64Array(256);
  for (const byte of bytes) counts[byte] = (counts[byte] ?? 0) + 1;
  let bits = 0;
  for (const count of counts) {
    if (count > 0) bits -= (count / bytes.length) * Math.log2(count / bytes.length);
  }
  return bits;
}
