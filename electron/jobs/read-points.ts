// Bodies of many manifests, one after the other, from the local cache where it has them.
import type { RestorePoint } from '../../shared/model/restore-point.ts';
import { peekManifest, type PointRef } from '../engine/vault/point-index.ts';
import type { Vault } from '../engine/vault/vault.ts';
import type { Engine } from './engine.ts';
import { openPointCache } from './point-cache.ts';

/** Reading a manifest waits for the place more than it works. */
const READ_AT_ONCE = 16;

export interface ReadPoint {
  readonly ref: PointRef;
  /** Null: its manifest cannot be read. */
  readonly point: RestorePoint | null;
}

/** Bodies of manifests, newest first; `live` is all points, oldest first, `wanted` those to read. */
export async function* readPoints(
  engine: Engine,
  vault: Vault,
  live: readonly PointRef[],
  wanted: readonly PointRef[] = live,
): AsyncGenerator<ReadPoint> {
  const newestFirst = [...wanted].reverse();
  const cache = await openPointCache(engine.cacheFolder(vault.id));
  const load = async (ref: PointRef): Promise<ReadPoint> => {
    const known = cache.get(ref.stem);
    if (known !== null) return { ref, point: known };
    const peeked = await peekManifest(vault, ref, engine.vaults.report);
    if (peeked !== null) cache.set(ref.stem, peeked.point);
    return { ref, point: peeked?.point ?? null };
  };
  try {
    for (let at = 0; at < newestFirst.length; at += READ_AT_ONCE) {
      yield* await Promise.all(newestFirst.slice(at, at + READ_AT_ONCE).map(load));
    }
  } finally {
    await cache.save(new Set(live.map(({ stem }) => stem)));
  }
}
