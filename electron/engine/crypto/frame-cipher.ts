// Sealing and opening single frames: AES-256-GCM, nonce = frame counter, associated data = header, counter, frame header
// (FORMAT.md section 3). A frame is sealed once; the caller never seals other content under the same counter.
import { createCipheriv, createDecipheriv } from 'node:crypto';
import { inflateRawSync, zstdDecompressSync } from 'node:zlib';
import {
  damaged,
  encodeFrameHeader,
  FRAME_HEADER_BYTES,
  TAG_BYTES,
  type FrameHeader,
} from '../format/sealed-object.ts';
import { giveBackMemory } from './give-back-memory.ts';

/** What frames of one object have in common. */
export interface FrameKey {
  readonly key: Buffer;
  /** The 32 bytes of the object's header. */
  readonly objectHeader: Buffer;
}

/** Frame header, ciphertext and tag, to be written one after the other. `packed` is the compressed content. */
export function sealFrame(
  frameKey: FrameKey,
  counter: number,
  header: FrameHeader,
  packed: Uint8Array,
): readonly [Buffer, Buffer, Buffer] {
  const headerBytes = encodeFrameHeader(header);
  const cipher = createCipheriv('aes-256-gcm', frameKey.key, nonceOf(counter));
  cipher.setAAD(associatedData(frameKey, counter, headerBytes));
  const sealed = cipher.update(packed);
  cipher.final();
  return [headerBytes, sealed, cipher.getAuthTag()];
}

/** Decrypts and authenticates; `sealed` is header, ciphertext and tag as they lie in the file. Throws object-damaged. */
export function openFrame(
  frameKey: FrameKey,
  counter: number,
  header: FrameHeader,
  sealed: Buffer,
  name: string,
): Buffer {
  const headerBytes = sealed.subarray(0, FRAME_HEADER_BYTES);
  const body = sealed.subarray(FRAME_HEADER_BYTES, FRAME_HEADER_BYTES + header.sealedBytes);
  const tagAt = FRAME_HEADER_BYTES + header.sealedBytes;
  const tag = sealed.subarray(tagAt, tagAt + TAG_BYTES);
  if (tag.length !== TAG_BYTES) throw damaged(name, 'frame cut off');
  const decipher = createDecipheriv('aes-256-gcm', frameKey.key, nonceOf(counter));
  decipher.setAAD(associatedData(frameKey, counter, headerBytes));
  decipher.setAuthTag(tag);
  const packed = decipher.update(body);
  try {
    decipher.final();
  } catch (cause) {
    throw damaged(name, `frame ${counter} is not authentic`, cause);
  }
  return unpack(packed, header, name);
}

/** Undoes the codec; never yields more than the header announced. */
function unpack(packed: Buffer, header: FrameHeader, name: string): Buffer {
  if (header.codec === 'none') return packed;
  const decompress = header.codec === 'zstd' ? zstdDecompressSync : inflateRawSync;
  try {
    const options = {
      maxOutputLength: Math.max(1, header.rawBytes),
      chunkSize: Math.max(64, header.rawBytes),
    };
    const raw = decompress(packed, options);
    if (raw.length !== header.rawBytes) throw new RangeError('length differs');
    giveBackMemory(packed);
    return raw;
  } catch (cause) {
    throw damaged(name, 'frame does not decompress', cause);
  }
}

function nonceOf(counter: number): Buffer {
  const nonce = Buffer.alloc(12);
  nonce.writeBigUInt64LE(BigInt(counter), 4);
  return nonce;
}

function associatedData(frameKey: FrameKey, counter: number, headerBytes: Buffer): Buffer {
  const counterBytes = Buffer.alloc(8);
  counterBytes.writeBigUInt64LE(BigInt(counter), 0);
  return Buffer.concat([frameKey.objectHeader, counterBytes, headerBytes]);
}
