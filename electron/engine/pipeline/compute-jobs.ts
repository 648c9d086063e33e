// What compute workers do: pure work on bytes, no files, no clock. One entry each, typed on both sides.
import type { Effort } from '../crypto/frame-codec.ts';
import type { Codec, FrameHeader } from '../format/sealed-object.ts';

/** Hash pages, and compress all of it as one frame when asked. The buffer is shared and not copied. */
export interface HashJob {
  readonly kind: 'hash';
  readonly buffer: SharedArrayBuffer;
  readonly bytes: number;
  readonly pageSize: number;
  /** Where the compressed frame goes; null: do not compress. At least as large as `bytes`. */
  readonly output: SharedArrayBuffer | null;
}

/** Compress a buffer as one frame. */
export interface PackJob {
  readonly kind: 'pack';
  readonly buffer: SharedArrayBuffer;
  readonly bytes: number;
  readonly effort: Effort;
  readonly output: SharedArrayBuffer;
}

/** Decrypt, decompress and, with a page size, hash the pages of one frame. `sealed` is transferred, the content goes to `output`. */
export interface OpenJob {
  readonly kind: 'open';
  readonly sealed: Uint8Array;
  readonly key: Uint8Array;
  readonly objectHeader: Uint8Array;
  readonly counter: number;
  readonly header: FrameHeader;
  readonly pageSize: number | null;
  readonly name: string;
  /** At least as large as the header's `rawBytes`. */
  readonly output: SharedArrayBuffer;
}

/** Cut a window of a file into chunks and hash each. */
export interface ChunkJob {
  readonly kind: 'chunk';
  readonly buffer: SharedArrayBuffer;
  readonly bytes: number;
  /** True when the window reaches the end of the file. */
  readonly isEnd: boolean;
  /** The whole window is one chunk. */
  readonly isHuge: boolean;
}

export type ComputeJob = HashJob | PackJob | OpenJob | ChunkJob;

/** A compressed frame: the first `length` bytes of the job's output. */
export interface Packed {
  readonly codec: Codec;
  readonly length: number;
}

export interface ComputeResults {
  readonly hash: { readonly hashes: Uint8Array; readonly packed: Packed | null };
  readonly pack: { readonly packed: Packed };
  readonly chunk: { readonly lengths: readonly number[]; readonly hashes: Uint8Array };
  readonly open: { readonly length: number; readonly hashes: Uint8Array | null };
}
