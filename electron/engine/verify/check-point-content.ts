// Holds one source of a point against what the packs were found to contain: every page's hash in the table equals the one in
// the pack, every place exists, the root is the manifest's. Lost pages count unless a replacement stands in, and lost
// tables unless they can be made anew: what is named here cannot be brought back.
import type { PageFile, PointSource, RestorePoint } from '../../../shared/model/restore-point.ts';
import { HASH_BYTES, SEGMENT_PAGES, ZERO_PACK } from '../format/page-segment.ts';
import { rootDigest, segmentDigest } from '../format/page-digest.ts';
import { damaged } from '../format/sealed-object.ts';
import { readFolderList } from '../vault/folder-list.ts';
import { COPY_SIDES, listName, tableName } from '../format/object-names.ts';
import type { Note } from '../vault/notes.ts';
import { openPageTable, type PageTable, type PageWindow } from '../vault/page-table.ts';
import { collectReplacements, type StoredPlace } from '../vault/replacements.ts';
import { rebuildPageTable } from '../vault/rebuild-page-table.ts';
import { isWound } from '../vault/sealed-stream-reader.ts';
import type { Vault } from '../vault/vault.ts';
import type { AffectedFile, DamageList } from './damage.ts';
import { holdsNothing, type PackHoldings } from './pack-holdings.ts';
import { readAllFrames } from './prove-point.ts';

export interface ContentCheck {
  readonly vault: Vault;
  readonly notes: readonly Note[];
  readonly point: RestorePoint;
  readonly source: PointSource;
  /** What each pack holds; one that is not named holds nothing. */
  readonly packs: ReadonlyMap<string, PackHoldings>;
  readonly damage: DamageList;
  /** Told of each place that gives nothing and that nothing stands in for. */
  readonly onLost: (pack: string, frame: number) => void;
  /** Told of what was read of a level, and with 0 that a part of a table or list was looked at. */
  readonly onBytes: (bytes: number) => void;
  readonly signal: AbortSignal;
}

/** Files of the source that cannot be brought back whole. */
export async function checkPointContent(check: ContentCheck): Promise<readonly AffectedFile[]> {
  const { source } = check;
  const affected: AffectedFile[] = [];
  if (source.pages !== null) affected.push(...(await checkPages(check, source.pages)));
  if (source.list !== null) affected.push(...(await checkList(check, source.list.levels)));
  return affected;
}

/** Every copy of the levels, frame by frame; wounds are reported. */
export async function checkCopies(
  { vault, damage, onBytes, signal }: Pick<ContentCheck, 'vault' | 'damage' | 'onBytes' | 'signal'>,
  kind: 'table' | 'list',
  ids: Iterable<string>,
): Promise<void> {
  const nameOf = kind === 'table' ? tableName : listName;
  for (const id of ids) {
    for (const side of COPY_SIDES) {
      try {
        await readAllFrames({ vault, kind, name: nameOf(id, side), id, onBytes, signal });
      } catch (error) {
        if (!isWound(error)) throw error;
        damage.report(nameOf(id, side), error);
      }
    }
  }
}

async function checkPages(check: ContentCheck, file: PageFile): Promise<readonly AffectedFile[]> {
  const { vault, damage, point, source } = check;
  const affect = (parts: number | null): AffectedFile[] => [
    { point: point.id, source: source.name, file: file.path, parts },
  ];
  const byTables = await tryTable(check, file, () => openPageTable(vault, file, damage.report));
  const lost =
    byTables ??
    (await tryTable(check, file, () =>
      rebuildPageTable({
        ...check,
        sourceId: source.id,
        file,
        packs: point.packs,
        report: () => undefined,
      }),
    ));
  if (lost !== null) return lost > 0 ? affect(lost) : [];
  for (const id of file.levels)
    damage.add(tableName(id, 'a'), `${file.path}: nothing tells where its pages lie`);
  return affect(null);
}

/** Pages lost by this table; null, and reported, when the table is not the one that was published. */
async function tryTable(
  check: ContentCheck,
  file: PageFile,
  open: () => Promise<PageTable>,
): Promise<number | null> {
  const { findAll } = collectReplacements(check.notes);
  try {
    const table = await open();
    const digests: Buffer[] = [];
    const frames = new Map<string, StoredPlace>();
    let lost = 0;
    for (let segment = 0; segment * SEGMENT_PAGES < file.pageCount; segment++) {
      check.signal.throwIfAborted();
      check.onBytes(0);
      const window = await table.readWindow(segment);
      if (window === null || window.has.includes(0))
        throw damaged(`tables of ${file.path}`, 'the page table has gaps');
      digests.push(segmentDigest(window.hashes));
      for (const place of findLost(check, table, window, findAll)) {
        frames.set(`${place.pack} ${place.frame}`, place);
        lost += 1;
      }
    }
    if (rootDigest(file, Buffer.concat(digests)) !== file.root)
      throw damaged(`tables of ${file.path}`, 'they do not yield its digest');
    for (const { pack, frame } of frames.values()) check.onLost(pack, frame);
    return lost;
  } catch (error) {
    if (!isWound(error)) throw error;
    if (error.failure.code === 'object-damaged') check.damage.report(error.failure.object, error);
    return null;
  }
}

/** Places of pages that give nothing and that nothing stands in for. */
function findLost(
  check: ContentCheck,
  table: PageTable,
  window: PageWindow,
  findAll: (place: StoredPlace) => readonly StoredPlace[],
): readonly StoredPlace[] {
  const pageSize = check.source.pages?.pageSize ?? 0;
  const lost: StoredPlace[] = [];
  for (let index = 0; index < window.count; index++) {
    const number = window.pack[index] ?? ZERO_PACK;
    if (number === ZERO_PACK) continue;
    const place = {
      pack: table.packs[number] ?? '',
      frame: window.frame[index] ?? 0,
      slot: window.slot[index] ?? 0,
    };
    const hash = window.hashes.subarray(index * HASH_BYTES, (index + 1) * HASH_BYTES);
    const isThere = ({ pack, frame, slot }: StoredPlace): boolean =>
      (check.packs.get(pack) ?? holdsNothing).holdsPage(frame, slot, hash, pageSize);
    if (!isThere(place) && !findAll(place).some(isThere)) lost.push(place);
  }
  return lost;
}

async function checkList(
  check: ContentCheck,
  levels: readonly string[],
): Promise<readonly AffectedFile[]> {
  const { vault, damage, point, source } = check;
  const affected: AffectedFile[] = [];
  try {
    for await (const entry of readFolderList(vault, levels, damage.report)) {
      check.signal.throwIfAborted();
      check.onBytes(0);
      if (entry.kind !== 'file') continue;
      const lost = entry.chunks.filter(
        (chunk) => !(check.packs.get(chunk.packId) ?? holdsNothing).holdsChunk(chunk),
      );
      for (const { packId, frame } of lost) check.onLost(packId, frame);
      if (lost.length > 0) {
        const file = entry.path;
        affected.push({ point: point.id, source: source.name, file, parts: lost.length });
      }
    }
  } catch (error) {
    if (!isWound(error)) throw error;
    // Nothing but the list tells of the files.
    damage.add('object' in error.failure ? error.failure.object : source.name, error.message);
    affected.push({ point: point.id, source: source.name, file: source.name, parts: null });
  }
  return affected;
}
