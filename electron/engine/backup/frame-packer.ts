// Compresses frames on the workers into output buffers that are used again and again.
import type { PackedContent } from '../crypto/frame-codec.ts';
import type { Effort } from '../crypto/frame-codec.ts';
import type { Packed } from '../pipeline/compute-jobs.ts';
import { createSharedBuffers } from '../pipeline/shared-buffers.ts';
import type { ComputePool } from '../pipeline/compute-pool.ts';

/** A compressed frame whose buffer goes back when it was written. */
export interface PackedFrame extends PackedContent {
  release(): void;
}

export interface FramePacker {
  /** Compresses a buffer that must not change until the promise resolves. */
  pack(buffer: SharedArrayBuffer, bytes: number, effort: Effort): Promise<PackedFrame>;
  /** Hashes pages and compresses them in one go. */
  hashAndPack(
    buffer: SharedArrayBuffer,
    bytes: number,
    pageSize: number,
  ): Promise<{ hashes: Uint8Array; packed: PackedFrame }>;
}

export function createFramePacker(pool: ComputePool, frameBytes: number): FramePacker {
  const outputs = createSharedBuffers();
  const toFrame = (packed: Packed, output: SharedArrayBuffer): PackedFrame => ({
    codec: packed.codec,
    bytes: new Uint8Array(output, 0, packed.length),
    release: () => outputs.give(output),
  });
  return {
    async pack(buffer, bytes, effort) {
      const output = outputs.take(frameBytes);
      const { packed } = await pool.run<'pack'>({ kind: 'pack', buffer, bytes, effort, output });
      return toFrame(packed, output);
    },
    async hashAndPack(buffer, bytes, pageSize) {
      const output = outputs.take(frameBytes);
      const { hashes, packed } = await pool.run<'hash'>({
        kind: 'hash',
        buffer,
        bytes,
        pageSize,
        output,
      });
      if (packed === null) throw new Error('an output was given, so there is a frame');
      return { hashes, packed: toFrame(packed, output) };
    },
  };
}
