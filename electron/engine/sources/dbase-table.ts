// The header of a dBase, FoxPro or Clipper table. It has no magic number, so that all that its header says must fit together:
// version, date, field descriptors, and the length of the file.
// Promise: a text file that happens to begin with the right byte is no table.

export interface DbaseTable {
  /** Records that the header counts are missing at the end. */
  readonly isCutShort: boolean;
}

const PREFIX_BYTES = 32;
const FIELD_BYTES = 32;
const END_OF_FIELDS = 0x0d;
/** Visual FoxPro keeps the name of its database container behind the fields. */
const BACKLINK_BYTES = 263;
/** Of FoxBASE, dBase III and IV, and FoxPro, with and without a memo; dBase 7 has other descriptors and is not known. */
const VERSIONS = [0x02, 0x03, 0x30, 0x31, 0x32, 0x43, 0x63, 0x83, 0x8b, 0xcb, 0xe5, 0xf5, 0xfb];
const FIELD_TYPES = 'CDFLMNIBGPQTVWYX@O+0';

/** `bytes` are the first ones of a file of `size`. Null where they are no table's. */
export function parseDbaseTable(bytes: Buffer, size: number): DbaseTable | null {
  const version = bytes[0] ?? 0;
  if (bytes.length < PREFIX_BYTES + FIELD_BYTES + 1 || !hasDate(bytes)) return null;
  if (!VERSIONS.includes(version)) return null;
  const records = bytes.readUInt32LE(4);
  const headerBytes = bytes.readUInt16LE(8);
  const recordBytes = bytes.readUInt16LE(10);
  const fieldsEnd = findFieldsEnd(bytes, headerBytes, recordBytes);
  if (fieldsEnd === null || size < Math.min(headerBytes, bytes.length)) return null;
  // One byte of padding is usual; programs that know FoxPro leave room for its backlink in others, too.
  if (![0, 1, BACKLINK_BYTES].includes(headerBytes - fieldsEnd - 1)) return null;
  return { isCutShort: size < headerBytes + records * recordBytes };
}

/** Year since 1900, month, day; some programs leave them empty. */
function hasDate(bytes: Buffer): boolean {
  const [month, day] = [bytes[2] ?? 0, bytes[3] ?? 0];
  return month <= 12 && day <= 31;
}

/** Where the descriptors end, or null: they are none, or do not add up to the length of a record. */
function findFieldsEnd(bytes: Buffer, headerBytes: number, recordBytes: number): number | null {
  let length = 1; // the mark of deleted records
  for (let at = PREFIX_BYTES; at < headerBytes; at += FIELD_BYTES) {
    if (at >= bytes.length) return at > PREFIX_BYTES ? endOfUnseen(headerBytes) : null;
    if (bytes[at] === END_OF_FIELDS) return length === recordBytes ? at : null;
    if (at + FIELD_BYTES > bytes.length) return endOfUnseen(headerBytes);
    if (!isField(bytes, at)) return null;
    // Texts of FoxPro and Clipper may be longer than a byte tells: the decimals are the upper half then.
    const upper = bytes[at + 11] === 0x43 ? (bytes[at + 17] ?? 0) * 256 : 0;
    length += (bytes[at + 16] ?? 0) + upper;
  }
  return null;
}

/** More fields than were read: all that were seen are fields. */
function endOfUnseen(headerBytes: number): number {
  return headerBytes - 1;
}

function isField(bytes: Buffer, at: number): boolean {
  const name = bytes.subarray(at, at + 11);
  const end = name.indexOf(0);
  const letters = end === -1 ? name : name.subarray(0, end);
  const isNamed = letters.length > 0 && letters.every((byte) => byte > 0x20 && byte !== 0x7f);
  return isNamed && FIELD_TYPES.includes(String.fromCharCode(bytes[at + 11] ?? 0));
}
