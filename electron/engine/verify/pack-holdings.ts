// What a pack was found to hold, asked by place and hash: the page or chunk is there, authentic, with this very hash.
import { HASH_BYTES } from '../format/page-segment.ts';
import { hashesInFrame, type PackFrame } from '../format/pack-directory.ts';
import type { PackReader } from '../vault/pack-reader.ts';
import type { ChunkPlace } from '../vault/folder-list.ts';

export interface PackHoldings {
  holdsPage(frame: number, slot: number, hash: Buffer, pageSize: number): boolean;
  holdsChunk(chunk: Omit<ChunkPlace, 'packId'>): boolean;
}

export const holdsNothing: PackHoldings = { holdsPage: () => false, holdsChunk: () => false };
/** For a look at sizes alone. */
export const holdsAll: PackHoldings = { holdsPage: () => true, holdsChunk: () => true };

/** By the pack's own directory, whose hashes were compared with every frame that is not bad. */
export function holdingsByDirectory(
  { directory, hashes }: Pick<PackReader, 'directory' | 'hashes'>,
  badFrames: ReadonlySet<number>,
): PackHoldings {
  const offsets = hashOffsets(directory.frames);
  const isAt = (frame: number, index: number, hash: Buffer): boolean => {
    const start = (offsets[frame] ?? 0) + index * HASH_BYTES;
    return hashes.compare(hash, 0, HASH_BYTES, start, start + HASH_BYTES) === 0;
  };
  return {
    holdsPage(frame, slot, hash) {
      const entry = directory.frames[frame];
      if (entry === undefined || badFrames.has(frame) || slot >= hashesInFrame(entry)) return false;
      return isAt(frame, slot, hash);
    },
    holdsChunk({ frame, offset, length, hash }) {
      const entry = directory.frames[frame];
      if (entry?.kind !== 'chunks' || badFrames.has(frame)) return false;
      const index = indexOfChunk(entry.lengths, offset, length);
      return index !== null && isAt(frame, index, Buffer.from(hash, 'hex'));
    },
  };
}

/** Offsets of each frame's hashes in the hashes of the pack. */
export function hashOffsets(frames: readonly PackFrame[]): number[] {
  let at = 0;
  return frames.map((entry) => {
    const start = at;
    at += hashesInFrame(entry) * HASH_BYTES;
    return start;
  });
}

function indexOfChunk(lengths: readonly number[], offset: number, length: number): number | null {
  let at = 0;
  for (const [index, chunk] of lengths.entries()) {
    if (at === offset && chunk === length) return index;
    at += chunk;
  }
  return null;
}

/** A frame of a pack without its directory: authentic, and hashed in pages of each size that it may hold. */
export interface LooseFrame {
  readonly bytes: number;
  readonly hashes: ReadonlyMap<number, Buffer>;
}

/** Without a directory chunks count by their frame's seal alone; restoring compares their hashes. */
export function holdingsByFrames(frames: ReadonlyMap<number, LooseFrame>): PackHoldings {
  return {
    holdsPage(frame, slot, hash, pageSize) {
      const hashes = frames.get(frame)?.hashes.get(pageSize);
      const start = slot * HASH_BYTES;
      return (
        hashes !== undefined &&
        start + HASH_BYTES <= hashes.length &&
        hashes.compare(hash, 0, HASH_BYTES, start, start + HASH_BYTES) === 0
      );
    },
    holdsChunk: ({ frame, offset, length }) => offset + length <= (frames.get(frame)?.bytes ?? -1),
  };
}
