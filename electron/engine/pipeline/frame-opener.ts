// Opens sealed frames on the workers into buffers that are used again: transferring a new one for each frame made the
// main thread spend a quarter of a restore on collecting them.
import { BackupError } from '../../../shared/model/backup-error.ts';
import type { FrameKey } from '../crypto/frame-cipher.ts';
import { FRAME_TARGET_BYTES, MAX_FRAME_BYTES, type FrameHeader } from '../format/sealed-object.ts';
import type { ComputePool } from './compute-pool.ts';
import { createSharedBuffers } from './shared-buffers.ts';

export interface FrameToOpen {
  readonly frameKey: FrameKey;
  readonly counter: number;
  readonly header: FrameHeader;
  /** Header, ciphertext and tag; given away. */
  readonly sealed: Buffer;
  /** Name of the object, for failures. */
  readonly name: string;
  /** Null: do not hash. */
  readonly pageSize: number | null;
}

export interface OpenedFrame {
  /** Valid until `release`. */
  readonly content: Buffer;
  /** 16 bytes a page; null where the content is no whole number of pages, or none were asked for. */
  readonly hashes: Buffer | null;
  /** Gives the buffer back; who never calls it keeps the content. */
  release(): void;
}

export interface FrameOpener {
  /** Throws object-damaged. */
  open(frame: FrameToOpen): Promise<OpenedFrame>;
}

export function createFrameOpener(pool: ComputePool): FrameOpener {
  const outputs = createSharedBuffers();
  // Pages and most chunks come in frames of the one size, huge files in frames of the other.
  const take = (bytes: number): SharedArrayBuffer =>
    outputs.take(bytes <= FRAME_TARGET_BYTES ? FRAME_TARGET_BYTES : MAX_FRAME_BYTES);
  return {
    async open({ frameKey, counter, header, sealed, name, pageSize }) {
      const output = take(header.rawBytes);
      const { key, objectHeader } = frameKey;
      const job = {
        kind: 'open',
        sealed,
        key,
        objectHeader,
        counter,
        header,
        pageSize,
        name,
        output,
      } as const;
      // A view of a larger block, as Node's pool of small buffers is, must not be given away.
      const isOwn =
        sealed.buffer instanceof ArrayBuffer && sealed.buffer.byteLength === sealed.length;
      const transfer = isOwn ? [sealed.buffer] : [];
      try {
        const { length, hashes } = await pool.run<'open'>(job, transfer);
        return {
          content: Buffer.from(output, 0, length),
          hashes:
            hashes === null
              ? null
              : Buffer.from(hashes.buffer, hashes.byteOffset, hashes.byteLength),
          release: () => outputs.give(output),
        };
      } catch (error) {
        if (error instanceof BackupError) outputs.give(output);
        throw error;
      }
    },
  };
}
