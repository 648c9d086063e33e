// Millions of runs and hashes without as many objects: numbers in one array, bytes in blocks.
import { HASH_BYTES } from '../format/page-segment.ts';

/** Fields of a run. */
export const [FIRST, COUNT, PACK, FRAME, SLOT, HASH] = [0, 1, 2, 3, 4, 5] as const;
const RUN_FIELDS = 6;
type RunFields = readonly [
  first: number,
  count: number,
  pack: number,
  frame: number,
  slot: number,
  hash: number,
];

export interface RunList {
  add(run: RunFields): void;
  field(run: number, field: number): number;
  /** Numbers of the packs in any run. */
  packs(): ReadonlySet<number>;
  /** Numbers of the runs, by pack, frame and slot. */
  sortedByPlace(): Uint32Array;
}

/** Empty. */
export function createRunList(): RunList {
  let words = new Uint32Array(1024 * RUN_FIELDS);
  let length = 0;
  const packs = new Set<number>();
  const field = (run: number, index: number): number => words[run * RUN_FIELDS + index] ?? 0;
  return {
    field,
    packs: () => packs,
    add(run) {
      packs.add(run[PACK]);
      if (length + RUN_FIELDS > words.length) {
        const larger = new Uint32Array(words.length * 2);
        larger.set(words);
        words = larger;
      }
      words.set(run, length);
      length += RUN_FIELDS;
    },
    sortedByPlace: () =>
      Uint32Array.from({ length: length / RUN_FIELDS }, (_, run) => run).sort(
        (a, b) =>
          field(a, PACK) - field(b, PACK) ||
          field(a, FRAME) - field(b, FRAME) ||
          field(a, SLOT) - field(b, SLOT),
      ),
  };
}

export interface HashList {
  /** Returns the number of the first one. */
  add(hashes: Buffer): number;
  read(from: number, count: number): Buffer;
  count(): number;
}

/** Hashes of all stored pages, in blocks of a megabyte: growing never copies. */
export function createHashList(): HashList {
  const BLOCK_HASHES = 65_536;
  const blocks: Buffer[] = [];
  let count = 0;
  return {
    count: () => count,
    add(hashes) {
      const first = count;
      for (let at = 0; at < hashes.length;) {
        const inBlock = (count % BLOCK_HASHES) * HASH_BYTES;
        if (inBlock === 0) blocks.push(Buffer.allocUnsafe(BLOCK_HASHES * HASH_BYTES));
        const part = hashes.subarray(at, at + BLOCK_HASHES * HASH_BYTES - inBlock);
        blocks.at(-1)?.set(part, inBlock);
        at += part.length;
        count += part.length / HASH_BYTES;
      }
      return first;
    },
    read(from, wanted) {
      const [block, inBlock] = [Math.floor(from / BLOCK_HASHES), from % BLOCK_HASHES];
      const part = (blocks[block] ?? Buffer.alloc(0)).subarray(
        inBlock * HASH_BYTES,
        (inBlock + wanted) * HASH_BYTES,
      );
      if (part.length === wanted * HASH_BYTES) return part;
      const rest = wanted - part.length / HASH_BYTES;
      return Buffer.concat([part, this.read((block + 1) * BLOCK_HASHES, rest)]);
    },
  };
}
