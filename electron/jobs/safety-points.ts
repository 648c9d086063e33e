// Which restore points of a vault were kept before a restore in place: by this computer's history and, for those of other
// computers, by what the points themselves say. One rule for lists, for `latest` and for the offered one.
import {
  findSafetyPoints,
  isSafetyPoint,
  type PointsKnownHere,
} from '../../shared/model/choose-good-point.ts';
import type { PointId, VaultId } from '../../shared/model/ids.ts';
import type { RestorePoint } from '../../shared/model/restore-point.ts';
import type { PointRef } from '../engine/vault/point-index.ts';
import type { Vault } from '../engine/vault/vault.ts';
import { listPointsMadeByBackups } from '../history/runs.ts';
import { listPointsKeptForUndo } from '../history/undo-records.ts';
import type { Engine } from './engine.ts';
import { readPoints } from './read-points.ts';

/** Among all points of a vault, or of a plan in it. */
export function findSafetyPointsOf(
  engine: Engine,
  vault: VaultId,
  oldestFirst: readonly RestorePoint[],
): ReadonlySet<PointId> {
  return findSafetyPoints(oldestFirst, readKnownHere(engine, vault));
}

export type SafetyPointJudge = (ref: PointRef, point: RestorePoint) => Promise<boolean>;

/** The same, one by one; older points are read only where the answer hangs on them. `live` oldest first. */
export function createSafetyPointJudge(
  engine: Engine,
  vault: Vault,
  live: readonly PointRef[],
): SafetyPointJudge {
  let known: PointsKnownHere | null = null;
  return async (ref, point) => {
    if (point.planId !== null) return false;
    known ??= readKnownHere(engine, vault.id);
    if (isSafetyPoint(point, false, known)) return true;
    if (!isSafetyPoint(point, true, known)) return false;
    return hasPlannedBefore(engine, vault, live, ref);
  };
}

async function hasPlannedBefore(
  engine: Engine,
  vault: Vault,
  live: readonly PointRef[],
  ref: PointRef,
): Promise<boolean> {
  const older = live.slice(0, live.indexOf(ref));
  for await (const { point } of readPoints(engine, vault, live, older)) {
    if (point !== null && point.planId !== null) return true;
  }
  return false;
}

function readKnownHere(engine: Engine, vault: VaultId): PointsKnownHere {
  const history = engine.history();
  return {
    kept: new Set(listPointsKeptForUndo(history, vault)),
    backedUp: new Set(listPointsMadeByBackups(history, vault)),
  };
}
