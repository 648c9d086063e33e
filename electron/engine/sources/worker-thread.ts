// One life of the source worker, seen from the main thread: calls with deadlines, and its end.
// Promise: every call is answered or fails; after a deadline the thread is ended and answers nothing more.
import { Worker } from 'node:worker_threads';
import { BackupError } from '../../../shared/model/backup-error.ts';
import type { Input, OperationName, Output, Reply, Request } from './operations.ts';

export interface CallOptions {
  /** Longest time until the answer, milliseconds; past it the worker is ended and started anew. */
  readonly deadlineMs?: number;
  readonly signal?: AbortSignal;
  /** For one long native call, which hears nothing: the thread is ended with it, as past a deadline. */
  readonly endsThread?: boolean;
  readonly onProgress?: (progress: unknown) => void;
}

/** Fits a slice from a slow share and a stable read of a large file; long work brings its own. */
const DEFAULT_DEADLINE_MS = 10 * 60_000;
/** An ended thread sits in a native call at most this long before another may start beside it. */
const END_GRACE_MS = 5_000;

interface Pending {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
  readonly onProgress: ((progress: unknown) => void) | undefined;
  readonly done: () => void;
  /** What the thread holds of the subject because of this call, once it is answered. */
  readonly settle: (isValue: boolean) => void;
}

export interface WorkerThread {
  call<N extends OperationName>(
    name: N,
    subject: string,
    input: Input<N>,
    options?: CallOptions,
  ): Promise<Output<N>>;
  isAlive(): boolean;
  /** True for files that a call under way is about (or about a folder above), or that an answered one left open. */
  holds(path: string): boolean;
  /** True when the thread is gone, false when it still sits in a native call. */
  end(reason: string): Promise<boolean>;
  readonly gone: Promise<void>;
}

/** How many more handles of its subject an answered call leaves open. */
const handlesLeft: Partial<Record<OperationName, number>> = {
  openCapture: 1,
  openRawFile: 1,
  closeCapture: -1,
  closeRawFile: -1,
};

/** Starts the worker thread. */
export function startWorkerThread(workerUrl: URL): WorkerThread {
  const worker = new Worker(workerUrl, { name: 'holdfast-sources' });
  const pending = new Map<number, Pending>();
  const held = new Map<string, number>();
  let isAlive = true;
  let lastId = 0;

  const failAll = (detail: string): void => {
    isAlive = false;
    for (const call of pending.values()) {
      call.done();
      call.reject(new BackupError({ code: 'unexpected', detail }));
    }
    pending.clear();
  };
  const gone = new Promise<void>((resolve) => {
    worker.once('exit', (code) => {
      failAll(`the thread that reads sources ended (${code})`);
      resolve();
    });
  });
  worker.on('error', (error: unknown) =>
    failAll(`the thread that reads sources failed: ${String(error)}`),
  );
  worker.on('message', (reply: Reply) => {
    const call = pending.get(reply.id);
    if (call === undefined) return;
    if (reply.kind === 'progress') {
      call.onProgress?.(reply.progress);
      return;
    }
    pending.delete(reply.id);
    call.done();
    call.settle(reply.kind === 'value');
    if (reply.kind === 'value') call.resolve(reply.value);
    else call.reject(new BackupError(reply.failure));
  });

  const hold = (path: string, more: number): void => {
    const count = (held.get(path) ?? 0) + more;
    if (count > 0) held.set(path, count);
    else held.delete(path);
  };

  const end = async (reason: string): Promise<boolean> => {
    failAll(reason);
    void worker.terminate();
    return Promise.race([gone.then(() => true), after(END_GRACE_MS).then(() => false)]);
  };

  const call = <N extends OperationName>(
    name: N,
    subject: string,
    input: Input<N>,
    options: CallOptions = {},
  ): Promise<Output<N>> =>
    new Promise((resolve, reject) => {
      if (!isAlive) {
        reject(busy(subject, 'the thread that read it was ended'));
        return;
      }
      hold(subject, 1);
      const id = (lastId += 1);
      const send = (request: Request): void => worker.postMessage(request);
      const deadlineMs = options.deadlineMs ?? DEFAULT_DEADLINE_MS;
      const timer = setTimeout(() => {
        pending.delete(id);
        options.signal?.removeEventListener('abort', cancel);
        reject(busy(subject, `no answer within ${deadlineMs} ms`));
        void end('the thread that reads sources did not answer in time');
      }, deadlineMs);
      const cancel = (): void => {
        if (options.endsThread !== true) return send({ kind: 'cancel', id });
        pending.delete(id);
        done();
        reject(new BackupError({ code: 'cancelled' }));
        void end('the thread that reads sources was given up with a call');
      };
      options.signal?.addEventListener('abort', cancel, { once: true });
      const done = (): void => {
        clearTimeout(timer);
        options.signal?.removeEventListener('abort', cancel);
      };
      pending.set(id, {
        // The worker answers with the output that the operation map gives for this name.
        resolve: (value) => resolve(value as Output<N>),
        reject,
        onProgress: options.onProgress,
        done,
        settle: (isValue) => hold(subject, (isValue ? (handlesLeft[name] ?? 0) : 0) - 1),
      });
      send({ kind: 'call', id, name, input });
      if (options.signal?.aborted === true) cancel();
    });

  return {
    call,
    end,
    gone,
    isAlive: () => isAlive,
    holds: (path) => held.has(path) || [...held.keys()].some((above) => isBelow(path, above)),
  };
}

/** A call about a folder reads the files in it. */
function isBelow(path: string, folder: string): boolean {
  return path.startsWith(folder) && /[\\/]/u.test(path.charAt(folder.length));
}

function busy(path: string, detail: string): BackupError {
  return new BackupError({ code: 'source-busy', path, detail });
}

function after(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
  });
}
