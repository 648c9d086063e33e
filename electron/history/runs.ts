// Recording and listing runs. Recording never throws because of the history's file (see open-history.ts); the boolean
// says whether it is on record.
import type { ActionRecord } from '../../shared/model/actions.ts';
import type { Failure, Problem } from '../../shared/model/failure.ts';
import type { PlanId, PointId, RunId, VaultId } from '../../shared/model/ids.ts';
import type { Phase } from '../../shared/model/progress.ts';
import type { Evidence, Run, RunEndState, RunKind } from '../../shared/model/run.ts';
import { insertEvidence } from './evidence.ts';
import type { History } from './open-history.ts';
import { parseRunRow } from './parse-row.ts';

export interface RunStart {
  readonly id: RunId;
  readonly kind: RunKind;
  readonly planId: PlanId | null;
  readonly vaultId: VaultId | null;
  readonly place: string | null;
  readonly startedAtMs: number;
  /** Names the process so that a later start can tell whether it still lives; opaque here. */
  readonly process: string;
}

export interface RunEnd {
  readonly endedAtMs: number;
  readonly state: RunEndState;
  readonly point: PointId | null;
  readonly bytesRead: number;
  readonly bytesStored: number;
  readonly problems: readonly Problem[];
  readonly failure: Failure | null;
  /** What the run found out about copies in its vault. */
  readonly evidence: readonly Evidence[];
}

export interface RunFilter {
  readonly kind?: RunKind;
  readonly planId?: PlanId;
  readonly vaultId?: VaultId;
  readonly state?: Run['state'];
  /** Runs at any of these, as they were asked for. */
  readonly places?: readonly string[];
  /** Runs that started at or after this. */
  readonly sinceMs?: number;
  /** Runs that started before this. */
  readonly beforeMs?: number;
  readonly limit?: number;
}

/** A run has begun. */
export function recordRunStart(history: History, run: RunStart): boolean {
  return history.write(() => {
    history.db
      .prepare(
        `INSERT INTO runs (id, kind, plan_id, vault_id, place, process, started_at_ms, state)
         VALUES (@id, @kind, @planId, @vaultId, @place, @process, @startedAtMs, 'running')`,
      )
      .run(run);
  });
}

/** Adds time that a run spent in a phase, milliseconds. */
export function recordPhase(history: History, id: RunId, phase: Phase, ms: number): boolean {
  return history.write(() => {
    history.db
      .prepare(
        `UPDATE runs SET phase_ms = json_set(phase_ms, @path,
           coalesce(json_extract(phase_ms, @path), 0) + @ms) WHERE id = @id`,
      )
      .run({ id, ms, path: `$."${phase}"` });
  });
}

/** A command of the run has ended; also after the run itself, when it was made up for later. */
export function recordAction(history: History, id: RunId, action: ActionRecord): boolean {
  return history.write(() => {
    history.db
      .prepare(`UPDATE runs SET actions = json_insert(actions, '$[#]', json(?)) WHERE id = ?`)
      .run(JSON.stringify(action), id);
  });
}

/** A run has ended, never before it began; its evidence comes into force in the same transaction. False also when it is not on record. */
export function recordRunEnd(history: History, id: RunId, end: RunEnd): boolean {
  let isOnRecord = false;
  const isWritten = history.write(() => {
    const { changes } = history.db
      .prepare(
        `UPDATE runs SET ended_at_ms = max(started_at_ms, @endedAtMs), state = @state, point_id = @point,
           bytes_read = @bytesRead, bytes_stored = @bytesStored, problems = @problems, failure = @failure
         WHERE id = @id AND state = 'running'`,
      )
      .run({
        ...end,
        id,
        problems: JSON.stringify(end.problems),
        failure: end.failure === null ? null : JSON.stringify(end.failure),
        evidence: null,
      });
    isOnRecord = changes === 1;
    if (isOnRecord) insertEvidence(history, id, end.evidence);
  });
  return isWritten && isOnRecord;
}

/** Runs whose process died end `interrupted`; returns them. Call it at start. */
export function closeInterruptedRuns(
  history: History,
  isAlive: (process: string) => boolean,
  nowMs: number,
): Run[] {
  const dead = (
    history.db.prepare(`SELECT id, process FROM runs WHERE state = 'running'`).all() as {
      id: RunId;
      process: string;
    }[]
  ).filter(({ process }) => !isAlive(process));
  history.write(() => {
    const close = history.db.prepare(
      `UPDATE runs SET state = 'interrupted', ended_at_ms = max(started_at_ms, ?) WHERE id = ? AND state = 'running'`,
    );
    for (const { id } of dead) close.run(nowMs, id);
  });
  return dead.map(({ id }) => readRun(history, id)).filter((run) => run !== null);
}

/** One run; null when it is not on record. */
export function readRun(history: History, id: RunId): Run | null {
  return parseRunRow(history.db.prepare('SELECT * FROM runs WHERE id = ?').get(id));
}

/** Runs, newest first. Rows that make no sense are left out. */
export function listRuns(history: History, filter: RunFilter = {}): Run[] {
  const conditions = Object.entries(filterColumns)
    .filter(([name]) => filter[name as keyof RunFilter] !== undefined)
    .map(([, condition]) => condition);
  const where = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`;
  return history.db
    .prepare(`SELECT * FROM runs ${where} ORDER BY started_at_ms DESC, rowid DESC LIMIT @limit`)
    .all({ ...filter, places: JSON.stringify(filter.places), limit: filter.limit ?? -1 })
    .map(parseRunRow)
    .filter((run) => run !== null);
}

const filterColumns: Readonly<Record<Exclude<keyof RunFilter, 'limit'>, string>> = {
  kind: 'kind = @kind',
  planId: 'plan_id = @planId',
  vaultId: 'vault_id = @vaultId',
  state: 'state = @state',
  places: 'place IN (SELECT value FROM json_each(@places))',
  sinceMs: 'started_at_ms >= @sinceMs',
  beforeMs: 'started_at_ms < @beforeMs',
};

/** Restore points of a vault that backups on this computer made; those learnt from the vault later are not among them. */
export function listPointsMadeByBackups(history: History, vaultId: VaultId): readonly PointId[] {
  const made = history.db
    .prepare(
      `SELECT point_id AS point FROM runs
       WHERE kind = 'backup' AND vault_id = ? AND is_rebuilt = 0 AND point_id IS NOT NULL`,
    )
    .all(vaultId) as { readonly point: PointId }[];
  return made.map(({ point }) => point);
}
