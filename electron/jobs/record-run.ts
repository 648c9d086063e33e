// Every run goes through here: on record from its start, its phases timed, ended ok, partial, failed, cancelled or interrupted.
// Promise: a history that cannot be written never stops a run; it is said, and the run goes on.
import { BackupError, failureOf } from '../../shared/model/backup-error.ts';
import type { Failure, Problem } from '../../shared/model/failure.ts';
import type { PlanId, PointId, RunId, VaultId } from '../../shared/model/ids.ts';
import type { Phase, Progress } from '../../shared/model/progress.ts';
import type { Evidence, RunKind } from '../../shared/model/run.ts';
import { newId } from '../engine/vault/vault.ts';
import {
  recordPhase,
  recordRunEnd,
  recordRunStart,
  type RunEnd,
  type RunStart,
} from '../history/runs.ts';
import type { Engine } from './engine.ts';
import { holdVault, type LocatedVault } from './locate-vault.ts';
import { encodeProcess } from './open-job-history.ts';
import { endOfRun } from './stop-reason.ts';
import { watchPhases } from './watch-phases.ts';

/** What an entry gives to each job. */
export interface JobContext {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: Progress) => void;
}

/** What a job is asked to run on; `expectedVault` comes from a plan. */
export interface RunSubject {
  readonly kind: RunKind;
  readonly place: string;
  readonly planId: PlanId | null;
  readonly expectedVault: VaultId | null;
}

/** The body's side of a run. */
export interface LocalRunBody extends JobContext {
  readonly id: RunId;
  /** Facts that hold even if the run fails later. */
  note(facts: Partial<RunFacts>): void;
}

export interface RunBody extends LocalRunBody {
  readonly located: LocatedVault;
}

export interface RunFacts {
  readonly point: PointId | null;
  readonly bytesRead: number;
  readonly bytesStored: number;
  readonly problems: readonly Problem[];
  readonly evidence: readonly Evidence[];
}

/** Runs `body` on the vault at the place, on record. Throws what the body throws; an aborted one throws cancelled. */
export async function recordRun<T>(
  engine: Engine,
  subject: RunSubject,
  context: JobContext,
  body: (run: RunBody) => Promise<T>,
): Promise<T> {
  await using found = await locate(engine, subject, context.signal);
  const { located } = found;
  const isFound = !(located instanceof BackupError);
  const start = { ...subject, vaultId: isFound ? located.vaultId : null };
  return await record(engine, start, context, async (run) => {
    if (!isFound) throw located;
    return body({ ...run, located });
  });
}

/** The same for a run that needs no vault. */
export async function recordLocalRun<T>(
  engine: Engine,
  kind: RunKind,
  context: JobContext,
  body: (run: LocalRunBody) => Promise<T>,
  planId: PlanId | null = null,
): Promise<T> {
  return record(engine, { kind, place: null, planId, vaultId: null }, context, body);
}

type RecordedStart = Pick<RunStart, 'kind' | 'planId' | 'vaultId' | 'place'>;

async function record<T>(
  engine: Engine,
  start: RecordedStart,
  context: JobContext,
  body: (run: LocalRunBody) => Promise<T>,
): Promise<T> {
  const id = newId(engine.random) as RunId;
  const phases = watchPhases(engine.clock, context.onProgress);
  let facts: RunFacts = { point: null, bytesRead: 0, bytesStored: 0, problems: [], evidence: [] };
  const isOnRecord = startRecord(engine, id, start);
  const end = (state: RunEnd['state'], failure: Failure | null): void => {
    if (isOnRecord) endRecord(engine, id, phases.end(), { ...facts, state, failure });
  };
  try {
    context.signal.throwIfAborted();
    const value = await body({
      signal: context.signal,
      onProgress: phases.onProgress,
      id,
      note: (more) => void (facts = { ...facts, ...more }),
    });
    end(facts.problems.length === 0 ? 'ok' : 'partial', null);
    return value;
  } catch (cause) {
    const stopped = endOfRun(context.signal, cause);
    end(stopped.state, stopped.failure);
    throw new BackupError(stopped.thrown, cause);
  }
}

/** The vault, its place connected until disposed; or what prevents it. */
async function locate(
  engine: Engine,
  { place, expectedVault }: RunSubject,
  signal: AbortSignal,
): Promise<{ readonly located: LocatedVault | BackupError } & AsyncDisposable> {
  const found = await holdVault(engine, { place, expectedVault }, signal).catch((error: unknown) =>
    error instanceof BackupError ? error : new BackupError(failureOf(error), error),
  );
  if (!(found instanceof BackupError)) return found;
  return { located: found, [Symbol.asyncDispose]: async () => undefined };
}

function startRecord(
  engine: Engine,
  id: RunId,
  { kind, planId, vaultId, place }: RecordedStart,
): boolean {
  const process = encodeProcess(engine.owner);
  const startedAtMs = engine.clock.nowMs();
  const run = { id, kind, planId, vaultId, place, startedAtMs, process };
  const isOnRecord = recordRunStart(engine.history(), run);
  if (!isOnRecord) sayTrouble(engine);
  return isOnRecord;
}

function endRecord(
  engine: Engine,
  id: RunId,
  phases: ReadonlyMap<Phase, number>,
  end: Omit<RunEnd, 'endedAtMs'>,
): void {
  const history = engine.history();
  let isOnRecord = false;
  // One transaction: each would wait for the disk.
  const isWritten = history.write(() => {
    for (const [phase, ms] of phases) recordPhase(history, id, phase, ms);
    isOnRecord = recordRunEnd(history, id, { ...end, endedAtMs: engine.clock.nowMs() });
  });
  if (!isWritten || !isOnRecord) sayTrouble(engine);
}

function sayTrouble(engine: Engine): void {
  const detail = engine.history().trouble() ?? 'the run is no longer on record';
  engine.notify({ kind: 'history-not-kept', detail });
}
