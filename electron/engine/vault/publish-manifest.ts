// Publishes a manifest: the commit. Both copies are the same bytes; the point exists as soon as either is durable.
import type { RestorePoint } from '../../../shared/model/restore-point.ts';
import { sealObject, splitFrames } from '../crypto/object-sealer.ts';
import { encodeManifest } from '../format/manifest.ts';
import { COPY_SIDES, pointName, pointStem } from '../format/object-names.ts';
import { toEntry, type PointRef } from './point-index.ts';
import type { Vault } from './vault.ts';

/** `live` is the points alive besides this one: they make its catalogue. */
export async function publishManifest(
  vault: Vault,
  point: RestorePoint,
  live: readonly PointRef[],
): Promise<void> {
  const { body, catalogue } = encodeManifest(point, [...live.map(toEntry), toEntry(point)]);
  const bytes = sealObject(vault.keys, 'manifest', point.id, [...splitFrames(body), catalogue]);
  const stem = pointStem(point);
  await Promise.all(COPY_SIDES.map((side) => vault.storage.put(pointName(stem, side), bytes)));
}
