// When a scan shows that a source's write-ahead log did not tell everything, restore points guided by it are no longer proved.
import type { PointId } from '../../shared/model/ids.ts';
import type { RestorePoint } from '../../shared/model/restore-point.ts';
import type { Vault } from '../engine/vault/vault.ts';
import { dropEvidence } from '../history/evidence.ts';
import type { Engine } from './engine.ts';
import { listPoints } from './list-points.ts';

/** Does nothing unless `made` says that a log was untrue. */
export async function dropDoubtedEvidence(
  engine: Engine,
  vault: Vault,
  made: RestorePoint,
  signal: AbortSignal,
): Promise<void> {
  const untrue = made.problems.filter(({ failure }) => failure.code === 'source-log-untrue');
  if (untrue.length === 0) return;
  const paths = new Set(untrue.map(({ failure }) => ('path' in failure ? failure.path : '')));
  const { points } = await listPoints(engine, vault, signal);
  const doubted = findDoubtedPoints(
    points.map(({ point }) => point),
    made,
    paths,
  );
  dropEvidence(engine.history(), vault.id, doubted);
}

/** Points before `made`, back to the last scan of each source. `newestFirst` is all points of the vault. */
function findDoubtedPoints(
  newestFirst: readonly RestorePoint[],
  made: RestorePoint,
  paths: ReadonlySet<string>,
): readonly PointId[] {
  const open = new Set(paths);
  const doubted: PointId[] = [];
  for (const point of newestFirst) {
    if (point.id === made.id) continue;
    const sources = point.sources.filter((source) => open.has(source.path));
    for (const source of sources) if (source.method === 'scanned') open.delete(source.path);
    if (sources.some((source) => source.method !== 'scanned')) doubted.push(point.id);
    if (open.size === 0) break;
  }
  return doubted;
}
