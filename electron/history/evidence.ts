// What runs found out about copies, turned into the facts that the light goes by. Evidence is only ever lost to the safe
// side: without it a copy counts as unproved.
import type { PointId, RunId, SourceId, VaultId } from '../../shared/model/ids.ts';
import type {
  CopyFact,
  DamageFact,
  DrillFact,
  PairFacts,
  PlaceFacts,
} from '../../shared/model/plan-facts.ts';
import type { Evidence } from '../../shared/model/run.ts';
import type { History } from './open-history.ts';

/** Inserts inside the caller's transaction; a run without a vault has none. */
export function insertEvidence(history: History, run: RunId, evidence: readonly Evidence[]): void {
  const insert = history.db.prepare(
    `INSERT INTO evidence (run_id, vault_id, source_id, point_id, kind, at_ms, taken_at_ms, outcome, recovery_ms)
     SELECT id, vault_id, @source, @point, @kind, @atMs, @takenAtMs, @outcome, @recoveryMs
     FROM runs WHERE id = @run AND vault_id IS NOT NULL`,
  );
  for (const item of evidence) {
    insert.run({
      run,
      source: item.source,
      point: item.point,
      kind: item.kind,
      atMs: item.kind === 'copy' ? item.takenAtMs : item.atMs,
      takenAtMs: 'takenAtMs' in item ? item.takenAtMs : null,
      outcome: item.kind === 'drill' ? item.outcome : item.kind === 'damage' ? item.what : null,
      recoveryMs: item.kind === 'drill' ? item.recoveryMs : null,
    });
  }
}

/** What is known about one source in one vault. Damage counts until the same point was read back whole later. */
export function readPairEvidence(
  history: History,
  vaultId: VaultId,
  source: SourceId,
): Pick<PairFacts, 'copies' | 'drills' | 'damage'> {
  const select = <T>(sql: string): T[] => history.db.prepare(sql).all({ vaultId, source }) as T[];
  const ofPair = 'vault_id = @vaultId AND source_id = @source';
  const copies = select<CopyFact>(
    // One pass over both kinds: looking each point's proof up would cost thousands of searches.
    `SELECT point_id AS point,
       min(CASE WHEN kind = 'copy' THEN taken_at_ms END) AS takenAtMs,
       max(CASE WHEN kind = 'read-back' THEN at_ms END) AS readBackAtMs
     FROM evidence WHERE kind IN ('copy', 'read-back') AND ${ofPair}
     GROUP BY point_id HAVING takenAtMs IS NOT NULL ORDER BY takenAtMs`,
  );
  const drills = select<DrillFact>(
    `SELECT point_id AS point, at_ms AS atMs, outcome FROM evidence
     WHERE kind = 'drill' AND ${ofPair} ORDER BY at_ms, rowid`,
  );
  const found = select<DamageFact & { readonly atMs: number }>(
    `SELECT point_id AS point, taken_at_ms AS takenAtMs, outcome AS what, max(at_ms) AS atMs FROM evidence
     WHERE kind = 'damage' AND ${ofPair} GROUP BY point_id, outcome ORDER BY taken_at_ms`,
  );
  const readBackAt = new Map(copies.map(({ point, readBackAtMs }) => [point, readBackAtMs]));
  const damage = found
    .filter(({ point, what, atMs }) => what === 'source' || atMs >= (readBackAt.get(point) ?? 0))
    .map(({ point, takenAtMs, what }): DamageFact => ({ point, takenAtMs, what }));
  return { copies, drills, damage };
}

/** When one source in one vault was first copied, and when it last passed a restore test, up to `untilMs`. */
export function readDrillTimes(
  history: History,
  vaultId: VaultId,
  source: SourceId,
  untilMs: number,
): { readonly oldestCopyAtMs: number | null; readonly passedAtMs: number | null } {
  return history.db
    .prepare(
      `SELECT min(CASE WHEN kind = 'copy' THEN at_ms END) AS oldestCopyAtMs,
         max(CASE WHEN kind = 'drill' AND outcome IN ('proved', 'bytes-only') THEN at_ms END) AS passedAtMs
       FROM evidence WHERE vault_id = @vaultId AND source_id = @source AND at_ms <= @untilMs`,
    )
    .get({ vaultId, source, untilMs }) as ReturnType<typeof readDrillTimes>;
}

/** Restore points that are gone vouch for nothing: drops all evidence of `points`. */
export function dropEvidence(
  history: History,
  vaultId: VaultId,
  points: readonly PointId[],
): boolean {
  return history.write(() => {
    const drop = history.db.prepare('DELETE FROM evidence WHERE vault_id = ? AND point_id = ?');
    for (const point of points) drop.run(vaultId, point);
  });
}

/** Drops the copies of all points that the vault, as read now, does not have; returns these points. */
export function dropVanishedEvidence(
  history: History,
  vaultId: VaultId,
  livePoints: ReadonlySet<PointId>,
): PointId[] {
  const known = history.db
    .prepare(`SELECT DISTINCT point_id AS point FROM evidence WHERE vault_id = ? AND kind = 'copy'`)
    .all(vaultId) as { readonly point: PointId }[];
  const gone = known.map(({ point }) => point).filter((point) => !livePoints.has(point));
  dropEvidence(history, vaultId, gone);
  return gone;
}

/** The right vault was seen at its place, with this room. */
export function recordSighting(
  history: History,
  vaultId: VaultId,
  place: string,
  seen: NonNullable<PlaceFacts['seen']>,
): boolean {
  const room = seen.room === 'not-told' ? { freeBytes: null, totalBytes: null } : seen.room;
  return history.write(() => {
    history.db
      .prepare(
        `INSERT INTO sightings (vault_id, place, at_ms, free_bytes, total_bytes)
         VALUES (@vaultId, @place, @atMs, @freeBytes, @totalBytes)
         ON CONFLICT (vault_id) DO UPDATE SET place = @place, at_ms = @atMs,
           free_bytes = @freeBytes, total_bytes = @totalBytes`,
      )
      .run({ vaultId, place, atMs: seen.atMs, ...room });
  });
}

/** When the vault was last seen; null when never. */
export function readSighting(history: History, vaultId: VaultId): PlaceFacts['seen'] {
  const row = history.db
    .prepare(
      `SELECT at_ms AS atMs, free_bytes AS freeBytes, total_bytes AS totalBytes
       FROM sightings WHERE vault_id = ?`,
    )
    .get(vaultId) as
    | { atMs: number; freeBytes: number | null; totalBytes: number | null }
    | undefined;
  if (row === undefined) return null;
  const { atMs, freeBytes, totalBytes } = row;
  const isTold = freeBytes !== null && totalBytes !== null;
  return { atMs, room: isTold ? { freeBytes, totalBytes } : 'not-told' };
}
