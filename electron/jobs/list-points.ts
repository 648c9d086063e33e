// The restore points of a vault, as lists show them.
import { BackupError } from '../../shared/model/backup-error.ts';
import type { RestorePoint } from '../../shared/model/restore-point.ts';
import { catalogueKey } from '../engine/format/catalogue.ts';
import { listHolds, type HeldPoints } from '../engine/retention/holds.ts';
import { collectLostFrames } from '../engine/vault/lost-frames.ts';
import {
  peekManifest,
  readPointIndex,
  type PointIndex,
  type PointRef,
} from '../engine/vault/point-index.ts';
import type { Vault } from '../engine/vault/vault.ts';
import type { Engine } from './engine.ts';
import { openPointCache } from './point-cache.ts';

/** Reading a manifest waits for the place more than it works. */
const READ_AT_ONCE = 16;

export interface ListedPoint {
  readonly point: RestorePoint;
  readonly isDamaged: boolean;
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
  return {
    points: points.map((point) => ({
      point,
      isDamaged: point.packs.some((pack) => lost.touches(pack.id)),
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
  const newestFirst = [...index.live].reverse();
  const cache = await openPointCache(engine.cacheFolder(vault.id));
  const load = async (ref: PointRef): Promise<RestorePoint | null> => {
    const known = cache.get(ref.stem);
    if (known !== null) return known;
    const peeked = await peekManifest(vault, ref, engine.vaults.report);
    if (peeked !== null) cache.set(ref.stem, peeked.point);
    return peeked?.point ?? null;
  };
  const points: RestorePoint[] = [];
  const unreadable: string[] = [];
  for (let at = 0; at < newestFirst.length; at += READ_AT_ONCE) {
    if (signal.aborted) throw new BackupError({ code: 'cancelled' });
    const refs = newestFirst.slice(at, at + READ_AT_ONCE);
    const loaded = await Promise.all(refs.map(load));
    for (const [number, point] of loaded.entries()) {
      if (point !== null) points.push(point);
      else unreadable.push(refs[number]?.id ?? '');
    }
  }
  await cache.save(new Set(index.live.map((ref) => ref.stem)));
  return { points, unreadable };
}
