// Writes what a check found into the vault, so that the next backup stores lost pages anew and heals older points.
import type { Lease } from '../vault/lease.ts';
import { collectLostFrames } from '../vault/lost-frames.ts';
import { writeNote } from '../vault/notes.ts';
import type { Vault } from '../vault/vault.ts';
import type { VerifyReport } from './verify-vault.ts';

/** One `damage` note for what no earlier note says; true when there was any. */
export async function recordDamage(
  vault: Vault,
  lease: Lease,
  report: VerifyReport,
): Promise<boolean> {
  const known = collectLostFrames(lease.points.notes, []);
  const packs = report.lostPacks.flatMap(
    ({ id, frames }): { id: string; frames: number[] | null }[] => {
      if (frames === null) return known.packs.has(id) ? [] : [{ id, frames: null }];
      const fresh = frames.filter((frame) => !known.has(id, frame));
      return fresh.length === 0 ? [] : [{ id, frames: fresh }];
    },
  );
  if (packs.length === 0) return false;
  const objects = report.damage.map((wound) => wound.object);
  await writeNote(vault, lease, { what: 'damage', packs, objects });
  return true;
}
