// Where the pages of a page file lie, as runs in typed arrays, two gigabytes at a time: memory does not grow with the file.
// Promise: a plan stands only on a table whose root is the manifest's. Zero pages are in no run: they stay holes.
import type { PageFile } from '../../../shared/model/restore-point.ts';
import { rootDigest, segmentDigest } from '../format/page-digest.ts';
import { HASH_BYTES, SEGMENT_PAGES, ZERO_PACK } from '../format/page-segment.ts';
import { damaged } from '../format/sealed-object.ts';
import type { PageTable, PageWindow } from '../vault/page-table.ts';
import {
  COUNT,
  createHashList,
  createRunList,
  FIRST,
  FRAME,
  HASH,
  PACK,
  SLOT,
  type HashList,
  type RunList,
} from './planned-runs.ts';
import { throwIfCancelled } from './throw-if-cancelled.ts';

/** Pages `first ..` of the file lie at slots `slot ..` of one frame. */
export interface PlannedRun {
  readonly first: number;
  readonly count: number;
  readonly slot: number;
  /** 16 bytes for each page of the run. */
  readonly hashes: Buffer;
}

/** All runs of one frame. */
export interface PlannedFrame {
  readonly packId: string;
  readonly frame: number;
  readonly runs: readonly PlannedRun[];
}

/** The frames of a stretch of the file, each once, pack by pack, in the order of their offsets. */
export interface PlannedBand {
  readonly packIds: readonly string[];
  frames(): Generator<PlannedFrame>;
}

export interface PagePlan {
  /** Pages that are stored somewhere; the others are zeros. */
  readonly storedPages: number;
  /** All packs that are read. */
  readonly packIds: readonly string[];
  /**
   * Frames hold pages in ascending order: of two bands only the frames between them are read twice. A file of up to two
   * gigabytes is one band.
   */
  bands(): AsyncGenerator<PlannedBand>;
}

/** Pages of a band; their hashes take 8 MB. A multiple of a segment. */
const BAND_PAGES = 128 * SEGMENT_PAGES;

/** Reads the whole table, window by window. Throws object-damaged when pages are missing or the root differs. */
export async function planPages(
  table: PageTable,
  file: PageFile,
  signal: AbortSignal,
): Promise<PagePlan> {
  const digests: Buffer[] = [];
  const used = new Set<number>();
  let storedPages = 0;
  let firstBand: Band | null = null;
  for (let from = 0; from < file.pageCount; from += BAND_PAGES) {
    const band = await readBand(table, file, from, signal, (window) =>
      digests.push(segmentDigest(window.hashes)),
    );
    storedPages += band.hashes.count();
    for (const pack of band.runs.packs()) used.add(pack);
    firstBand ??= band;
  }
  if (rootDigest(file, Buffer.concat(digests)) !== file.root) {
    throw damaged(`tables of ${file.path}`, 'the page table is not the one that was published');
  }
  async function* bands(): AsyncGenerator<PlannedBand> {
    for (let from = 0; from < file.pageCount; from += BAND_PAGES) {
      const known = from === 0 ? firstBand : null;
      firstBand = null;
      yield describeBand(table.packs, known ?? (await readBand(table, file, from, signal)));
    }
  }
  return { storedPages, packIds: idsOf(table.packs, used), bands };
}

interface Band {
  readonly runs: RunList;
  readonly hashes: HashList;
}

async function readBand(
  table: PageTable,
  file: PageFile,
  from: number,
  signal: AbortSignal,
  onWindow: (window: PageWindow) => void = () => undefined,
): Promise<Band> {
  const band = { runs: createRunList(), hashes: createHashList() };
  const end = Math.min(from + BAND_PAGES, file.pageCount);
  for (let first = from; first < end; first += SEGMENT_PAGES) {
    throwIfCancelled(signal);
    const window = await table.readWindow(first / SEGMENT_PAGES);
    if (window === null || window.has.includes(0)) throw incomplete(file);
    onWindow(window);
    addWindow(window, band.runs, band.hashes);
  }
  return band;
}

function addWindow(window: PageWindow, runs: RunList, hashes: HashList): void {
  const { first, count, pack, frame, slot } = window;
  for (let start = 0, end = 0; start < count; start = end) {
    end = endOfRun(window, start);
    const inPack = pack[start] ?? ZERO_PACK;
    if (inPack === ZERO_PACK) continue;
    const hashAt = hashes.add(window.hashes.subarray(start * HASH_BYTES, end * HASH_BYTES));
    runs.add([first + start, end - start, inPack, frame[start] ?? 0, slot[start] ?? 0, hashAt]);
  }
}

/** One after the last page that lies behind its neighbour in the same frame, or is zeros like it. */
function endOfRun({ count, pack, frame, slot }: PageWindow, start: number): number {
  const [inPack, inFrame, fromSlot] = [pack[start], frame[start], (slot[start] ?? 0) - start];
  let end = start + 1;
  if (inPack === ZERO_PACK) {
    while (end < count && pack[end] === ZERO_PACK) end += 1;
    return end;
  }
  while (
    end < count &&
    pack[end] === inPack &&
    frame[end] === inFrame &&
    slot[end] === fromSlot + end
  )
    end += 1;
  return end;
}

function describeBand(packs: readonly string[], { runs, hashes }: Band): PlannedBand {
  const order = runs.sortedByPlace();
  function* frames(): Generator<PlannedFrame> {
    for (let at = 0; at < order.length;) {
      const start = order[at] ?? 0;
      const [pack, frame] = [runs.field(start, PACK), runs.field(start, FRAME)];
      const inFrame: PlannedRun[] = [];
      for (; at < order.length; at++) {
        const run = order[at] ?? 0;
        if (runs.field(run, PACK) !== pack || runs.field(run, FRAME) !== frame) break;
        const count = runs.field(run, COUNT);
        inFrame.push({
          first: runs.field(run, FIRST),
          count,
          slot: runs.field(run, SLOT),
          hashes: hashes.read(runs.field(run, HASH), count),
        });
      }
      yield { packId: packs[pack] ?? '', frame, runs: inFrame };
    }
  }
  return { packIds: idsOf(packs, runs.packs()), frames };
}

/** In the table's order, which is that of reading. */
function idsOf(packs: readonly string[], used: ReadonlySet<number>): readonly string[] {
  return [...used].sort((a, b) => a - b).map((pack) => packs[pack] ?? '');
}

function incomplete(file: PageFile): Error {
  return damaged(`tables of ${file.path}`, 'the page table has gaps');
}
