// Segments of page tables as bytes (FORMAT.md section 5): runs of pages with their places, and their hashes.

import { damaged } from './sealed-object.ts';

/** Entries in a segment at most; also the pages that one segment digest covers. */
export const SEGMENT_PAGES = 4096;
/** A page hash: the first 16 bytes of SHA-256. */
export const HASH_BYTES = 16;
/** Pack number of pages that are all zeros and stored nowhere. */
export const ZERO_PACK = 0xffff;
const RUN_BYTES = 12;

/** Pages `first .. first + count - 1` at slots `slot ..` of one frame. */
export interface PageRun {
  readonly first: number;
  readonly count: number;
  /** Index into the level's own list of packs, or ZERO_PACK. */
  readonly pack: number;
  readonly frame: number;
  readonly slot: number;
}

export interface PageSegment {
  readonly runs: readonly PageRun[];
  /** 16 bytes for each page of the runs that have a place, in order. */
  readonly hashes: Buffer;
}

export function encodePageSegment(segment: PageSegment): Buffer {
  const { runs, hashes } = segment;
  const bytes = Buffer.alloc(4 + runs.length * RUN_BYTES + hashes.length);
  bytes.writeUInt32LE(runs.length, 0);
  let at = 4;
  for (const run of runs) {
    bytes.writeUInt32LE(run.first, at);
    bytes.writeUInt16LE(run.count, at + 4);
    bytes.writeUInt16LE(run.pack, at + 6);
    bytes.writeUInt16LE(run.frame, at + 8);
    bytes.writeUInt16LE(run.slot, at + 10);
    at += RUN_BYTES;
  }
  hashes.copy(bytes, at);
  return bytes;
}

/** Throws object-damaged when counts, order or lengths do not fit together. `packs` is the length of the level's pack list. */
export function decodePageSegment(bytes: Buffer, packs: number, name: string): PageSegment {
  const count = bytes.length >= 4 ? bytes.readUInt32LE(0) : SEGMENT_PAGES + 1;
  const hashesAt = 4 + count * RUN_BYTES;
  if (count > SEGMENT_PAGES || hashesAt > bytes.length)
    throw damaged(name, 'segment out of bounds');
  const runs: PageRun[] = [];
  let next = 0;
  let entries = 0;
  let placed = 0;
  for (let at = 4; at < hashesAt; at += RUN_BYTES) {
    const run = decodeRun(bytes, at);
    if (run.count === 0 || run.first < next || (run.pack !== ZERO_PACK && run.pack >= packs)) {
      throw damaged(name, 'run out of order or bounds');
    }
    next = run.first + run.count;
    entries += run.count;
    if (run.pack !== ZERO_PACK) placed += run.count;
    runs.push(run);
  }
  const hashes = bytes.subarray(hashesAt);
  if (entries > SEGMENT_PAGES || hashes.length !== placed * HASH_BYTES)
    throw damaged(name, 'segment does not add up');
  return { runs, hashes };
}

function decodeRun(bytes: Buffer, at: number): PageRun {
  return {
    first: bytes.readUInt32LE(at),
    count: bytes.readUInt16LE(at + 4),
    pack: bytes.readUInt16LE(at + 6),
    frame: bytes.readUInt16LE(at + 8),
    slot: bytes.readUInt16LE(at + 10),
  };
}
