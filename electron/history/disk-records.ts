// Whether a vault was on another disk than a source when both were last seen: while it is away nobody can look.
import type { SourceId, VaultId } from '../../shared/model/ids.ts';
import type { History } from './open-history.ts';

/** Null: it could never be told. */
export function readOtherDisk(
  history: History,
  vaultId: VaultId,
  source: SourceId,
): boolean | null {
  const isOther = history.db
    .prepare('SELECT is_other FROM disks WHERE vault_id = ? AND source_id = ?')
    .pluck()
    .get(vaultId, source) as number | undefined;
  return isOther === undefined ? null : isOther === 1;
}

/** `isOther` as it was seen now; null: it cannot be told any more. Writes only what is new. */
export function recordOtherDisk(
  history: History,
  vaultId: VaultId,
  source: SourceId,
  isOther: boolean | null,
): void {
  if (readOtherDisk(history, vaultId, source) === isOther) return;
  history.write(() => {
    history.db
      .prepare('DELETE FROM disks WHERE vault_id = ? AND source_id = ?')
      .run(vaultId, source);
    if (isOther === null) return;
    history.db.prepare('INSERT INTO disks VALUES (?, ?, ?)').run(vaultId, source, Number(isOther));
  });
}
