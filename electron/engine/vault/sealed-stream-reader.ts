// Reads packs, tables and lists at random: the closing part, then frames by offset.
// With two copies the second one stands in for whatever the first cannot give; each such wound is reported.
import {
  damaged,
  decodeFrameHeader,
  decodeObjectHeader,
  decodeTrailer,
  encodeObjectHeader,
  FRAME_HEADER_BYTES,
  HEADER_BYTES,
  MAX_CLOSING_BYTES,
  MAX_FRAME_BYTES,
  MAX_OBJECT_BYTES,
  TAG_BYTES,
  TRAILER_BYTES,
  type FrameHeader,
  type ObjectKind,
} from '../format/sealed-object.ts';
import { BackupError } from '../../../shared/model/backup-error.ts';
import { openFrame, type FrameKey } from '../crypto/frame-cipher.ts';
import { giveBackMemory } from '../crypto/give-back-memory.ts';
import { deriveObjectKey } from '../crypto/object-key.ts';
import type { Vault } from './vault.ts';

/** A frame as it lies in the file: header, ciphertext, tag. */
export interface SealedFrame {
  readonly header: FrameHeader;
  readonly sealed: Buffer;
}

/** The frames of an object, whatever became of its end. */
export interface SealedFrames {
  readonly name: string;
  readonly bytes: number;
  readonly frameKey: FrameKey;
  /** Reads one frame without opening it; in one go where its length in the file is known. */
  readSealed(at: number, length?: number): Promise<SealedFrame>;
  /** Reads, authenticates and decompresses one frame. */
  readFrame(at: number, counter: number): Promise<Buffer>;
}

export interface SealedObject extends SealedFrames {
  readonly closingOffset: number;
  readonly closingCounter: number;
  /** The joined content of the closing frames. */
  readClosing(): Promise<Buffer>;
}

/** Told of a copy that could not be used. */
export type ReportDamage = (object: string, error: BackupError) => void;

/** Opens the object under one name; reads header and end marker. Throws object-missing or object-damaged. */
export async function openSealedObject(
  vault: Vault,
  kind: ObjectKind,
  name: string,
  id: string,
): Promise<SealedObject> {
  const { storage } = vault;
  const bytes = await sizeOf(vault, kind, name);
  if (bytes < HEADER_BYTES + FRAME_HEADER_BYTES + TAG_BYTES + TRAILER_BYTES)
    throw damaged(name, `size of ${bytes} bytes is out of bounds`);
  const objectHeader = await storage.read(name, 0, HEADER_BYTES);
  if (decodeObjectHeader(objectHeader, kind, name) !== id)
    throw damaged(name, 'another object under this name');
  if (!objectHeader.equals(encodeObjectHeader(kind, id)))
    throw damaged(name, 'object header differs');
  return readEnd(vault, framesOf(vault, kind, name, id, bytes));
}

/**
 * Opens the frames of an object of which header or end may be damaged: the header is what it must have been, so a frame
 * is authentic or it is not. Throws object-missing, or object-damaged for a size out of bounds.
 */
export async function openSealedFrames(
  vault: Vault,
  kind: ObjectKind,
  name: string,
  id: string,
): Promise<SealedFrames> {
  return framesOf(vault, kind, name, id, await sizeOf(vault, kind, name));
}

/** The same with its end, if that is whole. Throws object-damaged. */
export async function readEnd(vault: Vault, frames: SealedFrames): Promise<SealedObject> {
  const { name, bytes, frameKey } = frames;
  if (bytes < HEADER_BYTES + FRAME_HEADER_BYTES + TAG_BYTES + TRAILER_BYTES)
    throw damaged(name, 'cut off');
  const end = await vault.storage.read(name, bytes - TRAILER_BYTES, TRAILER_BYTES);
  const trailer = decodeTrailer(end, bytes, name);
  const readClosing = async () => {
    const parts: Buffer[] = [];
    let rawBytes = 0;
    let at = trailer.closingOffset;
    for (let counter = trailer.closingCounter; ; counter++) {
      const { header, sealed } = await frames.readSealed(at);
      rawBytes += header.rawBytes;
      if (rawBytes > MAX_CLOSING_BYTES) throw damaged(name, 'closing part out of bounds');
      parts.push(openFrame(frameKey, counter, header, sealed, name));
      at += sealed.length;
      if (header.isLast) break;
    }
    if (at + TRAILER_BYTES !== bytes) throw damaged(name, 'closing part does not end the object');
    return Buffer.concat(parts);
  };
  return { ...frames, ...trailer, readClosing };
}

async function sizeOf(vault: Vault, kind: ObjectKind, name: string): Promise<number> {
  const bytes = await vault.storage.size(name);
  if (bytes === null) throw new BackupError({ code: 'object-missing', object: name });
  if (bytes > MAX_OBJECT_BYTES[kind])
    throw damaged(name, `size of ${bytes} bytes is out of bounds`);
  return bytes;
}

function framesOf(
  vault: Vault,
  kind: ObjectKind,
  name: string,
  id: string,
  bytes: number,
): SealedFrames {
  const { storage } = vault;
  const objectHeader = encodeObjectHeader(kind, id);
  const frameKey = { key: deriveObjectKey(vault.keys, kind, id), objectHeader };
  const readSealed = async (at: number, expected?: number): Promise<SealedFrame> => {
    if (at < HEADER_BYTES || at + FRAME_HEADER_BYTES > bytes)
      throw damaged(name, 'frame lies outside the object');
    if (expected !== undefined && isFrameLength(expected) && at + expected <= bytes) {
      const sealed = await storage.read(name, at, expected);
      const header = decodeFrameHeader(sealed, name);
      if (FRAME_HEADER_BYTES + header.sealedBytes + TAG_BYTES === expected)
        return { header, sealed };
    }
    const header = decodeFrameHeader(await storage.read(name, at, FRAME_HEADER_BYTES), name);
    const length = FRAME_HEADER_BYTES + header.sealedBytes + TAG_BYTES;
    if (at + length > bytes) throw damaged(name, 'frame cut off');
    return { header, sealed: await storage.read(name, at, length) };
  };
  const readFrame = async (at: number, counter: number) => {
    const { header, sealed } = await readSealed(at);
    const content = openFrame(frameKey, counter, header, sealed, name);
    giveBackMemory(sealed);
    return content;
  };
  return { name, bytes, frameKey, readSealed, readFrame };
}

function isFrameLength(length: number): boolean {
  const least = FRAME_HEADER_BYTES + TAG_BYTES;
  return length >= least && length <= least + MAX_FRAME_BYTES;
}

/** Opens whichever of the copies can be opened, and falls back to the other for single frames. */
export async function openSealedCopies(
  vault: Vault,
  kind: ObjectKind,
  names: readonly string[],
  id: string,
  report: ReportDamage,
): Promise<SealedObject> {
  const opened: SealedObject[] = [];
  let firstError: BackupError | null = null;
  for (const name of names) {
    try {
      opened.push(await openSealedObject(vault, kind, name, id));
    } catch (error) {
      if (!isWound(error)) throw error;
      firstError ??= error;
      report(name, error);
    }
  }
  const [first, second] = opened;
  if (first === undefined)
    throw firstError ?? new BackupError({ code: 'object-missing', object: id });
  return second === undefined ? first : withFallback(first, second, report);
}

function withFallback(
  first: SealedObject,
  second: SealedObject,
  report: ReportDamage,
): SealedObject {
  const either = async <T>(read: (object: SealedObject) => Promise<T>): Promise<T> => {
    try {
      return await read(first);
    } catch (error) {
      if (!isWound(error)) throw error;
      report(first.name, error);
      return read(second);
    }
  };
  return {
    ...first,
    readSealed: (at, length) => either((object) => object.readSealed(at, length)),
    readFrame: (at, counter) => either((object) => object.readFrame(at, counter)),
    readClosing: () => either((object) => object.readClosing()),
  };
}

/** An object that is gone or not what it was, as opposed to a place that does not answer. */
export function isWound(error: unknown): error is BackupError {
  return (
    error instanceof BackupError &&
    (error.failure.code === 'object-missing' || error.failure.code === 'object-damaged')
  );
}
