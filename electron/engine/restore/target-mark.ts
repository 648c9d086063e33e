// What a target looked like right after a restore, as plain data that the undo record keeps: undoing compares it.
import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { SourceHost } from '../sources/source-host.ts';
import type { TargetLook } from '../sources/look-at-target.ts';

const stateSchema = z.strictObject({
  kind: z.literal('state'),
  pageSize: z.number(),
  pageCount: z.number(),
  size: z.number(),
  sha256: z.string(),
});
const filesSchema = z.strictObject({
  kind: z.literal('files'),
  files: z.array(z.strictObject({ suffix: z.string(), size: z.number(), sha256: z.string() })),
});
const markSchema = z.discriminatedUnion('kind', [stateSchema, filesSchema]);

/** Opaque to all but this folder. */
export type TargetMark = z.infer<typeof markSchema>;

/** A mark as it was recorded; null for anything else. */
export function parseTargetMark(value: unknown): TargetMark | null {
  return markSchema.safeParse(value).data ?? null;
}

/** The mark of a database or other page file at `path`, without what merely counts its commits. */
export async function markState(host: SourceHost, path: string): Promise<TargetMark> {
  const { pageSize, pageCount, size, sha256 } = await host.call('digestState', path, { path });
  return { kind: 'state', pageSize, pageCount, size, sha256 };
}

/** The mark of files that are restored as found. */
export async function markFiles(host: SourceHost, look: TargetLook): Promise<TargetMark> {
  const files: { suffix: string; size: number; sha256: string }[] = [];
  for (const suffix of ['', '-wal', '-journal']) {
    const isThere =
      suffix === '' ? look.file !== null : look.sideFiles.some((name) => name.endsWith(suffix));
    if (isThere) files.push({ suffix, ...(await digestFile(host, look.path + suffix)) });
  }
  return { kind: 'files', files };
}

export function isSameMark(a: TargetMark, b: TargetMark): boolean {
  return JSON.stringify(markSchema.parse(a)) === JSON.stringify(markSchema.parse(b));
}

async function digestFile(
  host: SourceHost,
  path: string,
): Promise<{ size: number; sha256: string }> {
  await using file = await host.openRawFile(path);
  const digest = createHash('sha256');
  const buffer = new SharedArrayBuffer(1024 * 1024);
  let size = 0;
  for (let got = await file.read(buffer, 0); got > 0; got = await file.read(buffer, size)) {
    digest.update(new Uint8Array(buffer, 0, got));
    size += got;
  }
  return { size, sha256: digest.digest('hex') };
}
