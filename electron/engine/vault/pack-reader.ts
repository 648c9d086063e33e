// Reads packs: the directory once, then frames by number.
// A pack whose header or end is damaged still gives its frames: they stand one after the other and prove themselves, so
// their headers are walked from the first on. Only what they hold, the directory, is then not known.
import {
  decodePackClosing,
  MAX_PACK_FRAMES,
  type PackDirectory,
} from '../format/pack-directory.ts';
import { packName } from '../format/object-names.ts';
import {
  damaged,
  decodeFrameHeader,
  FRAME_HEADER_BYTES,
  HEADER_BYTES,
  TAG_BYTES,
} from '../format/sealed-object.ts';
import type { BackupError } from '../../../shared/model/backup-error.ts';
import {
  isWound,
  openSealedFrames,
  openSealedObject,
  readEnd,
  type SealedFrame,
  type SealedFrames,
  type SealedObject,
} from './sealed-stream-reader.ts';
import type { Vault } from './vault.ts';

export interface PackReader {
  readonly id: string;
  readonly object: SealedFrames;
  /** Where each frame lies, and the end of the last one. Without a directory the closing frames are among them. */
  readonly offsets: readonly number[];
  /** What is wrong with header or end; the frames can be read all the same. */
  readonly damage: BackupError | null;
  /** False when the end is damaged: `directory` and `hashes` then throw `damage`. */
  readonly hasDirectory: boolean;
  readonly directory: PackDirectory;
  /** 16 bytes for each slot or chunk, in the directory's order. */
  readonly hashes: Buffer;
  /** A frame as it lies in the file, for a compute worker to open. */
  readSealedFrame(frame: number): Promise<SealedFrame>;
  /** Content of a frame, opened here. */
  readFrame(frame: number): Promise<Buffer>;
}

/** Opens a pack by id. Throws object-missing, or object-damaged when not one frame can be found. */
export async function openPack(vault: Vault, id: string): Promise<PackReader> {
  const name = packName(id);
  try {
    return await readWhole(id, await openSealedObject(vault, 'pack', name, id), null);
  } catch (error) {
    if (!isWound(error) || error.failure.code === 'object-missing') throw error;
    return openDamaged(vault, id, error);
  }
}

async function readWhole(
  id: string,
  object: SealedObject,
  damage: BackupError | null,
): Promise<PackReader> {
  const { directory, hashes } = decodePackClosing(await object.readClosing(), object.name);
  const offsets = [...directory.frames.map(({ at }) => at), object.closingOffset];
  const parts = { id, object, offsets, damage, hasDirectory: true, directory, hashes };
  return { ...parts, ...framesAt(object, offsets) };
}

async function openDamaged(vault: Vault, id: string, damage: BackupError): Promise<PackReader> {
  const object = await openSealedFrames(vault, 'pack', packName(id), id);
  try {
    return await readWhole(id, await readEnd(vault, object), damage); // only the header was damaged
  } catch (error) {
    if (!isWound(error)) throw error;
  }
  const offsets = await walkFrames(vault, object);
  if (offsets.length < 2) throw damage;
  const lost = (): never => {
    throw damage;
  };
  return {
    id,
    object,
    offsets,
    damage,
    hasDirectory: false,
    get directory() {
      return lost();
    },
    get hashes() {
      return lost();
    },
    ...framesAt(object, offsets),
  };
}

/** Ends at the last frame, at the end of the file, or at the first header that makes no sense. */
async function walkFrames(vault: Vault, { name, bytes }: SealedFrames): Promise<number[]> {
  const offsets = [HEADER_BYTES];
  const isOpen = (at: number): boolean =>
    offsets.length <= MAX_PACK_FRAMES && at + FRAME_HEADER_BYTES + TAG_BYTES <= bytes;
  for (let at = HEADER_BYTES; isOpen(at);) {
    try {
      const header = decodeFrameHeader(
        await vault.storage.read(name, at, FRAME_HEADER_BYTES),
        name,
      );
      at += FRAME_HEADER_BYTES + header.sealedBytes + TAG_BYTES;
      if (at > bytes) break;
      offsets.push(at);
      if (header.isLast) break;
    } catch (error) {
      if (!isWound(error)) throw error;
      break;
    }
  }
  return offsets;
}

function framesAt(object: SealedFrames, offsets: readonly number[]) {
  const offsetOf = (frame: number): number => {
    const at = frame < offsets.length - 1 ? offsets[frame] : undefined;
    if (at === undefined) throw damaged(object.name, `no frame ${frame} in this pack`);
    return at;
  };
  return {
    readSealedFrame: async (frame: number) => {
      const at = offsetOf(frame);
      return object.readSealed(at, (offsets[frame + 1] ?? at) - at);
    },
    readFrame: async (frame: number) => object.readFrame(offsetOf(frame), frame),
  };
}
