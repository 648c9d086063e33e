// Small objects sealed and opened as a whole: manifests, leases, notes. Packs, tables and lists are streamed: `vault/`.
import {
  damaged,
  decodeFrameHeader,
  decodeObjectHeader,
  decodeTrailer,
  encodeObjectHeader,
  encodeTrailer,
  FRAME_HEADER_BYTES,
  HEADER_BYTES,
  MAX_CLOSING_BYTES,
  MAX_FRAME_BYTES,
  TAG_BYTES,
  TRAILER_BYTES,
  type ObjectKind,
} from '../format/sealed-object.ts';
import { openFrame, sealFrame } from './frame-cipher.ts';
import { packContent } from './frame-codec.ts';
import { deriveObjectKey, type VaultKeys } from './object-key.ts';

export interface OpenedObject {
  readonly id: string;
  /** Content of each frame in order. */
  readonly frames: readonly Buffer[];
}

/** Seals frames (each at most 4 MiB of content) as one object without a content part. */
export function sealObject(
  keys: VaultKeys,
  kind: ObjectKind,
  id: string,
  frames: readonly Uint8Array[],
): Buffer {
  const objectHeader = encodeObjectHeader(kind, id);
  const frameKey = { key: deriveObjectKey(keys, kind, id), objectHeader };
  const parts: Uint8Array[] = [objectHeader];
  for (const [counter, content] of frames.entries()) {
    const { codec, bytes } = packContent(content);
    const isLast = counter === frames.length - 1;
    const header = { sealedBytes: bytes.length, rawBytes: content.length, codec, isLast };
    parts.push(...sealFrame(frameKey, counter, header, bytes));
  }
  parts.push(encodeTrailer({ closingOffset: HEADER_BYTES, closingCounter: 0 }));
  return Buffer.concat(parts);
}

/** Opens every frame of an object and checks its end. Throws object-damaged. */
export function openObject(
  keys: VaultKeys,
  kind: ObjectKind,
  bytes: Buffer,
  name: string,
): OpenedObject {
  const id = decodeObjectHeader(bytes, kind, name);
  const frameKey = {
    key: deriveObjectKey(keys, kind, id),
    objectHeader: bytes.subarray(0, HEADER_BYTES),
  };
  const end = bytes.subarray(bytes.length - TRAILER_BYTES);
  const { closingOffset, closingCounter } = decodeTrailer(end, bytes.length, name);
  if (closingOffset !== HEADER_BYTES || closingCounter !== 0)
    throw damaged(name, 'end marker points elsewhere');
  const frames: Buffer[] = [];
  let rawBytes = 0;
  let offset = HEADER_BYTES;
  for (;;) {
    const header = decodeFrameHeader(bytes.subarray(offset, offset + FRAME_HEADER_BYTES), name);
    rawBytes += header.rawBytes;
    if (rawBytes > MAX_CLOSING_BYTES) throw damaged(name, 'content out of bounds');
    const end = offset + FRAME_HEADER_BYTES + header.sealedBytes + TAG_BYTES;
    frames.push(openFrame(frameKey, frames.length, header, bytes.subarray(offset, end), name));
    offset = end;
    if (header.isLast) break;
  }
  if (offset + TRAILER_BYTES !== bytes.length) throw damaged(name, 'bytes after the last frame');
  return { id, frames };
}

/**
 * Opens the frames before the last one from the first bytes of an object, without its end: for a quick look at many.
 * Null when `head` does not reach to the last frame's header. Throws object-damaged.
 */
export function openLeadingFrames(
  keys: VaultKeys,
  kind: ObjectKind,
  head: Buffer,
  name: string,
): OpenedObject | null {
  const id = decodeObjectHeader(head, kind, name);
  const frameKey = {
    key: deriveObjectKey(keys, kind, id),
    objectHeader: head.subarray(0, HEADER_BYTES),
  };
  const frames: Buffer[] = [];
  let offset = HEADER_BYTES;
  while (offset + FRAME_HEADER_BYTES <= head.length) {
    const header = decodeFrameHeader(head.subarray(offset, offset + FRAME_HEADER_BYTES), name);
    if (header.isLast) return { id, frames };
    const end = offset + FRAME_HEADER_BYTES + header.sealedBytes + TAG_BYTES;
    if (end > head.length) return null;
    frames.push(openFrame(frameKey, frames.length, header, head.subarray(offset, end), name));
    offset = end;
  }
  return null;
}

/** Splits content into frames of at most 4 MiB; at least one. */
export function splitFrames(content: Buffer): Buffer[] {
  const frames: Buffer[] = [];
  for (let at = 0; at < content.length || frames.length === 0; at += MAX_FRAME_BYTES) {
    frames.push(content.subarray(at, at + MAX_FRAME_BYTES));
  }
  return frames;
}
