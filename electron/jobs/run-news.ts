// What is told when a run has ended: that screens are out of date, and notices of what needs the user, until a later
// run makes them untrue.
import type { AppEvent, Topic } from '../../shared/ipc/contract.ts';
import type { AppNotice } from '../../shared/model/app-notice.ts';
import type { PlanId } from '../../shared/model/ids.ts';
import type { Job } from '../../shared/model/job.ts';
import { MOST_PLACES } from '../../shared/model/plan.ts';
import type { Run } from '../../shared/model/run.ts';
import { listRuns } from '../history/runs.ts';
import type { Engine } from './engine.ts';
import { isAwayCode } from './is-away-code.ts';
import type { NewNotice, NoticeList } from './notice-list.ts';

type NoticeKind = AppNotice['fact']['kind'];
/** A restore point exists again. */
const metByBackup: readonly NoticeKind[] = ['run-failed', 'overdue', 'key-needed'];

export interface RunNews {
  /** After each job of the board that had begun. */
  tellEnd(job: Job): void;
  /** Says it, unless it stands already. */
  say(notice: NewNotice): void;
  /** These notices of the plan are no longer true. */
  drop(planId: PlanId, kinds: readonly NoticeKind[]): void;
  /** The weekly line of before gives way to the new one. */
  dropAllFine(): void;
}

/** Speaks to every window and the shell through `emit`. */
export function createRunNews(
  engine: Engine,
  notices: NoticeList,
  emit: (event: AppEvent) => void,
): RunNews {
  const changed = (...topics: readonly Topic[]): void => emit({ kind: 'changed', topics });
  const say = (notice: NewNotice): void => {
    const made = notices.add(notice);
    if (made === null) return;
    emit({ kind: 'notice', notice: made });
    changed('notices');
  };
  const drop = (planId: PlanId, kinds: readonly NoticeKind[]): void => {
    const isOver = (each: AppNotice): boolean =>
      each.planId === planId && kinds.includes(each.fact.kind);
    if (notices.drop(isOver)) changed('notices');
  };
  const tellBackup = (run: Run, planId: PlanId, plan: string): void => {
    if (run.state === 'ok') drop(planId, [...metByBackup, 'run-partial']);
    if (run.state === 'partial') {
      drop(planId, metByBackup);
      const fact = {
        kind: 'run-partial',
        run: run.id,
        plan,
        problems: run.problems.length,
      } as const;
      say({ planId, fact, opens: 'history' });
    }
    if (run.state !== 'failed' || run.failure === null) return;
    const { failure } = run;
    const isKey = failure.code === 'key-needed';
    if (isKey) say({ planId, fact: { kind: 'key-needed', plan }, opens: 'home' });
    else
      say({ planId, fact: { kind: 'run-failed', run: run.id, plan, failure }, opens: 'history' });
  };
  const tellDrill = (run: Run, planId: PlanId, plan: string): void => {
    if (run.state === 'ok') drop(planId, ['restore-test-failed']);
    const failure = run.failure ?? run.problems[0]?.failure;
    if (run.state !== 'failed' && run.state !== 'partial') return;
    // A place that is away tests nothing; that is no verdict on the copy.
    if (failure === undefined || isAwayCode(failure.code) || failure.code === 'key-needed') return;
    say({ planId, fact: { kind: 'restore-test-failed', plan, failure }, opens: 'history' });
  };
  const tellRun = (run: Run, { planId, planName }: Job): void => {
    if (planId === null) return;
    if (run.kind === 'backup') tellBackup(run, planId, planName ?? '');
    if (run.kind === 'drill') tellDrill(run, planId, planName ?? '');
  };
  return {
    say,
    drop,
    dropAllFine() {
      if (notices.drop(({ fact }) => fact.kind === 'all-fine')) changed('notices');
    },
    tellEnd(job) {
      try {
        for (const run of runsOf(engine, job)) tellRun(run, job);
      } catch (error) {
        // The work is done, whatever the history says; it must not fall with it.
        engine.notify({ kind: 'history-not-kept', detail: String(error) });
      }
      changed('overview', 'runs');
    },
  };
}

/** The runs that the job has become, one for each place; what went wrong last, so that it is not taken back by the others. */
function runsOf(engine: Engine, { kind, planId, startedAtMs }: Job): readonly Run[] {
  if (planId === null || startedAtMs === null) return [];
  const limit = MOST_PLACES;
  const runs = listRuns(engine.history(), { kind, planId, sinceMs: startedAtMs, limit });
  const isGood = ({ state }: Run): boolean => state === 'ok';
  return [...runs.filter(isGood), ...runs.filter((run) => !isGood(run))];
}
