// What changed between two restore points, or between one and the live data: source by source, the cheapest answer first.
// Promise: equal digests are answered without fetching a byte; what is fetched lies in a scratch folder and is gone
// afterwards; a live database is read in a state of its own and never blocked.
import type { SourceComparison } from '../../../shared/model/comparison.ts';
import type { SourceId } from '../../../shared/model/ids.ts';
import type { PointSource } from '../../../shared/model/restore-point.ts';
import type { PointToRestore, RestorePhaseTime, RestoreTools } from '../restore/restore-tools.ts';
import { watchRestore } from '../restore/restore-watch.ts';
import { openScratchFolder, type AskFreeBytes } from '../restore/scratch-database.ts';
import { compareDatabaseSources } from './compare-database-sources.ts';
import { compareFileLists } from './compare-file-lists.ts';

export type CompareTarget =
  | { readonly kind: 'point'; readonly from: PointToRestore }
  /** The present state; `pathOf` says where a source lies now. */
  | { readonly kind: 'live'; readonly pathOf: (source: PointSource) => string };

export interface CompareRequest {
  readonly tools: RestoreTools;
  /** The older state. */
  readonly before: PointToRestore;
  readonly after: CompareTarget;
  /** Null: every source. */
  readonly source: string | null;
  /** Null: every table. */
  readonly tables: readonly string[] | null;
  /** `counts`: recorded figures will do where both points have them. */
  readonly depth: 'counts' | 'rows';
  /** Most examples of each change of a table. */
  readonly sampleLimit: number;
  readonly scratchFolder: string;
  readonly askFreeBytes?: AskFreeBytes;
}

export interface ComparedSource {
  readonly source: SourceId;
  readonly name: string;
  readonly result: SourceComparison;
}

export interface CompareResult {
  readonly sources: readonly ComparedSource[];
  /** Names of sources that only one of two points has. */
  readonly onlyBefore: readonly string[];
  readonly onlyAfter: readonly string[];
  readonly fetchedBytes: number;
  readonly phases: readonly RestorePhaseTime[];
}

/** Throws point-damaged, target-full, table-missing, and what a live source throws. */
export async function runCompare(request: CompareRequest): Promise<CompareResult> {
  const { tools, before, after } = request;
  const watch = watchRestore(tools);
  await using folder = await openScratchFolder(tools, request.scratchFolder);
  let fetchedBytes = 0;
  const onBytes = (bytes: number): void => {
    fetchedBytes += bytes;
    watch.addBytes(bytes);
  };
  const sources: ComparedSource[] = [];
  const wanted = before.point.sources.filter(
    ({ id }) => request.source === null || id === request.source,
  );
  for (const [number, source] of wanted.entries()) {
    const now = after.kind === 'live' ? null : findSource(after.from, source.id);
    if (now === undefined) continue;
    const job = { request, source, now, folder, number, watch, onBytes };
    const isDatabase = source.pages !== null;
    const result = isDatabase ? await compareDatabaseSources(job) : await compareFileLists(job);
    sources.push({ source: source.id, name: source.name, result });
  }
  const others = after.kind === 'live' ? null : after.from.point.sources;
  return {
    sources,
    onlyBefore: others === null ? [] : namesMissingIn(before.point.sources, others),
    onlyAfter: others === null ? [] : namesMissingIn(others, before.point.sources),
    fetchedBytes,
    phases: watch.finish(),
  };
}

function findSource({ point }: PointToRestore, id: SourceId): PointSource | undefined {
  return point.sources.find((source) => source.id === id);
}

function namesMissingIn(
  sources: readonly PointSource[],
  others: readonly PointSource[],
): readonly string[] {
  const ids = new Set(others.map(({ id }) => id));
  return sources.filter(({ id }) => !ids.has(id)).map(({ name }) => name);
}
