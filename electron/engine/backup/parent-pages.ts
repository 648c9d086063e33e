// What a page file is compared with: the parent's hashes, minus pages whose stored bytes are known to be lost.
import { HASH_BYTES, SEGMENT_PAGES, ZERO_PACK } from '../format/page-segment.ts';
import type { PageFile } from '../../../shared/model/restore-point.ts';
import { openPageTable, type PageTable, type PageWindow } from '../vault/page-table.ts';
import type { LostFrames } from '../vault/lost-frames.ts';
import type { ReportDamage } from '../vault/sealed-stream-reader.ts';
import type { Vault } from '../vault/vault.ts';
import {
  CacheDamaged,
  dropPageHashes,
  openPageHashes,
  rebuildPageHashes,
  type PageHashes,
} from './page-hash-cache.ts';

/** One segment of the parent. */
export interface ParentBlock {
  /** Pages of the segment that the parent has. */
  readonly pages: number;
  /** Four words for each page's hash. */
  readonly words: Int32Array;
  readonly bytes: Buffer;
  /** True when the parent's stored bytes of this page are gone: it counts as changed. */
  isLost(index: number): boolean;
}

export interface ParentPages extends AsyncDisposable {
  readonly file: PageFile;
  readonly hashes: PageHashes;
  /** Null when the parent has no page in this segment. */
  block(segment: number): Promise<ParentBlock | null>;
  /** Places of the parent's pages in a segment. */
  places(
    segment: number,
  ): Promise<{ readonly table: PageTable; readonly window: PageWindow | null }>;
}

export interface ParentRequest {
  readonly vault: Vault;
  readonly file: PageFile;
  readonly pointId: string;
  readonly cachePath: string;
  readonly lost: LostFrames;
  readonly report: ReportDamage;
}

/** Opens the cache of the parent's hashes, rebuilding it from the vault's tables where it is not of this state. */
export async function openParentPages(request: ParentRequest): Promise<ParentPages> {
  const { vault, file, lost } = request;
  let table: PageTable | null = null;
  const openTable = async () => (table ??= await openPageTable(vault, file, request.report));
  let hashes = await openHashes(request, openTable);
  let current: { segment: number; block: ParentBlock } | null = null;

  const readBlock = async (segment: number): Promise<Buffer> => {
    try {
      return await hashes.readBlock(segment);
    } catch (error) {
      if (!(error instanceof CacheDamaged)) throw error;
      await hashes[Symbol.asyncDispose]();
      await dropPageHashes(request.cachePath);
      hashes = await openHashes(request, openTable);
      return hashes.readBlock(segment);
    }
  };
  const places = async (segment: number) => {
    const opened = await openTable();
    return { table: opened, window: await opened.readWindow(segment) };
  };
  return {
    file,
    get hashes() {
      return hashes;
    },
    places,
    async block(segment) {
      if (segment * SEGMENT_PAGES >= file.pageCount) return null;
      if (current?.segment === segment) return current.block;
      const bytes = await readBlock(segment);
      const isLost = lost.isEmpty ? () => false : lostIn(await places(segment), lost);
      const words = new Int32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
      const block = { pages: bytes.length / HASH_BYTES, words, bytes, isLost };
      current = { segment, block };
      return block;
    },
    [Symbol.asyncDispose]: () => hashes[Symbol.asyncDispose](),
  };
}

async function openHashes(
  request: ParentRequest,
  openTable: () => Promise<PageTable>,
): Promise<PageHashes> {
  const { cachePath, file, pointId } = request;
  const known = await openPageHashes(cachePath, file, file.root);
  return (
    known ??
    rebuildPageHashes(cachePath, file, { root: file.root, point: pointId }, await openTable())
  );
}

function lostIn(
  { table, window }: { table: PageTable; window: PageWindow | null },
  lost: LostFrames,
) {
  return (index: number): boolean => {
    const pack = window?.pack[index];
    const frame = window?.frame[index];
    if (pack === undefined || frame === undefined || pack === ZERO_PACK) return false;
    const id = table.packs[pack];
    return id === undefined || lost.has(id, frame);
  };
}
