// What is inside a restore point: its sources, their files, tables and row counts as they were recorded.
import type { PointSource, RestorePoint } from '../../shared/model/restore-point.ts';
import { readFolderList } from '../engine/vault/folder-list.ts';
import type { Vault } from '../engine/vault/vault.ts';
import type { Engine } from './engine.ts';
import { findPoint, type WantedPoint } from './find-point.ts';
import type { JobContext } from './record-run.ts';
import { useVault } from './use-vault.ts';

export interface ListedFile {
  readonly kind: 'file' | 'folder' | 'link';
  readonly path: string;
  /** Null for folders and links. */
  readonly bytes: number | null;
}

export interface PointContent {
  readonly point: RestorePoint;
  readonly sources: readonly {
    readonly source: PointSource;
    /** Entries of folders and of files stored raw; empty for databases. */
    readonly files: readonly ListedFile[];
  }[];
}

/** Throws point-missing, point-damaged, and what is wrong with a list of files. */
export async function showPoint(
  engine: Engine,
  request: { readonly place: string; readonly wanted: WantedPoint },
  context: JobContext,
): Promise<PointContent> {
  const at = { place: request.place, expectedVault: null };
  return useVault(engine, at, context, async ({ vault }) => {
    const { point } = await findPoint(engine, vault, request.wanted);
    const sources: PointContent['sources'][number][] = [];
    for (const source of point.sources) {
      sources.push({ source, files: await listFiles(engine, vault, source) });
    }
    return { point, sources };
  });
}

async function listFiles(
  engine: Engine,
  vault: Vault,
  source: PointSource,
): Promise<readonly ListedFile[]> {
  if (source.list === null) return [];
  const files: ListedFile[] = [];
  for await (const entry of readFolderList(vault, source.list.levels, engine.vaults.report)) {
    const bytes = entry.kind === 'file' ? entry.size : null;
    files.push({ kind: entry.kind, path: entry.path, bytes });
  }
  return files;
}
