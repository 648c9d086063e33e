/**
 * A ZIP reader of the tests' own, written from PKWARE's APPNOTE: it goes by the central directory, follows Zip64 and
 * checks every size and CRC. It shares nothing with the writer.
 */
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { PassThrough, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createInflateRaw, crc32 } from 'node:zlib';

export type ReadZipEntry = {
  readonly name: string;
  readonly isNamedInUtf8: boolean;
  readonly size: number;
  readonly mode: number;
  /** Local time, as the archive has it. */
  readonly date: Date;
  /** Null when longer than `keepBytes`; size and CRC are checked all the same. */
  readonly content: Buffer | null;
};

const ZIP64_16 = 0xffff;
const ZIP64_32 = 0xffffffff;

/**
 * All entries of the archive in the order of its directory; throws at the first thing that is not right. Of entries
 * longer than `checkBytes` only the directory is read.
 */
export async function readZip(
  file: string,
  keepBytes = 1 << 20,
  checkBytes = Infinity,
): Promise<ReadZipEntry[]> {
  const directory = await readDirectory(file);
  const entries: ReadZipEntry[] = [];
  for (const entry of directory) {
    const isRead = entry.size <= checkBytes;
    const content = isRead ? await readContent(file, entry, keepBytes) : null;
    entries.push({ ...entry, content });
  }
  return entries;
}

type DirectoryEntry = Omit<ReadZipEntry, 'content'> & {
  readonly method: number;
  readonly crc: number;
  readonly packedSize: number;
  readonly at: number;
};

async function readDirectory(file: string): Promise<DirectoryEntry[]> {
  await using handle = await open(file, 'r');
  const { size } = await handle.stat();
  const read = async (at: number, length: number): Promise<Buffer> => {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, at);
    if (bytesRead !== length) throw new Error(`cut at ${at}`);
    return buffer;
  };
  const end = await read(size - 22, 22);
  expectSignature(end, 0, 0x06054b50);
  let count = end.readUInt16LE(10);
  let length = end.readUInt32LE(12);
  let at = end.readUInt32LE(16);
  if (count === ZIP64_16 || length === ZIP64_32 || at === ZIP64_32) {
    const locator = await read(size - 42, 20);
    expectSignature(locator, 0, 0x07064b50);
    const end64 = await read(Number(locator.readBigUInt64LE(8)), 56);
    expectSignature(end64, 0, 0x06064b50);
    count = Number(end64.readBigUInt64LE(32));
    length = Number(end64.readBigUInt64LE(40));
    at = Number(end64.readBigUInt64LE(48));
  }
  const bytes = await read(at, length);
  const entries: DirectoryEntry[] = [];
  for (let offset = 0; offset < bytes.length;) {
    const entry = parseEntry(bytes, offset);
    entries.push(entry);
    offset += entry.length;
  }
  if (entries.length !== count) throw new Error(`${entries.length} entries, told ${count}`);
  return entries;
}

function parseEntry(bytes: Buffer, at: number): DirectoryEntry & { readonly length: number } {
  expectSignature(bytes, at, 0x02014b50);
  const [nameLength, extraLength, commentLength] = [28, 30, 32].map((field) =>
    bytes.readUInt16LE(at + field),
  ) as [number, number, number];
  const extra = bytes.subarray(at + 46 + nameLength, at + 46 + nameLength + extraLength);
  const wide = zip64Fields(extra, [
    bytes.readUInt32LE(at + 24),
    bytes.readUInt32LE(at + 20),
    bytes.readUInt32LE(at + 42),
  ]);
  const dos = bytes.readUInt32LE(at + 12);
  return {
    name: bytes.toString('utf8', at + 46, at + 46 + nameLength),
    isNamedInUtf8: (bytes.readUInt16LE(at + 8) & 0x800) !== 0,
    method: bytes.readUInt16LE(at + 10),
    crc: bytes.readUInt32LE(at + 16),
    size: wide[0],
    packedSize: wide[1],
    at: wide[2],
    mode: (bytes.readUInt32LE(at + 38) >>> 16) & 0o7777,
    date: new Date(
      (dos >>> 25) + 1980,
      ((dos >>> 21) & 15) - 1,
      (dos >>> 16) & 31,
      (dos >>> 11) & 31,
      (dos >>> 5) & 63,
      (dos & 31) * 2,
    ),
    length: 46 + nameLength + extraLength + commentLength,
  };
}

/** Fields that are all ones stand, in this order, in the extra field 1. */
function zip64Fields(extra: Buffer, fields: readonly number[]): [number, number, number] {
  let wideAt = -1;
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2)) {
    if (extra.readUInt16LE(at) === 1) wideAt = at + 4;
  }
  return fields.map((field) => {
    if (field !== ZIP64_32) return field;
    if (wideAt < 0) throw new Error('a Zip64 field is missing');
    wideAt += 8;
    return Number(extra.readBigUInt64LE(wideAt - 8));
  }) as [number, number, number];
}

async function readContent(
  file: string,
  entry: DirectoryEntry,
  keepBytes: number,
): Promise<Buffer | null> {
  const start = await contentStart(file, entry);
  const packed: Readable =
    entry.packedSize === 0
      ? new PassThrough().end()
      : createReadStream(file, { start, end: start + entry.packedSize - 1 });
  const unpack = entry.method === 8 ? createInflateRaw() : new PassThrough();
  const kept: Buffer[] = [];
  let [size, crc] = [0, 0];
  await pipeline(packed, unpack, async (chunks: AsyncIterable<Buffer>) => {
    for await (const chunk of chunks) {
      size += chunk.length;
      crc = crc32(chunk, crc);
      if (entry.size <= keepBytes) kept.push(chunk);
    }
  });
  if (size !== entry.size) throw new Error(`${entry.name}: ${size} bytes, told ${entry.size}`);
  if (crc !== entry.crc) throw new Error(`${entry.name}: wrong CRC`);
  return entry.size <= keepBytes ? Buffer.concat(kept) : null;
}

async function contentStart(file: string, { at, name }: DirectoryEntry): Promise<number> {
  await using handle = await open(file, 'r');
  const { buffer } = await handle.read(Buffer.alloc(30), 0, 30, at);
  expectSignature(buffer, 0, 0x04034b50);
  const nameLength = buffer.readUInt16LE(26);
  const { buffer: local } = await handle.read(Buffer.alloc(nameLength), 0, nameLength, at + 30);
  if (local.toString('utf8') !== name) throw new Error(`${name}: two names`);
  return at + 30 + nameLength + buffer.readUInt16LE(28);
}

function expectSignature(bytes: Buffer, at: number, signature: number): void {
  const found = bytes.readUInt32LE(at);
  if (found !== signature)
    throw new Error(`${found.toString(16)} instead of ${signature.toString(16)}`);
}
