// The header page of a Firebird database, as far as a backup needs it: the size of its pages and the files that hold the rest.
// Seen in files that Firebird 3 made (on-disk structure 12); 10, 11 and 13 are by its ods.h.
import { basename } from 'node:path';

export interface FirebirdHeader {
  readonly pageSize: number;
  /** It is held still by nbackup: what was written since lies in a .delta file beside it. */
  readonly isHeldStill: boolean;
  /** Name of the file in which the database goes on, without its folder; null: this is the last one. */
  readonly nextFile: string | null;
}

const HEADER_PAGE = 1;
const PAGE_SIZES = [1_024, 2_048, 4_096, 8_192, 16_384, 32_768];
/** In the version of the on-disk structure, since Firebird 2; before, every page had this instead of a checksum. */
const FIREBIRD_FLAG = 0x8000;
const OLD_CHECKSUM = 12_345;
const BACKUP_STATE = 0x0c00;
/** Where the entries of variable length begin in ODS 11 and 12; other versions tell only the first facts. */
const ENTRIES_AT: Readonly<Record<number, number>> = { 11: 96, 12: 132 };
const [END_ENTRY, FILE_ENTRY] = [0, 2];

/** Null where the bytes are no such page. */
export function parseFirebirdHeader(bytes: Buffer): FirebirdHeader | null {
  if (bytes.length < 1_024 || bytes[0] !== HEADER_PAGE || bytes[1] !== 0) return null;
  const pageSize = bytes.readUInt16LE(16);
  const version = bytes.readUInt16LE(18);
  const ods = version & ~FIREBIRD_FLAG;
  const isMarked = (version & FIREBIRD_FLAG) !== 0 || bytes.readUInt16LE(2) === OLD_CHECKSUM;
  const isKnown = isMarked && ods >= 10 && ods <= 13;
  if (!PAGE_SIZES.includes(pageSize) || !isKnown) return null;
  return {
    pageSize,
    isHeldStill: (bytes.readUInt16LE(42) & BACKUP_STATE) !== 0,
    nextFile: findNextFile(bytes, ENTRIES_AT[ods]),
  };
}

/** Entries are a type, a length and so many bytes. */
function findNextFile(bytes: Buffer, entriesAt: number | undefined): string | null {
  for (let at = entriesAt ?? bytes.length; at + 2 <= bytes.length; at += 2 + (bytes[at + 1] ?? 0)) {
    if (bytes[at] === END_ENTRY) return null;
    const end = at + 2 + (bytes[at + 1] ?? 0);
    if (bytes[at] === FILE_ENTRY) {
      // A database that was made on Windows has its separators.
      return basename(bytes.toString('utf8', at + 2, end).replaceAll('\\', '/'));
    }
  }
  return null;
}
