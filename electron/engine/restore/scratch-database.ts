// A database of a restore point in a scratch folder, for looking into it: compared, tested, rows taken out of it.
// Promise: the disk is never filled for it, and nothing of it stays.
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { BackupError } from '../../../shared/model/backup-error.ts';
import type { PageFile, PointSource } from '../../../shared/model/restore-point.ts';
import type { FetchedFile } from './fetch-page-file.ts';
import { planPointFile } from './plan-point-file.ts';
import { freeBytesOf } from './free-bytes.ts';
import type { PointToRestore, RestoreTools } from './restore-tools.ts';
import { removeDeadScratch, scratchPath } from './scratch-file.ts';

/** What a scratch folder must have beyond the bytes that go there: a full disk stops the CRM. */
const ROOM_FACTOR = 1.1;

export interface ScratchFolder extends AsyncDisposable {
  readonly path: string;
}

export type AskFreeBytes = (folder: string) => Promise<number | null>;

/** A new folder of our own below `parent`; what dead processes left there goes first. */
export async function openScratchFolder(
  tools: Pick<RestoreTools, 'owner' | 'random'>,
  parent: string,
): Promise<ScratchFolder> {
  await mkdir(parent, { recursive: true, mode: 0o700 });
  await removeDeadScratch(parent, tools.owner, new Set());
  const path = scratchPath(parent, tools.owner, tools.random);
  await mkdir(path, { mode: 0o700 });
  const remove = async (): Promise<void> => rm(path, { recursive: true, force: true });
  return { path, [Symbol.asyncDispose]: remove };
}

/** Throws target-full unless `bytes` and a tenth fit. */
export async function assertScratchRoom(
  folder: string,
  bytes: number,
  askFreeBytes: AskFreeBytes = freeBytesOf,
): Promise<void> {
  const neededBytes = Math.ceil(bytes * ROOM_FACTOR);
  const freeBytes = await askFreeBytes(folder);
  if (freeBytes === null || freeBytes >= neededBytes) return;
  throw new BackupError({ code: 'target-full', path: folder, neededBytes, freeBytes });
}

export interface ScratchDatabaseWish {
  readonly tools: RestoreTools;
  readonly from: PointToRestore;
  readonly source: PointSource;
  readonly file: PageFile;
  readonly folder: ScratchFolder;
  /** The file's name in the folder. */
  readonly name: string;
  readonly onBytes: (bytes: number) => void;
  readonly askFreeBytes?: AskFreeBytes;
}

export interface ScratchDatabase {
  readonly path: string;
  readonly fetched: FetchedFile;
}

/** Fetches it, every page authentic. Throws point-damaged, target-full. */
export async function fetchScratchDatabase(wish: ScratchDatabaseWish): Promise<ScratchDatabase> {
  const { tools, from, source, file, folder, onBytes } = wish;
  const planned = await planPointFile(tools, from, { source, file }, onBytes);
  await assertScratchRoom(folder.path, planned.storedBytes, wish.askFreeBytes);
  const path = join(folder.path, wish.name);
  return { path, fetched: await planned.fetch(path) };
}
