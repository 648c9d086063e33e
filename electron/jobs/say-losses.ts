// Tells of rows that vanished between two backups, until somebody has said that it was meant or they are back.
import type { Plan } from '../../shared/model/plan.ts';
import type { TableLoss } from '../../shared/model/table-losses.ts';
import type { RunNews } from './run-news.ts';
import type { PlanRunReport } from './run-plan-place.ts';

/** After a backup of the plan: what it was the first to see. */
export function sayLosses(
  news: RunNews,
  plan: Plan,
  { losses, point }: Pick<PlanRunReport, 'losses' | 'point'>,
): void {
  for (const { table, rowsBefore, rowsAfter } of losses) {
    // 0 says that the table is gone.
    const rows = rowsAfter === null ? 0 : rowsBefore - rowsAfter;
    const fact = {
      kind: 'loss-seen',
      plan: plan.name,
      table,
      rows,
      atMs: point.takenAt.ms,
    } as const;
    news.say({ planId: plan.id, fact, opens: 'bring-back' });
  }
}

/** When the list of points was read: `losses` stand at the newest one. */
export function dropLosses(news: RunNews, plan: Plan, losses: readonly TableLoss[]): void {
  if (losses.length === 0) news.drop(plan.id, ['loss-seen']);
}
