// Reads small files some steps ahead, many in one call to the source worker. The order of the steps stays as it is.
import { join } from 'node:path';
import type { Failure } from '../../../shared/model/failure.ts';
import { MIN_CHUNK_BYTES } from '../pipeline/content-defined-chunks.ts';
import type { SmallFile, SmallFileRead } from '../sources/read-small-files.ts';
import type { SourceHost } from '../sources/source-host.ts';
import type { FolderStep } from './folder-steps.ts';

/** In one call: a slow share must answer it within its deadline, and a cancelled run waits for it. */
const MOST_FILES = 512;
const MOST_BYTES = 4 * 1024 * 1024;
/** Steps that need no reading are held back by those that do. */
const MOST_STEPS = 1024;

/** The whole file, why it could not be read, or null: it was not read ahead. A view is good until the next step is taken. */
export type ReadContent = Uint8Array | Failure | null;

export interface ReadStep {
  readonly step: FolderStep;
  readonly content: ReadContent;
}

export interface ReadAhead {
  readonly host: SourceHost;
  readonly root: string;
  readonly isWanted: (step: FolderStep) => boolean;
}

/** The steps, with the content of each small file that is wanted. */
export async function* readAhead(
  steps: AsyncGenerator<FolderStep>,
  { host, root, isWanted }: ReadAhead,
): AsyncGenerator<ReadStep> {
  const buffer = new SharedArrayBuffer(MOST_BYTES);
  let batch: { step: FolderStep; room: number }[] = [];
  let files = 0;
  let bytes = 0;
  const readBatch = async function* (): AsyncGenerator<ReadStep> {
    const ready = batch;
    batch = [];
    files = 0;
    bytes = 0;
    const small = ready.filter(({ room }) => room > 0);
    const wanted = small.map(({ step, room }): SmallFile => ({
      path: join(root, step.path),
      room,
    }));
    const reads =
      wanted.length === 0 ? [] : await host.call('readSmallFiles', root, { files: wanted, buffer });
    let index = 0;
    let at = 0;
    for (const { step, room } of ready) {
      if (room === 0) yield { step, content: null };
      else {
        yield { step, content: contentOf(reads[index], room, buffer, at) };
        index += 1;
        at += room;
      }
    }
  };
  for await (const step of steps) {
    // One byte more than it has: a file that fills its room has grown, and is read the long way.
    const room = isWanted(step) ? sizeOf(step) + 1 : 0;
    const isSmall = room > 0 && room <= MIN_CHUNK_BYTES;
    if (files >= MOST_FILES || bytes + room > MOST_BYTES || batch.length >= MOST_STEPS)
      yield* readBatch();
    batch.push({ step, room: isSmall ? room : 0 });
    if (isSmall) {
      files += 1;
      bytes += room;
    }
  }
  yield* readBatch();
}

function sizeOf(step: FolderStep): number {
  return step.kind === 'here' && step.item.kind === 'file' ? step.item.size : 0;
}

function contentOf(
  read: SmallFileRead | undefined,
  room: number,
  buffer: SharedArrayBuffer,
  at: number,
): ReadContent {
  if (read === undefined || read === room) return null;
  return typeof read === 'number' ? new Uint8Array(buffer, at, read) : read;
}
