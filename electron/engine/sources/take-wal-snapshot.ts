// Begins the read transaction of a capture in WAL mode and finds its snapshot: pages, facts, and what the log tells.
import type { CaptureMarker, SourceFacts } from './capture-marker.ts';
import type { CaptureEnvironment } from './capture-parts.ts';
import {
  countPages,
  type DatabaseHeader,
  fingerprintOf,
  HEADER_BYTES,
  parseDatabaseHeader,
} from './database-header.ts';
import { imageOf, type PageImage } from './page-image.ts';
import { stampOf } from './source-look.ts';
import { readFully } from './wal-frames.ts';
import type { WalHoldings } from './wal-holdings.ts';
import type { WalIndexHeader } from './wal-index.ts';
import { fixSnapshot, readSnapshotFrames, type WalReading } from './wal-snapshot.ts';

/** A writer that commits without a pause can come between this often; each try takes well under a millisecond. */
const SNAPSHOT_TRIES = 500;

export interface Snapshot {
  readonly image: PageImage;
  readonly facts: SourceFacts;
  /** Null when the file alone is the snapshot and the log was restarted since. */
  readonly reading: WalReading | null;
}

/** The snapshot of the transaction that it leaves open; null (none open) when commits left no moment between them. */
export async function takeSnapshot(
  holdings: WalHoldings,
  parent: CaptureMarker | null,
  environment: CaptureEnvironment,
): Promise<Snapshot | null> {
  const { database } = holdings.connection;
  const { beginRead, endRead } = environment.parts;
  const begin = (): void => beginRead(database);
  const end = (): void => endRead(database);
  for (let tries = 0; tries < SNAPSHOT_TRIES; tries += 1) {
    const index = fixSnapshot(holdings.index.fd, begin, end);
    const snapshot = index && readSnapshot(holdings, index, parent, environment);
    if (snapshot !== null) return snapshot;
    end();
    await environment.sleep(tries % 10 === 9 ? 1 : 0);
  }
  return null;
}

/** Null when the log is not the one that the index meant. */
function readSnapshot(
  holdings: WalHoldings,
  index: WalIndexHeader,
  parent: CaptureMarker | null,
  environment: CaptureEnvironment,
): Snapshot | null {
  const isInFile = index.lastFrame === index.backfilled;
  const after = parent?.wal?.lastFrame ?? 0;
  const reading = index.lastFrame === 0 ? null : readSnapshotFrames(holdings.log.fd, index, after);
  if (reading === null && !isInFile) return null;
  const overlay =
    reading === null || isInFile
      ? null
      : environment.parts.layFramesOver(holdings.log.fd, reading.offsets);
  const start = Buffer.alloc(HEADER_BYTES);
  readFully(holdings.file.fd, start, HEADER_BYTES, 0);
  const stamp = stampOf(holdings.file.fd);
  const header = parseDatabaseHeader(start);
  const pageSize = index.lastFrame > 0 ? index.pageSize : header?.pageSize;
  if (pageSize === undefined) return null;
  const pageCount = pagesOf(index, header, stamp.size);
  const logStamp = stampOf(holdings.log.fd);
  return {
    image: imageOf(holdings.file.fd, pageSize, pageCount, overlay),
    reading,
    facts: {
      stamp,
      fingerprint: fingerprintOf(start),
      pageSize,
      pageCount,
      wal: {
        device: logStamp.device,
        inode: logStamp.inode,
        salts: index.salts,
        lastFrame: index.lastFrame,
        checksum: [index.checksum[0], index.checksum[1]],
        backfilled: index.backfilled,
      },
    },
  };
}

function pagesOf(index: WalIndexHeader, header: DatabaseHeader | null, fileSize: number): number {
  if (index.lastFrame > 0) return index.pageCount;
  return header === null ? 0 : countPages(header, fileSize);
}
