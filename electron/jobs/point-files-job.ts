// Files of the folders in a restore point, found by a part of their path. Reads lists only.
import type { PointId, SourceId } from '../../shared/model/ids.ts';
import type { Plan } from '../../shared/model/plan.ts';
import { comparePaths } from '../engine/format/list-entry.ts';
import { readFolderList } from '../engine/vault/folder-list.ts';
import type { Engine } from './engine.ts';
import { findPoint } from './find-point.ts';
import { vaultAtPlan } from './plan-place.ts';
import type { JobContext } from './record-run.ts';
import { useVault } from './use-vault.ts';

export interface FileWish {
  readonly point: PointId;
  /** '' = all; in whatever case. */
  readonly search: string;
  readonly limit: number;
}

export interface FoundFile {
  readonly source: SourceId;
  readonly path: string;
  readonly bytes: number;
}

/** The first `limit` by path, and how many there are. Throws point-missing, point-damaged. */
export async function pointFilesJob(
  engine: Engine,
  plan: Plan,
  { point: id, search, limit }: FileWish,
  context: JobContext,
): Promise<{ readonly files: readonly FoundFile[]; readonly total: number }> {
  const wanted = fold(search);
  return useVault(engine, vaultAtPlan(plan), context, async ({ vault }) => {
    const { point } = await findPoint(engine, vault, { kind: 'id', id });
    const files: FoundFile[] = [];
    let total = 0;
    for (const { id: source, kind, list } of point.sources) {
      if (kind !== 'folder' || list === null) continue;
      let kept = 0;
      // In the order of paths: of each folder only its first ones can be among the first of all.
      for await (const entry of readFolderList(vault, list.levels, engine.vaults.report)) {
        context.signal.throwIfAborted();
        if (entry.kind !== 'file' || !fold(entry.path).includes(wanted)) continue;
        total += 1;
        if (kept++ < limit) files.push({ source, path: entry.path, bytes: entry.size });
      }
    }
    files.sort((a, b) => comparePaths(a.path, b.path));
    return { files: files.slice(0, limit), total };
  });
}

/** A Mac writes accents as characters of their own. */
const fold = (text: string): string => text.normalize('NFC').toLowerCase();
