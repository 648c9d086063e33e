// Local cache of a page file's hashes, so that an increment need not read the vault's tables.
// It is bound by content: used only if its root equals that of the parent as read from the vault in this run, and each
// block only if it equals its digest. Torn, stale or foreign caches are noticed and rebuilt; deleting one costs time, never data.
import { mkdir, open, readFile, rename, rm, writeFile, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { rootDigest, segmentDigest, type PageFileSize } from '../format/page-digest.ts';
import { HASH_BYTES, SEGMENT_PAGES } from '../format/page-segment.ts';
import type { PageTable } from '../vault/page-table.ts';
import { BackupError } from '../../../shared/model/backup-error.ts';

const DIGEST_BYTES = 32;
const BLOCK_BYTES = SEGMENT_PAGES * HASH_BYTES;

/** Hashes of all pages of one known state. */
export interface PageHashes extends AsyncDisposable {
  readonly file: PageFileSize;
  /** 32 bytes a segment. */
  readonly digests: Buffer;
  /** Hashes of the pages of a segment that exist. Throws CacheDamaged. */
  readBlock(segment: number): Promise<Buffer>;
}

/** The cache does not hold what it claims; the caller rebuilds it. */
export class CacheDamaged extends Error {}

export function segmentCount(pageCount: number): number {
  return Math.ceil(pageCount / SEGMENT_PAGES);
}

/** Pages of a segment that exist. */
export function pagesInSegment(pageCount: number, segment: number): number {
  return Math.min(SEGMENT_PAGES, pageCount - segment * SEGMENT_PAGES);
}

/** Opens the cache at `path` (two files: `.hashes`, `.digests`) if it is of this very state; else null. */
export async function openPageHashes(
  path: string,
  file: PageFileSize,
  root: string,
): Promise<PageHashes | null> {
  const digests = await readFile(`${path}.digests`).catch(() => null);
  if (digests === null || digests.length !== segmentCount(file.pageCount) * DIGEST_BYTES)
    return null;
  if (rootDigest(file, digests) !== root) return null;
  const handle = await open(`${path}.hashes`, 'r').catch(() => null);
  return handle === null ? null : hashesOf(handle, file, digests);
}

function hashesOf(handle: FileHandle, file: PageFileSize, digests: Buffer): PageHashes {
  return {
    file,
    digests,
    async readBlock(segment) {
      const block = Buffer.alloc(pagesInSegment(file.pageCount, segment) * HASH_BYTES);
      const { bytesRead } = await handle.read(block, 0, block.length, segment * BLOCK_BYTES);
      const expected = digests.subarray(segment * DIGEST_BYTES, (segment + 1) * DIGEST_BYTES);
      if (bytesRead !== block.length || !segmentDigest(block).equals(expected)) {
        throw new CacheDamaged(`segment ${segment} of the page hash cache`);
      }
      return block;
    },
    [Symbol.asyncDispose]: () => handle.close(),
  };
}

/** Collects the new state's hashes while they become known, then becomes the cache. */
export interface PageHashesUpdate extends AsyncDisposable {
  /** Sets the hashes of one segment; the others stay as they were. Segments ascend. */
  setBlock(segment: number, hashes: Buffer): Promise<void>;
  /** The root of the new state. */
  root(): string;
  /** Makes the files the cache of the new state. Before it, a crash leaves a cache that is noticed as torn. */
  commit(): Promise<void>;
}

/** Starts from the parent's state at the same path (changed in place), or from nothing (`parent` null). */
export async function updatePageHashes(
  path: string,
  file: PageFileSize,
  parent: PageHashes | null,
): Promise<PageHashesUpdate> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const handle = await open(`${path}.hashes`, parent === null ? 'w' : 'r+', 0o600);
  const digests = Buffer.alloc(segmentCount(file.pageCount) * DIGEST_BYTES);
  parent?.digests.copy(digests);
  return {
    async setBlock(segment, hashes) {
      segmentDigest(hashes).copy(digests, segment * DIGEST_BYTES);
      await handle.write(hashes, 0, hashes.length, segment * BLOCK_BYTES);
    },
    root: () => rootDigest(file, digests),
    async commit() {
      await writeFile(`${path}.digests.tmp`, digests, { mode: 0o600 });
      await rename(`${path}.digests.tmp`, `${path}.digests`);
    },
    [Symbol.asyncDispose]: () => handle.close(),
  };
}

/** Reads the hashes of a state from the vault's tables into a cache at `path`. Throws point-damaged when they do not yield `root`. */
export async function rebuildPageHashes(
  path: string,
  file: PageFileSize,
  expected: { readonly root: string; readonly point: string },
  table: PageTable,
): Promise<PageHashes> {
  {
    await using update = await updatePageHashes(path, file, null);
    for (let segment = 0; segment < segmentCount(file.pageCount); segment++) {
      const window = await table.readWindow(segment);
      const isWhole = window !== null && window.has.every((has) => has === 1);
      if (!isWhole) throw incomplete(expected.point);
      await update.setBlock(segment, window.hashes);
    }
    if (update.root() !== expected.root) throw incomplete(expected.point);
    await update.commit();
  }
  const hashes = await openPageHashes(path, file, expected.root);
  if (hashes === null)
    throw new BackupError({ code: 'unexpected', detail: 'the page hash cache cannot be written' });
  return hashes;
}

function incomplete(point: string): BackupError {
  return new BackupError({ code: 'point-damaged', point, objects: ['tables'] });
}

/** Removes a cache. */
export async function dropPageHashes(path: string): Promise<void> {
  await rm(`${path}.digests`, { force: true });
  await rm(`${path}.hashes`, { force: true });
}
