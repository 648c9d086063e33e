// What differs between a source of a restore point and now, within the time that a person waits before deciding.
// Promise: it never keeps anybody from bringing data back: what cannot be compared is not compared.
import { BackupError } from '../../shared/model/backup-error.ts';
import type { SourceComparison } from '../../shared/model/comparison.ts';
import type { PointSource } from '../../shared/model/restore-point.ts';
import { runCompare } from '../engine/compare/run-compare.ts';
import type { PointToRestore } from '../engine/restore/restore-tools.ts';
import type { Engine } from './engine.ts';
import type { JobContext } from './record-run.ts';
import { restoreToolsOf } from './restore-tools-of.ts';
import { scratchPlaceOf } from './scratch-place.ts';

/** Row by row means fetching the copy: this much comes from a USB disk or share in a few seconds. */
const MOST_FETCHED_BYTES = 256 * 1024 * 1024;
/** Rows of the live data may be counted this long where the copy is not fetched. */
const COUNT_BUDGET_MS = 2_000;
/** Enough for a person to recognise what it is about. */
const SAMPLE_LIMIT = 5;

/** Null: it cannot be told. */
export async function compareWithLive(
  engine: Engine,
  from: PointToRestore,
  source: PointSource,
  context: JobContext,
): Promise<SourceComparison | null> {
  const { pages } = source;
  if (pages === null) return null;
  try {
    return pages.size <= MOST_FETCHED_BYTES
      ? await compareRows(engine, from, source, context)
      : await compareCounts(engine, source);
  } catch (error) {
    if (!(error instanceof BackupError) || context.signal.aborted) throw error;
    return null;
  }
}

async function compareRows(
  engine: Engine,
  before: PointToRestore,
  source: PointSource,
  context: JobContext,
): Promise<SourceComparison | null> {
  const { sources } = await runCompare({
    tools: await restoreToolsOf(engine, context),
    before,
    after: { kind: 'live', pathOf: ({ path }) => path },
    source: source.id,
    tables: null,
    depth: 'rows',
    sampleLimit: SAMPLE_LIMIT,
    scratchFolder: scratchPlaceOf(engine),
  });
  return sources[0]?.result ?? null;
}

/** Tables that were counted then and now; of the others nothing is said. */
async function compareCounts(
  engine: Engine,
  { path, counts }: PointSource,
): Promise<SourceComparison | null> {
  if (counts === null) return null;
  const host = await engine.host();
  const live = await host.countTables(path, COUNT_BUDGET_MS);
  const now = new Map(live.map(({ table, rows }) => [table, rows]));
  const tables = counts.flatMap(({ table, rows: rowsBefore }) => {
    const rowsAfter = now.get(table);
    return rowsAfter === undefined ? [] : [{ table, rowsBefore, rowsAfter }];
  });
  return { kind: 'counts', tables };
}
