// Takes a restore in place back: a file or a database from its safety point, rows from their undo file. An undo is a restore
// too: what it takes away can be had again, from the restore point that it came from or from a file of its own.
import { existsSync } from 'node:fs';
import { lstat, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { BackupError } from '../../shared/model/backup-error.ts';
import { isHexId, type PlanId, type RunId } from '../../shared/model/ids.ts';
import type { PointSource } from '../../shared/model/restore-point.ts';
import type { UndoRecord } from '../../shared/model/run.ts';
import type { InPlaceResult } from '../engine/restore/restore-in-place.ts';
import type { SafetyPoint } from '../engine/restore/make-safety-point.ts';
import { compareFolderSince } from '../engine/restore/compare-folder-since.ts';
import { tryDiskNames } from '../engine/restore/disk-names.ts';
import { restoreFolderInPlace } from '../engine/restore/restore-folder-in-place.ts';
import type { PointToRestore } from '../engine/restore/restore-tools.ts';
import { undoRestore } from '../engine/restore/undo-restore.ts';
import type { Vault } from '../engine/vault/vault.ts';
import { readRun } from '../history/runs.ts';
import { listOpenUndos, readUndo, recordUndone } from '../history/undo-records.ts';
import type { Engine } from './engine.ts';
import { findPoint } from './find-point.ts';
import { recordLocalRun, recordRun, type JobContext, type LocalRunBody } from './record-run.ts';
import { restoreToolsOf } from './restore-tools-of.ts';
import { safetyWishesOf } from './safety-wishes.ts';
import { trackUndo } from './track-undo.ts';
import { ROWS_PATIENCE_MS } from './restore-rows-job.ts';
import { keepUndo, openUndoFolder, UNDO_KEPT_MS } from './undo-store.ts';

export interface UndoJobRequest {
  /** Id of the run or its beginning; null: the newest restore that can be undone. */
  readonly run: string | null;
  /** Goes on although the target was written to since; its state is kept first where that is possible. */
  readonly evenIfChanged: boolean;
}

export interface UndoReport {
  /** The restore that was taken back. */
  readonly undone: RunId;
  readonly target: string;
  /** Rows that were put back; null when it was the whole file. */
  readonly rows: number | null;
  /** How the file was put back; null for rows. */
  readonly way: InPlaceResult['way']['kind'] | null;
  /** Takes the undo back; null: that cannot be done. */
  readonly redo: UndoRecord | null;
  /** The plan that the restore was done for. */
  readonly planId: PlanId | null;
}

/** Throws undo-missing, target-changed, and what a restore in place throws. */
export async function undoJob(
  engine: Engine,
  request: UndoJobRequest,
  context: JobContext,
): Promise<UndoReport> {
  const record = findUndo(engine, request.run);
  const { safety } = record;
  const planId = readRun(engine.history(), record.run)?.planId ?? null;
  if (safety.kind === 'rows') {
    const body = async (run: LocalRunBody) =>
      undoRows(engine, request, { ...record, safety, planId }, run);
    return recordLocalRun(engine, 'undo', context, body, planId);
  }
  if (safety.kind === 'folder') {
    const body = async (run: LocalRunBody) =>
      undoFile(engine, request, { ...record, safety, planId }, run, null);
    return recordLocalRun(engine, 'undo', context, body, planId);
  }
  const { place, vaultId: expectedVault } = safety;
  const subject = { kind: 'undo', place, planId, expectedVault } as const;
  return recordRun(engine, subject, context, async (run) => {
    const { vault } = await engine.vaults.open(run.located, run.signal);
    run.note({ point: safety.point });
    const { point, index } = await findPoint(engine, vault, { kind: 'id', id: safety.point });
    const from = { vault, point, notes: index.notes };
    const kept = point.sources.find(({ path }) => path === record.target);
    const known = { ...record, safety, planId };
    if (kept?.kind === 'folder') {
      return undoFolder(engine, request, known, run, { from, place, kept });
    }
    return undoFile(engine, request, known, run, { from, place });
  });
}

function findUndo(engine: Engine, wanted: string | null): UndoRecord {
  const open = listOpenUndos(engine.history(), engine.clock.nowMs());
  if (wanted === null) {
    // Taking back what was taken back is asked for by its id.
    const isRestore = ({ run }: UndoRecord): boolean =>
      readRun(engine.history(), run)?.kind !== 'undo';
    const newest = open.find(isRestore);
    if (newest !== undefined) return newest;
    throw new BackupError({ code: 'undo-missing', run: 'latest' });
  }
  const matches = open.filter(({ run }) => run.startsWith(wanted.toLowerCase()));
  const [match] = matches;
  if (match === undefined || matches.length > 1 || !(isHexId(wanted) || wanted.length >= 4)) {
    throw new BackupError({ code: 'undo-missing', run: wanted });
  }
  return match;
}

type OfPlan = UndoRecord & { readonly planId: PlanId | null };
type Kept<Kind> = OfPlan & { readonly safety: Extract<UndoRecord['safety'], { kind: Kind }> };

async function undoFile(
  engine: Engine,
  { evenIfChanged }: UndoJobRequest,
  record: OfPlan & { readonly safety: SafetyPoint },
  run: LocalRunBody,
  vault: {
    readonly from: NonNullable<Parameters<typeof undoRestore>[0]['from']>;
    readonly place: string;
  } | null,
): Promise<UndoReport> {
  const sources = vault?.from.point.sources ?? [];
  const source = sources.find(({ path }) => path === record.target) ?? sources[0];
  const safety = await safetyWishesOf(engine, run, {
    vault: vault === null ? null : { vault: vault.from.vault, place: vault.place },
    source: source ?? null,
    goOnWithout: false,
  });
  const undo = trackUndo(engine, run, record.target, false);
  const asRestored = vault === null ? null : await findAsRestored(engine, record, vault.from.vault);
  const result = await undoRestore({
    tools: await restoreToolsOf(engine, run),
    record,
    from: vault?.from ?? null,
    evenIfChanged,
    safety,
    // Nothing new is kept while the target is what the restore made of it.
    onSafetyPoint: async (kept) => undo.begin(kept ?? asRestored),
  });
  undo.finish(result);
  run.note({ bytesRead: result.bytes });
  recordUndone(engine.history(), record.run, engine.clock.nowMs());
  if (record.safety.kind === 'folder') await rm(record.safety.path, removeAll);
  return {
    undone: record.run,
    target: result.target,
    rows: null,
    way: result.way.kind,
    redo: readUndo(engine.history(), run.id),
    planId: record.planId,
  };
}

/** Files that the restore changed come back, and those that it put where none were go. */
async function undoFolder(
  engine: Engine,
  { evenIfChanged }: UndoJobRequest,
  record: Kept<'point'>,
  run: LocalRunBody,
  {
    from,
    place,
    kept,
  }: { readonly from: PointToRestore; readonly place: string; readonly kept: PointSource },
): Promise<UndoReport> {
  const tools = await restoreToolsOf(engine, run);
  const folder = record.target;
  const done = readRun(engine.history(), record.run);
  const id = done?.point ?? '';
  const { point } = await findPoint(engine, from.vault, { kind: 'id', id });
  const source = point.sources.find(({ path }) => path === folder);
  if (source === undefined) throw new BackupError({ code: 'undo-missing', run: record.run });
  const restored = { from: { ...from, point }, source };
  const names = await tryDiskNames(folder, tools);
  const lists = { restored, kept: { from, source: kept }, names };
  const since = await compareFolderSince(tools, folder, lists);
  if (!since.isAsRestored && !evenIfChanged) {
    throw new BackupError({ code: 'target-changed', path: folder });
  }
  const vault = { vault: from.vault, place };
  const wishes = { vault, source: kept, goOnWithout: false };
  // A folder cannot be watched: what is written from here on is kept, too.
  const safety = await safetyWishesOf(engine, run, wishes);
  const undo = trackUndo(engine, run, folder, false);
  // Only an undo takes files away: they come back when it is undone.
  const gone = done?.kind === 'undo' ? since.gone : [];
  const only = new Set([...since.replaced, ...gone]);
  const request = {
    tools,
    from,
    source: kept,
    folder,
    names,
    safety,
    only,
    removes: since.added,
    onSafetyPoint: undo.begin,
  };
  const result = await restoreFolderInPlace(request);
  run.note({ bytesRead: result.bytes, problems: result.problems });
  const problem = result.problems.find(({ failure }) => failure.code !== 'target-renamed');
  // What could not be put back can be asked for again.
  if (problem !== undefined) throw new BackupError(problem.failure);
  recordUndone(engine.history(), record.run, engine.clock.nowMs());
  const { planId, run: undone } = record;
  const redo = readUndo(engine.history(), run.id);
  return { undone, target: folder, rows: null, way: 'file-by-file', redo, planId };
}

/** Where the state lies that the restore made; null where it is gone, or a target that is missing now would come back. */
async function findAsRestored(
  engine: Engine,
  { run, target }: UndoRecord,
  vault: Vault,
): Promise<SafetyPoint | null> {
  const restored = readRun(engine.history(), run);
  const isThere = await lstat(target).catch(() => null);
  if (restored === null || restored.place === null || isThere === null) return null;
  if (restored.point === null || restored.vaultId !== vault.id) return null;
  const wanted = { kind: 'id', id: restored.point } as const;
  const found = await findPoint(engine, vault, wanted).catch((error: unknown) => {
    if (error instanceof BackupError) return null;
    throw error;
  });
  const sources = found?.point.sources ?? [];
  const isOfTarget = sources.length === 1 || sources.some(({ path }) => path === target);
  if (found === null || !isOfTarget) return null;
  return { kind: 'point', vaultId: vault.id, place: restored.place, point: found.point.id };
}

const removeAll = { recursive: true, force: true } as const;

async function undoRows(
  engine: Engine,
  { evenIfChanged }: UndoJobRequest,
  { run: undone, target, safety, planId }: Kept<'rows'>,
  run: LocalRunBody,
): Promise<UndoReport> {
  const host = await engine.host();
  const redoPath = join(await openUndoFolder(engine), `${run.id}.rows`);
  const restoredAtMs = engine.clock.nowMs();
  const record: UndoRecord = {
    run: run.id,
    restoredAtMs,
    target,
    safety: { kind: 'rows', path: redoPath },
    targetMark: null,
    keptUntilMs: restoredAtMs + UNDO_KEPT_MS,
    undoneAtMs: null,
  };
  // Before the file: one that no record names would be nobody's.
  keepUndo(engine, record, true);
  const input = {
    live: target,
    undoPath: safety.path,
    evenIfChanged,
    patienceMs: ROWS_PATIENCE_MS,
    redoPath,
  };
  const { touched } = await host
    .call('undoRows', target, input, { signal: run.signal })
    .catch((error: unknown) => {
      // All or nothing: without its file there is nothing to take back.
      if (!existsSync(redoPath)) recordUndone(engine.history(), run.id, restoredAtMs);
      throw error;
    });
  recordUndone(engine.history(), undone, engine.clock.nowMs());
  await rm(safety.path, removeAll);
  return { undone, target, rows: touched, way: null, redo: record, planId };
}
