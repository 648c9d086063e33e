// What tells that somebody wrote to a restore target where SQLite's own counters cannot be asked: the files themselves.
// Promise: plain reads; equal stamps mean that nobody wrote, unless a write left size, time and SQLite's counter as they were.
import { statSync } from 'node:fs';
import { HEADER_BYTES } from './database-header.ts';
import { withDescriptor } from './descriptors.ts';
import { readFully } from './wal-frames.ts';

/** Not the log's index: whoever looks at the database writes to it. */
const STAMPED_SUFFIXES = ['', '-wal', '-journal'] as const;

/** Opaque; only comparing two of them means something. */
export function stampTarget(path: string): string {
  return JSON.stringify(STAMPED_SUFFIXES.map((suffix) => stampFile(path + suffix)));
}

/** An empty side file says what a missing one does: SQLite leaves either. */
function stampFile(path: string): readonly string[] | null {
  const stat = statSync(path, { bigint: true, throwIfNoEntry: false });
  if (stat === undefined || stat.size === 0n) return null;
  const head = withDescriptor(path, (fd) => {
    const bytes = Buffer.alloc(HEADER_BYTES);
    const got = readFully(fd, bytes, HEADER_BYTES, 0);
    return bytes.toString('hex', 0, got);
  });
  return [...[stat.dev, stat.ino, stat.size, stat.mtimeNs].map(String), head ?? ''];
}
