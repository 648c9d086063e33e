// A page table made anew from the directories of the packs that a manifest names (FORMAT.md section 5, "Rebuilding").
// Promise: none by itself: the caller compares the root, and only an equal one is the file.
import type { PageFile, PackUse } from '../../../shared/model/restore-point.ts';
import { zeroPageHash } from '../format/page-digest.ts';
import type { PackDirectory } from '../format/pack-directory.ts';
import { HASH_BYTES, SEGMENT_PAGES, ZERO_PACK } from '../format/page-segment.ts';
import { damaged } from '../format/sealed-object.ts';
import { openPack } from './pack-reader.ts';
import type { PageTable } from './page-table.ts';
import { isWound, type ReportDamage } from './sealed-stream-reader.ts';
import type { Vault } from './vault.ts';

export interface RebuildRequest {
  readonly vault: Vault;
  readonly sourceId: string;
  readonly file: PageFile;
  /** The manifest's, oldest first. */
  readonly packs: readonly PackUse[];
  readonly report: ReportDamage;
}

/** 26 bytes of memory a page: a manifest that claims more pages than this does not make us allocate for them. */
const MAX_REBUILT_PAGES = 2 ** 26;

/** The newest candidate of each page, zeros where there is none. A pack that cannot be read is reported and left out. Throws object-damaged. */
export async function rebuildPageTable(request: RebuildRequest): Promise<PageTable> {
  const { file, vault } = request;
  if (file.pageCount > MAX_REBUILT_PAGES)
    throw damaged(`tables of ${file.path}`, 'too many pages to find anew');
  const places = startPlaces(file);
  const ids = request.packs.map(({ id }) => id);
  for (const [number, id] of ids.entries()) {
    try {
      const { directory, hashes } = await openPack(vault, id);
      addPack(request, places, number, directory, hashes);
    } catch (error) {
      if (!isWound(error)) throw error;
      request.report(error.failure.code === 'object-missing' ? error.failure.object : id, error);
    }
  }
  return { packs: ids, readWindow: (index) => Promise.resolve(windowOf(places, index)) };
}

interface Places {
  readonly pageCount: number;
  readonly hashes: Buffer;
  readonly pack: Uint32Array;
  readonly frame: Uint16Array;
  readonly slot: Uint16Array;
}

function startPlaces({ pageCount, pageSize }: PageFile): Places {
  const hashes = Buffer.alloc(pageCount * HASH_BYTES, zeroPageHash(pageSize));
  return {
    pageCount,
    hashes,
    pack: new Uint32Array(pageCount).fill(ZERO_PACK),
    frame: new Uint16Array(pageCount),
    slot: new Uint16Array(pageCount),
  };
}

function addPack(
  { sourceId, file }: RebuildRequest,
  places: Places,
  pack: number,
  directory: PackDirectory,
  hashes: Buffer,
): void {
  let hashAt = 0;
  for (const [frame, entry] of directory.frames.entries()) {
    if (entry.kind === 'chunks') {
      hashAt += entry.lengths.length * HASH_BYTES;
      continue;
    }
    const of = directory.files[entry.file];
    const isOurs =
      of?.source === sourceId && of.path === file.path && of.pageSize === file.pageSize;
    let slot = 0;
    for (const [first, count] of entry.runs) {
      for (let page = first; page < first + count; page++, slot++, hashAt += HASH_BYTES) {
        if (!isOurs || page >= places.pageCount) continue;
        places.pack[page] = pack;
        places.frame[page] = frame;
        places.slot[page] = slot;
        hashes.copy(places.hashes, page * HASH_BYTES, hashAt, hashAt + HASH_BYTES);
      }
    }
  }
}

function windowOf(places: Places, index: number) {
  const first = index * SEGMENT_PAGES;
  const count = Math.min(SEGMENT_PAGES, places.pageCount - first);
  if (count <= 0) return null;
  const end = first + count;
  return {
    first,
    count,
    has: new Uint8Array(count).fill(1),
    hashes: places.hashes.subarray(first * HASH_BYTES, end * HASH_BYTES),
    pack: places.pack.subarray(first, end),
    frame: places.frame.subarray(first, end),
    slot: places.slot.subarray(first, end),
  };
}
