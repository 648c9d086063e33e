// Where copies lie, as this computer's runs have seen it. A vault that only others write to is known from reading its list.
import type { PointId, SourceId, VaultId } from '../../shared/model/ids.ts';
import type { History } from './open-history.ts';

/** The restore point was made in this vault. */
export function hasCopyOf(history: History, vaultId: VaultId, point: PointId): boolean {
  const found = history.db
    .prepare(`SELECT 1 FROM evidence WHERE vault_id = ? AND point_id = ? AND kind = 'copy' LIMIT 1`)
    .get(vaultId, point);
  return found !== undefined;
}

/** When the newest state of any of these sources in this vault was fixed; null: there is none. */
export function readNewestCopyMs(
  history: History,
  vaultId: VaultId,
  sources: readonly SourceId[],
): number | null {
  return history.db
    .prepare(
      `SELECT max(taken_at_ms) FROM evidence WHERE vault_id = @vaultId AND kind = 'copy'
       AND source_id IN (SELECT value FROM json_each(@sources))`,
    )
    .pluck()
    .get({ vaultId, sources: JSON.stringify(sources) }) as number | null;
}
