// After the history was lost: backup runs are learnt again from the restore points of a vault. They come back as copies
// that nothing is proved about; the next check and restore test prove them anew.
import type { RunId, VaultId } from '../../shared/model/ids.ts';
import type { PointSource, RestorePoint } from '../../shared/model/restore-point.ts';
import type { Evidence } from '../../shared/model/run.ts';
import { insertEvidence } from './evidence.ts';
import type { History } from './open-history.ts';

/** Adds a backup run for each point that no run on record made; returns how many were added. Can be repeated. */
export function rebuildFromPoints(
  history: History,
  points: readonly RestorePoint[],
  place: { readonly vaultId: VaultId; readonly path: string },
): number {
  let added = 0;
  const isWritten = history.write(() => {
    // Set anew: the transaction may be tried again.
    added = points.filter((point) => insertRun(history, point, place)).length;
  });
  return isWritten ? added : 0;
}

function insertRun(
  history: History,
  point: RestorePoint,
  { vaultId, path }: { readonly vaultId: VaultId; readonly path: string },
): boolean {
  // The point's id serves as the run's: random as well, and the same at every rebuild.
  const id = point.id as string as RunId;
  const { changes } = history.db
    .prepare(
      `INSERT OR IGNORE INTO runs (id, kind, plan_id, vault_id, place, started_at_ms, ended_at_ms, state, point_id,
         bytes_read, bytes_stored, problems, is_rebuilt)
       SELECT @id, 'backup', @planId, @vaultId, @path, @startedAtMs, @endedAtMs, @state, @point,
         @bytesRead, @bytesStored, @problems, 1
       WHERE NOT EXISTS (SELECT 1 FROM runs WHERE kind = 'backup' AND vault_id = @vaultId AND point_id = @point)`,
    )
    .run({
      id,
      vaultId,
      path,
      planId: point.planId,
      startedAtMs: point.takenAt.ms,
      endedAtMs: point.finishedAtMs,
      state: point.problems.length === 0 ? 'ok' : 'partial',
      point: point.id,
      bytesRead: point.written.readBytes,
      bytesStored: point.written.bytes,
      problems: JSON.stringify(point.problems),
    });
  if (changes === 1) insertEvidence(history, id, evidenceOfPoint(point));
  return changes === 1;
}

/** What a restore point itself says about its sources: which lie in it whole, and which were damaged when taken. */
export function evidenceOfPoint(point: RestorePoint): Evidence[] {
  return point.sources.flatMap((source): Evidence[] => {
    const at = { source: source.id, point: point.id, takenAtMs: source.capturedAtMs };
    if (source.label === 'damaged-source') {
      return [{ kind: 'damage', ...at, atMs: point.finishedAtMs, what: 'source' }];
    }
    return hasProblem(point, source) ? [] : [{ kind: 'copy', ...at }];
  });
}

function hasProblem({ problems }: RestorePoint, source: PointSource): boolean {
  const names: readonly unknown[] = [source.id, source.name, source.path];
  return problems.some((problem) => names.includes(problem.source));
}
