// The record of a safety copy: what lies in its folder. Written last; a folder without one is no copy.
import { readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { createNewFile } from './create-new-file.ts';
import { syncFolder } from './place-file.ts';

const RECORD_NAME = 'safety-copy.json';

const natural = z.number().int().min(0);
const recordSchema = z.strictObject({
  format: z.literal('holdfast-safety-copy'),
  version: z.literal(1),
  target: z.string(),
  kind: z.enum(['sqlite', 'page-file', 'raw']),
  /** Null where the files were copied as found. */
  pageSize: natural.nullable(),
  takenAtMs: z.number(),
  files: z.array(
    z.strictObject({
      suffix: z.enum(['', '-wal', '-journal']),
      size: natural,
      mode: natural,
      sha256: z.string().regex(/^[0-9a-f]{64}$/),
    }),
  ),
});
export type SafetyRecord = z.infer<typeof recordSchema>;
export type CopiedFile = SafetyRecord['files'][number];

/** Durable when it resolves. */
export async function writeSafetyRecord(folder: string, record: SafetyRecord): Promise<void> {
  const draft = join(folder, `${RECORD_NAME}.part`);
  await using file = await createNewFile(draft);
  await file.writeFile(JSON.stringify(record));
  await file.sync();
  await rename(draft, join(folder, RECORD_NAME));
  await syncFolder(folder);
}

/** Null when the folder holds no whole safety copy. */
export async function readSafetyRecord(folder: string): Promise<SafetyRecord | null> {
  try {
    const text = await readFile(join(folder, RECORD_NAME), 'utf8');
    return recordSchema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}
