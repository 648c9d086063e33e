// The digest last: reads a finished page file again and holds it against the root of the manifest.
import { open } from 'node:fs/promises';
import { BackupError } from '../../../shared/model/backup-error.ts';
import type { PageFile } from '../../../shared/model/restore-point.ts';
import { rootDigest, segmentDigest } from '../format/page-digest.ts';
import { SEGMENT_PAGES } from '../format/page-segment.ts';
import type { ComputePool } from '../pipeline/compute-pool.ts';
import { throwIfCancelled } from './throw-if-cancelled.ts';

/** Pages read and hashed at once; segments are a multiple of it for every page size. */
const PAGES_PER_READ = 1_024;
const LARGEST_READ_BYTES = 4 * 1024 * 1024;

export interface PageFileCheck {
  readonly path: string;
  readonly file: Pick<PageFile, 'pageSize' | 'pageCount' | 'size' | 'root'>;
  readonly pool: ComputePool;
  readonly onBytes: (bytes: number) => void;
  readonly signal: AbortSignal;
}

/** Throws restore-differs when the file is not, byte for byte, the one of the restore point. */
export async function checkPageFile(check: PageFileCheck): Promise<void> {
  const { path, file, pool } = check;
  const { pageSize, pageCount, size } = file;
  const step = Math.min(PAGES_PER_READ, LARGEST_READ_BYTES / pageSize);
  await using handle = await open(path, 'r');
  const found = await handle.stat();
  const hashes: Promise<Uint8Array>[] = [];
  const digests: Buffer[] = [];
  const free = Array.from(
    { length: pool.workers + 1 },
    () => new SharedArrayBuffer(step * pageSize),
  );
  const takeSegment = async (): Promise<void> => {
    digests.push(segmentDigest(Buffer.concat(await Promise.all(hashes.splice(0)))));
  };
  for (let first = 0, turn = 0; first < pageCount; first += step, turn++) {
    throwIfCancelled(check.signal);
    if (first > 0 && first % SEGMENT_PAGES === 0) await takeSegment();
    const buffer = free[turn % free.length] as SharedArrayBuffer;
    // Its last job must be done before the buffer is filled again.
    await hashes.at(-free.length);
    const bytes = new Uint8Array(buffer, 0, Math.min(step, pageCount - first) * pageSize);
    const got = await readFully(handle, bytes, first * pageSize);
    bytes.fill(0, got);
    check.onBytes(got);
    const job = { kind: 'hash', buffer, bytes: bytes.length, pageSize, output: null } as const;
    const hashed = pool.run<'hash'>(job).then((result) => result.hashes);
    hashed.catch(() => undefined); // thrown where the segment is taken
    hashes.push(hashed);
  }
  if (hashes.length > 0) await takeSegment();
  const root = rootDigest({ pageSize, pageCount, size: found.size }, Buffer.concat(digests));
  if (found.size !== size || root !== file.root) {
    const detail = 'the written file is not the one of the restore point';
    throw new BackupError({ code: 'restore-differs', path, detail });
  }
}

async function readFully(
  handle: Awaited<ReturnType<typeof open>>,
  bytes: Uint8Array,
  position: number,
): Promise<number> {
  let done = 0;
  while (done < bytes.length) {
    const { bytesRead } = await handle.read(bytes, done, bytes.length - done, position + done);
    if (bytesRead === 0) break;
    done += bytesRead;
  }
  return done;
}
