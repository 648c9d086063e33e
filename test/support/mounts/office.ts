/**
 * An office with its CRM and its copies, worked by the product's own jobs as the agent and the command line run them:
 * record of runs, patience with the place, read-back. Runs in a guest or on a mount; says nothing of its own.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { openFolderStorage } from '../../../electron/engine/storage/folder-storage.ts';
import { createVault } from '../../../electron/engine/vault/open-vault.ts';
import { backupJob } from '../../../electron/jobs/backup-job.ts';
import { openEngine, type Engine } from '../../../electron/jobs/engine.ts';
import { finishAllInterruptedRestores } from '../../../electron/jobs/finish-interrupted-restores.ts';
import { forgetJob, type ForgetReport } from '../../../electron/jobs/forget-job.ts';
import { pruneJob } from '../../../electron/jobs/prune-job.ts';
import type { JobContext } from '../../../electron/jobs/record-run.ts';
import { restoreFolderJob } from '../../../electron/jobs/restore-folder-job.ts';
import { restoreInPlaceJob } from '../../../electron/jobs/restore-in-place-job.ts';
import { undoJob } from '../../../electron/jobs/undo-job.ts';
import { useVault } from '../../../electron/jobs/use-vault.ts';
import { verifyJob } from '../../../electron/jobs/verify-job.ts';
import { listPoints } from '../../../electron/jobs/list-points.ts';
import { readUndo } from '../../../electron/history/undo-records.ts';
import { systemRandom } from '../../../electron/platform/system-clock.ts';
import { failureOf } from '../../../shared/model/backup-error.ts';
import type { RunId } from '../../../shared/model/ids.ts';
import { keepEverything } from '../../../shared/model/keep-rules.ts';
import type { Progress } from '../../../shared/model/progress.ts';
import { changeElsewhere, digestOfCrm } from './crm-state.ts';
import type { CrmDigest, OfficeFacts } from './office-protocol.ts';
import { createPacedClock, type PacedClock } from './paced-clock.ts';

export interface OfficeOptions {
  readonly place: string;
  readonly crm: string;
  readonly dataFolder: string;
  /** Folder of the built workers. */
  readonly workers: URL;
  readonly onProgress: (progress: Progress) => void;
}

type Facts = Omit<OfficeFacts, 'ms'>;

export interface Office extends AsyncDisposable {
  readonly clock: PacedClock;
  /** What every start does first: finishes restores that a crash cut short. */
  begin(): Promise<void>;
  createVault(): Promise<void>;
  putCrm(from: string, journal: 'wal' | 'delete'): Facts;
  backUp(kind: 'full' | 'auto'): Promise<Facts>;
  restoreInPlace(point: string): Promise<Facts>;
  undo(): Promise<Facts>;
  /** Points that forgetting would remove. */
  planToForget(keepLast: number): Promise<readonly string[]>;
  tidy(keepLast: number): Promise<Facts>;
  check(): Promise<Facts>;
  compareFiles(): Promise<Facts>;
}

const passphrase = 'otter lantern violet harbor';
/** The cheapest scrypt that readers accept. */
const scryptN = 2 ** 14;

export function openOffice(options: OfficeOptions): Office {
  const { place, crm, dataFolder, workers, onProgress } = options;
  const clock = createPacedClock();
  const engine = openEngine({
    dataFolder,
    clock,
    random: systemRandom,
    workers: {
      source: new URL('source-worker.js', workers),
      compute: new URL('compute-worker.js', workers),
    },
    app: 'test',
    secrets: {
      given: async () => ({ kind: 'passphrase', passphrase }),
      store: async () => Promise.reject(new Error('no keychain in a trial')),
      ask: null,
    },
    notify: () => undefined,
    scryptN,
  });
  const context: JobContext = { signal: new AbortController().signal, onProgress };
  const whose = { place, planId: null, expectedVault: null } as const;
  const wish = (keepLast: number, isDryRun: boolean) => ({
    ...whose,
    rules: { ...keepEverything, last: keepLast },
    zone: 'UTC',
    isDryRun,
  });
  const idsOf = ({ remove }: ForgetReport): string[] => remove.map(({ id }) => id);
  return {
    clock,
    begin: async () => finishAllInterruptedRestores(engine),
    async createVault() {
      await mkdir(place, { recursive: true });
      const storage = await openFolderStorage({ root: place, clock, random: systemRandom });
      await createVault(storage, { passphrase, scryptN }, { clock, random: systemRandom });
    },
    putCrm(from, journal) {
      mkdirSync(dirname(crm), { recursive: true });
      changeElsewhere(from, crm, (copy) => setJournal(copy, journal));
      return { crm: digestOfCrm(crm) };
    },
    async backUp(kind) {
      const content = digestOfCrm(crm);
      const sources = [{ path: crm, id: null, name: null }];
      const request = { ...whose, sources, kind, forceScan: false, readBack: true };
      const { point, problems } = await backupJob(engine, request, context);
      const [problem] = problems;
      if (problem !== undefined) throw new Error(`problem: ${JSON.stringify(problem)}`);
      const label = point.sources[0]?.label ?? '';
      return { point: point.id, kind: point.kind, label, reported: { [point.id]: content } };
    },
    async restoreInPlace(point) {
      const before = digestOfCrm(crm);
      const request = { ...whose, wanted: { kind: 'id', id: point }, only: null } as const;
      const done = await restoreInPlaceJob(engine, { ...request, goOnWithoutUndo: false }, context);
      return { ...factsOf(engine, done[0]?.run ?? null, before), way: done[0]?.way.kind ?? '' };
    },
    async undo() {
      const before = digestOfCrm(crm);
      const done = await undoJob(engine, { run: null, evenIfChanged: false }, context);
      const redo = done.redo?.safety;
      const reported = redo?.kind === 'point' ? { [redo.point]: before } : {};
      return { way: done.way ?? '', crm: digestOfCrm(crm), reported };
    },
    planToForget: async (keepLast) => idsOf(await forgetJob(engine, wish(keepLast, true), context)),
    async tidy(keepLast) {
      const forgotten = idsOf(await forgetJob(engine, wish(keepLast, false), context));
      const { removedObjects } = await pruneJob(engine, whose, context);
      return { forgotten, removedObjects };
    },
    check: async () => checkAll(engine, whose, context),
    async compareFiles() {
      const bytes = await restoreNewest(engine, place, context);
      // SQLite's own copy of what the CRM has open: the same pages, the log folded in.
      const live = await copyThroughSqlite(crm);
      return { isEqual: bytes.equals(live), output: `${bytes.length} bytes` };
    },
    [Symbol.asyncDispose]: async () => engine[Symbol.asyncDispose](),
  };

  function factsOf(of: Engine, run: RunId | null, before: CrmDigest): Facts {
    const undo = run === null ? null : readUndo(of.history(), run);
    const safety = undo?.safety;
    const reported = safety?.kind === 'point' ? { [safety.point]: before } : {};
    return { crm: digestOfCrm(crm), reported };
  }
}

function setJournal(path: string, journal: 'wal' | 'delete'): void {
  const db = new Database(path);
  try {
    db.pragma('locking_mode = EXCLUSIVE');
    const mode: unknown = db.pragma(`journal_mode = ${journal}`, { simple: true });
    if (mode !== journal) throw new Error(`journal mode is ${String(mode)}`);
  } finally {
    db.close();
  }
}

type Whose = {
  readonly place: string;
  readonly planId: null;
  readonly expectedVault: null;
};

async function checkAll(engine: Engine, whose: Whose, context: JobContext): Promise<Facts> {
  const { place } = whose;
  const { isSound, failure } = await verifyJob(engine, { ...whose, depth: 'data' }, context);
  const { points, unreadable, vanished } = await useVault(
    engine,
    whose,
    context,
    async ({ vault }) => listPoints(engine, vault, context.signal),
  );
  const found: Record<string, CrmDigest> = {};
  for (const { point } of points) {
    const folder = mkdtempSync(join(tmpdir(), 'restored-'));
    try {
      const wanted = { kind: 'id', id: point.id } as const;
      const restored = await restoreFolderJob(
        engine,
        { place, wanted, only: null, folder },
        context,
      );
      found[point.id] = digestOfCrm(restored.databases[0]?.path ?? '');
    } catch (error) {
      found[point.id] = failureOf(error).code;
    } finally {
      rmSync(folder, { recursive: true });
    }
  }
  const isWhole = isSound && failure === null && unreadable.length + vanished.length === 0;
  return { isSound: isWhole, found, output: JSON.stringify({ failure, unreadable, vanished }) };
}

async function restoreNewest(engine: Engine, place: string, context: JobContext): Promise<Buffer> {
  const folder = mkdtempSync(join(tmpdir(), 'restored-'));
  try {
    const wanted = { kind: 'latest' } as const;
    const restored = await restoreFolderJob(engine, { place, wanted, only: null, folder }, context);
    return withoutCounters(await readFile(restored.databases[0]?.path ?? ''));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function copyThroughSqlite(path: string): Promise<Buffer> {
  const folder = mkdtempSync(join(tmpdir(), 'copied-'));
  const db = new Database(path, { readonly: true, fileMustExist: true });
  try {
    await db.backup(join(folder, 'copy.db'));
    return withoutCounters(await readFile(join(folder, 'copy.db')));
  } finally {
    db.close();
    rmSync(folder, { recursive: true });
  }
}

/** Bytes of the header that SQLite's own copying changes: format versions, change counter, schema cookie, library. */
function withoutCounters(bytes: Buffer): Buffer {
  for (const [from, to] of [
    [18, 20],
    [24, 28],
    [40, 44],
    [92, 100],
  ] as const) {
    bytes.fill(0, from, to);
  }
  return bytes;
}
