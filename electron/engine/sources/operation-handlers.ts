// Name -> handler of everything that the source worker can be asked. A new operation is one line here.
import { BackupError } from '../../../shared/model/backup-error.ts';
import { type CaptureEnvironment, untilStopped } from './capture-parts.ts';
import { type CaptureSession, openSession } from './capture-session.ts';
import { checkForeignKeys } from './check-foreign-keys.ts';
import { checkIntegrity } from './check-integrity.ts';
import { compareDatabases, pathOfPair } from './compare-databases.ts';
import { countSource, inspectSource } from './inspect-source.ts';
import { listFolder } from './list-folder.ts';
import { lookAtTarget } from './look-at-target.ts';
import type { Handlers } from './operations.ts';
import { openRawFile, type RawFileHandle, readRawFile } from './raw-file.ts';
import { readRows } from './read-rows.ts';
import { readSmallFiles } from './read-small-files.ts';
import { replaceTarget } from './replace-target.ts';
import { restoreThrough } from './restore-through.ts';
import { planRowRestore, restoreRows } from './restore-rows.ts';
import { searchRows } from './search-rows.ts';
import { aboutSource } from './source-failure.ts';
import { digestState } from './state-digest.ts';
import { stampTarget } from './target-stamp.ts';
import { startTargetWatches } from './target-watch.ts';
import { undoRows } from './undo-rows.ts';

type OpenCapture = CaptureSession & {
  readonly path: string;
  /** From now on the end of this signal ends the capture, too. */
  readonly hear: (signal: AbortSignal) => void;
};

/** The handlers of one worker; what they open lives until closed, or as long as the thread. */
export function makeHandlers(environment: CaptureEnvironment): Handlers {
  const captures = new Map<number, OpenCapture>();
  const files = new Map<number, RawFileHandle>();
  const watches = startTargetWatches(environment);
  let lastHandle = 0;

  const captureOf = (handle: number): OpenCapture => captures.get(handle) ?? closed('capture');
  const fileOf = (handle: number): RawFileHandle => files.get(handle) ?? closed('file');
  const closeCapture = async (handle: number): Promise<null> => {
    const capture = captures.get(handle);
    captures.delete(handle);
    await capture?.close();
    return null;
  };
  const closeFile = (handle: number): null => {
    files.get(handle)?.close();
    files.delete(handle);
    return null;
  };

  return {
    inspect: ({ path, countBudgetMs }) =>
      aboutSource(path, () => inspectSource(path, countBudgetMs, environment)),
    listFolder: ({ path }) => aboutSource(path, () => listFolder(path)),
    countTables: ({ path, budgetMs }) =>
      aboutSource(path, () => countSource(path, budgetMs, environment)),
    checkIntegrity: ({ path }) => aboutSource(path, () => checkIntegrity(path)),
    openRawFile: ({ path }) =>
      aboutSource(path, () => {
        const file = openRawFile(path);
        const handle = (lastHandle += 1);
        files.set(handle, file);
        const { size, mode, mtimeMs } = file;
        return { file: handle, size, mode, mtimeMs };
      }),
    readRawFile: ({ file, buffer, offset }) => {
      const handle = fileOf(file);
      return aboutSource(handle.path, () => readRawFile(handle, buffer, offset));
    },
    closeRawFile: ({ file }) => closeFile(file),
    readSmallFiles: ({ files: small, buffer }) => readSmallFiles(small, buffer),
    openCapture: ({ nowMs, ...request }, call) =>
      aboutSource(request.path, async () => {
        const stopping = new AbortController();
        const hear = (signal: AbortSignal): void => stopWith(stopping, signal);
        hear(call.signal);
        const until = untilStopped(environment, stopping.signal);
        const session = await openSession(request, nowMs, until);
        const handle = (lastHandle += 1);
        captures.set(handle, { ...session, path: request.path, hear });
        return { capture: handle, state: session.state };
      }),
    nextSlice: ({ capture, buffer }, call) => {
      const session = captureOf(capture);
      session.hear(call.signal);
      return aboutSource(session.path, () => session.nextSlice(buffer));
    },
    endPass: ({ capture, nowMs }, call) => {
      const session = captureOf(capture);
      session.hear(call.signal);
      return aboutSource(session.path, () => session.endPass(nowMs));
    },
    closeCapture: ({ capture }) => closeCapture(capture),
    compareDatabases: (input, call) =>
      aboutSource(pathOfPair(input), () =>
        compareDatabases(input, environment.parts, { ...environment, ...call }),
      ),
    checkForeignKeys: ({ path, sampleLimit }, call) =>
      aboutSource(path, () => checkForeignKeys(path, sampleLimit, { ...environment, ...call })),
    readRows: (input, call) =>
      aboutSource(input.path, () => readRows(input, { ...environment, ...call })),
    searchRows: (input, call) =>
      aboutSource(input.live, () => searchRows(input, { ...environment, ...call })),
    planRowRestore: (input, call) =>
      aboutSource(input.live, () => planRowRestore(input, { ...environment, ...call })),
    restoreRows: (input, call) =>
      aboutSource(input.live, () => restoreRows(input, { ...environment, ...call })),
    undoRows: (input, call) =>
      aboutSource(input.live, () => undoRows(input, { ...environment, ...call })),
    lookAtTarget: ({ path }) => aboutSource(path, () => lookAtTarget(path)),
    watchTarget: ({ path, holdsWriters }) =>
      aboutSource(path, () => watches.watch(path, holdsWriters)),
    stampTarget: ({ path }) => aboutSource(path, () => stampTarget(path)),
    endWatch: ({ path }) => {
      watches.end(path);
      return null;
    },
    restoreThrough: (input, call) =>
      aboutSource(input.path, () =>
        restoreThrough(input, environment, call, () => watches.letWrite(input.path)),
      ),
    replaceTarget: (input) => aboutSource(input.path, () => replaceTarget(input, environment)),
    digestState: ({ path }) => aboutSource(path, () => digestState(path, environment)),
    closeAll: async () => {
      for (const handle of captures.keys()) await closeCapture(handle);
      for (const handle of files.keys()) closeFile(handle);
      watches.endAll();
      return null;
    },
  };
}

function stopWith(stopping: AbortController, signal: AbortSignal): void {
  const stop = (): void => stopping.abort(new BackupError({ code: 'cancelled' }));
  if (signal.aborted) stop();
  else signal.addEventListener('abort', stop, { once: true });
}

function closed(what: string): never {
  throw new BackupError({ code: 'unexpected', detail: `the ${what} is closed` });
}
