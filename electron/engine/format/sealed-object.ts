// The container of every sealed object, as bytes (FORMAT.md section 3): header, frame headers, trailer.
// Decoders check every bound before anybody allocates. No keys here: see `crypto/`.
import { BackupError } from '../../../shared/model/backup-error.ts';

export const FORMAT_VERSION = 1;
export const HEADER_BYTES = 32;
export const FRAME_HEADER_BYTES = 12;
export const TAG_BYTES = 16;
export const TRAILER_BYTES = 24;
/** Most content of one frame. */
export const MAX_FRAME_BYTES = 4 * 1024 * 1024;

/** What writers fill frames up to: 2 MiB stores 0.3 % more than 4 MiB and needs half the memory. */
export const FRAME_TARGET_BYTES = 2 * 1024 * 1024;

/** Closing parts hold directories, hashes, small objects as a whole; small frames could unpack to far more than the file. */
export const MAX_CLOSING_BYTES = 256 * 1024 * 1024;

const MAGIC = Buffer.from('HOLDFAST', 'latin1');
const END_MAGIC = Buffer.from('TSAFDLOH', 'latin1');

const kindCodes = {
  pack: 1,
  table: 2,
  list: 3,
  manifest: 4,
  lease: 5,
  heartbeat: 6,
  'lease-end': 7,
  note: 8,
} as const;
export type ObjectKind = keyof typeof kindCodes;

/** Largest file of each kind that a reader accepts (FORMAT.md section 11). */
export const MAX_OBJECT_BYTES: Record<ObjectKind, number> = {
  pack: 272 * 1024 * 1024,
  table: 1024 * 1024 * 1024,
  list: 1024 * 1024 * 1024,
  manifest: 64 * 1024 * 1024,
  lease: 16 * 1024 * 1024,
  heartbeat: 16 * 1024 * 1024,
  'lease-end': 16 * 1024 * 1024,
  note: 16 * 1024 * 1024,
};

export const codecs = { none: 0, deflate: 1, zstd: 2 } as const;
export type Codec = keyof typeof codecs;
const codecNames = ['none', 'deflate', 'zstd'] as const;

export interface FrameHeader {
  readonly sealedBytes: number;
  readonly rawBytes: number;
  readonly codec: Codec;
  readonly isLast: boolean;
}

export interface Trailer {
  readonly closingOffset: number;
  readonly closingCounter: number;
}

/** The number of a kind, as it stands in headers and in the derivation of keys. */
export function kindCode(kind: ObjectKind): number {
  return kindCodes[kind];
}

/** 32 bytes. `id` is 32 hex digits. */
export function encodeObjectHeader(kind: ObjectKind, id: string): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  MAGIC.copy(header, 0);
  header.writeUInt16LE(FORMAT_VERSION, 8);
  header.writeUInt8(kindCodes[kind], 10);
  header.write(id, 16, 16, 'hex');
  return header;
}

/** Checks magic, version and kind; returns the id (hex). Throws object-damaged. */
export function decodeObjectHeader(bytes: Buffer, kind: ObjectKind, name: string): string {
  if (bytes.length < HEADER_BYTES || !bytes.subarray(0, 8).equals(MAGIC)) {
    throw damaged(name, 'no object header');
  }
  // A vault of a newer version says so in its marker; here it is one turned bit.
  const version = bytes.readUInt16LE(8);
  if (version !== FORMAT_VERSION || bytes.readUInt8(10) !== kindCodes[kind]) {
    throw damaged(name, 'wrong kind of object');
  }
  return bytes.toString('hex', 16, 32);
}

export function encodeFrameHeader(header: FrameHeader): Buffer {
  const bytes = Buffer.alloc(FRAME_HEADER_BYTES);
  bytes.writeUInt32LE(header.sealedBytes, 0);
  bytes.writeUInt32LE(header.rawBytes, 4);
  bytes.writeUInt8(codecs[header.codec], 8);
  bytes.writeUInt8(header.isLast ? 1 : 0, 9);
  return bytes;
}

/** Throws object-damaged when a length or code is out of bounds. */
export function decodeFrameHeader(bytes: Buffer, name: string): FrameHeader {
  if (bytes.length < FRAME_HEADER_BYTES) throw damaged(name, 'frame cut off');
  const sealedBytes = bytes.readUInt32LE(0);
  const rawBytes = bytes.readUInt32LE(4);
  const codec = codecNames[bytes.readUInt8(8)];
  const flags = bytes.readUInt8(9);
  const isBounded = rawBytes <= MAX_FRAME_BYTES && sealedBytes <= rawBytes;
  if (
    codec === undefined ||
    flags > 1 ||
    !isBounded ||
    (codec === 'none' && sealedBytes !== rawBytes)
  ) {
    throw damaged(name, 'frame header out of bounds');
  }
  return { sealedBytes, rawBytes, codec, isLast: flags === 1 };
}

export function encodeTrailer(trailer: Trailer): Buffer {
  const bytes = Buffer.alloc(TRAILER_BYTES);
  bytes.writeBigUInt64LE(BigInt(trailer.closingOffset), 0);
  bytes.writeUInt32LE(trailer.closingCounter, 8);
  END_MAGIC.copy(bytes, 16);
  return bytes;
}

/** `objectBytes` is the size of the file: the closing part must lie inside. Throws object-damaged. */
export function decodeTrailer(bytes: Buffer, objectBytes: number, name: string): Trailer {
  if (bytes.length !== TRAILER_BYTES || !bytes.subarray(16).equals(END_MAGIC)) {
    throw damaged(name, 'no end marker: cut off or overwritten');
  }
  if (bytes.readUInt32LE(12) !== 0) throw damaged(name, 'end marker out of bounds');
  const offset = bytes.readBigUInt64LE(0);
  const least = HEADER_BYTES;
  const most = objectBytes - TRAILER_BYTES - FRAME_HEADER_BYTES - TAG_BYTES;
  if (offset < BigInt(least) || offset > BigInt(most))
    throw damaged(name, 'end marker out of bounds');
  return { closingOffset: Number(offset), closingCounter: bytes.readUInt32LE(8) };
}

/** The failure for bytes that are not what they should be. */
export function damaged(object: string, detail: string, cause?: unknown): BackupError {
  return new BackupError({ code: 'object-damaged', object, detail }, cause);
}
