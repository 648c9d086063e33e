/**
 * Writes vaults from FORMAT.md alone, without a line of the engine: what it and the emergency reader agree on is what
 * the document says. Everything is derived from labels, so the same vault comes out every time. It makes what a test
 * asks for, sense or not (hostile manifests, frames that lie), and promises nothing about speed or memory.
 */
import {
  createCipheriv,
  createHash,
  createHmac,
  createSecretKey,
  hkdfSync,
  scryptSync,
} from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { deflateRawSync, zstdCompressSync } from 'node:zlib';

export type Codec = 'none' | 'deflate' | 'zstd';

export const objectKinds = {
  pack: 1,
  table: 2,
  list: 3,
  manifest: 4,
  lease: 5,
  heartbeat: 6,
  end: 7,
  note: 8,
} as const;
export type ObjectKind = keyof typeof objectKinds;

export interface VaultKeys {
  readonly vaultId: Buffer;
  readonly master: Buffer;
}

/** `forged` lets the frame header say another length, or the sealed bytes be others. */
export interface FrameToSeal {
  readonly content: Buffer;
  readonly codec?: Codec;
  readonly forged?: { readonly r?: number; readonly packed?: Buffer };
}

export interface SealedObject {
  readonly bytes: Buffer;
  /** Where each frame begins. */
  readonly offsets: readonly number[];
}

/** Bytes that look random and depend on the label only. */
export function bytesOf(label: string, length: number): Buffer {
  const key = createSecretKey(createHash('sha256').update(label).digest());
  return createCipheriv('aes-256-ctr', key, Buffer.alloc(16)).update(Buffer.alloc(length));
}

export const idOf = (label: string): string => bytesOf(`id ${label}`, 16).toString('hex');
export const sha256 = (bytes: Buffer | string): Buffer =>
  createHash('sha256').update(bytes).digest();
export const hashOf = (bytes: Buffer): Buffer => sha256(bytes).subarray(0, 16);
export const hex8 = (value: number): string => value.toString(16).padStart(8, '0');

export function littleEndian(...fields: readonly (readonly [value: number, bytes: number])[]) {
  return Buffer.concat(
    fields.map(([value, bytes]) => {
      const field = Buffer.alloc(8);
      field.writeBigUInt64LE(BigInt(value));
      return field.subarray(0, bytes);
    }),
  );
}

const hkdf = (ikm: Buffer, salt: Buffer, info: Buffer | string): Buffer =>
  Buffer.from(hkdfSync('sha256', ikm, salt, info, 32));

function sealGcm(key: Buffer, nonce: Buffer, aad: Buffer, plain: Buffer): Buffer {
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  cipher.setAAD(aad);
  return Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

// Section 2: keys.

const symbols = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** Product in GF(2^5) with x^5 + x^2 + 1, by the schoolbook. */
function multiply(left: number, right: number): number {
  let product = 0;
  for (let bit = 0; bit < 5; bit += 1) if (right & (1 << bit)) product ^= left << bit;
  for (let bit = 8; bit >= 5; bit -= 1) if (product & (1 << bit)) product ^= 0b100101 << (bit - 5);
  return product;
}

export function recoveryKeyText(bytes: Buffer): string {
  let value = BigInt(`0x${bytes.toString('hex')}`);
  const data: number[] = [];
  for (let index = 0; index < 32; index += 1) {
    data.unshift(Number(value & 31n));
    value >>= 5n;
  }
  const powers = [0b00010, 0b00100, 0b01000, 0b10000];
  return Array.from({ length: 8 }, (_, group) => {
    const own = data.slice(group * 4, group * 4 + 4);
    const check = own.reduce((sum, d, j) => sum ^ multiply(d, powers[j] ?? 0), group);
    return [...own, check].map((symbol) => symbols[symbol]).join('');
  }).join('-');
}

/** scrypt of the passphrase; 2^14 is the least that the format allows, and quick. */
export const passphraseKey = (passphrase: string, salt: Buffer, n: number): Buffer =>
  scryptSync(Buffer.from(passphrase.normalize('NFKC'), 'utf8'), salt, 32, { N: n, r: 8, p: 1 });

export interface KeyHeaderInput {
  readonly generation: number;
  readonly passphrase: string;
  readonly recoveryBytes: Buffer;
}

/** The text of a key header file. */
export function keyHeaderText(keys: VaultKeys, input: KeyHeaderInput): string {
  const wrap = (key: Buffer, slot: string): string => {
    const aad = Buffer.concat([Buffer.from('holdfast wrap'), keys.vaultId, Buffer.from(slot)]);
    return sealGcm(key, Buffer.alloc(12), aad, keys.master).toString('hex');
  };
  const salts = [1, 2].map((slot) => bytesOf(`salt ${input.generation} ${slot}`, 32));
  const [salt1 = Buffer.alloc(0), salt2 = Buffer.alloc(0)] = salts;
  const line1 = JSON.stringify({
    format: 'holdfast-keys',
    version: 1,
    vaultId: keys.vaultId.toString('hex'),
    generation: input.generation,
    passphrase: {
      kdf: 'scrypt',
      N: 16384,
      r: 8,
      p: 1,
      salt: salt1.toString('hex'),
      wrapped: wrap(passphraseKey(input.passphrase, salt1, 16384), 'passphrase'),
    },
    recovery: {
      kdf: 'hkdf-sha256',
      salt: salt2.toString('hex'),
      wrapped: wrap(hkdf(input.recoveryBytes, salt2, 'holdfast recovery'), 'recovery'),
    },
  });
  const macKey = hkdf(keys.master, keys.vaultId, 'holdfast header mac');
  const mac = createHmac('sha256', macKey).update(line1).digest('hex');
  return `${line1}\n${sha256(line1).toString('hex')}\n${mac}\n`;
}

// Section 3: sealed objects.

export function objectKey(keys: VaultKeys, kind: ObjectKind, id: string): Buffer {
  const version = littleEndian([1, 2], [objectKinds[kind], 1]);
  const info = Buffer.concat([Buffer.from('holdfast object'), version, Buffer.from(id, 'hex')]);
  return hkdf(keys.master, keys.vaultId, info);
}

export function objectHeader(kind: ObjectKind, id: string): Buffer {
  const fields = littleEndian([1, 2], [objectKinds[kind], 1], [0, 5]);
  return Buffer.concat([Buffer.from('HOLDFAST'), fields, Buffer.from(id, 'hex')]);
}

function pack(content: Buffer, codec: Codec): Buffer {
  if (codec === 'none') return content;
  return codec === 'deflate' ? deflateRawSync(content) : zstdCompressSync(content);
}

/** One frame; content that a codec does not make smaller goes in as it is. */
export function sealFrame(
  key: Buffer,
  header: Buffer,
  counter: number,
  frame: FrameToSeal,
  isLast: boolean,
): Buffer {
  const { content, codec = 'none', forged = {} } = frame;
  const packed = forged.packed ?? pack(content, codec);
  const isPacked =
    codec !== 'none' && (forged.packed !== undefined || packed.length < content.length);
  const stored = isPacked ? packed : content;
  const codecNumber = isPacked ? { none: 0, deflate: 1, zstd: 2 }[codec] : 0;
  const frameHeader = littleEndian(
    [stored.length, 4],
    [forged.r ?? content.length, 4],
    [codecNumber, 1],
    [isLast ? 1 : 0, 1],
    [0, 2],
  );
  const count = littleEndian([counter, 8]);
  const nonce = Buffer.concat([Buffer.alloc(4), count]);
  const sealed = sealGcm(key, nonce, Buffer.concat([header, count, frameHeader]), stored);
  return Buffer.concat([frameHeader, sealed]);
}

/** A whole object. The closing part is made from the offsets of the content frames, and cut into several frames. */
export function sealObject(
  keys: VaultKeys,
  kind: ObjectKind,
  id: string,
  content: readonly FrameToSeal[],
  closing: (offsets: readonly number[]) => readonly FrameToSeal[],
): SealedObject {
  const header = objectHeader(kind, id);
  const key = objectKey(keys, kind, id);
  const parts = [header];
  const offsets: number[] = [];
  let at = header.length;
  const add = (frame: FrameToSeal, isLast: boolean): void => {
    const bytes = sealFrame(key, header, offsets.length, frame, isLast);
    offsets.push(at);
    parts.push(bytes);
    at += bytes.length;
  };
  content.forEach((frame) => add(frame, false));
  const closingAt = at;
  const closingFrames = closing([...offsets]);
  closingFrames.forEach((frame, index) => add(frame, index === closingFrames.length - 1));
  const trailer = littleEndian([closingAt, 8], [content.length, 4], [0, 4]);
  return { bytes: Buffer.concat([...parts, trailer, Buffer.from('TSAFDLOH')]), offsets };
}

/** Cuts a closing part into frames of at most `size` bytes. */
export function inFrames(bytes: Buffer, codec: Codec, size = 100_000): FrameToSeal[] {
  const count = Math.max(1, Math.ceil(bytes.length / size));
  return Array.from({ length: count }, (_, index) => ({
    content: bytes.subarray(index * size, (index + 1) * size),
    codec,
  }));
}

export const jsonFrames = (value: unknown, codec: Codec = 'deflate'): FrameToSeal[] =>
  inFrames(Buffer.from(JSON.stringify(value)), codec);

// Section 4: packs.

export type PackFrame =
  | {
      readonly kind: 'pages';
      readonly file: number;
      readonly runs: readonly (readonly [first: number, count: number])[];
      readonly pages: readonly Buffer[];
      readonly codec: Codec;
    }
  | { readonly kind: 'chunks'; readonly chunks: readonly Buffer[]; readonly codec: Codec };

export interface PackedFile {
  readonly source: string;
  readonly path: string;
  readonly pageSize: number;
}

export function sealPack(
  keys: VaultKeys,
  id: string,
  files: readonly PackedFile[],
  frames: readonly PackFrame[],
): SealedObject {
  const slotsOf = (frame: PackFrame): readonly Buffer[] =>
    frame.kind === 'pages' ? frame.pages : frame.chunks;
  const content = frames.map((frame) => ({
    content: Buffer.concat(slotsOf(frame)),
    codec: frame.codec,
  }));
  return sealObject(keys, 'pack', id, content, (offsets) => {
    const entries = frames.map((frame, index) =>
      frame.kind === 'pages'
        ? { at: offsets[index], kind: 'pages', file: frame.file, runs: frame.runs }
        : { at: offsets[index], kind: 'chunks', lengths: frame.chunks.map(({ length }) => length) },
    );
    const directory = Buffer.from(JSON.stringify({ frames: entries, files }));
    const hashes = frames.flatMap((frame) => slotsOf(frame).map(hashOf));
    const closing = Buffer.concat([littleEndian([directory.length, 4]), directory, ...hashes]);
    return inFrames(closing, 'zstd');
  });
}

// Section 5: page tables.

/** Where a page lies; null means: all zeros, stored nowhere. */
export interface PagePlace {
  readonly packId: string;
  readonly frame: number;
  readonly slot: number;
  readonly hash: Buffer;
}
export type PageEntry = readonly [page: number, place: PagePlace | null];

interface PageRun {
  readonly first: number;
  readonly place: PagePlace | null;
  count: number;
}

function runsOf(entries: readonly PageEntry[]): PageRun[] {
  const runs: PageRun[] = [];
  for (const [page, place] of entries) {
    const run = runs.at(-1);
    const isNext =
      run !== undefined &&
      run.first + run.count === page &&
      run.place?.packId === place?.packId &&
      run.place?.frame === place?.frame &&
      (place === null || place.slot === (run.place?.slot ?? 0) + run.count);
    if (isNext) run.count += 1;
    else runs.push({ first: page, place, count: 1 });
  }
  return runs;
}

/** Content of one segment. */
export function encodeSegment(entries: readonly PageEntry[], packs: readonly string[]): Buffer {
  const runs = runsOf(entries).map(({ first, count, place }) =>
    place === null
      ? littleEndian([first, 4], [count, 2], [65535, 2], [0, 4])
      : littleEndian(
          [first, 4],
          [count, 2],
          [packs.indexOf(place.packId), 2],
          [place.frame, 2],
          [place.slot, 2],
        ),
  );
  const hashes = entries.flatMap(([, place]) => (place === null ? [] : [place.hash]));
  return Buffer.concat([littleEndian([runs.length, 4]), ...runs, ...hashes]);
}

/** A level: a base is cut at multiples of 4,096 pages, a delta after `deltaSegment` entries. */
export function sealTable(
  keys: VaultKeys,
  id: string,
  entries: readonly PageEntry[],
  cut: { readonly kind: 'base' } | { readonly kind: 'delta'; readonly entries: number },
): SealedObject {
  const packs = [
    ...new Set(entries.flatMap(([, place]) => (place === null ? [] : [place.packId]))),
  ];
  const groups = Object.values(
    Object.groupBy(
      entries.map((entry, index) => ({ entry, index })),
      ({ entry: [page], index }) =>
        Math.floor(cut.kind === 'base' ? page / 4096 : index / cut.entries),
    ),
  ).map((group = []) => group.map(({ entry }) => entry));
  const content = groups.map((group) => ({
    content: encodeSegment(group, packs),
    codec: 'deflate' as const,
  }));
  return sealObject(keys, 'table', id, content, (offsets) =>
    jsonFrames({
      packs,
      segments: groups.map((group, index) => ({
        at: offsets[index],
        first: group[0]?.[0],
        last: group.at(-1)?.[0],
      })),
    }),
  );
}

/** The digest of a page file whose pages, filled up, are given in order. */
export function rootOf(pageSize: number, size: number, pages: readonly Buffer[]): string {
  const digests: Buffer[] = [];
  for (let at = 0; at < pages.length; at += 4096) {
    digests.push(sha256(Buffer.concat(pages.slice(at, at + 4096).map(hashOf))));
  }
  const numbers = littleEndian([pageSize, 4], [pages.length, 8], [size, 8]);
  return sha256(Buffer.concat([Buffer.from('holdfast pages'), numbers, ...digests])).toString(
    'hex',
  );
}

// Section 6: folder lists.

export interface ChunkPlace {
  readonly packId: string;
  readonly frame: number;
  readonly offset: number;
  readonly bytes: Buffer;
}
export type ListEntry =
  | {
      readonly kind: 'file';
      readonly path: string;
      readonly mode: number;
      readonly mtimeMs: number;
      readonly chunks: readonly ChunkPlace[];
      readonly size?: number;
    }
  | {
      readonly kind: 'folder';
      readonly path: string;
      readonly mode: number;
      readonly mtimeMs: number;
    }
  | { readonly kind: 'link'; readonly path: string; readonly target: string }
  | { readonly kind: 'removed'; readonly path: string };

/** A list level with `perFrame` entries in a frame; entries are put in the order of the format. */
export function sealList(
  keys: VaultKeys,
  id: string,
  entries: readonly ListEntry[],
  perFrame: number,
): SealedObject {
  const sorted = entries.toSorted((a, b) =>
    Buffer.compare(Buffer.from(a.path), Buffer.from(b.path)),
  );
  const packs = [
    ...new Set(
      sorted.flatMap((entry) => (entry.kind === 'file' ? entry.chunks.map((c) => c.packId) : [])),
    ),
  ];
  const lineOf = (entry: ListEntry): string => {
    if (entry.kind !== 'file') return JSON.stringify(entry);
    const whole = Buffer.concat(entry.chunks.map(({ bytes }) => bytes));
    return JSON.stringify({
      ...entry,
      size: entry.size ?? whole.length,
      sha256: sha256(whole).toString('hex'),
      chunks: entry.chunks.map(({ packId, frame, offset, bytes }) => [
        packs.indexOf(packId),
        frame,
        offset,
        bytes.length,
        hashOf(bytes).toString('hex'),
      ]),
    });
  };
  const groups: ListEntry[][] = [];
  for (let at = 0; at < sorted.length; at += perFrame) groups.push(sorted.slice(at, at + perFrame));
  const content = groups.map((group) => ({
    content: Buffer.from(group.map((entry) => `${lineOf(entry)}\n`).join('')),
    codec: 'zstd' as const,
  }));
  return sealObject(keys, 'list', id, content, (offsets) =>
    jsonFrames({
      packs,
      segments: groups.map((group, index) => ({
        at: offsets[index],
        first: group[0]?.path,
        last: group.at(-1)?.path,
      })),
    }),
  );
}

// Sections 7 to 9: manifests, leases, notes.

export interface PointName {
  readonly epoch: number;
  readonly counter: number;
  readonly id: string;
}

export const pointName = ({ epoch, counter, id }: PointName): string =>
  `${hex8(epoch)}-${hex8(counter)}-${id}`;

export function encodeCatalogue(points: readonly PointName[]): Buffer {
  const entries = points
    .toSorted((a, b) => a.epoch - b.epoch || a.counter - b.counter)
    .flatMap(({ epoch, counter, id }) => [
      littleEndian([epoch, 4], [counter, 4]),
      Buffer.from(id, 'hex').subarray(0, 4),
    ]);
  return Buffer.concat([littleEndian([points.length, 4]), ...entries]);
}

/** A manifest: the body in frames, the catalogue as the last one. */
export function sealManifest(
  keys: VaultKeys,
  id: string,
  body: unknown,
  catalogue: readonly PointName[],
): Buffer {
  const frames = [...jsonFrames(body, 'zstd'), { content: encodeCatalogue(catalogue) }];
  return sealObject(keys, 'manifest', id, [], () => frames).bytes;
}

/** A lease, an end of lease or a note. */
export const sealJson = (keys: VaultKeys, kind: ObjectKind, id: string, body: unknown): Buffer =>
  sealObject(keys, kind, id, [], () => jsonFrames(body, 'none')).bytes;

/** Puts a file into the vault; names are `/`-separated. */
export function putFile(folder: string, name: string, bytes: Buffer | string): void {
  const file = join(folder, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, bytes);
}

/** Puts an object that has two copies, or (a pack) one. */
export function putObject(
  folder: string,
  kind: 'pack' | 'table' | 'list',
  id: string,
  bytes: Buffer,
): void {
  const name = `${kind}s/${id.slice(0, 2)}/${id}`;
  for (const copy of kind === 'pack' ? [''] : ['.a', '.b']) putFile(folder, name + copy, bytes);
}
