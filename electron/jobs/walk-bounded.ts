// Walks folders breadth first through the source worker, within bounds: what lies near comes first, and it ends in time.
// Reads names and sizes only. Links are not followed; a folder that cannot be listed is passed over.
import { join } from 'node:path';
import { hasCode } from '../../shared/model/backup-error.ts';
import type { Clock } from '../../shared/model/clock.ts';
import type { FolderItem } from '../engine/sources/list-folder.ts';
import type { SourceHost } from '../engine/sources/source-host.ts';

export interface WalkBounds {
  /** Folders, files and all else that is looked at. */
  readonly entries: number;
  readonly ms: number;
}

export interface BoundedWalk {
  readonly host: SourceHost;
  readonly clock: Pick<Clock, 'monotonicMs'>;
  readonly bounds: WalkBounds;
  /** Absolute path and name of a folder below a root. */
  readonly isSkipped: (path: string, name: string) => boolean;
}

/** Where to begin, and how many levels of folders below it are listed. */
export interface WalkRoot {
  readonly path: string;
  readonly depth: number;
}

export interface WalkedFolder {
  readonly path: string;
  readonly items: readonly FolderItem[];
}

/** Folders with their entries. Returns whether all was walked that the roots reach. */
export async function* walkBounded(
  { host, clock, bounds, isSkipped }: BoundedWalk,
  roots: readonly WalkRoot[],
): AsyncGenerator<WalkedFolder, { readonly isComplete: boolean }> {
  const untilMs = clock.monotonicMs() + bounds.ms;
  const known = new Set<string>();
  const queue = [...roots];
  let entries = 0;
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    if (known.has(next.path)) continue;
    if (entries >= bounds.entries || clock.monotonicMs() >= untilMs) return { isComplete: false };
    known.add(next.path);
    const items = await listOrNothing(host, next.path);
    entries += items.length;
    yield { path: next.path, items };
    if (next.depth === 0) continue;
    for (const item of items) {
      const path = join(next.path, item.name);
      if (item.kind !== 'folder' || isSkipped(path, item.name)) continue;
      queue.push({ path, depth: next.depth - 1 });
    }
  }
  return { isComplete: true };
}

async function listOrNothing(host: SourceHost, path: string): Promise<readonly FolderItem[]> {
  try {
    return await host.call('listFolder', path, { path });
  } catch (error) {
    if (hasCode(error, 'source-missing', 'source-unreadable', 'source-busy')) return [];
    throw error;
  }
}
