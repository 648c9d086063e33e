// A source of this run, matched with what earlier points know of it.
import { basename, join, resolve } from 'node:path';
import type { SourceId } from '../../../shared/model/ids.ts';
import type { PointSource, RestorePoint } from '../../../shared/model/restore-point.ts';
import type { RandomBytes } from '../../../shared/model/clock.ts';
import { newId } from '../vault/vault.ts';
import type { SourceRequest } from './backup-request.ts';

export interface PlannedSource {
  readonly id: SourceId;
  readonly name: string;
  /** Absolute. */
  readonly path: string;
  readonly fileName: string;
}

/** The same source in the point that this run builds on. */
export interface ParentSource {
  readonly point: RestorePoint;
  readonly source: PointSource;
  /** Whether `point` is the newest one: only then a marker may guide. */
  readonly isNewest: boolean;
}

/** Gives each source its id: the one asked for, the newest point's for this path, or a new one. Names become unique. */
export function matchSources(
  requests: readonly SourceRequest[],
  newest: RestorePoint | null,
  random: RandomBytes,
): readonly PlannedSource[] {
  const taken = new Set<string>();
  const ids = new Set<SourceId>();
  return requests.map((request) => {
    const path = resolve(request.path);
    const known = findByPath(newest?.sources ?? [], path);
    const name = uniqueName(request.name ?? basename(path), taken);
    const free = known === null || ids.has(known.id) ? null : known.id;
    const id = request.id ?? free ?? (newId(random) as SourceId);
    ids.add(id);
    return { id, name, path, fileName: basename(path) };
  });
}

/** Databases inside a folder source: each is a source of its own, named after folder and path. */
export function matchDatabases(
  folder: PlannedSource,
  databases: readonly string[],
  newest: RestorePoint | null,
  random: RandomBytes,
): readonly PlannedSource[] {
  return databases.map((relative) => {
    const path = join(folder.path, relative);
    const known = findByPath(newest?.sources ?? [], path);
    const name = [folder.name, ...relative.split('/')].join(' - ');
    return { id: known?.id ?? (newId(random) as SourceId), name, path, fileName: basename(path) };
  });
}

/** People write a path on Windows in capitals or not, and mean one file. */
export function findByPath<T extends { readonly path: string }>(
  sources: readonly T[],
  path: string,
  platform: NodeJS.Platform = process.platform,
): T | null {
  const exact = sources.find((source) => source.path === path);
  if (exact !== undefined || platform !== 'win32') return exact ?? null;
  const folded = path.toLowerCase();
  return sources.find((source) => source.path.toLowerCase() === folded) ?? null;
}

function uniqueName(wanted: string, taken: Set<string>): string {
  let name = wanted;
  for (let number = 2; taken.has(name.toLowerCase()); number++) name = `${wanted} (${number})`;
  taken.add(name.toLowerCase());
  return name;
}

/** The parent of one source, or null when the parent point does not have it. */
export function findParent(
  parent: RestorePoint | null,
  newest: RestorePoint | null,
  id: SourceId,
): ParentSource | null {
  const source = parent?.sources.find((candidate) => candidate.id === id);
  if (parent === null || source === undefined) return null;
  return { point: parent, source, isNewest: parent.id === newest?.id };
}
