// Backups of single days, counted by the database: Home asks for thirty of them at once, whatever the history's size.
import type { DayBackups } from '../../shared/model/day-marks.ts';
import type { PlanId } from '../../shared/model/ids.ts';
import type { History } from './open-history.ts';

export interface Span {
  readonly fromMs: number;
  readonly untilMs: number;
}

/** For each span in turn; a good backup counts up to `graceMs` after the span's end. */
export function countBackups(
  history: History,
  planId: PlanId,
  spans: readonly Span[],
  graceMs: number,
): readonly DayBackups[] {
  const count = history.db.prepare(
    `SELECT
       coalesce(sum(started_at_ms < @untilMs AND state = 'ok'), 0) AS ok,
       coalesce(sum(started_at_ms < @untilMs AND state = 'partial'), 0) AS partial,
       coalesce(sum(started_at_ms < @untilMs AND state IN ('failed', 'interrupted')), 0) AS failed,
       max(CASE WHEN state IN ('ok', 'partial', 'running') THEN started_at_ms END) AS lastGoodAtMs
     FROM runs
     WHERE plan_id = @planId AND kind = 'backup'
       AND started_at_ms >= @fromMs AND started_at_ms < @untilMs + @graceMs`,
  );
  return spans.map(
    ({ fromMs, untilMs }) => count.get({ planId, fromMs, untilMs, graceMs }) as DayBackups,
  );
}
