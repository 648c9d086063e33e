// Stores one page file: passes of the capture in, changed pages in frames out.
// Reading (source worker), hashing and compressing (compute workers) and writing (here) overlap; slices are taken in order.
import type { Capture, EndOfPass, Slice } from '../sources/capture.ts';
import type { ComputePool } from '../pipeline/compute-pool.ts';
import { createFramePacker, type FramePacker, type PackedFrame } from './frame-packer.ts';
import { HASH_BYTES, SEGMENT_PAGES } from '../format/page-segment.ts';
import { zeroPageHash } from '../format/page-digest.ts';
import { FRAME_TARGET_BYTES } from '../format/sealed-object.ts';
import { BackupError } from '../../../shared/model/backup-error.ts';
import type { PackFile } from '../vault/pack-writer.ts';
import type { FrameQueue } from './frame-queue.ts';
import type { ParentBlock, ParentPages } from './parent-pages.ts';
import type { WorkBlock, WorkTable } from './work-table.ts';

export interface StorePages {
  readonly capture: Capture;
  readonly file: PackFile;
  readonly pool: ComputePool;
  readonly frames: FrameQueue;
  readonly work: WorkTable;
  /** What the pages are compared with; null stores all of them. */
  readonly parent: ParentPages | null;
  readonly onBytes: (bytes: number) => void;
  readonly signal: AbortSignal;
}

export interface StoredPages {
  readonly end: Extract<EndOfPass, { kind: 'consistent' }>;
  readonly state: Capture['state'];
  /** Pages read in all passes. */
  readonly pagesRead: number;
  readonly passes: number;
}

interface HashedSlice {
  readonly slice: Slice;
  readonly buffer: SharedArrayBuffer;
  readonly hashes: Buffer;
  readonly packed: PackedFrame | null;
}

/** Slices in work at once: one being read, one on each worker, one being compared. */
const SLICES_IN_FLIGHT = 5;

/** Runs passes until the capture is consistent. The frames queue may still be writing when it resolves. */
export async function storePages(job: StorePages): Promise<StoredPages> {
  let state = job.capture.state;
  let pagesRead = 0;
  const buffers = Array.from(
    { length: SLICES_IN_FLIGHT },
    () => new SharedArrayBuffer(sliceBytesOf(state.pageSize)),
  );
  const packer = createFramePacker(job.pool, sliceBytesOf(state.pageSize));
  for (let passes = 1; ; passes++) {
    const alsoPack = passes === 1 && job.parent === null;
    pagesRead += await storePass(job, state.pageSize, buffers, packer, alsoPack);
    const end = await job.capture.endPass();
    if (end.kind === 'consistent') return { end, state, pagesRead, passes };
    if (end.state.pageSize !== state.pageSize) {
      throw new BackupError({
        code: 'source-busy',
        path: job.file.path,
        detail: 'its page size changed meanwhile',
      });
    }
    state = end.state;
  }
}

/** Bytes of a slice buffer: one full frame. */
export function sliceBytesOf(pageSize: number): number {
  return Math.floor(FRAME_TARGET_BYTES / pageSize) * pageSize;
}

async function storePass(
  job: StorePages,
  pageSize: number,
  buffers: readonly SharedArrayBuffer[],
  packer: FramePacker,
  alsoPack: boolean,
): Promise<number> {
  const gather = createGatherer(job, pageSize, packer);
  const free = [...buffers];
  const inFlight: Promise<HashedSlice | null>[] = [];
  let pagesRead = 0;
  let isAtEnd = false;

  const startNext = (buffer: SharedArrayBuffer) => {
    const hashed = readAndHash(job, buffer, pageSize, alsoPack ? packer : null);
    hashed.catch(() => undefined); // thrown where it is taken
    inFlight.push(hashed);
  };
  while (!isAtEnd || inFlight.length > 0) {
    job.signal.throwIfAborted();
    if (!isAtEnd) for (const buffer of free.splice(0)) startNext(buffer);
    const hashed = await inFlight.shift();
    if (hashed === null || hashed === undefined) {
      isAtEnd = true;
      continue;
    }
    await gather.take(hashed);
    pagesRead += hashed.slice.pageCount;
    job.onBytes(hashed.slice.pageCount * pageSize);
    free.push(hashed.buffer);
  }
  await gather.flush();
  return pagesRead;
}

async function readAndHash(
  job: StorePages,
  buffer: SharedArrayBuffer,
  pageSize: number,
  packer: FramePacker | null,
): Promise<HashedSlice | null> {
  const slice = await job.capture.nextSlice(buffer);
  if (slice === null) return null;
  const bytes = slice.pageCount * pageSize;
  if (packer !== null) {
    const { hashes, packed } = await packer.hashAndPack(buffer, bytes, pageSize);
    return { slice, buffer, hashes: asBuffer(hashes), packed };
  }
  const { hashes } = await job.pool.run<'hash'>({
    kind: 'hash',
    buffer,
    bytes,
    pageSize,
    output: null,
  });
  return { slice, buffer, hashes: asBuffer(hashes), packed: null };
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Compares slices with what is known and collects the changed pages into frames. */
function createGatherer(job: StorePages, pageSize: number, packer: FramePacker) {
  const capacity = sliceBytesOf(pageSize) / pageSize;
  const zeroHash = zeroPageHash(pageSize);
  let frame = startFrame(capacity);

  const flush = async () => {
    const { buffer, pages, runs, hashes } = frame;
    if (buffer === null || pages === 0) return;
    const rawBytes = pages * pageSize;
    const packing = packer.pack(buffer, rawBytes, 'dense');
    const content = {
      kind: 'pages' as const,
      file: job.file,
      runs,
      hashes: hashes.subarray(0, pages * HASH_BYTES),
    };
    frame = startFrame(capacity);
    await job.frames.add(content, packing, rawBytes);
  };
  const collect = (page: number, content: Uint8Array, hash: Buffer, block: WorkBlock) => {
    frame.buffer ??= new SharedArrayBuffer(capacity * pageSize);
    new Uint8Array(frame.buffer).set(content, frame.pages * pageSize);
    hash.copy(frame.hashes, frame.pages * HASH_BYTES);
    appendPage(frame.runs, page);
    block.setStored(page, hash, job.frames.nextOrdinal(), frame.pages);
    frame.pages += 1;
  };
  /** A slice of nothing but changed pages is a frame as it is, already compressed. */
  const takeWhole = async (hashed: HashedSlice, packed: PackedFrame): Promise<boolean> => {
    const { slice, hashes } = hashed;
    if (frame.pages > 0 || containsHash(hashes, zeroHash)) return false;
    const ordinal = job.frames.nextOrdinal();
    for (const part of partsOf(slice)) {
      const block = await job.work.block(part.segment);
      for (let k = 0; k < part.count; k++) {
        const slot = part.slot + k;
        block.setStored(part.first + k, hashAt(hashes, slot), ordinal, slot);
      }
    }
    const content = { kind: 'pages' as const, file: job.file, runs: slice.runs, hashes };
    await job.frames.add(content, Promise.resolve(packed), slice.pageCount * pageSize);
    return true;
  };
  const takePart = async (hashed: HashedSlice, part: SlicePart) => {
    const words = new Int32Array(
      hashed.hashes.buffer,
      hashed.hashes.byteOffset,
      hashed.hashes.length / 4,
    );
    const content = new Uint8Array(hashed.buffer);
    const block = await job.work.block(part.segment);
    const parent = job.parent === null ? null : await job.parent.block(part.segment);
    for (let k = 0; k < part.count; k++) {
      const page = part.first + k;
      const slot = part.slot + k;
      const isKnown = parent !== null && isAsParent(parent, page % SEGMENT_PAGES, words, slot);
      const wasTaken = !block.isUntouched && block.isChanged(page); // in a pass before this one
      if (isKnown && !wasTaken) continue;
      const hash = hashAt(hashed.hashes, slot);
      if (wasTaken && block.hashOf(page).equals(hash)) continue;
      // A table made anew takes the newest stored page: only a page that never had content may be stored nowhere.
      if (job.parent === null && !wasTaken && hash.equals(zeroHash)) block.setZero(page, hash);
      else collect(page, content.subarray(slot * pageSize, (slot + 1) * pageSize), hash, block);
      if (frame.pages === capacity) await flush();
    }
  };
  const take = async (hashed: HashedSlice) => {
    if (hashed.packed !== null) {
      if (await takeWhole(hashed, hashed.packed)) return;
      hashed.packed.release();
    }
    for (const part of partsOf(hashed.slice)) await takePart(hashed, part);
  };
  return { take, flush };
}

function startFrame(capacity: number) {
  const runs: [number, number][] = [];
  return {
    buffer: null as SharedArrayBuffer | null,
    pages: 0,
    runs,
    hashes: Buffer.alloc(capacity * HASH_BYTES),
  };
}

/** Pages of a slice that lie in one segment, from slot `slot` of the slice on. */
interface SlicePart {
  readonly segment: number;
  readonly first: number;
  readonly count: number;
  readonly slot: number;
}

function partsOf(slice: Slice): SlicePart[] {
  const parts: SlicePart[] = [];
  let slot = 0;
  for (const [start, pages] of slice.runs) {
    for (let first = start; first < start + pages;) {
      const segment = Math.floor(first / SEGMENT_PAGES);
      const count = Math.min(start + pages, (segment + 1) * SEGMENT_PAGES) - first;
      parts.push({ segment, first, count, slot });
      first += count;
      slot += count;
    }
  }
  return parts;
}

/** Compares four words: this runs for every page of the database. */
function isAsParent(parent: ParentBlock, index: number, words: Int32Array, slot: number): boolean {
  if (index >= parent.pages || parent.isLost(index)) return false;
  const a = index * 4;
  const b = slot * 4;
  const { words: known } = parent;
  return (
    known[a] === words[b] &&
    known[a + 1] === words[b + 1] &&
    known[a + 2] === words[b + 2] &&
    known[a + 3] === words[b + 3]
  );
}

function hashAt(hashes: Buffer, slot: number): Buffer {
  return hashes.subarray(slot * HASH_BYTES, (slot + 1) * HASH_BYTES);
}

function appendPage(runs: [number, number][], page: number): void {
  const last = runs.at(-1);
  if (last !== undefined && last[0] + last[1] === page) last[1] += 1;
  else runs.push([page, 1]);
}

function containsHash(hashes: Buffer, hash: Buffer): boolean {
  for (let at = hashes.indexOf(hash); at >= 0; at = hashes.indexOf(hash, at + 1)) {
    if (at % HASH_BYTES === 0) return true;
  }
  return false;
}
