// The closing part of a pack (FORMAT.md section 4): where each frame lies, what it holds, and the hashes of all of it.
import { z } from 'zod';
import { damaged } from './sealed-object.ts';
import { HASH_BYTES } from './page-segment.ts';

export const MAX_PACK_FRAMES = 16_384;
const count = z.number().int().min(0).max(0xffffffff);
const frameSchema = z.discriminatedUnion('kind', [
  z.object({
    at: z.number().int().min(0),
    kind: z.literal('pages'),
    file: count,
    runs: z.array(z.tuple([count, count])),
  }),
  z.object({ at: z.number().int().min(0), kind: z.literal('chunks'), lengths: z.array(count) }),
]);
const directorySchema = z.object({
  frames: z.array(frameSchema).max(MAX_PACK_FRAMES),
  files: z.array(z.object({ source: z.string(), path: z.string(), pageSize: count })),
});
export type PackDirectory = z.infer<typeof directorySchema>;
export type PackFrame = PackDirectory['frames'][number];

/** How many hashes a frame has: one for each slot or chunk. */
export function hashesInFrame(frame: PackFrame): number {
  return frame.kind === 'pages'
    ? frame.runs.reduce((sum, [, pages]) => sum + pages, 0)
    : frame.lengths.length;
}

export function encodePackClosing(directory: PackDirectory, hashes: readonly Uint8Array[]): Buffer {
  const json = Buffer.from(JSON.stringify(directory));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(json.length, 0);
  return Buffer.concat([length, json, ...hashes]);
}

/** Throws object-damaged. */
export function decodePackClosing(
  bytes: Buffer,
  name: string,
): { directory: PackDirectory; hashes: Buffer } {
  const length = bytes.length >= 4 ? bytes.readUInt32LE(0) : Infinity;
  if (4 + length > bytes.length) throw damaged(name, 'directory cut off');
  const directory = parseDirectory(bytes.subarray(4, 4 + length), name);
  const hashes = bytes.subarray(4 + length);
  const expected = directory.frames.reduce((sum, frame) => sum + hashesInFrame(frame), 0);
  if (hashes.length !== expected * HASH_BYTES)
    throw damaged(name, 'directory and hashes do not fit');
  return { directory, hashes };
}

function parseDirectory(json: Buffer, name: string): PackDirectory {
  try {
    return directorySchema.parse(JSON.parse(json.toString('utf8')));
  } catch (cause) {
    throw damaged(name, 'directory cannot be read', cause);
  }
}
