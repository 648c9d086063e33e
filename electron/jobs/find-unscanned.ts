// Sources of a restore point that rest on what a write-ahead log told since all pages were last read. A restore test of
// those proves what came back, not that it is what the CRM had.
import type { RestorePoint } from '../../shared/model/restore-point.ts';
import type { PointRef } from '../engine/vault/point-index.ts';
import type { Vault } from '../engine/vault/vault.ts';
import type { Engine } from './engine.ts';
import { readPoints } from './read-points.ts';

/** Their ids. `live` is all points, oldest first. Reads back to the last scan; where none is left or a point cannot be read, it is in doubt. */
export async function findUnscanned(
  engine: Engine,
  vault: Vault,
  live: readonly PointRef[],
  point: RestorePoint,
): Promise<ReadonlySet<string>> {
  const open = new Set<string>(
    point.sources.filter(({ method }) => method !== 'scanned').map(({ id }) => id),
  );
  if (open.size === 0) return open;
  const guided = new Set<string>();
  const upToIt = live.slice(0, live.findIndex(({ id }) => id === point.id) + 1);
  for await (const { point: older } of readPoints(engine, vault, live, upToIt)) {
    if (older === null) break;
    for (const { id, method } of older.sources) {
      if (!open.has(id) || method === 'unchanged') continue;
      if (method === 'guided') guided.add(id);
      open.delete(id);
    }
    if (open.size === 0) break;
  }
  return new Set([...guided, ...open]);
}
