// What bringing something back would do: targets, room, who has them open, what differs. Changes nothing.
// Promise: what stands in the way of a target is a fact about it; only what keeps the copies from being read is thrown.
import { dirname } from 'node:path';
import type {
  BringBackPreview,
  BringBackRequest,
  PlannedTarget,
} from '../../shared/model/bring-back.ts';
import type { Plan } from '../../shared/model/plan.ts';
import { freeBytesOf } from '../engine/restore/free-bytes.ts';
import { NO_SAFETY } from '../engine/restore/make-safety-point.ts';
import { planFolderInPlace } from '../engine/restore/plan-folder-in-place.ts';
import { planRestoreInPlace } from '../engine/restore/restore-in-place.ts';
import { planRestoreIntoFolder, type RestoreScope } from '../engine/restore/plan-into-folder.ts';
import type { PointToRestore, RestoreTools } from '../engine/restore/restore-tools.ts';
import { compareWithLive } from './compare-with-live.ts';
import type { Engine } from './engine.ts';
import { findPoint } from './find-point.ts';
import {
  contentOfTarget,
  isWholeFolder,
  pathOfTarget,
  targetsInScope,
  type InPlaceTarget,
} from './in-place-target.ts';
import { obstacleOf } from './obstacle-of.ts';
import { planInNewFolder } from './plan-in-new-folder.ts';
import { vaultAtPlan } from './plan-place.ts';
import { previewRows, refuseRowsInFolder } from './preview-rows.ts';
import type { JobContext } from './record-run.ts';
import { restoreToolsOf } from './restore-tools-of.ts';
import type { RowSessions } from './row-sessions.ts';
import { scopeOf } from './scope-of.ts';
import { useVault } from './use-vault.ts';

export interface PreviewRequest extends Omit<BringBackRequest, 'goOnWithoutUndo'> {
  readonly compare: boolean;
}

/** Throws point-missing, point-damaged where nothing can be read, and what is wrong with the place. */
export async function previewJob(
  engine: Engine,
  sessions: RowSessions,
  { plan, ...request }: Omit<PreviewRequest, 'plan'> & { readonly plan: Plan },
  context: JobContext,
): Promise<BringBackPreview> {
  const { what, where } = request;
  refuseRowsInFolder(request);
  return useVault(engine, vaultAtPlan(plan), context, async ({ vault }) => {
    const { point, index } = await findPoint(engine, vault, { kind: 'id', id: request.point });
    const said = { point: point.id, takenAtMs: point.takenAt.ms };
    if (what.kind === 'rows') {
      const target = await previewRows(engine, sessions, { plan, point, what }, context);
      return { ...said, targets: [target] };
    }
    const tools = await restoreToolsOf(engine, context);
    const from = { vault, point, notes: index.notes };
    const scope = scopeOf(point, what);
    const planned =
      where.kind === 'in-place'
        ? await planInPlaceTargets(tools, from, targetsInScope(point, scope))
        : await planFolderTargets(tools, from, scope, where.path);
    const targets: PlannedTarget[] = [];
    for (const target of planned) {
      const source = point.sources.find(({ id }) => id === target.source);
      const isCompared = request.compare && what.kind !== 'file' && source !== undefined;
      const comparison = isCompared ? await compareWithLive(engine, from, source, context) : null;
      targets.push({ ...target, comparison });
    }
    return { ...said, targets };
  });
}

async function planInPlaceTargets(
  tools: RestoreTools,
  from: PointToRestore,
  items: readonly InPlaceTarget[],
): Promise<readonly PlannedTarget[]> {
  const targets: PlannedTarget[] = [];
  for (const item of items) targets.push(await planInPlaceTarget(tools, from, item));
  return targets;
}

async function planInPlaceTarget(
  tools: RestoreTools,
  from: PointToRestore,
  item: InPlaceTarget,
): Promise<PlannedTarget> {
  const empty = emptyTarget(item, item.source.path);
  let path = item.source.path;
  try {
    if (isWholeFolder(item)) {
      const wish = { tools, from, source: item.source, folder: path, only: null };
      const { bytes, freeBytes } = await planFolderInPlace(wish);
      return { ...empty, bytes, neededBytes: bytes, freeBytes, way: 'file-by-file' };
    }
    path = await pathOfTarget(item);
    const content = await contentOfTarget(tools, from, item);
    const bytes = content.files[0]?.size ?? 0;
    const known = { ...empty, path, bytes };
    const made = await planInNewFolder(item, path, content);
    if (made !== null) return { ...known, ...made, way: made.way.kind, heldBy: [] };
    const request = { tools, target: path, content, safety: NO_SAFETY };
    const { look, way, neededBytes } = await planRestoreInPlace(request);
    const freeBytes = await freeBytesOf(dirname(look.path));
    const { heldBy } = look;
    return { ...known, path: look.path, neededBytes, freeBytes, way: way.kind, heldBy };
  } catch (error) {
    const obstacle = obstacleOf(error);
    const look = await tools.host.call('lookAtTarget', path, { path }).catch(() => null);
    const room = obstacle.code === 'target-full' ? obstacle : { neededBytes: 0, freeBytes: null };
    const { neededBytes, freeBytes } = room;
    return { ...empty, path, neededBytes, freeBytes, heldBy: look?.heldBy ?? null, obstacle };
  }
}

async function planFolderTargets(
  tools: RestoreTools,
  from: PointToRestore,
  scope: RestoreScope,
  folder: string,
): Promise<readonly PlannedTarget[]> {
  const items = targetsInScope(from.point, scope);
  try {
    const request = { tools, from, folder, scope, checkIntegrity: false };
    const { items: planned, neededBytes, freeBytes } = await planRestoreIntoFolder(request);
    const isFull = freeBytes !== null && freeBytes < neededBytes;
    const obstacle = isFull
      ? ({ code: 'target-full', path: folder, neededBytes, freeBytes } as const)
      : null;
    return items.flatMap((item) =>
      planned
        .filter(({ source }) => source.id === item.source.id)
        .map((own) => {
          const { path, bytes } = own;
          const room = { neededBytes: own.neededBytes, freeBytes };
          return { ...emptyTarget(item, path), bytes, ...room, obstacle };
        }),
    );
  } catch (error) {
    const obstacle = obstacleOf(error);
    return items.map((item) => ({ ...emptyTarget(item, folder), obstacle }));
  }
}

function emptyTarget({ source, file }: InPlaceTarget, path: string): PlannedTarget {
  return {
    source: source.id,
    name: file ?? source.name,
    path,
    bytes: source.pages?.size ?? source.list?.bytes ?? 0,
    neededBytes: 0,
    freeBytes: null,
    way: null,
    heldBy: null,
    comparison: null,
    rows: null,
    obstacle: null,
  };
}
