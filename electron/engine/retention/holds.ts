// Holds: points that stay whatever the rules say, until released. They live in the vault, not on this computer.
import { BackupError } from '../../../shared/model/backup-error.ts';
import type { Lease } from '../vault/lease.ts';
import { notesOf, writeNote, type Note } from '../vault/notes.ts';
import { parsePointStem } from '../format/object-names.ts';
import type { PointRef } from '../vault/point-index.ts';
import type { Vault } from '../vault/vault.ts';

export interface HeldPoints {
  /** Id of the hold, for its release. */
  readonly hold: string;
  readonly points: readonly string[];
  readonly reason: string;
}

/** Holds that were not released. */
export function listHolds(notes: readonly Note[]): readonly HeldPoints[] {
  const released = new Set(notesOf(notes, 'release').map((note) => note.content.hold));
  return notesOf(notes, 'hold')
    .filter((note) => !released.has(note.place.id))
    .map((note) => ({
      hold: note.place.id,
      points: note.content.points.flatMap((stem) => {
        const parsed = parsePointStem(stem);
        return parsed === null ? [] : [parsed.id];
      }),
      reason: note.content.reason,
    }));
}

export async function addHold(
  vault: Vault,
  lease: Lease,
  points: readonly PointRef[],
  reason: string,
): Promise<void> {
  await writeNote(vault, lease, { what: 'hold', points: points.map((ref) => ref.stem), reason });
}

/** Throws usage when no such hold is in force. */
export async function releaseHold(vault: Vault, lease: Lease, hold: string): Promise<void> {
  const known = listHolds(lease.points.notes).find(
    (held) => held.hold === hold || held.hold.startsWith(hold),
  );
  if (known === undefined)
    throw new BackupError({ code: 'usage', detail: `no hold ${hold} is in force` });
  await writeNote(vault, lease, { what: 'release', hold: known.hold });
}
