// What a capture leaves for the next one, inside the manifest; and what the next one may conclude from it.
// Promise: a page is left unread only where file, log and chain of checksums all say that it is the parent's.
import { z } from 'zod';
import { type FileStamp, isSameInode, isSameStamp } from './source-look.ts';

const stampSchema = z.strictObject({
  device: z.string(),
  inode: z.string(),
  size: z.number(),
  mtimeNs: z.string(),
  ctimeNs: z.string(),
});

const walSchema = z.strictObject({
  device: z.string(),
  inode: z.string(),
  salts: z.string(),
  lastFrame: z.number(),
  checksum: z.tuple([z.number(), z.number()]),
  backfilled: z.number(),
});

const markerSchema = z.strictObject({
  version: z.literal(1),
  stamp: stampSchema,
  /** Header bytes 16-31 and 92-95 of the file, hex. */
  fingerprint: z.string(),
  pageSize: z.number(),
  pageCount: z.number(),
  /** Null when the source was not in WAL mode. */
  wal: walSchema.nullable(),
  lastScanAtMs: z.number(),
});

export type CaptureMarker = z.infer<typeof markerSchema>;
export type WalMarker = z.infer<typeof walSchema>;

/** A marker from a manifest; null for anything else. */
export function parseMarker(value: unknown): CaptureMarker | null {
  const parsed = markerSchema.safeParse(value);
  return parsed.success ? parsed.data : null;
}

/** When all pages of the source were last read, by its newest marker; null if it has none. */
export function lastScanAtMs(marker: unknown): number | null {
  return parseMarker(marker)?.lastScanAtMs ?? null;
}

/** What the source shows now, for comparison. */
export interface SourceFacts {
  readonly stamp: FileStamp;
  readonly fingerprint: string;
  readonly pageSize: number;
  readonly pageCount: number;
  readonly wal: WalMarker | null;
}

/** True if nothing was committed since the parent: file, header and end of the log are all as they were. */
export function isUnchanged(parent: CaptureMarker, now: SourceFacts): boolean {
  const isSameFile = isSameStamp(parent.stamp, now.stamp) && parent.fingerprint === now.fingerprint;
  if (!isSameFile || parent.pageSize !== now.pageSize || parent.pageCount !== now.pageCount) {
    return false;
  }
  const then = logEndOf(parent.wal);
  const end = logEndOf(now.wal);
  return then === end;
}

/** True if the log may tell what changed since the parent, provided that its chain of checksums holds. */
export function canGuide(parent: CaptureMarker, now: SourceFacts): parent is GuidingMarker {
  const { wal } = parent;
  if (wal === null || now.wal === null || wal.lastFrame === 0) return false;
  const isSameLog =
    wal.device === now.wal.device && wal.inode === now.wal.inode && wal.salts === now.wal.salts;
  // A checkpoint is the only thing that may have written into the file.
  const isFileExplained =
    isSameStamp(parent.stamp, now.stamp) || now.wal.backfilled > wal.backfilled;
  return (
    isSameLog &&
    isFileExplained &&
    isSameInode(parent.stamp, now.stamp) &&
    now.wal.lastFrame >= wal.lastFrame &&
    parent.pageSize === now.pageSize
  );
}

export type GuidingMarker = CaptureMarker & { wal: WalMarker };

/** The marker for the next capture. */
export function makeMarker(facts: SourceFacts, lastScanAt: number): CaptureMarker {
  return { version: 1, ...facts, lastScanAtMs: lastScanAt };
}

/** An empty log is the same as none: SQLite makes and removes it as connections come and go. */
function logEndOf(wal: WalMarker | null): string {
  if (wal === null || wal.lastFrame === 0) return 'empty';
  return [wal.device, wal.inode, wal.salts, wal.lastFrame, ...wal.checksum].join(' ');
}
