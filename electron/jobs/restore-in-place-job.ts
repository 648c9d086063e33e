// Puts CRM data back where it was: each target is a run of its own, with its own safety point and its own undo.
import { BackupError } from '../../shared/model/backup-error.ts';
import type { PlanId, PointId, RunId, VaultId } from '../../shared/model/ids.ts';
import type { PointSource, RestorePoint } from '../../shared/model/restore-point.ts';
import type { InPlacePlan } from '../engine/restore/plan-in-place.ts';
import {
  planRestoreInPlace,
  restoreInPlace,
  type InPlaceResult,
} from '../engine/restore/restore-in-place.ts';
import { planFolderInPlace } from '../engine/restore/plan-folder-in-place.ts';
import { restoreFolderInPlace } from '../engine/restore/restore-folder-in-place.ts';
import type { RestoreScope } from '../engine/restore/plan-into-folder.ts';
import type { PointToRestore, RestoreTools } from '../engine/restore/restore-tools.ts';
import { chooseScope } from './choose-scope.ts';
import type { Engine } from './engine.ts';
import { findPoint, type WantedPoint } from './find-point.ts';
import {
  contentOfTarget,
  isWholeFolder,
  makeFolderOf,
  pathOfTarget,
  targetsInScope,
  type InPlaceTarget,
} from './in-place-target.ts';
import { planInNewFolder } from './plan-in-new-folder.ts';
import { recordRun, type JobContext, type RunBody } from './record-run.ts';
import { restoreToolsOf } from './restore-tools-of.ts';
import { safetyWishesOf } from './safety-wishes.ts';
import { trackUndo } from './track-undo.ts';
import { useVault } from './use-vault.ts';

export interface RestoreInPlaceRequest {
  readonly place: string;
  readonly wanted: WantedPoint;
  /** Null: every source. */
  readonly only: string | RestoreScope | null;
  /** The plan that it is done for, and its vault; left out: whatever is at the place. */
  readonly planId?: PlanId | null;
  readonly expectedVault?: VaultId | null;
  /** Goes on even if the present state cannot be kept. */
  readonly goOnWithoutUndo: boolean;
}

export interface RestoredInPlace extends Omit<InPlaceResult, 'targetMark'> {
  /** Files that were written; of a folder those that were missing or differed. */
  readonly files: number;
  readonly run: RunId;
  readonly point: PointId;
  readonly source: PointSource;
  /** One file of the source, a folder; null: all of it. */
  readonly file: string | null;
  /** Null: it cannot be undone. */
  readonly undoUntilMs: number | null;
}

export interface PlannedInPlace extends InPlacePlan {
  readonly point: PointId;
  readonly source: PointSource;
  readonly target: string;
  readonly heldBy: readonly string[] | null;
}

/** What would be done, source by source; changes nothing. */
export async function planInPlaceJob(
  engine: Engine,
  request: RestoreInPlaceRequest,
  context: JobContext,
): Promise<readonly PlannedInPlace[]> {
  const at = { place: request.place, expectedVault: request.expectedVault ?? null };
  return useVault(engine, at, context, async ({ vault }) => {
    const { point, index } = await findPoint(engine, vault, request.wanted);
    const scope = await chooseScope(engine, vault, point, request.only);
    const tools = await restoreToolsOf(engine, context);
    const planned: PlannedInPlace[] = [];
    for (const item of targetsInScope(point, scope)) {
      const { source } = item;
      if (isWholeFolder(item)) {
        const from = { vault, point, notes: index.notes };
        planned.push(await planFolder(tools, from, source));
        continue;
      }
      const content = await contentOfTarget(tools, { vault, point, notes: index.notes }, item);
      const safety = { inVault: null, folders: [], goOnWithout: true };
      const target = await pathOfTarget(item);
      const made = await planInNewFolder(item, target, content);
      if (made !== null) {
        const { way, neededBytes } = made;
        planned.push({ way, neededBytes, point: point.id, source, target, heldBy: [] });
        continue;
      }
      const { look, ...plan } = await planRestoreInPlace({ tools, target, content, safety });
      planned.push({ ...plan, point: point.id, source, target: look.path, heldBy: look.heldBy });
    }
    return planned;
  });
}

/** One after the other; the first failure ends it, what was restored before stays and can be undone. */
export async function restoreInPlaceJob(
  engine: Engine,
  request: RestoreInPlaceRequest,
  context: JobContext,
): Promise<readonly RestoredInPlace[]> {
  const { place, expectedVault = null } = request;
  // Found once: a safety point must not become what `latest` means for the next source.
  const found = await useVault(engine, { place, expectedVault }, context, async (opened) => {
    const { point } = await findPoint(engine, opened.vault, request.wanted);
    const scope = await chooseScope(engine, opened.vault, point, request.only);
    return { point, targets: targetsInScope(point, scope), vaultId: opened.vault.id };
  });
  const restored: RestoredInPlace[] = [];
  for (const item of found.targets) {
    restored.push(await restoreOne(engine, request, { ...found, ...item }, context));
  }
  return restored;
}

interface One extends InPlaceTarget {
  readonly point: RestorePoint;
  readonly vaultId: VaultId;
}

async function restoreOne(
  engine: Engine,
  request: RestoreInPlaceRequest,
  { point, source, file, vaultId }: One,
  context: JobContext,
): Promise<RestoredInPlace> {
  const { place, goOnWithoutUndo, planId = null } = request;
  const subject = { kind: 'restore', place, planId, expectedVault: vaultId } as const;
  return recordRun(engine, subject, context, async (run) => {
    run.note({ point: point.id });
    const tools = await restoreToolsOf(engine, run);
    const { vault } = await engine.vaults.open(run.located, run.signal);
    const { index } = await findPoint(engine, vault, { kind: 'id', id: point.id });
    const from = { vault, point, notes: index.notes };
    if (isWholeFolder({ source, file })) {
      const wish = { tools, from, source, goOnWithoutUndo };
      return restoreFolder(engine, run, place, wish);
    }
    const content = await contentOfTarget(tools, from, { source, file });
    const safety = await safetyWishesOf(engine, run, {
      // A single file is no source of the vault's: it is kept on this computer.
      vault: file === null ? { vault, place } : null,
      source,
      goOnWithout: goOnWithoutUndo,
    });
    const target = await pathOfTarget({ source, file });
    await makeFolderOf({ source, file }, target);
    const undo = trackUndo(engine, run, target, goOnWithoutUndo);
    const onSafetyPoint = undo.begin;
    const result = await restoreInPlace({ tools, target, content, safety, onSafetyPoint });
    const undoUntilMs = undo.finish(result);
    run.note({ bytesRead: result.bytes });
    const { targetMark: _, ...said } = result;
    return { ...said, files: 1, run: run.id, point: point.id, source, file, undoUntilMs };
  });
}

/** A folder has no one file that it could be taken for. */
const fileByFile = { kind: 'file-by-file', because: 'stored-raw' } as const;

async function planFolder(
  tools: RestoreTools,
  from: PointToRestore,
  source: PointSource,
): Promise<PlannedInPlace> {
  const folder = source.path;
  const { bytes } = await planFolderInPlace({ tools, from, source, folder, only: null });
  const said = { point: from.point.id, source, target: folder, heldBy: null };
  return { ...said, way: fileByFile, neededBytes: bytes };
}

async function restoreFolder(
  engine: Engine,
  run: RunBody,
  place: string,
  {
    tools,
    from,
    source,
    goOnWithoutUndo,
  }: {
    readonly tools: RestoreTools;
    readonly from: PointToRestore;
    readonly source: PointSource;
    readonly goOnWithoutUndo: boolean;
  },
): Promise<RestoredInPlace> {
  const folder = source.path;
  const vault = { vault: from.vault, place };
  const safety = await safetyWishesOf(engine, run, { vault, source, goOnWithout: goOnWithoutUndo });
  const undo = trackUndo(engine, run, folder, goOnWithoutUndo);
  const wish = {
    tools,
    from,
    source,
    folder,
    safety,
    only: null,
    removes: [],
    onSafetyPoint: undo.begin,
  };
  const result = await restoreFolderInPlace(wish);
  const undoUntilMs = undo.finish({ target: folder, targetMark: null });
  run.note({ bytesRead: result.bytes, problems: result.problems });
  const problem = result.problems.find(({ failure }) => failure.code !== 'target-renamed');
  // Doing it again, once the file is closed, brings back the rest.
  if (problem !== undefined) throw new BackupError(problem.failure);
  return {
    run: run.id,
    point: from.point.id,
    source,
    file: null,
    files: result.files,
    target: folder,
    way: fileByFile,
    bytes: result.bytes,
    safety: result.safety,
    isIntegrityChecked: false,
    root: null,
    pagesWrittenSince: 0,
    heldBy: null,
    phases: result.phases,
    undoUntilMs,
  };
}
