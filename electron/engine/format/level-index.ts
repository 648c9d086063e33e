// The closing part of tables and lists: the packs they refer to and where their segments lie (FORMAT.md sections 5 and 6).
import { z } from 'zod';
import { damaged } from './sealed-object.ts';

const id = z.string().regex(/^[0-9a-f]{32}$/);
const offset = z.number().int().min(0);
const tableIndexSchema = z.object({
  packs: z.array(id).max(0xffff),
  segments: z.array(z.object({ at: offset, first: offset, last: offset })),
});
const listIndexSchema = z.object({
  packs: z.array(id),
  segments: z.array(z.object({ at: offset, first: z.string(), last: z.string() })),
});
export type TableIndex = z.infer<typeof tableIndexSchema>;
export type ListIndex = z.infer<typeof listIndexSchema>;

export function decodeTableIndex(closing: Buffer, name: string): TableIndex {
  return parseJson(tableIndexSchema, closing, name);
}

export function decodeListIndex(closing: Buffer, name: string): ListIndex {
  return parseJson(listIndexSchema, closing, name);
}

/** Parses JSON of an authenticated object; throws object-damaged when it is not of the schema. */
export function parseJson<T>(schema: z.ZodType<T>, bytes: Buffer, name: string): T {
  try {
    return schema.parse(JSON.parse(bytes.toString('utf8')));
  } catch (cause) {
    throw damaged(name, 'content is not of the format', cause);
  }
}
