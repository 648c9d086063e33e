// Compression of frames: zstd, at one level for bulk and a higher one for the little that an increment stores.
// Content that does not get smaller is stored as it is.
import { constants, zstdCompressSync } from 'node:zlib';
import type { Codec } from '../format/sealed-object.ts';

/** `bulk`: first backups, where time counts. `dense`: increments, where level 6 stores a tenth less for little work. */
export type Effort = 'bulk' | 'dense';
const levels: Record<Effort, number> = { bulk: 3, dense: 6 };
/** Room for the output in one piece: more pieces cost a fifth of the speed (measured, Node 24). */
const OUTPUT_SLACK_BYTES = 64 * 1024;

export interface PackedContent {
  readonly codec: Codec;
  readonly bytes: Uint8Array;
}

/** Compresses the content of one frame; the result may be a view of `content` when it does not shrink. */
export function packContent(content: Uint8Array, effort: Effort = 'bulk'): PackedContent {
  if (content.length < 64) return { codec: 'none', bytes: content };
  const bytes = zstdCompressSync(content, {
    params: { [constants.ZSTD_c_compressionLevel]: levels[effort] },
    pledgedSrcSize: content.length,
    chunkSize: content.length + OUTPUT_SLACK_BYTES,
  });
  return bytes.length < content.length
    ? { codec: 'zstd', bytes }
    : { codec: 'none', bytes: content };
}
