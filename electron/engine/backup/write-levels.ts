// Turns a run's work table into the page file's new levels and root, and brings the local hash cache up to date.
// Deltas merge while the last is not much larger than the new one; a merged delta over half of the base becomes a new base.
import type { ObjectId } from '../../../shared/model/ids.ts';
import type { ObjectUse, PageFile } from '../../../shared/model/restore-point.ts';
import type { PageFileSize } from '../format/page-digest.ts';
import { HASH_BYTES, SEGMENT_PAGES, ZERO_PACK } from '../format/page-segment.ts';
import { createPageLevelWriter, type PageLevelWriter } from '../vault/page-level-writer.ts';
import { openPageTable, readLevelPacks, type PageTable } from '../vault/page-table.ts';
import type { ReportDamage } from '../vault/sealed-stream-reader.ts';
import type { Vault } from '../vault/vault.ts';
import type { FramePlace } from '../vault/pack-writer.ts';
import { pagesInSegment, segmentCount, updatePageHashes } from './page-hash-cache.ts';
import type { ParentPages } from './parent-pages.ts';
import type { WorkBlock, WorkTable } from './work-table.ts';

/** Bytes of a delta entry, about: a hash and its share of a run. */
const DELTA_ENTRY_BYTES = 28;

export interface WriteLevels {
  readonly vault: Vault;
  readonly epoch: number;
  readonly file: PageFileSize;
  readonly work: WorkTable;
  /** Null for a full. */
  readonly parent: ParentPages | null;
  /** Sizes of the parent's tables. */
  readonly parentTables: readonly ObjectUse[];
  /** Where the run's frames ended up; pack is an index into `packIds`. */
  readonly placeOf: (ordinal: number) => FramePlace;
  readonly packIds: readonly string[];
  readonly cachePath: string;
  /** Closed with the source, whatever becomes of the run. */
  readonly held: AsyncDisposableStack;
  readonly report: ReportDamage;
}

export interface WrittenLevels {
  readonly root: string;
  readonly changedPages: number;
  readonly storedPages: number;
  readonly levels: readonly ObjectId[];
  /** All tables in `levels`, with sizes. */
  readonly tables: readonly ObjectUse[];
  /** Bytes written for tables, both copies. */
  readonly bytesWritten: number;
  /** Packs that any level refers to. */
  readonly packs: readonly string[];
  /** Makes the local cache that of the new state; only after the manifest is published. */
  commitCache(): Promise<void>;
}

/** Publishes at most one new table. */
export async function writeLevels(request: WriteLevels): Promise<WrittenLevels> {
  const { file, parent } = request;
  const hashes = await updatePageHashes(request.cachePath, file, parent?.hashes ?? null);
  const update = request.held.use(hashes);
  const counted = await writeHashes(request, update.setBlock);
  const root = update.root();
  const isSameTable = parent !== null && counted.changed === 0;
  const merged = isSameTable ? null : await writeMergedLevel(request, counted.changed);
  const kept = isSameTable ? parent.file.levels : (merged?.kept ?? []);
  const tables = [
    ...kept.map((id) => tableOf(request.parentTables, id)),
    ...(merged === null ? [] : [merged.table]),
  ];
  return {
    root,
    changedPages: counted.changed,
    storedPages: counted.stored,
    levels: tables.map(({ id }) => id),
    tables,
    bytesWritten: merged === null ? 0 : merged.table.bytes * 2,
    packs: await packsOf(request, kept, merged?.packs ?? []),
    commitCache: update.commit,
  };
}

async function packsOf(
  request: WriteLevels,
  kept: readonly ObjectId[],
  merged: readonly string[],
): Promise<readonly string[]> {
  const packs = new Set<string>();
  for (const id of kept) {
    for (const pack of await readLevelPacks(request.vault, id, request.report)) packs.add(pack);
  }
  for (const pack of merged) packs.add(pack);
  return [...packs];
}

/** Hashes of each segment that differs from the parent's, into the cache; counts entries on the way. */
async function writeHashes(
  request: WriteLevels,
  setBlock: (segment: number, hashes: Buffer) => Promise<void>,
): Promise<{ changed: number; stored: number }> {
  const { file, work, parent } = request;
  let changed = 0;
  let stored = 0;
  for (const segment of segmentsToWrite(request)) {
    const block = await work.block(segment);
    const pages = pagesInSegment(file.pageCount, segment);
    const hashes = Buffer.alloc(pages * HASH_BYTES);
    const known = parent === null ? null : await parent.block(segment);
    known?.bytes.copy(hashes, 0, 0, Math.min(known.bytes.length, hashes.length));
    for (let index = 0; index < pages; index++) {
      const page = segment * SEGMENT_PAGES + index;
      if (block.isUntouched || !block.isChanged(page)) continue;
      block.hashOf(page).copy(hashes, index * HASH_BYTES);
      changed += 1;
      if (!block.isZero(page)) stored += 1;
    }
    await setBlock(segment, hashes);
  }
  return { changed, stored };
}

/** Touched segments, and the one that the end of the file moved in or out of. */
function segmentsToWrite({ file, work, parent }: WriteLevels): readonly number[] {
  const last = segmentCount(file.pageCount) - 1;
  const segments = new Set(work.touched().filter((segment) => segment <= last));
  if (parent !== null && parent.file.pageCount !== file.pageCount && last >= 0) segments.add(last);
  return [...segments].sort((a, b) => a - b);
}

interface MergedLevel {
  readonly table: ObjectUse;
  /** Older levels that stay as they are. */
  readonly kept: readonly ObjectId[];
  readonly packs: readonly string[];
}

async function writeMergedLevel(request: WriteLevels, changed: number): Promise<MergedLevel> {
  const { vault, epoch, file, work, parent } = request;
  const plan = planMerge(parent?.file ?? null, request.parentTables, changed, file.pageCount);
  const older =
    plan.merged.length === 0
      ? null
      : await openPageTable(vault, { ...file, levels: plan.merged }, request.report);
  const writer = await createPageLevelWriter(vault, epoch);
  try {
    const touched = new Set(work.touched());
    for (let segment = 0; segment < segmentCount(file.pageCount); segment++) {
      if (older === null && !touched.has(segment)) continue;
      const block = touched.has(segment) ? await work.block(segment) : null;
      await writeSegment(request, writer, older, block, segment);
    }
    const packs = [...writer.packs];
    return { table: await writer.finish(), kept: plan.kept, packs };
  } catch (error) {
    await writer.abandon();
    throw error;
  }
}

/** Which older levels the new one swallows. */
export function planMerge(
  parent: PageFile | null,
  sizes: readonly ObjectUse[],
  changed: number,
  pageCount: number,
): { readonly kept: readonly ObjectId[]; readonly merged: readonly ObjectId[] } {
  if (parent === null) return { kept: [], merged: [] };
  const kept = [...parent.levels];
  const merged: ObjectId[] = [];
  let entries = changed;
  for (let last = kept.at(-1); kept.length > 1 && last !== undefined; last = kept.at(-1)) {
    const size = tableOf(sizes, last).bytes / DELTA_ENTRY_BYTES;
    if (size > entries * 2) break;
    kept.pop();
    merged.unshift(last);
    entries += size;
  }
  const isBaseDue = kept.length === 1 && entries > pageCount / 2;
  return isBaseDue ? { kept: [], merged: [...kept, ...merged] } : { kept, merged };
}

function tableOf(tables: readonly ObjectUse[], id: ObjectId): ObjectUse {
  return tables.find((table) => table.id === id) ?? { id, bytes: 0 };
}

async function writeSegment(
  request: WriteLevels,
  writer: PageLevelWriter,
  older: PageTable | null,
  block: WorkBlock | null,
  segment: number,
): Promise<void> {
  const window = older === null ? null : await older.readWindow(segment);
  if (window === null && block === null) return;
  const pages = pagesInSegment(request.file.pageCount, segment);
  for (let index = 0; index < pages; index++) {
    const page = segment * SEGMENT_PAGES + index;
    if (block?.isChanged(page) === true) {
      await writer.add(page, newPlace(request, block, page), block.hashOf(page));
    } else if (window !== null && older !== null && window.has[index] === 1) {
      const pack = window.pack[index] ?? ZERO_PACK;
      const packId = pack === ZERO_PACK ? null : (older.packs[pack] ?? null);
      const place = { packId, frame: window.frame[index] ?? 0, slot: window.slot[index] ?? 0 };
      await writer.add(
        page,
        place,
        window.hashes.subarray(index * HASH_BYTES, (index + 1) * HASH_BYTES),
      );
    }
  }
}

function newPlace(request: WriteLevels, block: WorkBlock, page: number) {
  if (block.isZero(page)) return { packId: null, frame: 0, slot: 0 };
  const { pack, frame } = request.placeOf(block.ordinalOf(page));
  const packId = request.packIds[pack];
  if (packId === undefined) throw new Error(`pack ${pack} of this run is unknown`);
  return { packId, frame, slot: block.slotOf(page) };
}
