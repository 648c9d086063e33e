// A backup between the plan's two commands.
// Promise: from before the first command until the second has ended, the second is owed durably; whatever becomes of the
// backup, and of this process, it is run. No command is run that nobody here has agreed to, and none beside an owed one.
import { BackupError, failureOf } from '../../../shared/model/backup-error.ts';
import {
  hasActions,
  isActionDone,
  type ActionRecord,
  type PlanActions,
} from '../../../shared/model/actions.ts';
import type { Problem } from '../../../shared/model/failure.ts';
import type { RunId } from '../../../shared/model/ids.ts';
import type { Plan } from '../../../shared/model/plan.ts';
import type { RunEndState } from '../../../shared/model/run.ts';
import type { Engine } from '../engine.ts';
import { endOfRun } from '../stop-reason.ts';
import { areActionsAgreed, commandsOf } from './agreements.ts';
import { finishOwed } from './finish-owed-actions.ts';
import { removeOwed, writeOwed, type OwedAfter } from './owed-after.ts';
import { takePlanLock } from './plan-lock.ts';
import { actionError, actionFailure, runAction, type ActionWish } from './run-action.ts';

export interface BracketedRun {
  readonly id: RunId;
  readonly place: string;
  readonly signal: AbortSignal;
  readonly onRecord: (record: ActionRecord) => void;
  /** What the commands could not do; said also when the backup itself fails. */
  readonly onProblem: (problem: Problem) => void;
}

interface Backup<T> {
  readonly make: () => Promise<T>;
  readonly isWhole: (made: T) => boolean;
}

/** Throws what `make` throws; action-failed or actions-not-agreed where there shall be no backup without the first command. */
export async function aroundBackup<T>(
  engine: Engine,
  plan: Plan | null,
  run: BracketedRun,
  backup: Backup<T>,
): Promise<T> {
  if (plan === null || !hasActions(plan.actions)) return backup.make();
  const { actions } = plan;
  if (!(await areActionsAgreed(engine, plan))) {
    const commands = commandsOf(plan);
    const failure = { code: 'actions-not-agreed', plan: plan.name, commands } as const;
    if (actions.before?.onFailure === 'stop') throw new BackupError(failure);
    run.onProblem({ failure });
    return backup.make();
  }
  using _ = await takePlanLock(engine, { plan: plan.id, place: run.place }, run.signal);
  await finishOwed(engine, plan.id);
  run.signal.throwIfAborted();
  const owed = await owe(engine, plan, actions, run);
  let result: RunEndState = 'failed';
  try {
    await runBefore(engine, plan, actions, run, owed);
    const made = await backup.make();
    result = backup.isWhole(made) ? 'ok' : 'partial';
    return made;
  } catch (error) {
    result = endOfRun(run.signal, error).state;
    throw error;
  } finally {
    await runAfter(engine, plan, actions, run, result);
  }
}

/** Null: no command after the backup. */
async function owe(
  engine: Engine,
  plan: Plan,
  { after }: PlanActions,
  { id }: BracketedRun,
): Promise<OwedAfter | null> {
  if (after === null) return null;
  const { command, timeLimitMs } = after;
  const owed: OwedAfter = {
    version: 1,
    run: id,
    planId: plan.id,
    planName: plan.name,
    command: [...command],
    timeLimitMs,
    beforePid: null,
  };
  try {
    await writeOwed(engine, owed);
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    const end = { kind: 'not-started', detail } as const;
    const [text = ''] = commandsOf(plan);
    const cause = {
      code: 'action-failed',
      phase: 'before',
      command: text,
      end,
      lines: '',
    } as const;
    throw new BackupError(cause, error);
  }
  return owed;
}

async function runBefore(
  engine: Engine,
  plan: Plan,
  { before }: PlanActions,
  run: BracketedRun,
  owed: OwedAfter | null,
): Promise<void> {
  if (before === null) return;
  let noting: Promise<void> = Promise.resolve();
  const onStart = (beforePid: number): void => {
    // What cannot be noted costs a late command its patience with this one, nothing else.
    if (owed !== null) noting = writeOwed(engine, { ...owed, beforePid }).catch(() => undefined);
  };
  const record = await runAction(engine, {
    ...wishOf(plan, run),
    phase: 'before',
    action: before,
    result: null,
    signal: run.signal,
    onStart,
  });
  await noting;
  run.onRecord(record);
  run.signal.throwIfAborted();
  if (isActionDone(record.end)) return;
  if (before.onFailure === 'stop') throw actionError(record);
  run.onProblem({ failure: actionFailure(record) });
}

async function runAfter(
  engine: Engine,
  plan: Plan,
  { after }: PlanActions,
  run: BracketedRun,
  result: RunEndState,
): Promise<void> {
  if (after === null) return;
  // Not with the run's signal: a backup that was cancelled leaves nothing stopped.
  const wish = {
    ...wishOf(plan, run),
    phase: 'after',
    action: after,
    result,
    signal: null,
  } as const;
  const record = await runAction(engine, wish);
  run.onRecord(record);
  if (!isActionDone(record.end)) run.onProblem({ failure: actionFailure(record) });
  try {
    await removeOwed(engine, plan.id);
  } catch (error) {
    // It stays owed and is run once more; the backup is what it is.
    run.onProblem({ failure: failureOf(error) });
  }
}

const wishOf = (plan: Plan, { id }: BracketedRun) =>
  ({ planId: plan.id, planName: plan.name, run: id, isLate: false }) satisfies Partial<ActionWish>;
