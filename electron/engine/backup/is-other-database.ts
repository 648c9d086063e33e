// Tells whether a page file is another one than its parent: not one page, by its hash, where the parent had it.
// A database that was rebuilt as a whole (VACUUM, dump and load) cannot be told from another one, and is stored alike.
import { HASH_BYTES, SEGMENT_PAGES } from '../format/page-segment.ts';
import { pagesInSegment, segmentCount } from './page-hash-cache.ts';
import type { ParentPages } from './parent-pages.ts';
import type { WorkTable } from './work-table.ts';

/** In a smaller file one small change may well touch every page. */
const FEWEST_TELLING_PAGES = 8;

/** Stops at the first page in common: for a database that is still the same, that is at once. */
export async function isOtherDatabase(
  work: WorkTable,
  parent: ParentPages,
  pageCount: number,
): Promise<boolean> {
  const pages = Math.min(pageCount, parent.file.pageCount);
  if (pages < FEWEST_TELLING_PAGES) return false;
  let hasContent = false; // a file of nothing but zeros is a wiped database, not another one
  for (let segment = 0; segment < segmentCount(pages); segment++) {
    const block = await work.block(segment);
    const known = await parent.block(segment);
    if (block.isUntouched || known === null) return false;
    for (let index = 0; index < pagesInSegment(pages, segment); index++) {
      const page = segment * SEGMENT_PAGES + index;
      if (!block.isChanged(page)) return false;
      hasContent ||= !block.isZero(page);
      // A page whose stored bytes are lost was stored again; it is the same all the same.
      const at = index * HASH_BYTES;
      if (block.hashOf(page).equals(known.bytes.subarray(at, at + HASH_BYTES))) return false;
    }
  }
  return hasContent;
}
