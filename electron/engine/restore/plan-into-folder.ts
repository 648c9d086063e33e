// What a restore into a folder would write, and whether it can: everything that can be refused is refused here, before the
// first byte is written. Makes nothing.
import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { BackupError } from '../../../shared/model/backup-error.ts';
import type { FileList, PageFile, PointSource } from '../../../shared/model/restore-point.ts';
import { sideFileOf, sideFileSuffixes } from '../sources/side-files.ts';
import { readFolderList } from '../vault/folder-list.ts';
import { usualDiskNames, type DiskNames } from './disk-names.ts';
import type { PlannedPageFile } from './fetch-page-file.ts';
import { freeBytesAbove } from './free-bytes.ts';
import { placeEntries, type PlacedEntry } from './place-entries.ts';
import { planPointFile } from './plan-point-file.ts';
import type { PointToRestore, RestoreTools } from './restore-tools.ts';
import {
  assertNothingThere,
  assertPlainParents,
  onMissing,
  resolveInside,
  toFolderName,
} from './safe-target.ts';
import { storedBytesOf } from './write-sparse.ts';

/** What of a point. `path`: one file of a source, as the point has it. */
export type RestoreScope =
  | { readonly kind: 'everything' }
  | { readonly kind: 'source'; readonly source: string }
  | { readonly kind: 'file'; readonly source: string; readonly path: string };

export interface FolderRestoreRequest {
  readonly tools: RestoreTools;
  readonly from: PointToRestore;
  /** Absolute; made if need be. */
  readonly folder: string;
  readonly scope: RestoreScope;
  /** Runs SQLite's own check on each database. */
  readonly checkIntegrity: boolean;
}

export interface FolderPlan {
  readonly items: readonly {
    readonly source: PointSource;
    /** The file, or the folder that the source's files go to. */
    readonly path: string;
    readonly bytes: number;
    readonly neededBytes: number;
  }[];
  readonly neededBytes: number;
  /** Null: the disk does not tell. */
  readonly freeBytes: number | null;
}

/** What a restore would write. Throws file-missing-in-point, target-exists, target-refused, point-damaged. */
export async function planRestoreIntoFolder(request: FolderRestoreRequest): Promise<FolderPlan> {
  const work = await planIntoFolder(request, usualDiskNames());
  const items = work.map((item) => {
    const { source, bytes, storedBytes: neededBytes } = item;
    return { source, path: pathOf(item), bytes, neededBytes };
  });
  const neededBytes = items.reduce((sum, item) => sum + item.neededBytes, 0);
  return { items, neededBytes, freeBytes: await freeBytesAbove(request.folder) };
}

function pathOf(item: Work): string {
  if (item.kind === 'pages') return item.target;
  return item.only === null ? item.folder : resolveInside(item.folder, item.only);
}

export interface PagesWork {
  readonly kind: 'pages';
  readonly source: PointSource;
  readonly file: PageFile;
  readonly folder: string;
  readonly target: string;
  readonly bytes: number;
  readonly storedBytes: number;
  readonly planned: PlannedPageFile;
  readonly tell: { onBytes: (bytes: number) => void };
}

export interface ListWork {
  readonly kind: 'list';
  readonly source: PointSource;
  readonly list: FileList;
  readonly folder: string;
  readonly bytes: number;
  readonly storedBytes: number;
  /** One file of it. */
  readonly only: string | null;
  readonly names: DiskNames;
}

export type Work = PagesWork | ListWork;

/** Throws target-exists for the first file that has its name already. `names`: how the disk of the folder takes them. */
export async function planIntoFolder(
  request: FolderRestoreRequest,
  names: DiskNames,
): Promise<readonly Work[]> {
  const { from, scope, folder } = request;
  const sources = from.point.sources.filter(
    (source) => scope.kind === 'everything' || source.id === scope.source,
  );
  if (sources.length === 0 && scope.kind !== 'everything') throw fileMissing(from, scope.source);
  const only = scope.kind === 'file' ? scope.path : null;
  const taken = new Set<string>();
  const isTight = await isTightFor(folder, sources);
  const work: Work[] = [];
  for (const source of sources) {
    const own = sources.length === 1 ? folder : join(folder, takeName(source.name, taken));
    if (source.pages !== null && (only === null || only === source.pages.path)) {
      work.push(await planPages(request, source, source.pages, own));
    }
    if (source.list !== null) {
      const { list } = source;
      const wish = { kind: 'list', source, list, folder: own, only, names } as const;
      work.push(await planList(request, wish, isTight));
    }
  }
  if (work.length === 0 && only !== null) throw fileMissing(from, only);
  return work;
}

/** Whether there would be no room if no file of the lists had holes. */
async function isTightFor(folder: string, sources: readonly PointSource[]): Promise<boolean> {
  const bytes = sources.reduce((sum, { list }) => sum + (list?.bytes ?? 0), 0);
  const freeBytes = await freeBytesAbove(folder);
  return freeBytes !== null && freeBytes < bytes;
}

/** Sizes, and that nothing has the names of its files. */
async function planList(
  request: FolderRestoreRequest,
  work: Omit<ListWork, 'bytes' | 'storedBytes'>,
  isTight: boolean,
): Promise<ListWork> {
  const { folder, list, only } = work;
  const isNew = (await lstat(folder).catch(onMissing)) === null;
  // Of a whole folder that has room where nothing is, the list is read only once.
  if (only === null && isNew && !isTight) {
    return { ...work, bytes: list.bytes, storedBytes: list.bytes };
  }
  let [isFound, bytes, storedBytes] = [false, 0, 0];
  for await (const entry of entriesOfWork(request, work)) {
    isFound = true;
    const target = resolveInside(folder, entry.path);
    if (!isNew) await assertPlainParents(folder, entry.path);
    if (!isNew && entry.kind !== 'folder') await assertNothingThere(target);
    if (entry.kind !== 'file') continue;
    bytes += entry.size;
    storedBytes += storedBytesOf(entry);
  }
  if (only !== null && !isFound) throw fileMissing(request.from, only);
  return { ...work, bytes, storedBytes };
}

/** Under the names that they get on the disk; a single file keeps its own. */
export function entriesOfWork(
  { from, tools }: FolderRestoreRequest,
  { list, only, names }: Pick<ListWork, 'list' | 'only' | 'names'>,
): AsyncGenerator<PlacedEntry> {
  const entries = readFolderList(from.vault, list.levels, tools.report);
  return placeEntries(only === null ? entries : onlyOne(entries, only), names);
}

async function* onlyOne<T extends { readonly path: string }>(
  entries: AsyncIterable<T>,
  path: string,
): AsyncGenerator<T> {
  for await (const entry of entries) if (entry.path === path) yield entry;
}

async function planPages(
  { tools, from }: FolderRestoreRequest,
  source: PointSource,
  file: PageFile,
  folder: string,
): Promise<PagesWork> {
  const target = resolveInside(folder, file.path);
  await assertPlainParents(folder, file.path);
  // A log that lies there already would be replayed into the new file.
  for (const path of [target, ...sideFileSuffixes.map((suffix) => sideFileOf(target, suffix))]) {
    await assertNothingThere(path);
  }
  const tell = { onBytes: (_bytes: number): void => {} };
  const planned = await planPointFile(tools, from, { source, file }, (bytes) =>
    tell.onBytes(bytes),
  );
  const { storedBytes } = planned;
  return {
    kind: 'pages',
    source,
    file,
    folder,
    target,
    bytes: file.size,
    storedBytes,
    planned,
    tell,
  };
}

function takeName(label: string, taken: Set<string>): string {
  const plain = toFolderName(label);
  let name = plain;
  for (let copy = 2; taken.has(name.toLowerCase()); copy++) name = `${plain} (${copy})`;
  taken.add(name.toLowerCase());
  return name;
}

function fileMissing({ point }: PointToRestore, file: string): BackupError {
  return new BackupError({ code: 'file-missing-in-point', file, point: point.id });
}
