// A file of a source read as bytes: what is stored as found, and the files of a folder.
import { fstatSync, statSync } from 'node:fs';
import { BackupError } from '../../../shared/model/backup-error.ts';
import { openDescriptor } from './descriptors.ts';
import { readFully } from './wal-frames.ts';

export interface RawFileHandle {
  readonly path: string;
  readonly size: number;
  readonly mode: number;
  readonly mtimeMs: number;
  readonly fd: number;
  close(): void;
}

/** Opens for positioned reads; throws source-unsupported for what is no plain file: a pipe would wait for its other end. */
export function openRawFile(path: string): RawFileHandle {
  if (!statSync(path).isFile()) {
    throw new BackupError({ code: 'source-unsupported', path, detail: 'it is no plain file' });
  }
  const { fd, close } = openDescriptor(path);
  const stat = fstatSync(fd);
  return { path, size: stat.size, mode: stat.mode & 0o7777, mtimeMs: stat.mtimeMs, fd, close };
}

/** Fills the buffer from `offset` on; fewer bytes than it holds only at the end of the file. */
export function readRawFile(
  file: RawFileHandle,
  buffer: SharedArrayBuffer,
  offset: number,
): number {
  return readFully(file.fd, new Uint8Array(buffer), buffer.byteLength, offset);
}
