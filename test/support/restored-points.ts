/**
 * What restore points must give back, written down when they were made, and held against what the vault really gives.
 * The sources are quiet while they are backed up, so a plain copy of the file is the truth.
 */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { BackupResult } from '../../electron/engine/backup/backup-request.ts';
import type { ComputePool } from '../../electron/engine/pipeline/compute-pool.ts';
import { fetchPageFile } from '../../electron/engine/restore/fetch-page-file.ts';
import { readFolderList } from '../../electron/engine/vault/folder-list.ts';
import { openPack } from '../../electron/engine/vault/pack-reader.ts';
import { loadManifest, readPointIndex } from '../../electron/engine/vault/point-index.ts';
import type { Vault } from '../../electron/engine/vault/vault.ts';
import type { PointSource, RestorePoint } from '../../shared/model/restore-point.ts';
import type { Note } from '../../electron/engine/vault/notes.ts';

/** Name of a source, or `source/file` for files stored raw -> size and digest of its content. */
export type Contents = Readonly<Record<string, string>>;

/** Content as a short line: a failed comparison prints little. */
export function describeContent(bytes: Buffer): string {
  return `${bytes.length} ${createHash('sha256').update(bytes).digest('hex').slice(0, 16)}`;
}

/** What the files under these names hold now. */
export async function describeFiles(files: Readonly<Record<string, string>>): Promise<Contents> {
  const lines = await Promise.all(
    Object.entries(files).map(async ([name, path]) => [
      name,
      describeContent(await readFile(path)),
    ]),
  );
  return Object.fromEntries(lines) as Contents;
}

interface Reading {
  readonly vault: Vault;
  readonly pool: ComputePool;
  /** For scratch files. */
  readonly folder: string;
}

/** Everything that a restore point gives back. Throws what restoring it throws. */
export async function readPoint(
  reading: Reading,
  point: RestorePoint,
  notes: readonly Note[],
): Promise<Contents> {
  const contents: Record<string, string> = {};
  for (const source of point.sources) {
    if (source.pages !== null)
      contents[source.name] = describeContent(await fetchSource(reading, point, source, notes));
    else Object.assign(contents, await readList(reading.vault, source));
  }
  return contents;
}

async function fetchSource(
  { vault, pool, folder }: Reading,
  point: RestorePoint,
  source: PointSource,
  notes: readonly Note[],
): Promise<Buffer> {
  if (source.pages === null) throw new Error(`${source.name} has no pages`);
  await mkdir(folder, { recursive: true });
  const targetPath = join(folder, `fetched-${point.id}-${source.id}`);
  try {
    await fetchPageFile({
      vault,
      pool,
      pointId: point.id,
      sourceId: source.id,
      file: source.pages,
      packs: point.packs,
      notes,
      targetPath,
      onBytes: () => undefined,
      report: () => undefined,
      signal: new AbortController().signal,
    });
    return await readFile(targetPath);
  } finally {
    await rm(targetPath, { force: true });
  }
}

async function readList(vault: Vault, source: PointSource): Promise<Contents> {
  const contents: Record<string, string> = {};
  for await (const entry of readFolderList(vault, source.list?.levels ?? [], () => undefined)) {
    if (entry.kind !== 'file') continue;
    const parts: Buffer[] = [];
    for (const chunk of entry.chunks) {
      const frame = await (await openPack(vault, chunk.packId)).readFrame(chunk.frame);
      parts.push(frame.subarray(chunk.offset, chunk.offset + chunk.length));
    }
    contents[`${source.name}/${entry.path}`] = describeContent(Buffer.concat(parts));
  }
  return contents;
}

/** Every live point of the vault and what it gives back, or the failure's code. */
export async function readAllPoints(reading: Reading): Promise<Readonly<Record<string, Contents>>> {
  const { vault } = reading;
  const index = await readPointIndex(vault, () => undefined);
  const found: Record<string, Contents> = {};
  for (const ref of index.live) {
    const { point } = await loadManifest(vault, ref, () => undefined);
    found[ref.id] = await readPoint(reading, point, index.notes);
  }
  return found;
}

/** Remembers what each restore point was made from. */
export interface PointLedger {
  /** Writes down the sources' contents and then backs them up by `backup`. */
  record(sources: readonly string[], backup: () => Promise<BackupResult>): Promise<BackupResult>;
  /** Point id -> contents. */
  readonly expected: Readonly<Record<string, Contents>>;
  /** A point that was forgotten on purpose. */
  strike(id: string): void;
}

/** Sources are named by their file names; a missing file is left out. */
export function createPointLedger(): PointLedger {
  const expected: Record<string, Contents> = {};
  return {
    expected,
    async record(sources, backup) {
      const files = sources
        .filter((path) => existsSync(path))
        .map((path) => [basename(path), path] as const);
      const contents = await describeFiles(Object.fromEntries(files));
      const result = await backup();
      expected[result.point.id] = contents;
      return result;
    },
    strike(id) {
      delete expected[id];
    },
  };
}
