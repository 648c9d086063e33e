// Where the chunks of a family lie, by their hash: 28 bytes each in typed arrays, because a folder has more chunks than JavaScript objects
// fit in memory. Open addressing with linear probing; hashes are uniform, so their first bytes choose the slot.
import { HASH_BYTES } from '../format/page-segment.ts';

/** Where a chunk of this run or of the family lies. */
export type KnownChunk =
  | {
      readonly kind: 'stored';
      readonly packId: string;
      readonly frame: number;
      readonly offset: number;
    }
  | { readonly kind: 'new'; readonly ordinal: number; readonly offset: number };

export interface ChunkIndex {
  readonly size: number;
  /** `hash`: 16 bytes. */
  get(hash: Uint8Array): KnownChunk | null;
  /** Adds a hash that is not there, or puts another place to one that is. */
  set(hash: Uint8Array, place: KnownChunk): void;
}

const FIRST_SLOTS = 4096;
const MOST_FILLED = 0.65;
const WORDS = HASH_BYTES / 4;
/** Stands for the packs of this run, whose ids are not known yet. */
const NEW = 0;
const FREE = -1;

interface Slots {
  readonly count: number;
  readonly hashes: Uint32Array;
  /** Number of the pack + 1, NEW or FREE. */
  readonly packs: Int32Array;
  /** Frame, or ordinal of a new frame. */
  readonly frames: Uint32Array;
  readonly offsets: Uint32Array;
}

export function createChunkIndex(): ChunkIndex {
  const packIds: string[] = [];
  const packNumbers = new Map<string, number>();
  let slots = makeSlots(FIRST_SLOTS);
  let size = 0;

  const numberOf = (packId: string): number => {
    const known = packNumbers.get(packId);
    if (known !== undefined) return known;
    const number = packIds.push(packId);
    packNumbers.set(packId, number);
    return number;
  };
  const grow = (): void => {
    const old = slots;
    slots = makeSlots(old.count * 2);
    for (let at = 0; at < old.count; at += 1) {
      if (old.packs[at] === FREE) continue;
      const words = old.hashes.subarray(at * WORDS, (at + 1) * WORDS);
      put(slots, words, old.packs[at] ?? 0, old.frames[at] ?? 0, old.offsets[at] ?? 0);
    }
  };
  return {
    get size() {
      return size;
    },
    get(hash) {
      const at = find(slots, wordsOf(hash));
      const pack = slots.packs[at] ?? FREE;
      if (pack === FREE) return null;
      const frame = slots.frames[at] ?? 0;
      const offset = slots.offsets[at] ?? 0;
      if (pack === NEW) return { kind: 'new', ordinal: frame, offset };
      return { kind: 'stored', packId: packIds[pack - 1] ?? '', frame, offset };
    },
    set(hash, place) {
      if (size >= slots.count * MOST_FILLED) grow();
      const isNew = place.kind === 'new';
      const pack = isNew ? NEW : numberOf(place.packId);
      const frame = isNew ? place.ordinal : place.frame;
      if (put(slots, wordsOf(hash), pack, frame, place.offset)) size += 1;
    },
  };
}

function makeSlots(count: number): Slots {
  return {
    count,
    hashes: new Uint32Array(count * WORDS),
    packs: new Int32Array(count).fill(FREE),
    frames: new Uint32Array(count),
    offsets: new Uint32Array(count),
  };
}

function wordsOf(hash: Uint8Array): Uint32Array {
  const words = new Uint32Array(WORDS);
  new Uint8Array(words.buffer).set(hash.subarray(0, HASH_BYTES));
  return words;
}

/** The slot of these words, or the free one where they belong. */
function find({ count, hashes, packs }: Slots, words: Uint32Array): number {
  for (let at = (words[0] ?? 0) % count; ; at = (at + 1) % count) {
    if (packs[at] === FREE) return at;
    let word = 0;
    while (word < WORDS && hashes[at * WORDS + word] === words[word]) word += 1;
    if (word === WORDS) return at;
  }
}

/** True when the words were not there before. */
function put(
  slots: Slots,
  words: Uint32Array,
  pack: number,
  frame: number,
  offset: number,
): boolean {
  const at = find(slots, words);
  const isFree = slots.packs[at] === FREE;
  slots.hashes.set(words, at * WORDS);
  slots.packs[at] = pack;
  slots.frames[at] = frame;
  slots.offsets[at] = offset;
  return isFree;
}
