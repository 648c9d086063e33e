// Stores the content of one file in content-defined chunks; chunks that the family already has are not stored again.
import { createHash, hash } from 'node:crypto';
import { HASH_BYTES } from '../format/page-segment.ts';
import { FRAME_TARGET_BYTES, MAX_FRAME_BYTES } from '../format/sealed-object.ts';
import { createSharedBuffers } from '../pipeline/shared-buffers.ts';
import type { ComputePool } from '../pipeline/compute-pool.ts';
import { MIN_CHUNK_BYTES } from '../pipeline/content-defined-chunks.ts';
import type { ChunkIndex, KnownChunk } from './chunk-index.ts';
import { createFramePacker, type PackedFrame } from './frame-packer.ts';
import type { FrameQueue } from './frame-queue.ts';

export interface StoredChunk {
  readonly place: KnownChunk;
  readonly length: number;
  /** 32 hex digits. */
  readonly hash: string;
}

export interface StoredContent {
  readonly chunks: readonly StoredChunk[];
  readonly size: number;
  readonly sha256: string;
}

/** Beyond this, a file is cut into windows: its entry must fit into one frame of its list, also for a file of 200 GiB. */
const HUGE_FILE_BYTES = 8 * 1024 ** 3;

/** Reads bytes from an offset; fewer than the buffer holds only at the end. */
export type ReadContent = (buffer: SharedArrayBuffer, offset: number) => Promise<number>;

export interface ChunkStore {
  store(read: ReadContent): Promise<StoredContent>;
  /** Content that is no longer than the shortest chunk; free to change once this resolves. */
  storeSmall(content: Uint8Array): Promise<StoredContent>;
  /** Hands the last, unfilled frame to the queue. */
  flush(): Promise<void>;
}

/** `known` is shared by all files of a run and grows with it. */
export function createChunkStore(
  pool: ComputePool,
  frames: FrameQueue,
  known: ChunkIndex,
): ChunkStore {
  // Left to the garbage collector, the windows of 200,000 files were gigabytes.
  const windows = createSharedBuffers();
  const packers = new Map(
    [FRAME_TARGET_BYTES, MAX_FRAME_BYTES].map((bytes) => [bytes, createFramePacker(pool, bytes)]),
  );
  let frame = startFrame(windows.take(FRAME_TARGET_BYTES));

  const pack = async (buffer: SharedArrayBuffer, bytes: number): Promise<PackedFrame> => {
    const packer = packers.get(buffer.byteLength);
    if (packer === undefined) throw new RangeError('frames have two sizes');
    const packed = await packer.pack(buffer, bytes, 'bulk');
    // What does not shrink was copied into the output as well.
    windows.give(buffer);
    return packed;
  };
  const flush = async (next = FRAME_TARGET_BYTES) => {
    const { buffer, bytes, lengths, hashes } = frame;
    frame = startFrame(windows.take(next));
    if (bytes === 0) {
      windows.give(buffer);
      return;
    }
    const packing = pack(buffer, bytes);
    await frames.add({ kind: 'chunks', lengths, hashes: Buffer.concat(hashes) }, packing, bytes);
  };
  /** A window of a huge file is larger than frames are otherwise. */
  const sizeFor = (content: Uint8Array): number =>
    content.length > FRAME_TARGET_BYTES ? MAX_FRAME_BYTES : FRAME_TARGET_BYTES;
  const place = async (content: Uint8Array, digest: Buffer): Promise<StoredChunk> => {
    let at = known.get(digest);
    if (at === null) {
      if (frame.bytes + content.length > frame.buffer.byteLength) await flush(sizeFor(content));
      at = { kind: 'new', ordinal: frames.nextOrdinal(), offset: frame.bytes };
      known.set(digest, at);
      new Uint8Array(frame.buffer).set(content, frame.bytes);
      frame.bytes += content.length;
      frame.lengths.push(content.length);
      frame.hashes.push(digest);
    }
    return { place: at, length: content.length, hash: digest.toString('hex') };
  };
  return {
    flush: () => flush(),
    async storeSmall(content) {
      if (content.length > MIN_CHUNK_BYTES) throw new RangeError('longer than the shortest chunk');
      const whole = hash('sha256', content, 'buffer');
      if (content.length === 0) return { chunks: [], size: 0, sha256: whole.toString('hex') };
      // A chunk's hash is the beginning of its SHA-256, and this chunk is all there is.
      const chunk = await place(content, whole.subarray(0, HASH_BYTES));
      return { chunks: [chunk], size: content.length, sha256: whole.toString('hex') };
    },
    async store(read) {
      const window = windows.take(MAX_FRAME_BYTES);
      const whole = createHash('sha256');
      const chunks: StoredChunk[] = [];
      let offset = 0;
      for (;;) {
        const bytes = await read(window, offset);
        const isEnd = bytes < MAX_FRAME_BYTES;
        if (bytes === 0) break;
        const isHuge = offset >= HUGE_FILE_BYTES;
        const cut = await pool.run<'chunk'>({
          kind: 'chunk',
          buffer: window,
          bytes,
          isEnd,
          isHuge,
        });
        let at = 0;
        for (const [index, length] of cut.lengths.entries()) {
          const content = new Uint8Array(window, at, length);
          const digest = Buffer.from(
            cut.hashes.slice(index * HASH_BYTES, (index + 1) * HASH_BYTES),
          );
          whole.update(content);
          chunks.push(await place(content, digest));
          at += length;
        }
        offset += at;
        if (isEnd) break;
      }
      windows.give(window);
      return { chunks, size: offset, sha256: whole.digest('hex') };
    },
  };
}

function startFrame(buffer: SharedArrayBuffer) {
  const lengths: number[] = [];
  const hashes: Buffer[] = [];
  return { buffer, bytes: 0, lengths, hashes };
}
