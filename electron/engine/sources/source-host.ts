// The main thread's side of the source worker: the only way to sources, drill copies and restore targets.
// Promise: the caller's thread never blocks on a source; a worker past its deadline is ended and a new one takes the next
// call. Files that a stuck thread still holds are refused: when it ends, closing them drops the process's locks on them.
import { BackupError } from '../../../shared/model/backup-error.ts';
import type { Clock } from '../../../shared/model/clock.ts';
import type { TableCount } from '../../../shared/model/restore-point.ts';
import type { Capture, CaptureRequest, SourceInspection } from './capture.ts';
import type { Input, OperationName, Output } from './operations.ts';
import { type CallOptions, startWorkerThread, type WorkerThread } from './worker-thread.ts';

export interface SourceHostOptions {
  /** Where the worker's code lies: `source-worker.ts` in the source, `source-worker.js` in the product. */
  readonly workerUrl: URL;
  readonly clock: Clock;
}

/** A file open in the worker, read as bytes. */
export interface OpenRawFile extends AsyncDisposable {
  readonly size: number;
  readonly mode: number;
  readonly mtimeMs: number;
  /** Bytes read into the buffer from `offset` on; fewer than it holds only at the end of the file. */
  read(buffer: SharedArrayBuffer, offset: number): Promise<number>;
  close(): Promise<void>;
}

/** One per process: two workers would drop each other's locks. */
export interface SourceHost extends AsyncDisposable {
  /** What a path is; a budget of 0 leaves out row counts, who holds it and what belongs to it. Never changes it. Throws source-missing, source-unreadable. */
  inspect(path: string, countBudgetMs?: number): Promise<SourceInspection>;
  /** Throws source-missing, source-unreadable, source-busy, source-damaged (store its files raw), source-unsupported. */
  /** `signal` ends the waiting for another program, in every call of the capture: it then throws cancelled. */
  openCapture(request: CaptureRequest, signal?: AbortSignal): Promise<Capture>;
  openRawFile(path: string): Promise<OpenRawFile>;
  /**
   * What SQLite's integrity check complains about; empty = sound. The file is a copy of ours. A signal ends the thread with
   * all that it holds: only where nothing else is under way. Throws cancelled then.
   */
  checkIntegrity(
    path: string,
    deadlineMs: number,
    signal?: AbortSignal,
  ): Promise<readonly string[]>;
  /** Rows of as many tables as the budget allows, smallest first. */
  countTables(path: string, budgetMs: number): Promise<readonly TableCount[]>;
  /** Any operation of the map; `subject` is the absolute path it is about. */
  call<N extends OperationName>(
    name: N,
    subject: string,
    input: Input<N>,
    options?: CallOptions,
  ): Promise<Output<N>>;
}

/** A screen waits for this. */
const INSPECT_BUDGET_MS = 500;
/** How long the worker may take to close what it holds. */
const CLOSE_DEADLINE_MS = 5_000;

/** Starts the source worker. */
export async function openSourceHost(options: SourceHostOptions): Promise<SourceHost> {
  const { workerUrl, clock } = options;
  let current = startWorkerThread(workerUrl);
  let isClosed = false;
  const stuck = new Set<WorkerThread>();

  const ready = async (subject: string): Promise<WorkerThread> => {
    if (isClosed)
      throw new BackupError({ code: 'unexpected', detail: 'the source host is closed' });
    if (!current.isAlive()) {
      const old = current;
      const isGone = await old.end('ended');
      if (!isGone) {
        stuck.add(old);
        void old.gone.then(() => stuck.delete(old));
      }
      if (current === old) current = startWorkerThread(workerUrl);
    }
    for (const thread of stuck) {
      if (thread.holds(subject)) {
        const detail = 'an earlier attempt to read it has not come back yet';
        throw new BackupError({ code: 'source-busy', path: subject, detail });
      }
    }
    return current;
  };

  const call: SourceHost['call'] = async (name, subject, input, callOptions) =>
    (await ready(subject)).call(name, subject, input, callOptions);

  return {
    call,
    inspect: (path, countBudgetMs = INSPECT_BUDGET_MS) =>
      call('inspect', path, { path, countBudgetMs }),
    countTables: (path, budgetMs) => call('countTables', path, { path, budgetMs }),
    checkIntegrity: (path, deadlineMs, signal) => {
      // Windows removes no file that a thread still reads: there the end of the check is waited for.
      const isHeard = signal !== undefined && process.platform !== 'win32';
      const ending = isHeard ? { signal, endsThread: true } : {};
      return call('checkIntegrity', path, { path }, { deadlineMs, ...ending });
    },
    openRawFile: async (path) => {
      const thread = await ready(path);
      return rawFileOf(thread, path, await thread.call('openRawFile', path, { path }));
    },
    openCapture: async (request, signal) => {
      const thread = await ready(request.path);
      return openCaptureOn(thread, request, clock, signal === undefined ? {} : { signal });
    },
    [Symbol.asyncDispose]: async () => {
      isClosed = true;
      if (current.isAlive()) {
        // What it fails to close, the end of the thread closes.
        await current
          .call('closeAll', '', {}, { deadlineMs: CLOSE_DEADLINE_MS })
          .catch(() => undefined);
      }
      await current.end('the source host was closed');
    },
  };
}

function rawFileOf(thread: WorkerThread, path: string, opened: Output<'openRawFile'>): OpenRawFile {
  const { file, size, mode, mtimeMs } = opened;
  let isOpen = true;
  const close = async (): Promise<void> => {
    if (!isOpen || !thread.isAlive()) return;
    isOpen = false;
    await thread.call('closeRawFile', path, { file });
  };
  return {
    size,
    mode,
    mtimeMs,
    read: (buffer, offset) => thread.call('readRawFile', path, { file, buffer, offset }),
    close,
    [Symbol.asyncDispose]: close,
  };
}

async function openCaptureOn(
  thread: WorkerThread,
  request: CaptureRequest,
  clock: Clock,
  options: CallOptions,
): Promise<Capture> {
  const { path } = request;
  const nowMs = clock.nowMs();
  const opened = await thread.call('openCapture', path, { ...request, nowMs }, options);
  const { capture, state } = opened;
  let isOpen = true;
  return {
    state,
    nextSlice: (buffer) => thread.call('nextSlice', path, { capture, buffer }, options),
    endPass: () => thread.call('endPass', path, { capture, nowMs: clock.nowMs() }, options),
    [Symbol.asyncDispose]: async () => {
      if (!isOpen || !thread.isAlive()) return;
      isOpen = false;
      await thread.call('closeCapture', path, { capture });
    },
  };
}
