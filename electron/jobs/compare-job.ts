// What changed between two restore points, or since one. Changes nothing and is no run.
import {
  runCompare,
  type CompareResult,
  type CompareTarget,
} from '../engine/compare/run-compare.ts';
import { chooseScope } from './choose-scope.ts';
import type { Engine } from './engine.ts';
import { findPoint, type WantedPoint } from './find-point.ts';
import type { JobContext } from './record-run.ts';
import { restoreToolsOf } from './restore-tools-of.ts';
import { scratchPlaceOf } from './scratch-place.ts';
import { useVault } from './use-vault.ts';

export interface CompareJobRequest {
  readonly place: string;
  readonly before: WantedPoint;
  /** Null: the live data. */
  readonly after: WantedPoint | null;
  /** Null: every source. */
  readonly only: string | null;
  /** Null: every table. */
  readonly tables: readonly string[] | null;
  readonly depth: 'counts' | 'rows';
  /** Most examples of each kind of change in a table. */
  readonly sampleLimit: number;
}

export interface CompareReport extends CompareResult {
  readonly before: string;
  /** Null: the live data. */
  readonly after: string | null;
}

/** Throws point-missing, table-missing, point-damaged, target-full, and what a live source throws. */
export async function compareJob(
  engine: Engine,
  request: CompareJobRequest,
  context: JobContext,
): Promise<CompareReport> {
  const at = { place: request.place, expectedVault: null };
  return useVault(engine, at, context, async ({ vault }) => {
    const before = await findPoint(engine, vault, request.before);
    const after = request.after === null ? null : await findPoint(engine, vault, request.after);
    const scope = await chooseScope(engine, vault, before.point, request.only);
    const target: CompareTarget =
      after === null
        ? { kind: 'live', pathOf: (source) => source.path }
        : { kind: 'point', from: { vault, point: after.point, notes: after.index.notes } };
    const result = await runCompare({
      tools: await restoreToolsOf(engine, context),
      before: { vault, point: before.point, notes: before.index.notes },
      after: target,
      source: scope.kind === 'everything' ? null : scope.source,
      tables: request.tables,
      depth: request.depth,
      sampleLimit: request.sampleLimit,
      scratchFolder: scratchPlaceOf(engine),
    });
    return { ...result, before: before.point.id, after: after?.point.id ?? null };
  });
}
