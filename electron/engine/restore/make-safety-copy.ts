// The present state of a target, kept in a local folder for undoing: one quiet file where the source can be captured, raw
// copies of all its files where it cannot. Promise: the copy is whole and durable before its record is written.
import { createHash } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { hasCode } from '../../../shared/model/backup-error.ts';
import type { TargetLook } from '../sources/look-at-target.ts';
import { createNewFile } from './create-new-file.ts';
import { syncFolder } from './place-file.ts';
import type { RestoreTools } from './restore-tools.ts';
import { writeSafetyRecord, type CopiedFile, type SafetyRecord } from './safety-record.ts';
import { throwIfCancelled } from './throw-if-cancelled.ts';
import { writeFully } from './write-fully.ts';

const SLICE_BYTES = 1024 * 1024;

/** Copies the present state into `folder`, which is made and must be new. Leaves nothing when it fails. */
export async function makeSafetyCopy(
  tools: RestoreTools,
  look: TargetLook,
  folder: string,
): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  try {
    const copied = await copyState(tools, look, folder);
    const record: SafetyRecord = {
      format: 'holdfast-safety-copy',
      version: 1,
      target: look.path,
      takenAtMs: tools.clock.nowMs(),
      ...copied,
    };
    await writeSafetyRecord(folder, record);
    await syncFolder(dirname(folder));
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

async function copyState(
  tools: RestoreTools,
  look: TargetLook,
  folder: string,
): Promise<Pick<SafetyRecord, 'kind' | 'pageSize' | 'files'>> {
  const copyPath = join(folder, basename(look.path));
  try {
    return await captureInto(tools, look.path, copyPath);
  } catch (error) {
    const isUnreadable = hasCode(error, 'source-damaged', 'source-missing', 'source-busy');
    if (!isUnreadable) throw error;
    await rm(copyPath, { force: true });
  }
  const files: CopiedFile[] = [];
  for (const suffix of ['', '-wal', '-journal'] as const) {
    const isThere =
      suffix === '' ? look.file !== null : look.sideFiles.includes(basename(look.path) + suffix);
    if (isThere) files.push(await copyRaw(tools, look.path, copyPath, suffix));
  }
  return { kind: 'raw', pageSize: null, files };
}

/** One committed state of a live file into a new one, through the same capture as a backup's. */
export async function captureInto(
  { host, signal }: Pick<RestoreTools, 'host' | 'signal'>,
  path: string,
  copyPath: string,
): Promise<Pick<SafetyRecord, 'kind' | 'pageSize' | 'files'>> {
  const request = { path, parentMarker: null, method: 'scan', countBudgetMs: 0 } as const;
  await using capture = await host.openCapture({ ...request, sliceBytes: SLICE_BYTES }, signal);
  await using file = await createNewFile(copyPath);
  const buffer = new SharedArrayBuffer(SLICE_BYTES);
  let { state } = capture;
  for (;;) {
    const digest = createHash('sha256');
    for (
      let slice = await capture.nextSlice(buffer);
      slice !== null;
      slice = await capture.nextSlice(buffer)
    ) {
      throwIfCancelled(signal);
      let at = 0;
      for (const [first, count] of slice.runs) {
        const bytes = Buffer.from(buffer, at, count * state.pageSize);
        const end = Math.min(bytes.length, state.size - first * state.pageSize);
        digest.update(bytes.subarray(0, end));
        await writeFully(file, bytes.subarray(0, end), first * state.pageSize);
        at += bytes.length;
      }
    }
    const end = await capture.endPass();
    if (end.kind === 'consistent') {
      await file.truncate(state.size);
      await file.sync();
      const { size, mode, kind, pageSize } = state;
      const sha256 = digest.digest('hex');
      return { kind, pageSize, files: [{ suffix: '', size, mode, sha256 }] };
    }
    state = end.state;
  }
}

async function copyRaw(
  { host, signal }: Pick<RestoreTools, 'host' | 'signal'>,
  path: string,
  copyPath: string,
  suffix: CopiedFile['suffix'],
): Promise<CopiedFile> {
  await using from = await host.openRawFile(path + suffix);
  await using to = await createNewFile(copyPath + suffix);
  const digest = createHash('sha256');
  const buffer = new SharedArrayBuffer(SLICE_BYTES);
  let size = 0;
  for (;;) {
    throwIfCancelled(signal);
    const got = await from.read(buffer, size);
    if (got === 0) break;
    const bytes = Buffer.from(buffer, 0, got);
    digest.update(bytes);
    await writeFully(to, bytes, size);
    size += got;
  }
  await to.sync();
  return { suffix, size, mode: from.mode, sha256: digest.digest('hex') };
}
