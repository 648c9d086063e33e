// What a run found out about each page so far: hash, and the slot it was stored in. On disk, for it must not grow with the
// database in memory; one block of 4,096 pages at a time. Kept through the passes of a capture, so a second pass is cheap.
import { open, rm } from 'node:fs/promises';
import { HASH_BYTES, SEGMENT_PAGES } from '../format/page-segment.ts';

const ENTRY_BYTES = 24;
const BLOCK_BYTES = SEGMENT_PAGES * ENTRY_BYTES;
const IS_CHANGED = 1;
const IS_ZERO = 2;

/** One segment's entries; page numbers are absolute. */
export interface WorkBlock {
  readonly segment: number;
  /** True when no page of it was ever set in this run. */
  readonly isUntouched: boolean;
  /** True when the page differs from the parent and this run knows its place. */
  isChanged(page: number): boolean;
  isZero(page: number): boolean;
  /** 16 bytes; a view. */
  hashOf(page: number): Buffer;
  ordinalOf(page: number): number;
  slotOf(page: number): number;
  /** Stored in the run's frame `ordinal` at `slot`. */
  setStored(page: number, hash: Uint8Array, ordinal: number, slot: number): void;
  setZero(page: number, hash: Uint8Array): void;
}

export interface WorkTable extends AsyncDisposable {
  /** The block of a segment; the one before is written back. */
  block(segment: number): Promise<WorkBlock>;
  /** Segments with any entry ever set, ascending. */
  touched(): readonly number[];
}

/** `path` is a scratch file of this run; removed when closed. */
export async function createWorkTable(path: string): Promise<WorkTable> {
  const handle = await open(path, 'wx+', 0o600);
  const touched = new Set<number>();
  let current: { readonly segment: number; readonly bytes: Buffer; isDirty: boolean } | null = null;

  const writeBack = async () => {
    if (current?.isDirty === true)
      await handle.write(current.bytes, 0, BLOCK_BYTES, current.segment * BLOCK_BYTES);
  };
  const load = async (segment: number) => {
    const bytes = Buffer.alloc(BLOCK_BYTES);
    if (touched.has(segment)) await handle.read(bytes, 0, BLOCK_BYTES, segment * BLOCK_BYTES);
    return { segment, bytes, isDirty: false };
  };
  return {
    async block(segment) {
      if (current?.segment !== segment) {
        await writeBack();
        current = await load(segment);
      }
      const held = current;
      return blockOf(
        held.segment,
        held.bytes,
        () => touched.has(segment),
        () => {
          held.isDirty = true;
          touched.add(segment);
        },
      );
    },
    touched: () => [...touched].sort((a, b) => a - b),
    async [Symbol.asyncDispose]() {
      await handle.close();
      await rm(path, { force: true });
    },
  };
}

function blockOf(
  segment: number,
  bytes: Buffer,
  isTouched: () => boolean,
  markDirty: () => void,
): WorkBlock {
  const offsetOf = (page: number) => (page - segment * SEGMENT_PAGES) * ENTRY_BYTES;
  const flagsOf = (page: number) => bytes.readUInt16LE(offsetOf(page) + 22);
  const set = (page: number, hash: Uint8Array, ordinal: number, slot: number, flags: number) => {
    const at = offsetOf(page);
    bytes.set(hash, at);
    bytes.writeUInt32LE(ordinal, at + 16);
    bytes.writeUInt16LE(slot, at + 20);
    bytes.writeUInt16LE(flags, at + 22);
    markDirty();
  };
  return {
    segment,
    get isUntouched() {
      return !isTouched();
    },
    isChanged: (page) => (flagsOf(page) & IS_CHANGED) !== 0,
    isZero: (page) => (flagsOf(page) & IS_ZERO) !== 0,
    hashOf: (page) => bytes.subarray(offsetOf(page), offsetOf(page) + HASH_BYTES),
    ordinalOf: (page) => bytes.readUInt32LE(offsetOf(page) + 16),
    slotOf: (page) => bytes.readUInt16LE(offsetOf(page) + 20),
    setStored: (page, hash, ordinal, slot) => set(page, hash, ordinal, slot, IS_CHANGED),
    setZero: (page, hash) => set(page, hash, 0, 0, IS_CHANGED | IS_ZERO),
  };
}
