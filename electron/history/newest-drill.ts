// The restore test that a source's copy in one vault passed last.
import type { SourceId, VaultId } from '../../shared/model/ids.ts';
import type { History } from './open-history.ts';

export interface PassedDrill {
  readonly atMs: number;
  /** Time from the start until the data was back and proved. */
  readonly recoveryMs: number | null;
}

/** Null: none was passed yet. */
export function readNewestPassedDrill(
  history: History,
  vaultId: VaultId,
  source: SourceId,
): PassedDrill | null {
  const found = history.db
    .prepare(
      `SELECT at_ms AS atMs, recovery_ms AS recoveryMs FROM evidence
       WHERE vault_id = ? AND source_id = ? AND kind = 'drill' AND outcome = 'proved'
       ORDER BY at_ms DESC, rowid DESC LIMIT 1`,
    )
    .get(vaultId, source) as PassedDrill | undefined;
  return found ?? null;
}
