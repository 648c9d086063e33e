// Brings chosen records, or a whole table, back into the live database, beside the program that uses it.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { BackupError } from '../../shared/model/backup-error.ts';
import type { PlanId, PointId, RunId, VaultId } from '../../shared/model/ids.ts';
import type { PointSource, RestorePoint } from '../../shared/model/restore-point.ts';
import type {
  RowRestoreOptions,
  RowRestorePlan,
  RowRestoreResult,
  RowSelection,
} from '../../shared/model/row-restore.ts';
import type { RestoreScope } from '../engine/restore/plan-into-folder.ts';
import { openScratchFolder } from '../engine/restore/scratch-database.ts';
import { newId, type Vault } from '../engine/vault/vault.ts';
import { recordUndone } from '../history/undo-records.ts';
import { chooseScope, sourcesInScope } from './choose-scope.ts';
import type { Engine } from './engine.ts';
import { fetchRowCopy } from './fetch-row-copy.ts';
import { findPoint, type FoundPoint, type WantedPoint } from './find-point.ts';
import { recordRun, type JobContext, type LocalRunBody } from './record-run.ts';
import { restoreToolsOf } from './restore-tools-of.ts';
import { scratchPlaceOf } from './scratch-place.ts';
import { keepUndo, openUndoFolder, UNDO_KEPT_MS } from './undo-store.ts';
import { useVault } from './use-vault.ts';

/** How long the program that writes is waited for. */
export const ROWS_PATIENCE_MS = 30_000;
/** Collecting what belongs to many rows of a large database. */
const ROWS_DEADLINE_MS = 2 * 3600_000;

export interface RestoreRowsRequest {
  readonly place: string;
  readonly wanted: WantedPoint;
  /** Which database; null where the point has one only. */
  readonly only: string | RestoreScope | null;
  /** The plan that it is done for, and its vault; left out: whatever is at the place. */
  readonly planId?: PlanId | null;
  readonly expectedVault?: VaultId | null;
  /** A copy of that database that is fetched already and stays until this is done. */
  readonly copy?: string | null;
  readonly rows: readonly RowSelection[];
  readonly options: RowRestoreOptions;
  readonly goOnWithoutUndo: boolean;
  /** Only foresees what would be done. */
  readonly isDryRun: boolean;
}

export interface RestoreRowsReport {
  readonly run: RunId;
  readonly point: PointId;
  readonly target: string;
  readonly result: RowRestorePlan | RowRestoreResult;
  readonly isDryRun: boolean;
  /** Null: nothing to undo. */
  readonly undoUntilMs: number | null;
}

/** A dry run is not on record. Throws table-missing, rows-missing, schema-differs, target-refused, source-busy. */
export async function restoreRowsJob(
  engine: Engine,
  request: RestoreRowsRequest,
  context: JobContext,
): Promise<RestoreRowsReport> {
  const { place, isDryRun, planId = null, expectedVault = null } = request;
  if (isDryRun) {
    const run = { ...context, id: newId(engine.random) as RunId, note: () => undefined };
    return useVault(engine, { place, expectedVault }, context, async ({ vault }) =>
      fetchAndPut(engine, request, vault, run),
    );
  }
  const subject = { kind: 'restore', place, planId, expectedVault } as const;
  return recordRun(engine, subject, context, async (run) => {
    const { vault } = await engine.vaults.open(run.located, run.signal);
    return fetchAndPut(engine, request, vault, run);
  });
}

async function fetchAndPut(
  engine: Engine,
  request: RestoreRowsRequest,
  vault: Vault,
  run: LocalRunBody,
): Promise<RestoreRowsReport> {
  const found = await findPoint(engine, vault, request.wanted);
  run.note({ point: found.point.id });
  const scope = await chooseScope(engine, vault, found.point, request.only);
  const source = theDatabase(found.point, sourcesInScope(found.point, scope));
  const open = request.copy ?? null;
  if (open !== null) return putRowsBack(engine, run, request, { found, source, copy: open });
  const tools = await restoreToolsOf(engine, run);
  await using folder = await openScratchFolder(tools, scratchPlaceOf(engine));
  const copy = await fetchRowCopy(tools, { vault, found, source, folder });
  run.note({ bytesRead: source.pages?.size ?? 0 });
  return await putRowsBack(engine, run, request, { found, source, copy });
}

function theDatabase(point: RestorePoint, sources: readonly PointSource[]): PointSource {
  const databases = sources.filter(({ kind }) => kind === 'sqlite');
  const [database] = databases;
  if (database !== undefined && databases.length === 1) return database;
  const names = databases.map(({ name }) => name).join(', ');
  const detail =
    databases.length === 0
      ? `restore point ${point.id} holds no database with tables`
      : `say which database with --only: ${names}`;
  throw new BackupError({ code: 'usage', detail });
}

async function putRowsBack(
  engine: Engine,
  run: LocalRunBody,
  request: RestoreRowsRequest,
  {
    found,
    source,
    copy,
  }: { readonly found: FoundPoint; readonly source: PointSource; readonly copy: string },
): Promise<RestoreRowsReport> {
  const { rows, options, isDryRun, goOnWithoutUndo } = request;
  const live = source.path;
  const host = await engine.host();
  const input = { live, copy, rows, patienceMs: ROWS_PATIENCE_MS, ...options };
  const callOptions = { signal: run.signal, deadlineMs: ROWS_DEADLINE_MS };
  const said = { run: run.id, point: found.point.id, target: live, isDryRun };
  if (isDryRun) {
    const result = await host.call('planRowRestore', live, input, callOptions);
    return { ...said, result, undoUntilMs: null };
  }
  const undoPath = join(await openUndoFolder(engine), `${run.id}.rows`);
  const restoredAtMs = engine.clock.nowMs();
  const undo = {
    run: run.id,
    restoredAtMs,
    target: live,
    safety: { kind: 'rows', path: undoPath } as const,
    targetMark: null,
    keptUntilMs: restoredAtMs + UNDO_KEPT_MS,
    undoneAtMs: null,
  };
  keepUndo(engine, undo, goOnWithoutUndo);
  try {
    const result = await host.call('restoreRows', live, { ...input, undoPath }, callOptions);
    if (result.touched > 0) return { ...said, result, undoUntilMs: undo.keptUntilMs };
    recordUndone(engine.history(), run.id, restoredAtMs);
    return { ...said, result, undoUntilMs: null };
  } catch (error) {
    // All or nothing: without an undo file there is nothing to undo.
    if (!existsSync(undoPath)) recordUndone(engine.history(), run.id, restoredAtMs);
    throw error;
  }
}
