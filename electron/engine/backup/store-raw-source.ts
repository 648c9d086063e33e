// Stores a damaged database as it lies there: file, WAL and journal byte by byte, labelled so. Nothing is opened, nothing lost.
import { basename } from 'node:path';
import type { Problem } from '../../../shared/model/failure.ts';
import type { PointSource } from '../../../shared/model/restore-point.ts';
import { comparePaths } from '../format/list-entry.ts';
import { createListWriter } from '../vault/list-writer.ts';
import type { BackupRequest } from './backup-request.ts';
import type { FrameQueue } from './frame-queue.ts';
import type { PlannedSource } from './planned-source.ts';
import type { FinishedSource, FramePlaces, StoredSource } from './source-result.ts';
import { createChunkIndex } from './chunk-index.ts';
import { createChunkStore, type StoredContent } from './store-chunks.ts';

export interface RawSourceJob {
  readonly request: BackupRequest;
  readonly epoch: number;
  readonly planned: PlannedSource;
  /** Absolute paths: the database and its side files. */
  readonly files: readonly string[];
  readonly problem: Problem;
  readonly frames: FrameQueue;
  readonly onBytes: (bytes: number) => void;
}

interface StoredFile {
  readonly name: string;
  readonly mode: number;
  readonly mtimeMs: number;
  readonly content: StoredContent;
}

export async function storeRawSource(job: RawSourceJob): Promise<StoredSource> {
  const { request, frames } = job;
  const capturedAtMs = request.vault.clock.nowMs();
  const known = createChunkIndex();
  const store = createChunkStore(request.pool, frames, known);
  const files: StoredFile[] = [];
  for (const path of job.files) {
    await using file = await request.host.openRawFile(path);
    const content = await store.store(async (buffer, offset) => {
      request.signal.throwIfAborted();
      const bytes = await file.read(buffer, offset);
      job.onBytes(bytes);
      return bytes;
    });
    files.push({ name: basename(path), mode: file.mode, mtimeMs: file.mtimeMs, content });
  }
  await store.flush();
  return {
    bytesRead: files.reduce((sum, file) => sum + file.content.size, 0),
    isReplaced: false,
    finish: (places) => finish(job, files, capturedAtMs, places),
    [Symbol.asyncDispose]: async () => undefined,
  };
}

async function finish(
  job: RawSourceJob,
  files: readonly StoredFile[],
  capturedAtMs: number,
  places: FramePlaces,
): Promise<FinishedSource> {
  const writer = await createListWriter(job.request.vault, job.epoch);
  writer.packs.push(...places.packIds);
  for (const file of [...files].sort((a, b) => comparePaths(a.name, b.name))) {
    const { size, sha256, chunks } = file.content;
    const located = chunks.map((chunk): [number, number, number, number, string] => {
      if (chunk.place.kind === 'stored') throw new Error('a raw source shares no chunks');
      const { pack, frame } = places.placeOf(chunk.place.ordinal);
      return [pack, frame, chunk.place.offset, chunk.length, chunk.hash];
    });
    await writer.add({
      path: file.name,
      kind: 'file',
      size,
      mode: file.mode,
      mtimeMs: file.mtimeMs,
      sha256,
      chunks: located,
    });
  }
  const list = await writer.finish();
  const bytes = files.reduce((sum, file) => sum + file.content.size, 0);
  const source: PointSource = {
    id: job.planned.id,
    kind: 'raw',
    name: job.planned.name,
    path: job.planned.path,
    capturedAtMs,
    label: 'damaged-source',
    method: 'scanned',
    pages: null,
    list: { levels: [list.id], files: files.length, bytes },
    counts: null,
    marker: null,
  };
  return {
    source,
    tables: [],
    lists: [list],
    packs: bytes === 0 ? [] : places.packIds,
    bytesWritten: list.bytes * 2,
    supersededShare: 1,
    problems: [job.problem],
    commitCache: async () => undefined,
  };
}
