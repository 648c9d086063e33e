// The digest of a committed state of a database or other file, without what merely counts commits: two equal contents
// have equal digests although SQLite has written one of them. Can be held against a second file on the way.
import { createHash } from 'node:crypto';
import { fstatSync } from 'node:fs';
import { openSession } from './capture-session.ts';
import type { CaptureEnvironment } from './capture-parts.ts';
import { hasSqliteSignature } from './database-header.ts';
import { openDescriptor } from './descriptors.ts';
import { readFully } from './wal-frames.ts';

export interface StateDigest {
  readonly kind: 'sqlite' | 'page-file';
  readonly pageSize: number;
  readonly pageCount: number;
  readonly size: number;
  /** Hex. */
  readonly sha256: string;
}

export interface StateComparison extends StateDigest {
  /** Pages that are not those of the other file. */
  readonly differingPages: number;
}

/**
 * Header bytes that a write changes though the content is the same: format versions (journal mode), change counter,
 * schema cookie, version-valid-for, version of the library (sqlite.org/fileformat.html, section 1.3).
 */
const VOLATILE_BYTES: readonly (readonly [from: number, to: number])[] = [
  [18, 20],
  [24, 28],
  [40, 44],
  [92, 100],
];
const SLICE_BYTES = 1024 * 1024;

/** Digest of the state at `path` now. Throws source-busy when it is never quiet. */
export async function digestState(
  path: string,
  environment: CaptureEnvironment,
): Promise<StateDigest> {
  const { differingPages: _, ...digest } = await compareState(path, null, environment, () => {});
  return digest;
}

/** The same, comparing each page with `otherPath`, a plain file that nobody writes. `onFixed` is called when the state is fixed. */
export async function compareState(
  path: string,
  otherPath: string | null,
  environment: CaptureEnvironment,
  onFixed: () => void,
): Promise<StateComparison> {
  const request = {
    path,
    parentMarker: null,
    method: 'scan' as const,
    countBudgetMs: 0,
    sliceBytes: SLICE_BYTES,
  };
  const session = await openSession(request, 0, environment);
  const other = otherPath === null ? null : openDescriptor(otherPath);
  try {
    onFixed();
    let { state } = session;
    for (;;) {
      const reader = startReader(state, other?.fd ?? null);
      const buffer = new SharedArrayBuffer(SLICE_BYTES);
      for (
        let slice = await session.nextSlice(buffer);
        slice !== null;
        slice = await session.nextSlice(buffer)
      ) {
        reader.take(slice.runs, Buffer.from(buffer));
      }
      const end = await session.endPass(0);
      if (end.kind === 'consistent') return reader.finish();
      state = end.state;
    }
  } finally {
    other?.close();
    await session.close();
  }
}

interface ReadState {
  readonly kind: 'sqlite' | 'page-file';
  readonly pageSize: number;
  readonly pageCount: number;
  readonly size: number;
}

function startReader(state: ReadState, otherFd: number | null) {
  const { kind, pageSize, pageCount, size } = state;
  const digest = createHash('sha256');
  const theirs = Buffer.alloc(SLICE_BYTES);
  let differingPages = 0;

  const takeRun = (first: number, bytes: Buffer): void => {
    if (first === 0) calm(bytes);
    digest.update(bytes);
    if (otherFd === null) return;
    const other = theirs.subarray(0, bytes.length);
    const got = readFully(otherFd, other, bytes.length, first * pageSize);
    other.fill(0, got);
    if (first === 0) calm(other);
    if (!other.equals(bytes)) differingPages += countDiffering(bytes, other, pageSize);
  };
  return {
    take(runs: readonly (readonly [first: number, count: number])[], content: Buffer): void {
      let at = 0;
      for (const [first, count] of runs) {
        takeRun(first, content.subarray(at, at + count * pageSize));
        at += count * pageSize;
      }
    },
    finish: (): StateComparison => ({
      kind,
      pageSize,
      pageCount,
      size,
      sha256: digest.digest('hex'),
      differingPages: differingPages + missingPages(state, otherFd),
    }),
  };
}

/** Pages that only one of the two has. */
function missingPages({ pageSize, pageCount }: ReadState, otherFd: number | null): number {
  if (otherFd === null) return 0;
  return Math.abs(Math.ceil(fstatSync(otherFd).size / pageSize) - pageCount);
}

function countDiffering(ours: Buffer, theirs: Buffer, pageSize: number): number {
  let count = 0;
  for (let at = 0; at < ours.length; at += pageSize) {
    const end = at + pageSize;
    if (ours.compare(theirs, at, end, at, end) !== 0) count += 1;
  }
  return count;
}

function calm(page: Buffer): void {
  if (!hasSqliteSignature(page)) return;
  for (const [from, to] of VOLATILE_BYTES) page.fill(0, from, to);
}
