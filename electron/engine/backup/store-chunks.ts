// Stores the content of one file in content-defined chunks; chunks that the family already has are not stored again.
import { createHash } from 'node:crypto';
import { HASH_BYTES } from '../format/page-segment.ts';
import { MAX_FRAME_BYTES } from '../format/sealed-object.ts';
import type { ComputePool } from '../pipeline/compute-pool.ts';
import { createFramePacker } from './frame-packer.ts';
import type { FrameQueue } from './frame-queue.ts';

/** Where a chunk of this run or of the family lies. */
export type KnownChunk =
  | {
      readonly kind: 'stored';
      readonly packId: string;
      readonly frame: number;
      readonly offset: number;
    }
  | { readonly kind: 'new'; readonly ordinal: number; readonly offset: number };

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
  /** Hands the last, unfilled frame to the queue. */
  flush(): Promise<void>;
}

/** `known` is shared by all files of a run and grows with it. */
export function createChunkStore(
  pool: ComputePool,
  frames: FrameQueue,
  known: Map<string, KnownChunk>,
): ChunkStore {
  const packer = createFramePacker(pool, MAX_FRAME_BYTES);
  let frame = startFrame();

  const flush = async () => {
    const { buffer, bytes, lengths, hashes } = frame;
    if (bytes === 0) return;
    frame = startFrame();
    const packing = packer.pack(buffer, bytes, 'bulk');
    await frames.add({ kind: 'chunks', lengths, hashes: Buffer.concat(hashes) }, packing, bytes);
  };
  const place = async (content: Uint8Array, hash: Buffer): Promise<StoredChunk> => {
    const key = hash.toString('hex');
    let at = known.get(key);
    if (at === undefined) {
      if (frame.bytes + content.length > MAX_FRAME_BYTES) await flush();
      at = { kind: 'new', ordinal: frames.nextOrdinal(), offset: frame.bytes };
      known.set(key, at);
      new Uint8Array(frame.buffer).set(content, frame.bytes);
      frame.bytes += content.length;
      frame.lengths.push(content.length);
      frame.hashes.push(hash);
    }
    return { place: at, length: content.length, hash: key };
  };
  return {
    flush,
    async store(read) {
      const window = new SharedArrayBuffer(MAX_FRAME_BYTES);
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
          const hash = Buffer.from(cut.hashes.slice(index * HASH_BYTES, (index + 1) * HASH_BYTES));
          whole.update(content);
          chunks.push(await place(content, hash));
          at += length;
        }
        offset += at;
        if (isEnd) break;
      }
      return { chunks, size: offset, sha256: whole.digest('hex') };
    },
  };
}

function startFrame() {
  const lengths: number[] = [];
  const hashes: Buffer[] = [];
  return { buffer: new SharedArrayBuffer(MAX_FRAME_BYTES), bytes: 0, lengths, hashes };
}
