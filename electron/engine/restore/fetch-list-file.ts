// Brings one file of a folder list (or of files stored raw) out of the vault: chunk by chunk, each with its own hash, the
// whole with the list's SHA-256. Promise: the file is there, whole and durable, or it is not there at all; long zeros are holes.
import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { BackupError } from '../../../shared/model/backup-error.ts';
import { packName } from '../format/object-names.ts';
import { hashPage } from '../format/page-digest.ts';
import { damaged } from '../format/sealed-object.ts';
import type { ChunkPlace, FolderEntry } from '../vault/folder-list.ts';
import { isWound, type ReportDamage } from '../vault/sealed-stream-reader.ts';
import { createNewFile } from './create-new-file.ts';
import type { PackFrames } from './pack-frames.ts';
import { throwIfCancelled } from './throw-if-cancelled.ts';
import { isZeroChunk, writeSparse } from './write-sparse.ts';

/** Frames kept open: small files share one, and a file's next one is read ahead. */
const KEPT_FRAMES = 4;

/** Contents of frames, each read once as long as files are asked for in the list's order. */
export type ReadFrameContent = (packId: string, frame: number) => Promise<Buffer>;

/** One for all files of a list. */
export function keepFrames(frames: PackFrames): ReadFrameContent {
  const kept = new Map<string, Promise<Buffer>>();
  return (packId, frame) => {
    const key = `${packId} ${frame}`;
    const known = kept.get(key);
    const content = known ?? frames.open(packId, frame, null).then((opened) => opened.content);
    kept.delete(key);
    kept.set(key, content);
    content.catch(() => kept.delete(key)); // thrown to whoever waits for it
    for (const oldest of kept.keys()) if (kept.size > KEPT_FRAMES) kept.delete(oldest);
    return content;
  };
}

export interface ListFileFetch {
  readonly readFrame: ReadFrameContent;
  /** For messages. */
  readonly pointId: string;
  readonly entry: Extract<FolderEntry, { kind: 'file' }>;
  /** Must not exist; its folder must. */
  readonly targetPath: string;
  readonly onBytes: (bytes: number) => void;
  readonly report: ReportDamage;
  readonly signal: AbortSignal;
}

/** Throws point-damaged naming the pack, target-exists, and what storage and file system throw. Leaves nothing then. */
export async function fetchListFile(request: ListFileFetch): Promise<void> {
  const { entry, targetPath } = request;
  const target = await createNewFile(targetPath);
  try {
    const whole = createHash('sha256');
    let size = 0;
    for (const [index, chunk] of entry.chunks.entries()) {
      throwIfCancelled(request.signal);
      const bytes = await readChunk(request, chunk, entry.chunks[index + 1]);
      whole.update(bytes);
      await writeSparse(target, bytes, size);
      size += bytes.length;
      request.onBytes(bytes.length);
    }
    if (size !== entry.size || whole.digest('hex') !== entry.sha256) {
      throw new BackupError({
        code: 'point-damaged',
        point: request.pointId,
        objects: [entry.path],
      });
    }
    // Where it ends in a hole, nothing has made it that long.
    await target.truncate(size);
    await target.sync();
    await target.close();
  } catch (error) {
    await target.close().catch(() => undefined);
    await rm(targetPath, { force: true });
    throw error;
  }
}

async function readChunk(
  request: ListFileFetch,
  chunk: ChunkPlace,
  next: ChunkPlace | undefined,
): Promise<Buffer> {
  if (isZeroChunk(chunk)) return Buffer.alloc(chunk.length);
  const name = packName(chunk.packId);
  try {
    const frame = request.readFrame(chunk.packId, chunk.frame);
    if (next !== undefined && !isZeroChunk(next) && !isSameFrame(next, chunk)) {
      void request.readFrame(next.packId, next.frame).catch(() => undefined);
    }
    const bytes = (await frame).subarray(chunk.offset, chunk.offset + chunk.length);
    const isRight = bytes.length === chunk.length && hashPage(bytes).toString('hex') === chunk.hash;
    if (!isRight) throw damaged(name, 'a chunk is not what the list says');
    return bytes;
  } catch (error) {
    if (!isWound(error)) throw error;
    request.report(name, error);
    throw new BackupError(
      { code: 'point-damaged', point: request.pointId, objects: [name] },
      error,
    );
  }
}

function isSameFrame(a: ChunkPlace, b: ChunkPlace): boolean {
  return a.packId === b.packId && a.frame === b.frame;
}
