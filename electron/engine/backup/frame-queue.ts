// Frames on their way into packs: compressed on the workers, sealed and written one after the other.
// Frames are numbered (ordinals) when they are handed in; `placeOf` tells later where each one ended up.
import type { FrameContent, FramePlace, PackWriter } from '../vault/pack-writer.ts';
import { collectYoungGarbage } from '../pipeline/young-garbage.ts';
import type { PackedFrame } from './frame-packer.ts';

/** Frames handed in but not yet written; bounds memory. */
const MAX_WAITING = 6;

export interface FrameQueue {
  /** The ordinal that the next frame will get. */
  nextOrdinal(): number;
  /** Hands in a frame whose compression is under way; resolves when there is room for the next one. */
  add(content: FrameContent, packing: Promise<PackedFrame>, rawBytes: number): Promise<number>;
  /** Resolves when all frames are written; throws the first failure. */
  drain(): Promise<void>;
  /** After `drain`. */
  placeOf(ordinal: number): FramePlace;
}

export function createFrameQueue(packs: PackWriter): FrameQueue {
  const places: FramePlace[] = [];
  const waiting: Promise<void>[] = [];
  let tail: Promise<void> = Promise.resolve();
  let count = 0;

  return {
    nextOrdinal: () => count,
    async add(content, packing, rawBytes) {
      const ordinal = count++;
      const previous = tail;
      tail = (async () => {
        const [packed] = await Promise.all([packing, previous]);
        places[ordinal] = await packs.add(content, packed, rawBytes);
        packed.release();
        collectYoungGarbage();
      })();
      tail.catch(() => undefined); // thrown to whoever adds or drains next
      waiting.push(tail);
      while (waiting.length > MAX_WAITING) await waiting.shift();
      return ordinal;
    },
    async drain() {
      await tail;
      waiting.length = 0;
    },
    placeOf(ordinal) {
      const place = places[ordinal];
      if (place === undefined) throw new Error(`frame ${ordinal} was not written`);
      return place;
    },
  };
}
