// Writes packs, tables and lists: frame by frame, then the closing part; the same bytes under one or two names.
// An object is sealed once. `abandon` leaves nothing; nothing is visible before `finish` resolves.
import { encodeObjectHeader, encodeTrailer, type ObjectKind } from '../format/sealed-object.ts';
import { sealFrame } from '../crypto/frame-cipher.ts';
import { giveBackMemory } from '../crypto/give-back-memory.ts';
import { packContent, type PackedContent } from '../crypto/frame-codec.ts';
import { deriveObjectKey } from '../crypto/object-key.ts';
import { splitFrames } from '../crypto/object-sealer.ts';
import { hex8 } from '../format/catalogue.ts';
import type { ObjectWriter } from '../storage/storage.ts';
import type { Vault } from './vault.ts';

export interface WrittenFrame {
  /** Offset of the frame in the object. */
  readonly at: number;
  readonly counter: number;
}

export interface SealedStreamWriter {
  readonly bytes: number;
  /** Seals and writes one frame. Calls must not overlap. */
  addFrame(packed: PackedContent, rawBytes: number): Promise<WrittenFrame>;
  /** Writes the closing part and publishes under all names; resolves with the object's size. */
  finish(closing: Buffer): Promise<number>;
  abandon(): Promise<void>;
}

/** Starts an object `id` under `names`; `epoch` marks its temporary files. */
export async function startSealedObject(
  vault: Vault,
  kind: ObjectKind,
  id: string,
  names: readonly string[],
  epoch: number,
): Promise<SealedStreamWriter> {
  const objectHeader = encodeObjectHeader(kind, id);
  const frameKey = { key: deriveObjectKey(vault.keys, kind, id), objectHeader };
  const writers: ObjectWriter[] = [];
  let at = 0;
  let counter = 0;

  const write = async (bytes: Uint8Array) => {
    for (const writer of writers) await writer.write(bytes);
    at += bytes.length;
  };
  const add = async (packed: PackedContent, rawBytes: number, isLast: boolean) => {
    const frame = { at, counter };
    const header = { sealedBytes: packed.bytes.length, rawBytes, codec: packed.codec, isLast };
    const sealed = sealFrame(frameKey, counter, header, packed.bytes);
    counter += 1;
    for (const part of sealed) await write(part);
    giveBackMemory(sealed[1]);
    return frame;
  };
  const abandon = async () => {
    await Promise.all(writers.map((writer) => writer.abandon()));
  };

  for (const name of names) writers.push(await vault.storage.startWriter(name, hex8(epoch)));
  await write(objectHeader);
  return {
    get bytes() {
      return at;
    },
    addFrame: (packed, rawBytes) => add(packed, rawBytes, false),
    async finish(closing) {
      const frames = splitFrames(closing);
      const first = { closingOffset: at, closingCounter: counter };
      for (const [index, frame] of frames.entries()) {
        await add(packContent(frame), frame.length, index === frames.length - 1);
      }
      await write(encodeTrailer(first));
      await Promise.all(writers.map((writer) => writer.publish()));
      return at;
    },
    abandon,
  };
}
