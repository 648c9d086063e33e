// What `--only` names in a restore point: one CRM database or folder, or one file inside a folder.
import { BackupError } from '../../shared/model/backup-error.ts';
import type { PointSource, RestorePoint } from '../../shared/model/restore-point.ts';
import type { RestoreScope } from '../engine/restore/plan-into-folder.ts';
import { readFolderList } from '../engine/vault/folder-list.ts';
import type { Vault } from '../engine/vault/vault.ts';
import type { Engine } from './engine.ts';

/**
 * `only`: name, path or file name of a source; or `name/file` or `file` as `show` lists it; a scope that is chosen already is
 * looked up. Throws file-missing-in-point.
 */
export async function chooseScope(
  engine: Engine,
  vault: Vault,
  point: RestorePoint,
  only: string | RestoreScope | null,
): Promise<RestoreScope> {
  if (only === null) return { kind: 'everything' };
  if (typeof only !== 'string') return checkScope(point, only);
  const source = findSource(point, only);
  if (source !== null) return { kind: 'source', source: source.id };
  for (const candidate of point.sources) {
    const path = await findFile(engine, vault, candidate, only);
    if (path !== null) return { kind: 'file', source: candidate.id, path };
  }
  throw new BackupError({ code: 'file-missing-in-point', file: only, point: point.id });
}

function checkScope(point: RestorePoint, scope: RestoreScope): RestoreScope {
  if (scope.kind === 'everything') return scope;
  if (point.sources.some(({ id }) => id === scope.source)) return scope;
  throw new BackupError({ code: 'file-missing-in-point', file: scope.source, point: point.id });
}

/** The databases that rows are taken out of; throws for a single file of a folder. */
export function sourcesInScope(point: RestorePoint, scope: RestoreScope): readonly PointSource[] {
  if (scope.kind === 'everything') return point.sources;
  const chosen = point.sources.filter(({ id }) => id === scope.source);
  if (scope.kind === 'source') return chosen;
  const detail = 'a file of a folder has no tables';
  throw new BackupError({ code: 'usage', detail });
}

function findSource({ sources }: RestorePoint, only: string): PointSource | null {
  const matches = sources.filter((source) =>
    [source.name, source.path, source.pages?.path].includes(only),
  );
  const [match] = matches;
  return match !== undefined && matches.length === 1 ? match : null;
}

async function findFile(
  engine: Engine,
  vault: Vault,
  source: PointSource,
  only: string,
): Promise<string | null> {
  if (source.list === null) return null;
  const inside = only.startsWith(`${source.name}/`) ? only.slice(source.name.length + 1) : only;
  for await (const entry of readFolderList(vault, source.list.levels, engine.vaults.report)) {
    if (entry.kind === 'file' && (entry.path === only || entry.path === inside)) return entry.path;
  }
  return null;
}
