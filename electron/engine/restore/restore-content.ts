// What a restore in place puts at its target, from whichever store: the files, and how to bring each one out.
// Promise: `fetch` leaves a whole, authentic, durable file under a new name, or throws.
import { utimes } from 'node:fs/promises';
import { basename } from 'node:path';
import { BackupError } from '../../../shared/model/backup-error.ts';
import type { PageFile, PointSource } from '../../../shared/model/restore-point.ts';
import { readFolderList, type FolderEntry } from '../vault/folder-list.ts';
import { fetchListFile, lendFrames } from './fetch-list-file.ts';
import { createPackFrames } from './pack-frames.ts';
import { planPointFile } from './plan-point-file.ts';
import type { PointToRestore, RestoreTools } from './restore-tools.ts';
import { storedBytesOf } from './write-sparse.ts';

/** A log's index is made anew by whoever opens the database first. */
const RESTORED_SUFFIXES = ['', '-wal', '-journal'] as const;

export interface ContentFile {
  /** What is appended to the target's name. */
  readonly suffix: (typeof RESTORED_SUFFIXES)[number];
  readonly size: number;
  readonly mode: number;
  /** Bytes that it takes on a disk that knows holes. */
  readonly storedBytes: number;
  fetch(scratchPath: string, onBytes: (bytes: number) => void): Promise<void>;
}

export interface RestoreContent {
  readonly kind: 'sqlite' | 'page-file' | 'raw';
  /** Null for files stored as found. */
  readonly pageSize: number | null;
  /** The main file first. */
  readonly files: readonly ContentFile[];
  /** What the finished file is held against; null: each fetch has checked all there is. */
  readonly pages: Pick<PageFile, 'pageSize' | 'pageCount' | 'size' | 'root'> | null;
}

/** A source of a restore point as the content of one target. Throws point-damaged; target-refused for folders. */
export async function contentOfSource(
  tools: RestoreTools,
  from: PointToRestore,
  source: PointSource,
): Promise<RestoreContent> {
  if (source.pages !== null) return contentOfPages(tools, from, source, source.pages);
  if (source.kind === 'raw' && source.list !== null) {
    return contentOfRaw(tools, from, source, source.list.levels);
  }
  const detail = 'a folder is restored into a folder';
  throw new BackupError({ code: 'target-refused', path: source.path, detail });
}

/** One file of a folder. Throws file-missing-in-point. */
export async function contentOfListFile(
  { pool, report, signal }: RestoreTools,
  { vault, point }: PointToRestore,
  source: PointSource,
  path: string,
): Promise<RestoreContent> {
  for await (const entry of readFolderList(vault, source.list?.levels ?? [], report)) {
    if (entry.kind !== 'file' || entry.path !== path) continue;
    const lendFrame = lendFrames(createPackFrames(vault, pool));
    const fetch: ContentFile['fetch'] = async (targetPath, onBytes) => {
      const pointId = point.id;
      await fetchListFile({ lendFrame, pointId, entry, targetPath, onBytes, report, signal });
      await utimes(targetPath, entry.mtimeMs / 1000, entry.mtimeMs / 1000);
    };
    return {
      kind: 'raw',
      pageSize: null,
      files: [{ ...sizesOf(entry), suffix: '', fetch }],
      pages: null,
    };
  }
  throw new BackupError({ code: 'file-missing-in-point', file: path, point: point.id });
}

async function contentOfPages(
  tools: RestoreTools,
  from: PointToRestore,
  source: PointSource,
  file: PageFile,
): Promise<RestoreContent> {
  let onBytes = (_bytes: number): void => {};
  const planned = await planPointFile(tools, from, { source, file }, (bytes) => onBytes(bytes));
  const fetch: ContentFile['fetch'] = async (scratchPath, told) => {
    onBytes = told;
    await planned.fetch(scratchPath);
  };
  const { size, mode } = file;
  const { storedBytes } = planned;
  return {
    kind: source.kind === 'sqlite' ? 'sqlite' : 'page-file',
    files: [{ suffix: '', size, mode, storedBytes, fetch }],
    pageSize: file.pageSize,
    pages: file,
  };
}

/** Files that were stored as found: the main one and what lay beside it under its name. */
async function contentOfRaw(
  tools: RestoreTools,
  { vault, point }: PointToRestore,
  source: PointSource,
  levels: readonly string[],
): Promise<RestoreContent> {
  const { pool, report, signal } = tools;
  const lendFrame = lendFrames(createPackFrames(vault, pool));
  const main = basename(source.path);
  const files: ContentFile[] = [];
  for await (const entry of readFolderList(vault, levels, report)) {
    const suffix = RESTORED_SUFFIXES.find((ending) => entry.path === main + ending);
    if (entry.kind !== 'file' || suffix === undefined) continue;
    const fetch: ContentFile['fetch'] = async (targetPath, onBytes) =>
      fetchListFile({ lendFrame, pointId: point.id, entry, targetPath, onBytes, report, signal });
    files.push({ ...sizesOf(entry), suffix, fetch });
  }
  return { kind: 'raw', pageSize: null, files, pages: null };
}

function sizesOf(entry: Extract<FolderEntry, { kind: 'file' }>) {
  const { size, mode } = entry;
  return { size, mode, storedBytes: storedBytesOf(entry) };
}
