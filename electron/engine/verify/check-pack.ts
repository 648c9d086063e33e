// Reads every byte of a pack back: each frame authenticated, each page and chunk hash recomputed and compared with the directory.
// A pack without its directory is checked frame by frame; what its frames must hold is then only known to the tables.
import { BackupError, failureOf } from '../../../shared/model/backup-error.ts';
import { hashPage } from '../format/page-digest.ts';
import { HASH_BYTES } from '../format/page-segment.ts';
import { hashesInFrame, type PackFrame } from '../format/pack-directory.ts';
import { HEADER_BYTES, TRAILER_BYTES } from '../format/sealed-object.ts';
import type { FrameOpener, OpenedFrame } from '../pipeline/frame-opener.ts';
import { openPack, type PackReader } from '../vault/pack-reader.ts';
import { isWound } from '../vault/sealed-stream-reader.ts';
import type { Vault } from '../vault/vault.ts';
import {
  hashOffsets,
  holdingsByDirectory,
  holdingsByFrames,
  holdsNothing,
  type LooseFrame,
  type PackHoldings,
} from './pack-holdings.ts';

export interface PackCheck {
  readonly id: string;
  /** False when not one frame can be found: then all of it is lost. */
  readonly isReadable: boolean;
  readonly holdings: PackHoldings;
  /** Frames that are not what they were, as far as the pack itself can tell. */
  readonly badFrames: ReadonlySet<number>;
  /** The first thing that was wrong, or null. */
  readonly detail: string | null;
}

export interface CheckPack {
  readonly vault: Vault;
  /** Shared by all packs of a check: its buffers are used again. */
  readonly opener: FrameOpener;
  readonly id: string;
  /** Of all files that may lie in it; for a pack without its directory. */
  readonly pageSizes: readonly number[];
  readonly onBytes: (bytes: number) => void;
  readonly signal: AbortSignal;
}

/** Frames being read or opened at once. */
const FRAMES_IN_FLIGHT = 4;

export async function checkPack(check: CheckPack): Promise<PackCheck> {
  const { vault, id } = check;
  try {
    const reader = await openPack(vault, id);
    return await (reader.hasDirectory ? checkWhole(check, reader) : checkLoose(check, reader));
  } catch (error) {
    if (!isWound(error)) throw error;
    const badFrames = new Set<number>();
    return { id, isReadable: false, holdings: holdsNothing, badFrames, detail: describe(error) };
  }
}

async function checkWhole(check: CheckPack, reader: PackReader): Promise<PackCheck> {
  const { directory } = reader;
  const offsets = hashOffsets(directory.frames);
  const { badFrames, detail } = await checkFrames(check, reader, async (frame) => {
    const entry = directory.frames[frame];
    if (entry !== undefined) await checkFrame(check, reader, frame, entry, offsets[frame] ?? 0);
  });
  check.onBytes(reader.object.bytes - (reader.offsets.at(-1) ?? 0) + HEADER_BYTES);
  const holdings = holdingsByDirectory(reader, badFrames);
  return { id: check.id, isReadable: true, holdings, badFrames, detail };
}

async function checkLoose(check: CheckPack, reader: PackReader): Promise<PackCheck> {
  const frames = new Map<number, LooseFrame>();
  const { detail } = await checkFrames(check, reader, async (frame) => {
    const hashes = new Map<number, Buffer>();
    let bytes = 0;
    for (const pageSize of [null, ...check.pageSizes]) {
      const opened = await openOnPool(check.opener, reader, frame, pageSize);
      bytes = opened.content.length;
      if (pageSize !== null && opened.hashes !== null) hashes.set(pageSize, opened.hashes);
      opened.release();
    }
    frames.set(frame, { bytes, hashes });
  });
  // Which of its frames were content only the tables know: what they miss is lost, nothing else.
  const found = { badFrames: new Set<number>(), holdings: holdingsByFrames(frames), detail };
  return { id: check.id, isReadable: true, ...found };
}

/** Runs `work` on all frames, a few at once; those that throw a wound are bad. */
async function checkFrames(
  { onBytes, signal }: CheckPack,
  reader: PackReader,
  work: (frame: number) => Promise<void>,
): Promise<Pick<PackCheck, 'badFrames' | 'detail'>> {
  const badFrames = new Set<number>();
  let detail = reader.damage === null ? null : describe(reader.damage);
  const inFlight: Promise<void>[] = [];
  for (let frame = 0; frame < reader.offsets.length - 1; frame++) {
    signal.throwIfAborted();
    const check = work(frame).then(
      () => onBytes((reader.offsets[frame + 1] ?? 0) - (reader.offsets[frame] ?? 0)),
      (error: unknown) => {
        if (!isWound(error)) throw error;
        badFrames.add(frame);
        detail ??= `frame ${frame}: ${describe(error)}`;
      },
    );
    check.catch(() => undefined); // thrown below
    inFlight.push(check);
    if (inFlight.length >= FRAMES_IN_FLIGHT) await inFlight.shift();
  }
  await Promise.all(inFlight);
  return { badFrames, detail };
}

async function checkFrame(
  { opener }: CheckPack,
  reader: PackReader,
  frame: number,
  entry: PackFrame,
  hashesAt: number,
): Promise<void> {
  const pageSize =
    entry.kind === 'pages' ? (reader.directory.files[entry.file]?.pageSize ?? null) : null;
  const opened = await openOnPool(opener, reader, frame, pageSize);
  const expected = reader.hashes.subarray(hashesAt, hashesAt + hashesInFrame(entry) * HASH_BYTES);
  const found = opened.hashes ?? hashChunks(opened.content, entry);
  opened.release();
  if (!isFollowedByNext(reader, frame, opened.bytes) || Buffer.compare(found, expected) !== 0) {
    throw new BackupError({
      code: 'object-damaged',
      object: reader.object.name,
      detail: 'content differs from its hashes',
    });
  }
}

function isFollowedByNext(reader: PackReader, frame: number, bytes: number): boolean {
  const end = (reader.offsets[frame] ?? 0) + bytes;
  return end === reader.offsets[frame + 1] && end <= reader.object.bytes - TRAILER_BYTES;
}

/** `bytes` is the frame's length in the file. */
async function openOnPool(
  opener: FrameOpener,
  reader: PackReader,
  frame: number,
  pageSize: number | null,
): Promise<OpenedFrame & { readonly bytes: number }> {
  const { header, sealed } = await reader.readSealedFrame(frame);
  const bytes = sealed.length;
  const { frameKey, name } = reader.object;
  const opened = await opener.open({ frameKey, counter: frame, header, sealed, name, pageSize });
  return { ...opened, bytes };
}

function hashChunks(content: Uint8Array, entry: PackFrame): Buffer {
  if (entry.kind === 'pages') return Buffer.alloc(0); // not a whole number of pages: differs from any hashes
  let at = 0;
  return Buffer.concat(
    entry.lengths.map((length) => hashPage(content.subarray(at, (at += length)))),
  );
}

function describe(error: unknown): string {
  const failure = failureOf(error);
  return failure.code === 'object-damaged' ? failure.detail : 'is not there';
}
