// What the history says about a plan, as far as the scheduler goes by it.
import type { Plan } from '../../../shared/model/plan.ts';
import { CLOCK_SKEW_MS, LONGEST_RUN_MS } from '../../../shared/model/plan-status.ts';
import type { Run } from '../../../shared/model/run.ts';
import { readDrillTimes } from '../../history/evidence.ts';
import type { History } from '../../history/open-history.ts';
import { listRuns } from '../../history/runs.ts';
import type { DrillState, PlanRuns } from './plan-due-work.ts';

/** More interruptions in a row than this change nothing any more. */
const RUNS_LOOKED_AT = 10;

/** The plan's backups, of this and other processes. `paths`: those at these places only. */
export function readPlanRuns(
  history: History,
  { id: planId }: Plan,
  nowMs: number,
  paths: readonly string[] | null = null,
): PlanRuns {
  const aheadMs = nowMs + CLOCK_SKEW_MS;
  const at = paths === null ? {} : { places: paths };
  const backups = { planId, kind: 'backup', ...at } as const;
  const newest = (state: Run['state']): Run | undefined =>
    listRuns(history, { ...backups, state, beforeMs: aheadMs, limit: 1 }).at(0);
  const times = [newest('ok'), newest('partial')].map((run) => run?.startedAtMs ?? -Infinity);
  const metAtMs = Math.max(...times);
  const ended = listRuns(history, {
    ...backups,
    beforeMs: aheadMs,
    limit: RUNS_LOOKED_AT,
  }).filter(({ state }) => state !== 'running');
  const others = ended.findIndex(({ state }) => state !== 'interrupted');
  const running = newest('running');
  return {
    metAtMs: Number.isFinite(metAtMs) ? metAtMs : null,
    givenUpAtMs: newest('cancelled')?.startedAtMs ?? null,
    isRunning: running !== undefined && nowMs - running.startedAtMs <= LONGEST_RUN_MS,
    interruptions: others === -1 ? ended.length : others,
    interruptedAtMs: ended.at(0)?.endedAtMs ?? null,
    isClockBack: listRuns(history, { ...backups, sinceMs: aheadMs, limit: 1 }).length > 0,
  };
}

/** Over all sources of the plan: the one that is worst off counts. */
export function readDrillState(history: History, plan: Plan, nowMs: number): DrillState {
  const times = plan.places.flatMap(({ vaultId }) =>
    vaultId === null
      ? []
      : plan.sources.map(({ id }) => readDrillTimes(history, vaultId, id, nowMs + CLOCK_SKEW_MS)),
  );
  const copies = times.map(({ oldestCopyAtMs }) => oldestCopyAtMs).filter((ms) => ms !== null);
  // A source that was never copied yet cannot have passed a test.
  const passed = times
    .filter(({ oldestCopyAtMs }) => oldestCopyAtMs !== null)
    .map(({ passedAtMs }) => passedAtMs ?? -Infinity);
  const passedAtMs = Math.min(...passed);
  return {
    oldestCopyAtMs: copies.length === 0 ? null : Math.min(...copies),
    passedAtMs: Number.isFinite(passedAtMs) ? passedAtMs : null,
  };
}
