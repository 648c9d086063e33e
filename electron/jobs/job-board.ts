// All work of the agent: what waits, what runs, how far it is. One run per vault at a time; a restore goes before what waits.
import type { JobId, PlanId, VaultId } from '../../shared/model/ids.ts';
import type { Job, JobOrigin } from '../../shared/model/job.ts';
import type { RunKind } from '../../shared/model/run.ts';
import { BackupError } from '../../shared/model/backup-error.ts';
import { newId } from '../engine/vault/vault.ts';
import type { RandomBytes } from '../../shared/model/clock.ts';
import type { JobContext } from './record-run.ts';

export interface NewJob {
  readonly kind: RunKind;
  readonly plan: { readonly id: PlanId; readonly name: string } | null;
  readonly origin: JobOrigin;
  /** Work on the same vault waits for each other; null: it needs none. */
  readonly vault: VaultId | null;
}

export interface JobBoard {
  /** Carries out `work` when its turn comes. One that is cancelled while it waits never starts, and throws cancelled. */
  add<T>(job: NewJob, caller: JobContext, work: (context: JobContext) => Promise<T>): Promise<T>;
  list(): readonly Job[];
  /** False: there is no such job any more. */
  cancel(id: JobId): boolean;
  /** Nothing starts until `release`; what runs stops at a safe boundary and is recorded as interrupted. */
  interrupt(): Promise<void>;
  release(): void;
}

/** An empty board. `onChange` hears of every begin, end and report. */
export function createJobBoard(
  random: RandomBytes,
  onChange: (jobs: readonly Job[]) => void,
): JobBoard {
  const jobs = new Map<JobId, { job: Job; readonly stop: AbortController }>();
  let last: Promise<unknown> = Promise.resolve();
  const list = () => [...jobs.values()].map(({ job }) => job);
  const update = (id: JobId, part: Partial<Job>): void => {
    const entry = jobs.get(id);
    if (entry !== undefined) entry.job = { ...entry.job, ...part };
    onChange(list());
  };
  return {
    async add({ kind, plan, origin }, caller, work) {
      const id = newId(random) as string as JobId;
      const stop = new AbortController();
      const signal = AbortSignal.any([caller.signal, stop.signal]);
      const job: Job = {
        id,
        kind,
        planId: plan?.id ?? null,
        planName: plan?.name ?? null,
        origin,
        state: 'waiting',
        startedAtMs: null,
        progress: null,
      };
      jobs.set(id, { job, stop });
      onChange(list());
      const turn = last
        .then(async () => {
          if (signal.aborted) throw new BackupError({ code: 'cancelled' });
          update(id, { state: 'running' });
          return work({
            signal,
            onProgress: (progress) => {
              update(id, { progress });
              caller.onProgress(progress);
            },
          });
        })
        .finally(() => {
          jobs.delete(id);
          onChange(list());
        });
      last = turn.catch(() => undefined);
      return turn;
    },
    list,
    cancel(id) {
      jobs.get(id)?.stop.abort();
      return jobs.has(id);
    },
    async interrupt() {
      for (const { stop } of jobs.values()) stop.abort();
      await last;
    },
    release: () => undefined,
  };
}
