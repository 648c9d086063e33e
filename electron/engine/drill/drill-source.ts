// The restore test of one source, and the verdict on it.
import { join } from 'node:path';
import { BackupError, failureOf } from '../../../shared/model/backup-error.ts';
import type { DrilledCount, DrilledSource } from '../../../shared/model/drill.ts';
import type { Failure, FailureCode } from '../../../shared/model/failure.ts';
import type { DrillOutcome } from '../../../shared/model/plan-facts.ts';
import type { PageFile, PointSource, TableCount } from '../../../shared/model/restore-point.ts';
import { checkPageFile } from '../restore/check-page-file.ts';
import { restoreIntoFolder } from '../restore/restore-into-folder.ts';
import type { RestoreWatch } from '../restore/restore-watch.ts';
import {
  assertScratchRoom,
  fetchScratchDatabase,
  type ScratchFolder,
} from '../restore/scratch-database.ts';
import type { DrillRequest } from './run-drill.ts';

/** SQLite's check of the largest database that one meets takes hours on an old disk. */
const CHECK_DEADLINE_MS = 6 * 3600_000;
const MOST_LINK_TABLES = 20;

export interface DrillJob {
  readonly request: DrillRequest;
  readonly source: PointSource;
  readonly folder: ScratchFolder;
  readonly watch: RestoreWatch;
}

type Findings = Omit<DrilledSource, 'source' | 'name' | 'recoveryMs'>;

const nothingFound = { bytes: 0, files: 0, complaints: null, links: null, counts: [] } as const;

/** Throws what says nothing about the copy. */
export async function drillSource(job: DrillJob): Promise<DrilledSource> {
  const { source, request } = job;
  const { clock } = request.tools;
  const startedMs = clock.monotonicMs();
  const found = await drill(job);
  const recoveryMs = clock.monotonicMs() - startedMs;
  return { source: source.id, name: source.name, recoveryMs, ...found };
}

async function drill(job: DrillJob): Promise<Findings> {
  const { source } = job;
  try {
    if (source.pages === null) return await drillFiles(job);
    return await drillDatabase(job, source.pages);
  } catch (error) {
    const outcome = outcomeOf(error);
    if (outcome === null) throw error;
    return { ...nothingFound, outcome, failure: toFailure(error, job.folder.path) };
  }
}

const outcomes: Readonly<Partial<Record<FailureCode, DrillOutcome>>> = {
  'point-damaged': 'damaged-copy',
  'object-missing': 'damaged-copy',
  'object-damaged': 'damaged-copy',
  'target-full': 'not-possible',
  'target-refused': 'not-possible',
  'source-unsupported': 'not-possible',
  'source-unreadable': 'not-possible',
  'source-busy': 'not-possible',
  'blocked-by-other-program': 'not-possible',
  'source-damaged': 'damaged-source',
  // What was written to the scratch disk did not stay what it was.
  'restore-differs': 'not-possible',
};

function outcomeOf(error: unknown): DrillOutcome | null {
  if (isDiskFull(error)) return 'not-possible';
  return error instanceof BackupError ? (outcomes[error.failure.code] ?? null) : null;
}

/** Somebody else took the room that was there. */
function isDiskFull(error: unknown): boolean {
  return (
    error instanceof Error &&
    'code' in error &&
    (error.code === 'ENOSPC' || error.code === 'EDQUOT')
  );
}

function toFailure(error: unknown, folder: string): Failure {
  if (!isDiskFull(error)) return failureOf(error);
  return { code: 'target-full', path: folder, neededBytes: 0, freeBytes: 0 };
}

/** Every chunk authentic and every file whole is all that can be said of files. */
async function drillFiles({ request, source, folder, watch }: DrillJob): Promise<Findings> {
  const { tools, from } = request;
  const bytes = source.list?.bytes ?? 0;
  await assertScratchRoom(folder.path, bytes, request.askFreeBytes);
  watch.start('fetch', bytes, source.name);
  const scope = { kind: 'source', source: source.id } as const;
  const target = join(folder.path, 'files');
  const { files } = await restoreIntoFolder({
    tools,
    from,
    folder: target,
    scope,
    checkIntegrity: false,
  });
  const isSound = source.label !== 'damaged-source';
  const failure = {
    code: 'source-damaged',
    path: source.path,
    detail: 'it could only be stored as it was found',
  } as const;
  return {
    ...nothingFound,
    outcome: isSound ? 'proved' : 'damaged-source',
    failure: isSound ? null : failure,
    bytes,
    files,
  };
}

async function drillDatabase(job: DrillJob, file: PageFile): Promise<Findings> {
  const { request, source, folder, watch } = job;
  const { tools, from, askFreeBytes } = request;
  watch.start('fetch', file.size, source.name);
  const room = askFreeBytes === undefined ? {} : { askFreeBytes };
  const onBytes = watch.addBytes;
  const { path } = await fetchScratchDatabase({
    tools,
    from,
    source,
    file,
    folder,
    name: 'copy.db',
    onBytes,
    ...room,
  });
  if (source.kind !== 'sqlite') {
    // Nothing here can open it: read from the disk once more, its digest is all that can be compared.
    watch.start('check', file.size, source.name);
    await checkPageFile({ path, file, pool: tools.pool, onBytes, signal: tools.signal });
    return { ...nothingFound, outcome: 'bytes-only', failure: null, bytes: file.size };
  }
  return { bytes: file.size, files: 0, ...(await examine(job, file, path)) };
}

async function examine(
  job: DrillJob,
  file: PageFile,
  path: string,
): Promise<Omit<Findings, 'bytes' | 'files'>> {
  const { request, source, watch } = job;
  const { host, pool, signal } = request.tools;
  const options = { deadlineMs: CHECK_DEADLINE_MS, signal };
  watch.start('check', null, source.name);
  const complaints = await host.checkIntegrity(path, CHECK_DEADLINE_MS);
  if (complaints.length > 0) {
    // Is it the copy that is unsound, or the scratch disk? Throws restore-differs for the latter.
    await checkPageFile({ path, file, pool, onBytes: watch.addBytes, signal });
    return { ...verdict(source, complaints, []), complaints, links: null, counts: [] };
  }
  watch.start('count', null, source.name);
  const counted = await host.call(
    'countTables',
    path,
    { path, budgetMs: CHECK_DEADLINE_MS },
    options,
  );
  const counts = compareCounts(source.counts, counted);
  const links = await host.call(
    'checkForeignKeys',
    path,
    { path, sampleLimit: MOST_LINK_TABLES },
    options,
  );
  return { ...verdict(source, complaints, counts), complaints, links, counts };
}

/** Every table of the copy, then those that were recorded and are not there. */
function compareCounts(
  recorded: readonly TableCount[] | null,
  counted: readonly TableCount[],
): readonly DrilledCount[] {
  const then = new Map((recorded ?? []).map(({ table, rows }) => [table, rows]));
  const there = counted.map(({ table, rows }) => ({
    table,
    rows,
    recorded: then.get(table) ?? null,
  }));
  const names = new Set(counted.map(({ table }) => table));
  const gone = (recorded ?? []).filter(({ table }) => !names.has(table));
  return [...there, ...gone.map(({ table, rows }) => ({ table, rows: null, recorded: rows }))];
}

function verdict(
  source: PointSource,
  complaints: readonly string[],
  counts: readonly DrilledCount[],
): Pick<Findings, 'outcome' | 'failure'> {
  const [complaint] = complaints;
  if (complaint !== undefined) {
    const failure = { code: 'source-damaged', path: source.path, detail: complaint } as const;
    return { outcome: 'damaged-source', failure };
  }
  const wrong = counts.find(({ rows, recorded }) => recorded !== null && rows !== recorded);
  if (wrong === undefined) return { outcome: 'proved', failure: null };
  const detail = `${wrong.table} has ${wrong.rows ?? 'no'} rows, ${wrong.recorded} were recorded`;
  return {
    outcome: 'damaged-copy',
    failure: { code: 'restore-differs', path: source.path, detail },
  };
}
