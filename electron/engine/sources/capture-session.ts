// One open capture: looks, picks the way in, and begins again when somebody wrote, until a pass ends on one state.
// Promise: `consistent` is only ever said of a pass that was; a source that never gives one fails as source-busy.
import { BackupError } from '../../../shared/model/backup-error.ts';
import type { CapturedState, CaptureRequest, EndOfPass, Slice } from './capture.ts';
import { openBytesRoute } from './bytes-route.ts';
import type { CaptureEnvironment } from './capture-parts.ts';
import type { CaptureRoute, OpenedRoute, PassHistory } from './capture-route.ts';
import { openRollbackRoute } from './rollback-route.ts';
import { planAccess, readAccessFacts, type SourceAccess } from './source-access.ts';
import { lookAtSource, type SourceLook } from './source-look.ts';
import { openWalRoute } from './wal-route.ts';

export interface CaptureSession {
  readonly state: CapturedState;
  /** Calls may overlap; they run one after the other. */
  nextSlice(buffer: SharedArrayBuffer): Promise<Slice | null>;
  endPass(nowMs: number): Promise<EndOfPass>;
  close(): Promise<void>;
}

/** Ways in that may turn out wrong before the first page (mode switched, file replaced, lock refused). */
const MOST_OPENINGS = 12;
/** Pause before a pass, growing with the failed ones: the quieter moment has to come. */
const PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 3_000;

interface Opened {
  readonly route: CaptureRoute;
  readonly openedAtMs: number;
}

/** Opens a capture. Throws source-busy, source-damaged, and what the system says. */
export async function openSession(
  request: CaptureRequest,
  nowMs: number,
  environment: CaptureEnvironment,
): Promise<CaptureSession> {
  let history: PassHistory = { failed: 0, lastPassMs: null };
  let opened: Opened = {
    route: await openRoute(request, nowMs, history, environment),
    openedAtMs: nowMs,
  };
  let passStartedAt = environment.monotonicMs();
  let isClosed = false;

  const nextSlice = (buffer: SharedArrayBuffer): Promise<Slice | null> => {
    const { route } = opened;
    if (buffer.byteLength < route.state.pageSize) {
      const detail = 'the slice buffer is smaller than a page';
      throw new BackupError({ code: 'unexpected', detail });
    }
    return route.nextSlice(new Uint8Array(buffer));
  };

  const endPass = async (endedAtMs: number): Promise<EndOfPass> => {
    const { route } = opened;
    const end = await route.endPass();
    if (end.kind === 'consistent') return { ...end, capturedAtMs: opened.openedAtMs };
    route.close();
    isClosed = true;
    const lastPassMs = environment.monotonicMs() - passStartedAt;
    history = { failed: history.failed + 1, lastPassMs };
    if (history.failed >= route.mostPasses) throw busy(request.path, end.detail);
    await environment.sleep(pauseAfter(history.failed));
    passStartedAt = environment.monotonicMs();
    opened = {
      // All pages once more: what the first pass left unread was judged by a state that is gone.
      route: await openRoute(scanAll(request), endedAtMs, history, environment),
      openedAtMs: endedAtMs,
    };
    isClosed = false;
    return { kind: 'again', state: opened.route.state };
  };

  const queue = startQueue();
  return {
    state: opened.route.state,
    nextSlice: (buffer) => queue(() => nextSlice(buffer)),
    endPass: (endedAtMs) => queue(() => endPass(endedAtMs)),
    close: () =>
      queue(() => {
        if (!isClosed) opened.route.close();
        isClosed = true;
        return Promise.resolve();
      }),
  };
}

function scanAll(request: CaptureRequest): CaptureRequest {
  return { ...request, method: 'scan', parentMarker: null };
}

async function openRoute(
  request: CaptureRequest,
  nowMs: number,
  history: PassHistory,
  environment: CaptureEnvironment,
): Promise<CaptureRoute> {
  let detail = '';
  for (let opening = 0; opening < MOST_OPENINGS; opening += 1) {
    const look = lookAtSource(request.path);
    const access = planAccess(look, readAccessFacts(look.path));
    let tried = await openBy(access, look, request, nowMs, history, environment);
    if (tried.kind === 'refused') {
      // Looked at anew: as root, SQLite gives a journal that it opens to the database's owner, which changes its ctime.
      tried = openBytesRoute(lookAtSource(look.path), tried.reason, environment);
    }
    if (tried.kind === 'open') return tried.route;
    detail = tried.kind === 'changed' ? tried.detail : tried.reason;
    await environment.sleep(pauseAfter(opening));
  }
  throw busy(request.path, detail);
}

async function openBy(
  access: SourceAccess,
  look: SourceLook,
  request: CaptureRequest,
  nowMs: number,
  history: PassHistory,
  environment: CaptureEnvironment,
): Promise<OpenedRoute> {
  if (access.kind === 'damaged') {
    throw new BackupError({ code: 'source-damaged', path: look.path, detail: access.detail });
  }
  if (access.kind === 'bytes') return openBytesRoute(look, access.reason, environment);
  if (access.journalMode === 'wal') {
    return openWalRoute(look, access.kind === 'read-only', request, nowMs, environment);
  }
  return openRollbackRoute(look, request, nowMs, history, environment);
}

function pauseAfter(failed: number): number {
  return failed < 2 ? 0 : Math.min(LONGEST_PAUSE_MS, PAUSE_MS * 2 ** (failed - 2));
}

function busy(path: string, detail: string): BackupError {
  return new BackupError({ code: 'source-busy', path, detail });
}

/** Runs what is given one after the other; a failure does not stop what follows. */
function startQueue(): <T>(work: () => Promise<T>) => Promise<T> {
  let tail: Promise<unknown> = Promise.resolve();
  return (work) => {
    const result = tail.then(work);
    tail = result.catch(() => undefined);
    return result;
  };
}
