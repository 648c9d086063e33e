// A safety copy as what is restored: each file with its SHA-256.
import { createHash } from 'node:crypto';
import { open, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { damaged } from '../format/sealed-object.ts';
import { createNewFile } from './create-new-file.ts';
import type { ContentFile, RestoreContent } from './restore-content.ts';
import { readSafetyRecord, type CopiedFile } from './safety-record.ts';
import { writeFully } from './write-fully.ts';

const READ_BYTES = 1024 * 1024;

/** Null when the folder holds no whole safety copy. */
export async function contentOfSafetyCopy(folder: string): Promise<RestoreContent | null> {
  const record = await readSafetyRecord(folder);
  if (record === null) return null;
  const main = join(folder, basename(record.target));
  const files = record.files.map((file): ContentFile => {
    const { suffix, size, mode } = file;
    const fetch: ContentFile['fetch'] = async (scratchPath, onBytes) =>
      copyChecked(main + suffix, scratchPath, file, onBytes);
    return { suffix, size, mode, storedBytes: size, fetch };
  });
  return { kind: record.kind, pageSize: record.pageSize, files, pages: null };
}

async function copyChecked(
  from: string,
  to: string,
  expected: CopiedFile,
  onBytes: (bytes: number) => void,
): Promise<void> {
  await using source = await open(from, 'r');
  await using target = await createNewFile(to);
  const digest = createHash('sha256');
  const buffer = Buffer.alloc(READ_BYTES);
  let size = 0;
  for (;;) {
    const { bytesRead } = await source.read(buffer, 0, buffer.length, size);
    if (bytesRead === 0) break;
    const bytes = buffer.subarray(0, bytesRead);
    digest.update(bytes);
    await writeFully(target, bytes, size);
    size += bytesRead;
    onBytes(bytesRead);
  }
  if (size !== expected.size || digest.digest('hex') !== expected.sha256) {
    await rm(to, { force: true });
    throw damaged(from, 'the safety copy is not what it was');
  }
  await target.sync();
}
