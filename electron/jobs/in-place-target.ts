// What a restore in place puts back, one by one: a source, or a single file of a folder that is one.
import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { BackupError } from '../../shared/model/backup-error.ts';
import type { PointSource, RestorePoint } from '../../shared/model/restore-point.ts';
import {
  contentOfListFile,
  contentOfSource,
  type RestoreContent,
} from '../engine/restore/restore-content.ts';
import type { RestoreScope } from '../engine/restore/plan-into-folder.ts';
import type { PointToRestore, RestoreTools } from '../engine/restore/restore-tools.ts';
import { assertPlainParents, onMissing, resolveInside } from '../engine/restore/safe-target.ts';

export interface InPlaceTarget {
  readonly source: PointSource;
  /** Path in the folder, as the point has it; null: all of the source. */
  readonly file: string | null;
}

/** In the order of the point. */
export function targetsInScope(point: RestorePoint, scope: RestoreScope): readonly InPlaceTarget[] {
  return point.sources
    .filter(({ id }) => scope.kind === 'everything' || id === scope.source)
    .map((source) => {
      // A database is one file, and one that was stored as found goes with what lay beside it.
      const isPart = scope.kind === 'file' && source.kind === 'folder';
      return { source, file: isPart ? scope.path : null };
    });
}

/** Its files are put back one by one. */
export function isWholeFolder({ source, file }: InPlaceTarget): boolean {
  return source.kind === 'folder' && file === null;
}

/** Where it goes; throws target-refused for what would leave the folder. */
export async function pathOfTarget({ source, file }: InPlaceTarget): Promise<string> {
  if (file === null) return source.path;
  const path = resolveInside(source.path, file);
  await assertPlainParents(source.path, file);
  return path;
}

/** Throws point-damaged, file-missing-in-point; target-refused for whole folders. */
export async function contentOfTarget(
  tools: RestoreTools,
  from: PointToRestore,
  { source, file }: InPlaceTarget,
): Promise<RestoreContent> {
  return file === null
    ? contentOfSource(tools, from, source)
    : contentOfListFile(tools, from, source, file);
}

/**
 * A file's folder may have gone with it, or not be there yet on a new computer; a folder that is backed up must be there.
 * Throws target-refused.
 */
export async function makeFolderOf({ source, file }: InPlaceTarget, path: string): Promise<void> {
  if (file !== null && (await stat(source.path).catch(onMissing)) === null) return;
  await mkdir(dirname(path), { recursive: true }).catch((cause: unknown) => {
    const detail = `its folder cannot be made: ${cause instanceof Error ? cause.message : ''}`;
    throw new BackupError({ code: 'target-refused', path, detail }, cause);
  });
}
