// Writes one level of a page table: entries in ascending page order in, sealed segments out, two copies.
import type { ObjectId } from '../../../shared/model/ids.ts';
import type { ObjectUse } from '../../../shared/model/restore-point.ts';
import { packContent } from '../crypto/frame-codec.ts';
import { COPY_SIDES, tableName } from '../format/object-names.ts';
import {
  encodePageSegment,
  HASH_BYTES,
  SEGMENT_PAGES,
  ZERO_PACK,
  type PageRun,
} from '../format/page-segment.ts';
import type { TableIndex } from '../format/level-index.ts';
import { startSealedObject, type SealedStreamWriter } from './sealed-stream-writer.ts';
import { newId, type Vault } from './vault.ts';

/** Where a page lies: the pack's id (null: all zeros, stored nowhere), frame and slot. */
export interface PagePlace {
  readonly packId: string | null;
  readonly frame: number;
  readonly slot: number;
}

export interface PageLevelWriter {
  readonly entries: number;
  /** Ids of the packs the entries refer to so far. */
  readonly packs: readonly string[];
  /** Adds the entry of a page; pages ascend. `hash` is 16 bytes, copied. */
  add(page: number, place: PagePlace, hash: Uint8Array): Promise<void>;
  /** Publishes both copies. */
  finish(): Promise<ObjectUse>;
  abandon(): Promise<void>;
}

/** Segments begin at multiples of 4,096 pages, so a base has exactly the segments that digests cover. */
export async function createPageLevelWriter(vault: Vault, epoch: number): Promise<PageLevelWriter> {
  const id = newId(vault.random) as ObjectId;
  const names = COPY_SIDES.map((side) => tableName(id, side));
  const stream: SealedStreamWriter = await startSealedObject(vault, 'table', id, names, epoch);
  const packs: string[] = [];
  const packNumbers = new Map<string, number>();
  const segments: TableIndex['segments'] = [];
  const hashes = Buffer.alloc(SEGMENT_PAGES * HASH_BYTES);
  let runs: PageRun[] = [];
  let hashBytes = 0;
  let window = -1;
  let entries = 0;

  const packNumber = (packId: string | null): number => {
    if (packId === null) return ZERO_PACK;
    let number = packNumbers.get(packId);
    if (number === undefined) {
      number = packs.push(packId) - 1;
      packNumbers.set(packId, number);
    }
    return number;
  };
  const flush = async () => {
    const last = runs.at(-1);
    const first = runs[0];
    if (first === undefined || last === undefined) return;
    const content = encodePageSegment({ runs, hashes: hashes.subarray(0, hashBytes) });
    const { at } = await stream.addFrame(packContent(content), content.length);
    segments.push({ at, first: first.first, last: last.first + last.count - 1 });
    runs = [];
    hashBytes = 0;
  };

  return {
    get entries() {
      return entries;
    },
    packs,
    async add(page, place, hash) {
      const nextWindow = Math.floor(page / SEGMENT_PAGES);
      if (nextWindow !== window) await flush();
      window = nextWindow;
      const pack = packNumber(place.packId);
      extendRuns(runs, { first: page, count: 1, pack, frame: place.frame, slot: place.slot });
      if (pack !== ZERO_PACK) {
        hashes.set(hash, hashBytes);
        hashBytes += HASH_BYTES;
      }
      entries += 1;
    },
    async finish() {
      await flush();
      const bytes = await stream.finish(Buffer.from(JSON.stringify({ packs, segments })));
      return { id, bytes };
    },
    abandon: () => stream.abandon(),
  };
}

/** Appends one page, lengthening the last run where pages and slots both follow on. */
function extendRuns(runs: PageRun[], page: PageRun): void {
  const last = runs.at(-1);
  const isZero = page.pack === ZERO_PACK;
  const follows =
    last !== undefined &&
    last.pack === page.pack &&
    last.first + last.count === page.first &&
    (isZero || (last.frame === page.frame && last.slot + last.count === page.slot));
  if (follows) runs[runs.length - 1] = { ...last, count: last.count + 1 };
  else runs.push(page);
}
