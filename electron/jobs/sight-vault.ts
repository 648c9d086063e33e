// Notes that a vault was seen at its place, with the room there.
import { statfs } from 'node:fs/promises';
import type { PlaceFacts } from '../../shared/model/plan-facts.ts';
import { recordSighting } from '../history/evidence.ts';
import type { Engine } from './engine.ts';
import type { LocatedVault } from './locate-vault.ts';
import { withinTime } from './within-time.ts';

/** The light waits for it; a share may hang between being found and this question. */
const ROOM_WITHIN_MS = 3000;

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

/** Free and total bytes for this user; `not-told` also when no answer comes. */
export async function roomAt(folder: string): Promise<NonNullable<PlaceFacts['seen']>['room']> {
  try {
    const told = await withinTime(ROOM_WITHIN_MS, statfs(folder), null);
    if (told === null) return 'not-told';
    const { bavail, blocks, bsize } = told;
    return { freeBytes: bavail * bsize, totalBytes: blocks * bsize };
  } catch {
    return 'not-told';
  }
}
