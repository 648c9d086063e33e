// All work of the agent: what waits, what runs, how far it is. One run per vault at a time, different vaults beside each
// other; a restore or undo goes before everything that waits, and nothing begins beside it.
// Promise: work that was added ends once, with its own result or with why it was stopped; none outlives its longest time.
import { BackupError } from '../../shared/model/backup-error.ts';
import type { Clock, RandomBytes } from '../../shared/model/clock.ts';
import type { JobId, PlanId, VaultId } from '../../shared/model/ids.ts';
import type { Job, JobOrigin } from '../../shared/model/job.ts';
import type { RunKind } from '../../shared/model/run.ts';
import { newId } from '../engine/vault/vault.ts';
import { longestRunMs } from './longest-run.ts';
import type { JobContext } from './record-run.ts';
import { endOfRun, INTERRUPTION, tooLong } from './stop-reason.ts';
import { throttleChanges } from './throttle-changes.ts';

export interface NewJob {
  readonly kind: RunKind;
  readonly plan: { readonly id: PlanId; readonly name: string } | null;
  readonly origin: JobOrigin;
  /** Work on the same vault waits for each other; null: a lane of its own. */
  readonly vault: VaultId | null;
}

export interface JobBoard {
  /** Carries out `work` when its turn comes. One that is cancelled while it waits never starts, and throws cancelled. */
  add<T>(job: NewJob, caller: JobContext, work: (context: JobContext) => Promise<T>): Promise<T>;
  /** The vault's turn for a small change that is no run: waits like one, shown to nobody. */
  takeTurn<T>(vault: VaultId | null, work: (context: JobContext) => Promise<T>): Promise<T>;
  list(): readonly Job[];
  /** False: there is no such job any more. */
  cancel(id: JobId): boolean;
  /** Nothing starts until `release`; what runs stops at a safe boundary and is recorded as interrupted. */
  interrupt(): Promise<void>;
  release(): void;
}

export interface JobBoardOptions {
  readonly clock: Clock;
  readonly random: RandomBytes;
  /** Hears of every begin and end at once, and of progress at most ten times a second. */
  readonly onChange: (jobs: readonly Job[]) => void;
  /** A job that had begun is over; its run is on record by now. */
  readonly onEnd?: (job: Job) => void;
}

interface Entry {
  job: Job;
  readonly lane: VaultId | 'no vault';
  readonly stop: AbortController;
  readonly isShown: boolean;
  /** Carries out the work; what it resolves with tells the caller how it ended. */
  readonly begin: () => Promise<() => void>;
}

/** An empty board. */
export function createJobBoard({ clock, random, onChange, onEnd }: JobBoardOptions): JobBoard {
  const entries = new Map<JobId, Entry>();
  const running = new Set<Promise<void>>();
  let isHeld = false;
  const list = (): readonly Job[] =>
    [...entries.values()].filter(({ isShown }) => isShown).map(({ job }) => job);
  const changes = throttleChanges(clock, () => onChange(list()));
  const update = (entry: Entry, part: Partial<Job>): void => {
    entry.job = { ...entry.job, ...part };
  };

  const beginNext = (): void => {
    if (isHeld) return;
    for (let next = nextEntry(entries); next !== null; next = nextEntry(entries)) {
      const entry = next;
      update(entry, { state: 'running', startedAtMs: clock.nowMs() });
      const end = entry.begin().then((tellCaller) => {
        running.delete(end);
        entries.delete(entry.job.id);
        beginNext();
        changes.now();
        tellCaller();
        if (entry.isShown) onEnd?.(entry.job);
      });
      running.add(end);
    }
  };
  const stopEntry = (entry: Entry, reason: BackupError): void => {
    if (entry.job.state === 'running') update(entry, { state: 'stopping' });
    entry.stop.abort(reason);
    changes.now();
  };

  const enter = async <T>(
    newJob: NewJob,
    isShown: boolean,
    caller: JobContext,
    work: (context: JobContext) => Promise<T>,
  ): Promise<T> => {
    const id = newId(random) as JobId;
    const stop = new AbortController();
    const { signal } = stop;
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    const begin = async (): Promise<() => void> => {
      const onProgress: JobContext['onProgress'] = (progress) => {
        update(entry, { progress });
        changes.soon();
        caller.onProgress(progress);
      };
      const limitMs = longestRunMs(newJob.kind);
      await using _ = watchRun(clock, limitMs, () => stopEntry(entry, tooLong(limitMs)));
      try {
        const value = await work({ signal, onProgress });
        return () => resolve(value);
      } catch (error) {
        const thrown = signal.aborted
          ? new BackupError(endOfRun(signal, error).thrown, error)
          : error;
        return () => reject(thrown);
      }
    };
    const lane = newJob.vault ?? 'no vault';
    const entry: Entry = { job: waitingJob(id, newJob), lane, stop, isShown, begin };
    entries.set(id, entry);
    signal.addEventListener('abort', () => {
      if (entry.job.state !== 'waiting') return;
      entries.delete(id);
      reject(new BackupError({ code: 'cancelled' }));
    });
    const onCallerAbort = (): void => stopEntry(entry, abortReason(caller.signal));
    caller.signal.addEventListener('abort', onCallerAbort, { once: true });
    if (caller.signal.aborted) onCallerAbort();
    beginNext();
    changes.now();
    return promise.finally(() => caller.signal.removeEventListener('abort', onCallerAbort));
  };

  return {
    add: async (newJob, caller, work) => enter(newJob, true, caller, work),
    takeTurn: async (vault, work) =>
      enter({ kind: 'key', plan: null, origin: 'user', vault }, false, nobody(), work),
    list,
    cancel(id) {
      const entry = entries.get(id);
      if (entry === undefined) return false;
      stopEntry(entry, new BackupError({ code: 'cancelled' }));
      return true;
    },
    async interrupt() {
      isHeld = true;
      for (const entry of entries.values()) {
        if (entry.job.state !== 'waiting') stopEntry(entry, INTERRUPTION);
      }
      await Promise.allSettled(running);
    },
    release() {
      isHeld = false;
      beginNext();
      changes.now();
    },
  };
}

const isRestore = ({ job }: Entry): boolean => job.kind === 'restore' || job.kind === 'undo';

/** Whose turn it is: a restore first, else in order; null while none may begin. */
function nextEntry(entries: ReadonlyMap<JobId, Entry>): Entry | null {
  const all = [...entries.values()];
  const under = all.filter(({ job }) => job.state !== 'waiting');
  // What begins beside a restore would tidy up around files that it has half in place.
  if (under.some(isRestore)) return null;
  const taken = new Set(under.map(({ lane }) => lane));
  const waiting = all.filter(({ job }) => job.state === 'waiting');
  const restores = waiting.filter(isRestore);
  return [...restores, ...waiting].find(({ lane }) => !taken.has(lane)) ?? null;
}

function waitingJob(id: JobId, { kind, plan, origin }: NewJob): Job {
  return {
    id,
    kind,
    planId: plan?.id ?? null,
    planName: plan?.name ?? null,
    origin,
    state: 'waiting',
    startedAtMs: null,
    progress: null,
  };
}

const nobody = (): JobContext => ({
  signal: new AbortController().signal,
  onProgress: () => undefined,
});

/** Stops what takes too long; sleeps on the monotonic clock, so that a turned clock ends nothing. */
function watchRun(clock: Clock, limitMs: number, stop: () => void): AsyncDisposable {
  const over = new AbortController();
  const watch = clock.sleep(limitMs, over.signal).then(stop, () => undefined);
  return {
    async [Symbol.asyncDispose]() {
      over.abort();
      await watch;
    },
  };
}

/** A caller that only says "stop" cancels. */
function abortReason({ reason }: AbortSignal): BackupError {
  return reason instanceof BackupError ? reason : new BackupError({ code: 'cancelled' });
}
