// Brings one file of a folder list (or of files stored raw) out of the vault: chunk by chunk, each with its own hash, the
// whole with the list's SHA-256. Promise: the file is there, whole and durable, or it is not there at all; long zeros are holes.
import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { setImmediate as takeTurns } from 'node:timers/promises';
import { BackupError } from '../../../shared/model/backup-error.ts';
import { packName } from '../format/object-names.ts';
import { hashPage } from '../format/page-digest.ts';
import { damaged, MAX_FRAME_BYTES } from '../format/sealed-object.ts';
import type { OpenedFrame } from '../pipeline/frame-opener.ts';
import type { ChunkPlace, FolderEntry } from '../vault/folder-list.ts';
import { isWound, type ReportDamage } from '../vault/sealed-stream-reader.ts';
import { createNewFile } from './create-new-file.ts';
import type { PackFrames } from './pack-frames.ts';
import { throwIfCancelled } from './throw-if-cancelled.ts';
import { isZeroChunk, writeSparse } from './write-sparse.ts';

const zeros = Buffer.alloc(MAX_FRAME_BYTES);

/** Frames kept open: small files share one, and a file's next one is read ahead. */
const KEPT_FRAMES = 4;

/**
 * Lends the content of a frame to `use`, which copies what it keeps. Each frame is read once as long as files are asked for in
 * the list's order.
 */
export type LendFrame = <T>(
  packId: string,
  frame: number,
  use: (content: Buffer) => Promise<T> | T,
) => Promise<T>;

interface KeptFrame {
  readonly opened: Promise<OpenedFrame>;
  /** Being one of the kept frames counts as well. */
  users: number;
}

/** One for all files of a list. */
export function lendFrames(frames: PackFrames): LendFrame {
  const kept = new Map<string, KeptFrame>();
  // Its buffer is used again: left to the garbage collector, those of 200,000 files were 100 MB.
  const leave = (one: KeptFrame): void => {
    one.users -= 1;
    if (one.users === 0)
      void one.opened.then(
        (opened) => opened.release(),
        () => undefined,
      );
  };
  const drop = (key: string): void => {
    const one = kept.get(key);
    if (!kept.delete(key) || one === undefined) return;
    leave(one);
  };
  const take = (packId: string, frame: number): KeptFrame => {
    const key = `${packId} ${frame}`;
    const one = kept.get(key) ?? { opened: frames.open(packId, frame, null), users: 1 };
    one.users += 1;
    kept.delete(key);
    kept.set(key, one);
    one.opened.catch(() => drop(key)); // thrown to whoever waits for it
    for (const oldest of kept.keys()) if (kept.size > KEPT_FRAMES) drop(oldest);
    return one;
  };
  return async (packId, frame, use) => {
    const one = take(packId, frame);
    try {
      return await use((await one.opened).content);
    } finally {
      leave(one);
    }
  };
}

export interface ListFileFetch {
  readonly lendFrame: LendFrame;
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
      const at = size;
      await lendChunk(request, chunk, entry.chunks[index + 1], async (bytes) => {
        whole.update(bytes);
        await writeSparse(target, bytes, at);
      });
      size += chunk.length;
      request.onBytes(chunk.length);
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

async function lendChunk(
  request: ListFileFetch,
  chunk: ChunkPlace,
  next: ChunkPlace | undefined,
  use: (bytes: Buffer) => Promise<void>,
): Promise<void> {
  if (isZeroChunk(chunk)) {
    // Nothing is waited for: without a pause 100 GiB of them would hold up everything else for minutes.
    await takeTurns();
    return use(zeros.subarray(0, chunk.length));
  }
  const name = packName(chunk.packId);
  try {
    const lent = request.lendFrame(chunk.packId, chunk.frame, async (content) => {
      const bytes = content.subarray(chunk.offset, chunk.offset + chunk.length);
      const isRight =
        bytes.length === chunk.length && hashPage(bytes).toString('hex') === chunk.hash;
      if (!isRight) throw damaged(name, 'a chunk is not what the list says');
      await use(bytes);
    });
    if (next !== undefined && !isZeroChunk(next) && !isSameFrame(next, chunk)) {
      const nothing = (): void => undefined;
      void request.lendFrame(next.packId, next.frame, nothing).catch(nothing);
    }
    await lent;
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
