// Healing from the source: where this backup stored a page with the very hash of a lost page of the newest point before it,
// a `replace` note tells readers of older points to find it here. Repair only adds.
import type { PointSource, RestorePoint } from '../../../shared/model/restore-point.ts';
import { HASH_BYTES, SEGMENT_PAGES, ZERO_PACK } from '../format/page-segment.ts';
import type { Lease } from '../vault/lease.ts';
import { writeNote } from '../vault/notes.ts';
import { openPageTable, type PageTable, type PageWindow } from '../vault/page-table.ts';
import type { BackupRequest } from './backup-request.ts';
import type { Survey } from './survey-vault.ts';

/** Slots of one lost pack that now lie in one new pack. */
type Replacements = Map<
  string,
  { from: string; to: string; slots: [number, number, number, number][] }
>;

/** Writes the notes; returns how many pages came back. */
export async function healLostPages(
  request: BackupRequest,
  lease: Lease,
  survey: Survey,
  point: RestorePoint,
): Promise<number> {
  const { newest, lost } = survey;
  if (lost.isEmpty || newest === null) return 0;
  const replacements: Replacements = new Map();
  for (const source of point.sources) {
    const old = newest.point.sources.find((candidate) => candidate.id === source.id);
    if (old !== undefined) await matchSource(request, survey, old, source, replacements);
  }
  let pages = 0;
  for (const { from, to, slots } of replacements.values()) {
    pages += slots.length;
    await writeNote(request.vault, lease, { what: 'replace', from, to, slots });
  }
  return pages;
}

async function matchSource(
  request: BackupRequest,
  survey: Survey,
  old: PointSource,
  source: PointSource,
  replacements: Replacements,
): Promise<void> {
  if (old.pages === null || source.pages === null || old.pages.pageSize !== source.pages.pageSize)
    return;
  const before = await openPageTable(request.vault, old.pages, request.report);
  const after = await openPageTable(request.vault, source.pages, request.report);
  const pages = Math.min(old.pages.pageCount, source.pages.pageCount);
  for (let segment = 0; segment * SEGMENT_PAGES < pages; segment++) {
    const [was, is] = [await before.readWindow(segment), await after.readWindow(segment)];
    if (was !== null && is !== null) matchWindow(survey, [before, was], [after, is], replacements);
  }
}

function matchWindow(
  survey: Survey,
  [before, was]: readonly [PageTable, PageWindow],
  [after, is]: readonly [PageTable, PageWindow],
  replacements: Replacements,
): void {
  for (let index = 0; index < Math.min(was.count, is.count); index++) {
    const from = placeIn(before, was, index);
    const to = placeIn(after, is, index);
    if (from === null || to === null || !survey.lost.has(from.pack, from.frame)) continue;
    if (survey.lost.has(to.pack, to.frame) || !sameHash(was, is, index)) continue;
    const key = `${from.pack} ${to.pack}`;
    const entry = replacements.get(key) ?? { from: from.pack, to: to.pack, slots: [] };
    entry.slots.push([from.frame, from.slot, to.frame, to.slot]);
    replacements.set(key, entry);
  }
}

function placeIn(table: PageTable, window: PageWindow, index: number) {
  const pack = window.pack[index] ?? ZERO_PACK;
  const id = pack === ZERO_PACK ? undefined : table.packs[pack];
  return id === undefined
    ? null
    : { pack: id, frame: window.frame[index] ?? 0, slot: window.slot[index] ?? 0 };
}

function sameHash(was: PageWindow, is: PageWindow, index: number): boolean {
  const at = index * HASH_BYTES;
  return was.hashes.compare(is.hashes, at, at + HASH_BYTES, at, at + HASH_BYTES) === 0;
}
