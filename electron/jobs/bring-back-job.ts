// Brings back what a person chose, in place or into a folder, and says in evidence what came back.
// Promise: nothing is taken from a preview; everything is looked at again, and before the first of several targets is
// touched, all of them can begin.
import type {
  BringBackRequest,
  BringBackResult,
  BroughtBack,
} from '../../shared/model/bring-back.ts';
import type { Plan } from '../../shared/model/plan.ts';
import type { RestorePoint } from '../../shared/model/restore-point.ts';
import type { Engine } from './engine.ts';
import { findPoint } from './find-point.ts';
import { targetsInScope } from './in-place-target.ts';
import { vaultAtPlan } from './plan-place.ts';
import { refuseRowsInFolder, rowOptionsOf, type RowsToBringBack } from './preview-rows.ts';
import type { JobContext } from './record-run.ts';
import { restoreFolderJob, type RestoreFolderReport } from './restore-folder-job.ts';
import { planInPlaceJob, restoreInPlaceJob, type RestoredInPlace } from './restore-in-place-job.ts';
import { restoreRowsJob } from './restore-rows-job.ts';
import type { RowSessions } from './row-sessions.ts';
import { scopeOf } from './scope-of.ts';
import { useVault } from './use-vault.ts';

export type BringBackWish = Omit<BringBackRequest, 'plan'> & { readonly plan: Plan };

/** Throws what a restore throws; the first failure ends it, what came back before stays and can be undone. */
export async function bringBackJob(
  engine: Engine,
  sessions: RowSessions,
  wish: BringBackWish,
  context: JobContext,
): Promise<BringBackResult> {
  refuseRowsInFolder(wish);
  const startedMs = engine.clock.monotonicMs();
  const wanted = { kind: 'id', id: wish.point } as const;
  const point = await useVault(engine, vaultAtPlan(wish.plan), context, async ({ vault }) => {
    return (await findPoint(engine, vault, wanted)).point;
  });
  const restored = await carryOut(engine, sessions, wish, point, context);
  const durationMs = engine.clock.monotonicMs() - startedMs;
  return { point: point.id, takenAtMs: point.takenAt.ms, durationMs, restored };
}

async function carryOut(
  engine: Engine,
  sessions: RowSessions,
  { plan, what, where, goOnWithoutUndo }: BringBackWish,
  point: RestorePoint,
  context: JobContext,
): Promise<readonly BroughtBack[]> {
  const wanted = { kind: 'id', id: point.id } as const;
  const shared = { ...vaultAtPlan(plan), planId: plan.id, wanted, goOnWithoutUndo };
  if (what.kind === 'rows')
    return bringRowsBack(engine, sessions, { what, point, shared }, context);
  const only = scopeOf(point, what);
  if (where.kind === 'folder') {
    const request = { ...shared, only, folder: where.path };
    return describeFolder(await restoreFolderJob(engine, request, context));
  }
  const request = { ...shared, only };
  if (targetsInScope(point, only).length > 1) await planInPlaceJob(engine, request, context);
  return (await restoreInPlaceJob(engine, request, context)).map(describeInPlace);
}

interface RowsWork {
  readonly what: RowsToBringBack;
  readonly point: RestorePoint;
  readonly shared: ReturnType<typeof vaultAtPlan> & {
    readonly planId: Plan['id'];
    readonly wanted: { readonly kind: 'id'; readonly id: string };
    readonly goOnWithoutUndo: boolean;
  };
}

async function bringRowsBack(
  engine: Engine,
  sessions: RowSessions,
  { what, point, shared }: RowsWork,
  context: JobContext,
): Promise<readonly BroughtBack[]> {
  const only = scopeOf(point, what);
  const of = { plan: shared.planId, point: point.id, source: what.source };
  const report = await sessions.lend(of, async (copy) =>
    restoreRowsJob(
      engine,
      { ...shared, only, copy, rows: what.rows, options: rowOptionsOf(what), isDryRun: false },
      context,
    ),
  );
  const { result, run, target, undoUntilMs } = report;
  const rowsTouched = 'touched' in result ? result.touched : 0;
  const name = point.sources.find(({ id }) => id === what.source)?.name ?? '';
  return [
    {
      run,
      name,
      path: target,
      bytes: 0,
      files: 0,
      isIntegrityChecked: false,
      rowsTouched,
      way: 'rows',
      undoUntilMs,
    },
  ];
}

function describeInPlace(restored: RestoredInPlace): BroughtBack {
  const { run, source, file, files, target, bytes, isIntegrityChecked, way, undoUntilMs } =
    restored;
  return {
    run,
    name: file ?? source.name,
    path: target,
    bytes,
    files,
    isIntegrityChecked,
    rowsTouched: null,
    way: way.kind,
    undoUntilMs,
  };
}

function describeFolder(report: RestoreFolderReport): readonly BroughtBack[] {
  const inFolder = { run: null, rowsTouched: null, way: null, undoUntilMs: null } as const;
  const databases = report.databases.map(({ source, path, bytes, complaints }): BroughtBack => {
    const isIntegrityChecked = complaints?.length === 0;
    return { ...inFolder, name: source.name, path, bytes, files: 1, isIntegrityChecked };
  });
  if (report.files === 0) return databases;
  const bytes = report.bytes - databases.reduce((sum, database) => sum + database.bytes, 0);
  const lists = report.point.sources.filter(({ list }) => list !== null);
  const name = lists.map((source) => source.name).join(', ');
  const { folder: path, files } = report;
  return [...databases, { ...inFolder, name, path, bytes, files, isIntegrityChecked: false }];
}
