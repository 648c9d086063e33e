// One page of the history, newest first, to be gone on from by time.
// Promise: pages that follow each other by the start of the last run leave no run out, also where two began at once.
import type { PlanId } from '../../shared/model/ids.ts';
import type { Run, RunEndState, RunKind } from '../../shared/model/run.ts';
import type { History } from '../history/open-history.ts';
import { listRuns, type RunFilter } from '../history/runs.ts';

export interface RunPageWish {
  readonly kind: RunKind | null;
  readonly state: RunEndState | null;
  readonly plan: PlanId | null;
  /** Runs that started before this. */
  readonly beforeMs: number | null;
  /** A few more come where several runs began in the same millisecond as the last. */
  readonly limit: number;
}

export interface RunPage {
  readonly runs: readonly Run[];
  readonly hasMore: boolean;
}

/** The runs that the wish names. */
export function listRunPage(history: History, wish: RunPageWish): RunPage {
  const filter: RunFilter = {
    ...(wish.kind !== null && { kind: wish.kind }),
    ...(wish.state !== null && { state: wish.state }),
    ...(wish.plan !== null && { planId: wish.plan }),
  };
  const before = wish.beforeMs === null ? {} : { beforeMs: wish.beforeMs };
  const first = listRuns(history, { ...filter, ...before, limit: wish.limit });
  const last = first.at(-1);
  if (last === undefined) return { runs: [], hasMore: false };
  const fromMs = last.startedAtMs;
  const atOnce = listRuns(history, { ...filter, sinceMs: fromMs, beforeMs: fromMs + 1 });
  const known = new Set(first.map(({ id }) => id));
  const runs = [...first, ...atOnce.filter(({ id }) => !known.has(id))];
  const hasMore = listRuns(history, { ...filter, beforeMs: fromMs, limit: 1 }).length > 0;
  return { runs, hasMore };
}
