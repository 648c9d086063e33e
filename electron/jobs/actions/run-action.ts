// One command of a plan around a run: carried out, and put on the run's record with what it said.
import { mkdir } from 'node:fs/promises';
import { BackupError } from '../../../shared/model/backup-error.ts';
import {
  commandText,
  type Action,
  type ActionPhase,
  type ActionRecord,
} from '../../../shared/model/actions.ts';
import type { Failure } from '../../../shared/model/failure.ts';
import type { PlanId, RunId } from '../../../shared/model/ids.ts';
import type { RunEndState } from '../../../shared/model/run.ts';
import { recordAction } from '../../history/runs.ts';
import { runCommand, type UserCommandResult } from '../../platform/run-command.ts';
import type { Engine } from '../engine.ts';
import { actionFile, actionsFolder } from './action-files.ts';

export interface ActionWish {
  readonly planId: PlanId;
  readonly planName: string;
  readonly run: RunId;
  readonly phase: ActionPhase;
  readonly action: Action;
  /** What became of the backup; null before it. */
  readonly result: RunEndState | null;
  readonly isLate: boolean;
  /** Null: nothing stops it but its time. */
  readonly signal: AbortSignal | null;
  readonly onStart?: (pid: number) => void;
}

/** Never throws for what the command does. */
export async function runAction(engine: Engine, wish: ActionWish): Promise<ActionRecord> {
  const { phase, action, isLate, run } = wish;
  const startedAtMs = engine.clock.nowMs();
  const beganMs = engine.clock.monotonicMs();
  const { end, output } = await carryOut(engine, wish);
  const record: ActionRecord = {
    phase,
    command: action.command,
    startedAtMs,
    durationMs: Math.round(engine.clock.monotonicMs() - beganMs),
    end,
    output,
    isLate,
  };
  if (!recordAction(engine.history(), run, record)) {
    engine.notify({ kind: 'history-not-kept', detail: engine.history().trouble() ?? 'unknown' });
  }
  return record;
}

async function carryOut(engine: Engine, wish: ActionWish): Promise<UserCommandResult> {
  const { planId, phase, action, signal, onStart } = wish;
  try {
    await mkdir(actionsFolder(engine), { recursive: true, mode: 0o700 });
    return await runCommand({
      command: action.command,
      timeLimitMs: action.timeLimitMs,
      variables: variablesOf(wish),
      outputFile: actionFile(engine, planId, phase),
      signal,
      ...(onStart === undefined ? {} : { onStart }),
    });
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    return { end: { kind: 'not-started', detail }, output: '' };
  }
}

function variablesOf({ planName, run, phase, result }: ActionWish): Record<string, string> {
  return {
    HOLDFAST_PLAN: planName,
    HOLDFAST_RUN: run,
    HOLDFAST_PHASE: phase,
    ...(result === null ? {} : { HOLDFAST_RESULT: result }),
  };
}

const MOST_LINES = 3;
const MOST_CHARACTERS = 400;

/** What a command that did not do its work amounts to. */
export function actionFailure({ phase, command, end, output }: ActionRecord): Failure {
  const lines = output.split('\n').slice(-MOST_LINES).join(' / ').slice(-MOST_CHARACTERS).trim();
  return { code: 'action-failed', phase, command: commandText(command), end, lines };
}

export function actionError(record: ActionRecord): BackupError {
  return new BackupError(actionFailure(record));
}
