// Puts CRM data back where it was: each source is a run of its own, with its own safety point and its own undo.
import type { PointId, RunId, VaultId } from '../../shared/model/ids.ts';
import type { PointSource, RestorePoint } from '../../shared/model/restore-point.ts';
import type { InPlacePlan } from '../engine/restore/plan-in-place.ts';
import { contentOfSource } from '../engine/restore/restore-content.ts';
import {
  planRestoreInPlace,
  restoreInPlace,
  type InPlaceResult,
} from '../engine/restore/restore-in-place.ts';
import { chooseScope, sourcesInScope } from './choose-scope.ts';
import type { Engine } from './engine.ts';
import { findPoint, type WantedPoint } from './find-point.ts';
import { recordRun, type JobContext } from './record-run.ts';
import { restoreToolsOf } from './restore-tools-of.ts';
import { safetyWishesOf } from './safety-wishes.ts';
import { trackUndo } from './track-undo.ts';
import { useVault } from './use-vault.ts';

export interface RestoreInPlaceRequest {
  readonly place: string;
  readonly wanted: WantedPoint;
  /** Null: every source. */
  readonly only: string | null;
  /** Goes on even if the present state cannot be kept. */
  readonly goOnWithoutUndo: boolean;
}

export interface RestoredInPlace extends Omit<InPlaceResult, 'targetMark'> {
  readonly run: RunId;
  readonly point: PointId;
  readonly source: PointSource;
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
  const at = { place: request.place, expectedVault: null };
  return useVault(engine, at, context, async ({ vault }) => {
    const { point, index } = await findPoint(engine, vault, request.wanted);
    const scope = await chooseScope(engine, vault, point, request.only);
    const tools = await restoreToolsOf(engine, context);
    const planned: PlannedInPlace[] = [];
    for (const source of sourcesInScope(point, scope)) {
      const content = await contentOfSource(tools, { vault, point, notes: index.notes }, source);
      const safety = { inVault: null, folders: [], goOnWithout: true };
      const target = source.path;
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
  const { place } = request;
  // Found once: a safety point must not become what `latest` means for the next source.
  const found = await useVault(engine, { place, expectedVault: null }, context, async (opened) => {
    const { point } = await findPoint(engine, opened.vault, request.wanted);
    const scope = await chooseScope(engine, opened.vault, point, request.only);
    return { point, sources: sourcesInScope(point, scope), vaultId: opened.vault.id };
  });
  const restored: RestoredInPlace[] = [];
  for (const source of found.sources) {
    restored.push(await restoreOne(engine, request, { ...found, source }, context));
  }
  return restored;
}

interface One {
  readonly point: RestorePoint;
  readonly source: PointSource;
  readonly vaultId: VaultId;
}

async function restoreOne(
  engine: Engine,
  request: RestoreInPlaceRequest,
  { point, source, vaultId }: One,
  context: JobContext,
): Promise<RestoredInPlace> {
  const { place, goOnWithoutUndo } = request;
  const subject = { kind: 'restore', place, planId: null, expectedVault: vaultId } as const;
  return recordRun(engine, subject, context, async (run) => {
    run.note({ point: point.id });
    const tools = await restoreToolsOf(engine, run);
    const { vault } = await engine.vaults.open(run.located, run.signal);
    const { index } = await findPoint(engine, vault, { kind: 'id', id: point.id });
    const content = await contentOfSource(tools, { vault, point, notes: index.notes }, source);
    const safety = await safetyWishesOf(engine, run, {
      vault: { vault, place },
      source,
      goOnWithout: goOnWithoutUndo,
    });
    const target = source.path;
    const undo = trackUndo(engine, run, target, goOnWithoutUndo);
    const onSafetyPoint = undo.begin;
    const result = await restoreInPlace({ tools, target, content, safety, onSafetyPoint });
    const undoUntilMs = undo.finish(result);
    run.note({ bytesRead: result.bytes });
    const { targetMark: _, ...said } = result;
    return { ...said, run: run.id, point: point.id, source, undoUntilMs };
  });
}
