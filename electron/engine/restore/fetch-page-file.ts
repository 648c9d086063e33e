// Brings a page file out of the vault into a new file: every page authentic, with the hash that the table has for it, the
// whole with the manifest's root. Promise: the file is there, whole and durable, or it is not there at all.
import { rm } from 'node:fs/promises';
import { BackupError } from '../../../shared/model/backup-error.ts';
import type { PackUse, PageFile } from '../../../shared/model/restore-point.ts';
import { COPY_SIDES, tableName } from '../format/object-names.ts';
import type { ComputePool } from '../pipeline/compute-pool.ts';
import type { Note } from '../vault/notes.ts';
import { openPageTable } from '../vault/page-table.ts';
import { rebuildPageTable } from '../vault/rebuild-page-table.ts';
import { isWound, type ReportDamage } from '../vault/sealed-stream-reader.ts';
import type { Vault } from '../vault/vault.ts';
import { createNewFile } from './create-new-file.ts';
import { startEarlySync } from './early-sync.ts';
import { fetchPages } from './fetch-pages.ts';
import { planPages, type PagePlan } from './page-plan.ts';
import { throwIfCancelled } from './throw-if-cancelled.ts';

/** Which file of which point, and who is told of what. */
export interface PageFileWish {
  readonly vault: Vault;
  readonly pool: ComputePool;
  /** For messages. */
  readonly pointId: string;
  readonly sourceId: string;
  readonly file: PageFile;
  /** The point's packs, oldest first: what tables are rebuilt from. */
  readonly packs: readonly PackUse[];
  /** The vault's notes; `replace` tells where lost pages lie too. */
  readonly notes: readonly Note[];
  /** Content bytes that are in place; zero pages count at the end. */
  readonly onBytes: (bytes: number) => void;
  readonly report: ReportDamage;
  readonly signal: AbortSignal;
}

export interface FetchedFile {
  readonly bytes: number;
  /** Pages whose content came out of packs; the others are zeros. */
  readonly storedPages: number;
  /** Pages that came from where a `replace` note pointed. */
  readonly replacedPages: number;
  /** True when no table could be read and the packs' own directories told where the pages lie. */
  readonly isRebuilt: boolean;
  /** Hex; computed here, equal to the manifest's. */
  readonly root: string;
}

/** What a fetch will do, known before it writes anything. */
export interface PlannedPageFile {
  /** Bytes that the file will take on a disk that knows holes. */
  readonly storedBytes: number;
  readonly packIds: readonly string[];
  /**
   * Fetches into `targetPath`, which must not exist. Throws point-damaged naming the objects, target-exists, and what
   * storage and file system throw; leaves nothing then.
   */
  fetch(targetPath: string): Promise<FetchedFile>;
}

/** Reads the tables. Throws point-damaged when they are gone and cannot be made anew. */
export async function planPageFile(wish: PageFileWish): Promise<PlannedPageFile> {
  const { plan, isRebuilt } = await findPlan(wish);
  return {
    storedBytes: plan.storedPages * wish.file.pageSize,
    packIds: plan.packIds,
    fetch: (targetPath) => fetchPlanned(wish, { plan, isRebuilt }, targetPath),
  };
}

/** Plans and fetches. */
export async function fetchPageFile(
  wish: PageFileWish & { readonly targetPath: string },
): Promise<FetchedFile> {
  return (await planPageFile(wish)).fetch(wish.targetPath);
}

interface FoundPlan {
  readonly plan: PagePlan;
  readonly isRebuilt: boolean;
}

async function fetchPlanned(
  wish: PageFileWish,
  { plan, isRebuilt }: FoundPlan,
  targetPath: string,
): Promise<FetchedFile> {
  const { file, signal } = wish;
  const { storedPages } = plan;
  const target = await createNewFile(targetPath);
  const sync = startEarlySync(target);
  try {
    const onBytes = (bytes: number): void => {
      wish.onBytes(bytes);
      sync.add(bytes);
    };
    const replacedPages = await fetchPages({ ...wish, onBytes }, plan, target);
    throwIfCancelled(signal);
    await sync.finish();
    await target.truncate(file.size);
    await target.sync();
    await target.close();
    wish.onBytes(Math.max(0, file.size - storedPages * file.pageSize));
    return { bytes: file.size, storedPages, replacedPages, isRebuilt, root: file.root };
  } catch (error) {
    await sync.finish().catch(() => undefined);
    await target.close().catch(() => undefined);
    await rm(targetPath, { force: true });
    throw error;
  }
}

/** By the tables or, where they are gone or not what was published, by the packs. */
async function findPlan(wish: PageFileWish): Promise<FoundPlan> {
  const { vault, file, report, signal } = wish;
  try {
    const table = await openPageTable(vault, file, report);
    return { plan: await planPages(table, file, signal), isRebuilt: false };
  } catch (error) {
    if (!isWound(error)) throw error;
    report(`tables of ${file.path}`, error);
  }
  try {
    const table = await rebuildPageTable(wish);
    return { plan: await planPages(table, file, signal), isRebuilt: true };
  } catch (error) {
    if (!isWound(error)) throw error;
    const objects = file.levels.flatMap((id) => COPY_SIDES.map((side) => tableName(id, side)));
    throw new BackupError({ code: 'point-damaged', point: wish.pointId, objects }, error);
  }
}
