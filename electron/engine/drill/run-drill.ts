// A restore test: brings a restore point back into a scratch folder, opens it with the database engine, and compares what
// it finds with what was recorded. Promise: only data that came back whole, sound and as counted is `proved`; the disk is
// never filled; the scratch folder is gone afterwards. It holds no lease and changes nothing in the vault.
import type { DrilledSource, DrillResult } from '../../../shared/model/drill.ts';
import type { DrillOutcome } from '../../../shared/model/plan-facts.ts';
import type { PointToRestore, RestoreTools } from '../restore/restore-tools.ts';
import { watchRestore } from '../restore/restore-watch.ts';
import { openScratchFolder, type AskFreeBytes } from '../restore/scratch-database.ts';
import { drillSource } from './drill-source.ts';

export interface DrillRequest {
  readonly tools: RestoreTools;
  readonly from: PointToRestore;
  /** Null: every source. */
  readonly source: string | null;
  readonly scratchFolder: string;
  readonly askFreeBytes?: AskFreeBytes;
}

/** The worst first. */
const severity: readonly DrillOutcome[] = [
  'damaged-copy',
  'damaged-source',
  'not-possible',
  'bytes-only',
  'proved',
];

/** Throws only what says nothing about the copy: cancelled, a place that does not answer. */
export async function runDrill(request: DrillRequest): Promise<DrillResult> {
  const { tools, from } = request;
  const watch = watchRestore(tools);
  const startedMs = tools.clock.monotonicMs();
  const sources: DrilledSource[] = [];
  for (const source of from.point.sources) {
    if (request.source !== null && source.id !== request.source) continue;
    // One after the other, each with the room of the one before.
    await using folder = await openScratchFolder(tools, request.scratchFolder);
    sources.push(await drillSource({ request, source, folder, watch }));
  }
  const phases = watch.finish();
  const outcomes = sources.map(({ outcome }) => outcome);
  return {
    point: from.point.id,
    // Nothing tested is nothing proved.
    outcome: severity.find((outcome) => outcomes.includes(outcome)) ?? 'not-possible',
    sources,
    recoveryMs: tools.clock.monotonicMs() - startedMs,
    phases,
  };
}
