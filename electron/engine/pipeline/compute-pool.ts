// A pool of compute workers: the heavy work of backup, check and restore on all cores, off the main thread.
// Threads start with the first job and end when there was none for a while: an agent in the tray keeps no memory for them, nor for what a run left behind.
// A worker that dies fails its jobs; nothing waits for ever.
import { Worker } from 'node:worker_threads';
import { availableParallelism } from 'node:os';
import { BackupError } from '../../../shared/model/backup-error.ts';
import type { Failure } from '../../../shared/model/failure.ts';
import type { ComputeJob, ComputeResults } from './compute-jobs.ts';
import { collectAllGarbage } from './young-garbage.ts';

const MAX_WORKERS = 4;
/** Workers make large short-lived buffers: a small young generation has them collected early. */
const RESOURCE_LIMITS = { maxYoungGenerationSizeMb: 4, maxOldGenerationSizeMb: 128 };
/** Longer than any pause within a run; starting them anew costs a tenth of a second. */
const IDLE_MS = 20_000;

interface Reply {
  readonly id: number;
  readonly result?: unknown;
  readonly failure?: Failure;
}

interface Waiting {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: unknown) => void;
}

interface Lane {
  readonly worker: Worker;
  readonly waiting: Map<number, Waiting>;
}

export interface ComputePool extends AsyncDisposable {
  readonly workers: number;
  /** Starts the threads now, so that they are there when the first job comes. */
  warmUp(): void;
  /** Runs one job on the least busy worker; throws the job's BackupError. */
  run<K extends ComputeJob['kind']>(
    job: Extract<ComputeJob, { kind: K }>,
    transfer?: readonly ArrayBuffer[],
  ): Promise<ComputeResults[K]>;
}

/** `workerUrl` is compute-worker.ts, or what it was built to; threads end after `idleMs` without a job. */
export function createComputePool(
  workerUrl: URL,
  workers: number = Math.min(MAX_WORKERS, Math.max(1, availableParallelism())),
  idleMs: number = IDLE_MS,
): ComputePool {
  const lanes: Lane[] = [];
  let lastId = 0;
  let idleTimer: NodeJS.Timeout | null = null;

  const endLanes = async (): Promise<void> => {
    if (idleTimer !== null) clearTimeout(idleTimer);
    idleTimer = null;
    await Promise.all(lanes.splice(0).map((lane) => lane.worker.terminate()));
  };
  /** Called at each end of a job and each start of threads; the last call counts. */
  const endWhenIdle = (): void => {
    if (idleTimer !== null) clearTimeout(idleTimer);
    idleTimer = setTimeout(() => {
      if (lanes.every((lane) => lane.waiting.size === 0)) void endLanes().then(collectAllGarbage);
    }, idleMs).unref();
  };

  const openLane = (): Lane => {
    const lane = startLane(workerUrl);
    lanes.push(lane);
    // A thread that is gone would never answer.
    lane.worker.once('exit', () => {
      const at = lanes.indexOf(lane);
      if (at !== -1) lanes.splice(at, 1);
    });
    return lane;
  };
  const laneForJob = (): Lane => {
    const idle = lanes.find((lane) => lane.waiting.size === 0);
    if (idle !== undefined) return idle;
    if (lanes.length < workers) return openLane();
    return lanes.reduce((best, lane) => (lane.waiting.size < best.waiting.size ? lane : best));
  };

  return {
    workers,
    warmUp() {
      while (lanes.length < workers) openLane();
      endWhenIdle();
    },
    run<K extends ComputeJob['kind']>(
      job: Extract<ComputeJob, { kind: K }>,
      transfer: readonly ArrayBuffer[] = [],
    ): Promise<ComputeResults[K]> {
      const lane = laneForJob();
      const id = ++lastId;
      const done = new Promise<ComputeResults[K]>((resolve, reject) => {
        lane.waiting.set(id, { resolve: resolve as (result: unknown) => void, reject });
        lane.worker.postMessage({ id, job }, [...transfer]);
      });
      return done.finally(endWhenIdle);
    },
    [Symbol.asyncDispose]: endLanes,
  };
}

function startLane(workerUrl: URL): Lane {
  const worker = new Worker(workerUrl, { resourceLimits: RESOURCE_LIMITS });
  const waiting = new Map<number, Waiting>();
  const failAll = (error: Error) => {
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  };
  worker.on('message', ({ id, result, failure }: Reply) => {
    const job = waiting.get(id);
    waiting.delete(id);
    if (failure === undefined) job?.resolve(result);
    else job?.reject(new BackupError(failure));
  });
  worker.on('error', failAll);
  worker.on('exit', () =>
    failAll(new BackupError({ code: 'unexpected', detail: 'a compute worker ended early' })),
  );
  return { worker, waiting };
}
