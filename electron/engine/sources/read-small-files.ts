// Many small files read whole in one call: asking the worker thrice for each of 200,000 files takes longer than reading them.
import type { Failure } from '../../../shared/model/failure.ts';
import { failureOf } from '../../../shared/model/backup-error.ts';
import { openRawFile } from './raw-file.ts';
import { sourceFailure } from './source-failure.ts';
import { readFully } from './wal-frames.ts';

export interface SmallFile {
  readonly path: string;
  /** The most that is read of it; at least one byte more than it is expected to have, so that one that grew is noticed. */
  readonly room: number;
}

/** Bytes that were read, or why none were. */
export type SmallFileRead = number | Failure;

/** Reads each file into its room in `buffer`, one room after the other. A file that fails does not stop the others. */
export function readSmallFiles(
  files: readonly SmallFile[],
  buffer: SharedArrayBuffer,
): readonly SmallFileRead[] {
  let at = 0;
  return files.map(({ path, room }) => {
    const target = new Uint8Array(buffer, at, room);
    at += room;
    try {
      return readWhole(path, target);
    } catch (error) {
      return failureOf(sourceFailure(error, path));
    }
  });
}

function readWhole(path: string, target: Uint8Array): number {
  const file = openRawFile(path);
  try {
    return readFully(file.fd, target, target.length, 0);
  } finally {
    file.close();
  }
}
