// The restore points of a vault, as lists show them.
import { BackupError } from '../../shared/model/backup-error.ts';
import type { RestorePoint } from '../../shared/model/restore-point.ts';
import { catalogueKey } from '../engine/format/catalogue.ts';
import { listHolds, type HeldPoints } from '../engine/retention/holds.ts';
import { collectLostFrames } from '../engine/vault/lost-frames.ts';
import { readPointIndex, type PointIndex } from '../engine/vault/point-index.ts';
import type { Vault } from '../engine/vault/vault.ts';
import type { Engine } from './engine.ts';
import { readPoints } from './read-points.ts';
import { findSafetyPointsOf } from './safety-points.ts';

export interface ListedPoint {
  readonly point: RestorePoint;
  readonly isDamaged: boolean;
  /** Kept before a restore in place, not by a backup. */
  readonly isSafetyPoint: boolean;
  /** Reasons of the holds on it. */
  readonly holds: readonly string[];
}

export interface PointListing {
  /** Newest first. */
  readonly points: readonly ListedPoint[];
  /** Ids of points whose manifests cannot be read. */
  readonly unreadable: readonly string[];
  /** Points by number that should be there and are not. */
  readonly vanished: readonly string[];
  readonly holds: readonly HeldPoints[];
}

/** Lists what is there now. */
export async function listPoints(
  engine: Engine,
  vault: Vault,
  signal: AbortSignal,
): Promise<PointListing> {
  const index = await readPointIndex(vault, engine.vaults.report);
  const { points, unreadable } = await loadAll(engine, vault, index, signal);
  const lost = collectLostFrames(index.notes, []);
  const holds = listHolds(index.notes);
  const vanished = index.vanished.map(catalogueKey);
  if (vanished.length > 0) engine.notify({ kind: 'points-vanished', points: vanished });
  const safety = findSafetyPointsOf(engine, vault.id, [...points].reverse());
  return {
    points: points.map((point) => ({
      point,
      isDamaged: point.packs.some((pack) => lost.touches(pack.id)),
      isSafetyPoint: safety.has(point.id),
      holds: holds.filter((hold) => hold.points.includes(point.id)).map(({ reason }) => reason),
    })),
    unreadable,
    vanished,
    holds,
  };
}

async function loadAll(
  engine: Engine,
  vault: Vault,
  index: PointIndex,
  signal: AbortSignal,
): Promise<{ readonly points: RestorePoint[]; readonly unreadable: string[] }> {
  const points: RestorePoint[] = [];
  const unreadable: string[] = [];
  for await (const { ref, point } of readPoints(engine, vault, index.live)) {
    if (signal.aborted) throw new BackupError({ code: 'cancelled' });
    if (point !== null) points.push(point);
    else unreadable.push(ref.id);
  }
  return { points, unreadable };
}
