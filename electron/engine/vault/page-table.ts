// Reads the page table of a file: its levels merged, window by window of 4,096 pages, never held whole.
import { damaged } from '../format/sealed-object.ts';
import { decodeTableIndex, type TableIndex } from '../format/level-index.ts';
import { COPY_SIDES, tableName } from '../format/object-names.ts';
import {
  decodePageSegment,
  HASH_BYTES,
  SEGMENT_PAGES,
  ZERO_PACK,
  type PageSegment,
} from '../format/page-segment.ts';
import { zeroPageHash } from '../format/page-digest.ts';
import { openSealedCopies, type ReportDamage, type SealedObject } from './sealed-stream-reader.ts';
import { remember, type Vault } from './vault.ts';

/** Places and hashes of up to 4,096 pages from `first` on. */
export interface PageWindow {
  readonly first: number;
  readonly count: number;
  /** 1 where some level has an entry. */
  readonly has: Uint8Array;
  /** 16 bytes each. */
  readonly hashes: Buffer;
  /** Index into `PageTable.packs`, or ZERO_PACK. */
  readonly pack: Uint32Array;
  readonly frame: Uint16Array;
  readonly slot: Uint16Array;
}

export interface PageTable {
  /** Ids of all packs of all levels. */
  readonly packs: readonly string[];
  /** Entries of a window, the newest level winning; null when no level has any there. */
  readWindow(index: number): Promise<PageWindow | null>;
}

interface Level {
  readonly name: string;
  readonly object: SealedObject;
  readonly index: TableIndex;
  /** Level's pack number -> index into the table's packs. */
  readonly packMap: readonly number[];
}

export interface PageTableRequest {
  /** Table ids, oldest first. */
  readonly levels: readonly string[];
  readonly pageSize: number;
  readonly pageCount: number;
}

/** Opens the levels of a page file. Throws object-missing or object-damaged when both copies of one are unusable. */
export async function openPageTable(
  vault: Vault,
  request: PageTableRequest,
  report: ReportDamage,
): Promise<PageTable> {
  const packs: string[] = [];
  const numbers = new Map<string, number>();
  const levels: Level[] = [];
  for (const id of request.levels) levels.push(await openLevel(vault, id, packs, numbers, report));
  return { packs, readWindow: (index) => readWindow(levels, request, index) };
}

/** Ids of the packs that one level refers to. */
export async function readLevelPacks(
  vault: Vault,
  id: string,
  report: ReportDamage,
): Promise<readonly string[]> {
  return remember(
    vault,
    `packs of table ${id}`,
    async () => (await openLevel(vault, id, [], new Map(), report)).index.packs,
  );
}

async function openLevel(
  vault: Vault,
  id: string,
  packs: string[],
  numbers: Map<string, number>,
  report: ReportDamage,
): Promise<Level> {
  const names = COPY_SIDES.map((side) => tableName(id, side));
  const object = await openSealedCopies(vault, 'table', names, id, report);
  const index = decodeTableIndex(await object.readClosing(), object.name);
  const packMap = index.packs.map((pack) => {
    const known = numbers.get(pack);
    if (known !== undefined) return known;
    numbers.set(pack, packs.length);
    return packs.push(pack) - 1;
  });
  return { name: object.name, object, index, packMap };
}

async function readWindow(
  levels: readonly Level[],
  request: PageTableRequest,
  index: number,
): Promise<PageWindow | null> {
  const first = index * SEGMENT_PAGES;
  const count = Math.min(SEGMENT_PAGES, request.pageCount - first);
  if (count <= 0) return null;
  let window: PageWindow | null = null;
  for (const level of levels) {
    for (const [number, segment] of level.index.segments.entries()) {
      if (segment.last < first || segment.first >= first + count) continue;
      window ??= emptyWindow(first, count);
      const content = await level.object.readFrame(segment.at, number);
      overlay(
        window,
        decodePageSegment(content, level.packMap.length, level.name),
        level,
        request.pageSize,
      );
    }
  }
  return window;
}

function emptyWindow(first: number, count: number): PageWindow {
  return {
    first,
    count,
    has: new Uint8Array(count),
    hashes: Buffer.alloc(count * HASH_BYTES),
    pack: new Uint32Array(count),
    frame: new Uint16Array(count),
    slot: new Uint16Array(count),
  };
}

function overlay(window: PageWindow, segment: PageSegment, level: Level, pageSize: number): void {
  let hashAt = 0;
  for (const run of segment.runs) {
    const isZero = run.pack === ZERO_PACK;
    const pack = isZero ? ZERO_PACK : level.packMap[run.pack];
    if (pack === undefined) throw damaged(level.name, 'run names no pack');
    const first = Math.max(run.first - window.first, 0);
    const end = Math.min(run.first + run.count - window.first, window.count);
    if (first < end) {
      window.has.fill(1, first, end);
      window.pack.fill(pack, first, end);
      window.frame.fill(isZero ? 0 : run.frame, first, end);
      const slot = run.slot + first + window.first - run.first;
      for (let at = first; at < end; at++) window.slot[at] = isZero ? 0 : slot + at - first;
      const hashes = window.hashes.subarray(first * HASH_BYTES, end * HASH_BYTES);
      if (isZero) hashes.fill(zeroPageHash(pageSize));
      else segment.hashes.copy(hashes, 0, hashAt + (slot - run.slot) * HASH_BYTES);
    }
    if (!isZero) hashAt += run.count * HASH_BYTES;
  }
}
