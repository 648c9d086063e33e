// Notes that a vault was seen at its place, with the room there.
import { statfs } from 'node:fs/promises';
import type { PlaceFacts } from '../../shared/model/plan-facts.ts';
import { recordSighting } from '../history/evidence.ts';
import type { Engine } from './engine.ts';
import type { LocatedVault } from './locate-vault.ts';

/** Records it in the history; never fails for a place that does not tell its room. */
export async function recordSeen(
  engine: Engine,
  { vaultId, place }: Pick<LocatedVault, 'vaultId' | 'place'>,
): Promise<void> {
  const folder = await engine.places.sight(place);
  const room = folder === null ? 'not-told' : await roomAt(folder);
  const seen = { atMs: engine.clock.nowMs(), room };
  recordSighting(engine.history(), vaultId, place, seen);
}

/** Free and total bytes for this user. */
export async function roomAt(folder: string): Promise<NonNullable<PlaceFacts['seen']>['room']> {
  try {
    const { bavail, blocks, bsize } = await statfs(folder);
    return { freeBytes: bavail * bsize, totalBytes: blocks * bsize };
  } catch {
    return 'not-told';
  }
}
