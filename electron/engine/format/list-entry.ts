// Entries of folder lists as JSON lines (FORMAT.md section 6), and the rule for paths in them.
import { z } from 'zod';
import { damaged } from './sealed-object.ts';

const natural = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
const chunk = z.tuple([natural, natural, natural, natural, z.string().regex(/^[0-9a-f]{32}$/)]);
const path = z.string().refine(isListPath, 'not a path below the folder');
const entrySchema = z.discriminatedUnion('kind', [
  z.object({
    path,
    kind: z.literal('file'),
    size: natural,
    mode: natural,
    mtimeMs: z.number(),
    sha256: z.string().regex(/^[0-9a-f]{64}$/),
    /** [number of the pack in this level's list, frame, offset, length, hash] */
    chunks: z.array(chunk),
    fileId: z.string().optional(),
    ctimeMs: z.number().optional(),
  }),
  z.object({ path, kind: z.literal('folder'), mode: natural, mtimeMs: z.number() }),
  z.object({ path, kind: z.literal('link'), target: z.string() }),
  z.object({ path, kind: z.literal('removed') }),
]);
export type ListEntry = z.infer<typeof entrySchema>;
export type FileEntry = Extract<ListEntry, { kind: 'file' }>;
export type ListChunk = z.infer<typeof chunk>;

/** Relative, `/`-separated, no empty, `.` or `..` parts, no NUL. */
export function isListPath(text: string): boolean {
  const parts = text.split('/');
  return parts.every(
    (part) => part !== '' && part !== '.' && part !== '..' && !part.includes('\0'),
  );
}

export function encodeListEntry(entry: ListEntry): string {
  return `${JSON.stringify(entry)}\n`;
}

/** The entries of a frame, one at a time: 4096 of them at once outlive their use. Throws object-damaged. */
export function* decodeListEntries(
  content: Buffer,
  packs: number,
  name: string,
): Generator<ListEntry> {
  for (let from = 0; from < content.length;) {
    const end = content.indexOf(0x0a, from);
    const line = content.toString('utf8', from, end === -1 ? content.length : end);
    from += end === -1 ? content.length : end - from + 1;
    if (line !== '') yield decodeListEntry(line, packs, name);
  }
}

function decodeListEntry(line: string, packs: number, name: string): ListEntry {
  try {
    const entry = entrySchema.parse(JSON.parse(line));
    const isPlaced = entry.kind !== 'file' || entry.chunks.every(([pack]) => pack < packs);
    if (!isPlaced) throw new RangeError('chunk names no pack');
    return entry;
  } catch (cause) {
    throw damaged(name, 'list entry cannot be read', cause);
  }
}

/** Order of paths: by their UTF-8 bytes. */
export function comparePaths(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
