// Takes a restore in place back: a file or a database from its safety point, rows from their undo file.
import { rm } from 'node:fs/promises';
import { BackupError } from '../../shared/model/backup-error.ts';
import { isHexId, type RunId } from '../../shared/model/ids.ts';
import type { UndoRecord } from '../../shared/model/run.ts';
import type { InPlaceResult } from '../engine/restore/restore-in-place.ts';
import type { SafetyPoint } from '../engine/restore/make-safety-point.ts';
import { undoRestore } from '../engine/restore/undo-restore.ts';
import { listOpenUndos, recordUndone } from '../history/undo-records.ts';
import type { Engine } from './engine.ts';
import { findPoint } from './find-point.ts';
import { recordLocalRun, recordRun, type JobContext, type LocalRunBody } from './record-run.ts';
import { restoreToolsOf } from './restore-tools-of.ts';
import { safetyWishesOf } from './safety-wishes.ts';
import { trackUndo } from './track-undo.ts';
import { ROWS_PATIENCE_MS } from './restore-rows-job.ts';

export interface UndoJobRequest {
  /** Id of the restore or its beginning; null: the newest one that can be undone. */
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
}

/** Throws undo-missing, target-changed, and what a restore in place throws. */
export async function undoJob(
  engine: Engine,
  request: UndoJobRequest,
  context: JobContext,
): Promise<UndoReport> {
  const record = findUndo(engine, request.run);
  const { safety } = record;
  if (safety.kind === 'rows') {
    return recordLocalRun(engine, 'undo', context, async (run) =>
      undoRows(engine, request, { ...record, safety }, run),
    );
  }
  if (safety.kind === 'folder') {
    return recordLocalRun(engine, 'undo', context, async (run) =>
      undoFile(engine, request, { ...record, safety }, run, null),
    );
  }
  const { place, vaultId: expectedVault } = safety;
  const subject = { kind: 'undo', place, planId: null, expectedVault } as const;
  return recordRun(engine, subject, context, async (run) => {
    const { vault } = await engine.vaults.open(run.located, run.signal);
    run.note({ point: safety.point });
    const { point, index } = await findPoint(engine, vault, { kind: 'id', id: safety.point });
    const from = { vault, point, notes: index.notes };
    return undoFile(engine, request, { ...record, safety }, run, { from, place });
  });
}

function findUndo(engine: Engine, wanted: string | null): UndoRecord {
  const open = listOpenUndos(engine.history(), engine.clock.nowMs());
  if (wanted === null) {
    const [newest] = open;
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

type Kept<Kind> = UndoRecord & { readonly safety: Extract<UndoRecord['safety'], { kind: Kind }> };

async function undoFile(
  engine: Engine,
  { evenIfChanged }: UndoJobRequest,
  record: UndoRecord & { readonly safety: SafetyPoint },
  run: LocalRunBody,
  vault: {
    readonly from: NonNullable<Parameters<typeof undoRestore>[0]['from']>;
    readonly place: string;
  } | null,
): Promise<UndoReport> {
  const [source] = vault?.from.point.sources ?? [];
  const safety = await safetyWishesOf(engine, run, {
    vault: vault === null ? null : { vault: vault.from.vault, place: vault.place },
    source: source ?? null,
    goOnWithout: false,
  });
  const undo = trackUndo(engine, run, record.target, false);
  const result = await undoRestore({
    tools: await restoreToolsOf(engine, run),
    record,
    from: vault?.from ?? null,
    evenIfChanged,
    safety,
    onSafetyPoint: undo.begin,
  });
  undo.finish(result);
  run.note({ bytesRead: result.bytes });
  recordUndone(engine.history(), record.run, engine.clock.nowMs());
  if (record.safety.kind === 'folder') await rm(record.safety.path, removeAll);
  return { undone: record.run, target: result.target, rows: null, way: result.way.kind };
}

const removeAll = { recursive: true, force: true } as const;

async function undoRows(
  engine: Engine,
  { evenIfChanged }: UndoJobRequest,
  { run: undone, target, safety }: Kept<'rows'>,
  run: LocalRunBody,
): Promise<UndoReport> {
  const host = await engine.host();
  const input = {
    live: target,
    undoPath: safety.path,
    evenIfChanged,
    patienceMs: ROWS_PATIENCE_MS,
  };
  const { touched } = await host.call('undoRows', target, input, { signal: run.signal });
  recordUndone(engine.history(), undone, engine.clock.nowMs());
  await rm(safety.path, removeAll);
  return { undone, target, rows: touched, way: null };
}
