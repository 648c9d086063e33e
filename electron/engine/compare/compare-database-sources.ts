// Compares one database with its other state. Order of ways: equal digests; recorded counts; a live file that was not
// written to since; copies of what is needed. A live file that cannot be held still without blocking is captured first.
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { BackupError, hasCode } from '../../../shared/model/backup-error.ts';
import type { CountComparison, SourceComparison } from '../../../shared/model/comparison.ts';
import type { PageFile, PointSource, TableCount } from '../../../shared/model/restore-point.ts';
import { captureInto } from '../restore/make-safety-copy.ts';
import type { PointToRestore } from '../restore/restore-tools.ts';
import { assertScratchRoom, fetchScratchDatabase } from '../restore/scratch-database.ts';
import type { CompareJob } from './compare-job.ts';

/** A comparison of the largest database that one meets takes minutes. */
const DEADLINE_MS = 3600_000;
/** Pages per slice do not matter: nothing is read. */
const PEEK_SLICE_BYTES = 256 * 1024;

/** See above. */
export async function compareDatabaseSources(job: CompareJob): Promise<SourceComparison> {
  return job.now === null ? compareWithLive(job) : comparePoints(job, job.now);
}

async function comparePoints(job: CompareJob, now: PointSource): Promise<SourceComparison> {
  const { request, source } = job;
  const { after, before } = request;
  if (after.kind !== 'point' || source.pages === null || now.pages === null)
    return opaque('it is stored in another way now');
  if (isSameFile(source.pages, now.pages)) return { kind: 'identical', by: 'digest' };
  const counts = request.depth === 'counts' ? compareCounts(source.counts, now.counts) : null;
  if (counts !== null) return { kind: 'counts', tables: chooseTables(counts, request.tables) };
  if (source.kind !== 'sqlite' || now.kind !== 'sqlite') return opaque('it is no SQLite database');
  const one = await fetchSide(job, before, source, source.pages, 'before');
  const two = await fetchSide(job, after.from, now, now.pages, 'after');
  return compareFiles(job, one, { path: two, isLive: false });
}

function isSameFile(a: PageFile, b: PageFile): boolean {
  return a.root === b.root && a.size === b.size && a.pageSize === b.pageSize;
}

function opaque(detail: string): SourceComparison {
  return { kind: 'opaque', detail };
}

/** Null unless both have been counted. */
function compareCounts(
  before: readonly TableCount[] | null,
  after: readonly TableCount[] | null,
): readonly CountComparison[] | null {
  if (before === null || after === null) return null;
  const [then, now] = [before, after].map(
    (counts) => new Map(counts.map(({ table, rows }) => [table, rows])),
  );
  const names = new Set([...before, ...after].map(({ table }) => table));
  return [...names].sort().map((table) => ({
    table,
    rowsBefore: then?.get(table) ?? null,
    rowsAfter: now?.get(table) ?? null,
  }));
}

function chooseTables(
  counts: readonly CountComparison[],
  tables: readonly string[] | null,
): readonly CountComparison[] {
  if (tables === null) return counts;
  return tables.map((wanted) => {
    const found = counts.find(({ table }) => table.toLowerCase() === wanted.toLowerCase());
    if (found === undefined) throw new BackupError({ code: 'table-missing', table: wanted });
    return found;
  });
}

async function compareWithLive(job: CompareJob): Promise<SourceComparison> {
  const { request, source } = job;
  if (request.after.kind !== 'live' || source.pages === null)
    return opaque('it is stored in another way now');
  const live = request.after.pathOf(source);
  if (await isUnchanged(job, live)) return { kind: 'identical', by: 'marker' };
  if (source.kind !== 'sqlite') return opaque('it is no SQLite database');
  const then = await fetchSide(job, request.before, source, source.pages, 'before');
  try {
    return await compareFiles(job, then, { path: live, isLive: true });
  } catch (error) {
    // In rollback mode, locked for good, on a share: only a capture can read it without standing in the way.
    if (!hasCode(error, 'source-unsupported')) throw error;
  }
  const path = join(job.folder.path, `${job.number}-live.db`);
  const { size } = await stat(live);
  await assertScratchRoom(job.folder.path, size, request.askFreeBytes);
  job.watch.start('read', size, live);
  await captureInto(request.tools, live, path);
  return compareFiles(job, then, { path, isLive: false });
}

const markerSchema = z.looseObject({ capture: z.unknown() });

/** True when file and log are, by all that the capture goes by, those of the point. */
async function isUnchanged({ request, source }: CompareJob, path: string): Promise<boolean> {
  const marker = markerSchema.safeParse(source.marker);
  if (!marker.success) return false;
  const { host, signal } = request.tools;
  const peek = {
    path,
    parentMarker: marker.data.capture,
    method: 'auto',
    countBudgetMs: 0,
  } as const;
  await using capture = await host.openCapture({ ...peek, sliceBytes: PEEK_SLICE_BYTES }, signal);
  return capture.state.method === 'unchanged';
}

async function fetchSide(
  job: CompareJob,
  from: PointToRestore,
  source: PointSource,
  file: PageFile,
  side: 'before' | 'after',
): Promise<string> {
  const { request, folder, onBytes } = job;
  const { tools, askFreeBytes } = request;
  job.watch.start('fetch', file.size, source.name);
  const name = `${job.number}-${side}.db`;
  const room = askFreeBytes === undefined ? {} : { askFreeBytes };
  return (await fetchScratchDatabase({ tools, from, source, file, folder, name, onBytes, ...room }))
    .path;
}

async function compareFiles(
  job: CompareJob,
  before: string,
  after: { readonly path: string; readonly isLive: boolean },
): Promise<SourceComparison> {
  const { tools, tables, sampleLimit } = job.request;
  job.watch.start('compare', null, job.source.name);
  const database = await tools.host.call(
    'compareDatabases',
    after.path,
    { before: { path: before, isLive: false }, after, tables, sampleLimit },
    { deadlineMs: DEADLINE_MS, signal: tools.signal },
  );
  return { kind: 'rows', database };
}
