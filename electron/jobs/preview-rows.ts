// What bringing chosen records back would do to the live database: figures per table, from an open copy where there is one.
import { dirname } from 'node:path';
import { BackupError } from '../../shared/model/backup-error.ts';
import type {
  BringBackRequest,
  PlannedTarget,
  WhatToBringBack,
} from '../../shared/model/bring-back.ts';
import type { Failure } from '../../shared/model/failure.ts';
import type { Plan } from '../../shared/model/plan.ts';
import type { RestorePoint } from '../../shared/model/restore-point.ts';
import type { RowRestoreOptions, RowRestorePlan } from '../../shared/model/row-restore.ts';
import { freeBytesOf } from '../engine/restore/free-bytes.ts';
import type { Engine } from './engine.ts';
import { obstacleOf } from './obstacle-of.ts';
import { vaultAtPlan } from './plan-place.ts';
import type { JobContext } from './record-run.ts';
import { restoreRowsJob } from './restore-rows-job.ts';
import type { RowSessions } from './row-sessions.ts';

export type RowsToBringBack = Extract<WhatToBringBack, { readonly kind: 'rows' }>;

export interface RowsPreviewRequest {
  readonly plan: Plan;
  readonly point: RestorePoint;
  readonly what: RowsToBringBack;
}

/** What a person means by "bring it back"; columns that came or went since are said in the plan. */
export function rowOptionsOf({ addedSince }: RowsToBringBack): RowRestoreOptions {
  return { onConflict: 'replace', withChildren: true, addedSince, onSchemaDifference: 'map' };
}

/** Records belong into a database; a folder takes whole files. Throws usage. */
export function refuseRowsInFolder({
  what,
  where,
}: Pick<BringBackRequest, 'what' | 'where'>): void {
  if (what.kind !== 'rows' || where.kind === 'in-place') return;
  throw new BackupError({ code: 'usage', detail: 'records are brought back in place' });
}

/** Throws what keeps the copy from being read. */
export async function previewRows(
  engine: Engine,
  sessions: RowSessions,
  { plan, point, what }: RowsPreviewRequest,
  context: JobContext,
): Promise<PlannedTarget> {
  const source = point.sources.find(({ id }) => id === what.source);
  const path = source?.path ?? '';
  const host = await engine.host();
  const look = await host.call('lookAtTarget', path, { path }).catch(() => null);
  const target = {
    source: what.source,
    name: source?.name ?? '',
    path: look?.path ?? path,
    bytes: source?.pages?.size ?? 0,
    neededBytes: 0,
    freeBytes: await freeBytesOf(dirname(path)).catch(() => null),
    way: 'rows',
    heldBy: look?.heldBy ?? null,
    comparison: null,
    rows: null,
    obstacle: null,
  } as const;
  try {
    const of = { plan: plan.id, point: point.id, source: what.source };
    const rows = await sessions.lend(of, async (copy) => {
      const request = {
        ...vaultAtPlan(plan),
        wanted: { kind: 'id', id: point.id } as const,
        only: { kind: 'source', source: what.source } as const,
        copy,
        rows: what.rows,
        options: rowOptionsOf(what),
        goOnWithoutUndo: false,
        isDryRun: true,
      };
      return (await restoreRowsJob(engine, request, context)).result;
    });
    return { ...target, rows, obstacle: clashIn(rows, target.path) };
  } catch (error) {
    return { ...target, obstacle: obstacleOf(error) };
  }
}

/** Nothing is restored while a value that must be unique is another row's. */
function clashIn({ clashes }: RowRestorePlan, path: string): Failure | null {
  const [clash] = clashes;
  if (clash === undefined) return null;
  const { table, key, columns, heldBy } = clash;
  const detail = `${table} ${heldBy} now has the ${columns.join(' and ')} of ${table} ${key}`;
  return { code: 'target-refused', path, detail };
}
