// The wall time of a restore point, and whether it can be believed.
import type { RestorePoint, WallTime } from '../../../shared/model/restore-point.ts';
import { leaseName } from '../format/object-names.ts';
import type { Vault } from '../vault/vault.ts';

/** Clocks of two machines differ by this much without anything being wrong. */
const CLOCK_TOLERANCE_MS = 5 * 60_000;
/** More than file systems that keep local time are off: so far behind the storage's clock, ours is wrong. */
const ZONE_TOLERANCE_MS = 26 * 3600_000;

/** Doubtful when the clock is behind the newest point's, ahead of the storage's (our own lease's file time), or far behind it. */
export async function takeWallTime(
  vault: Vault,
  epoch: number,
  takenAtMs: number,
  newest: RestorePoint | null,
): Promise<WallTime> {
  const leases = await vault.storage.list('leases');
  const lease = leases.find((object) => object.name === leaseName(epoch));
  const isBehind =
    newest !== null &&
    !newest.takenAt.doubtful &&
    takenAtMs < newest.takenAt.ms - CLOCK_TOLERANCE_MS;
  const aheadMs = lease === undefined ? 0 : takenAtMs - lease.modifiedAtMs;
  const isOff = aheadMs > CLOCK_TOLERANCE_MS || aheadMs < -ZONE_TOLERANCE_MS;
  const { clock } = vault;
  return {
    ms: takenAtMs,
    zone: clock.zone(),
    offsetMinutes: clock.offsetMinutes(takenAtMs),
    doubtful: isBehind || isOff,
  };
}
