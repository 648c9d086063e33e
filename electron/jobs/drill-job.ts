// A restore test, on record: only what came back whole, sound and as counted counts as proved.
import { BackupError } from '../../shared/model/backup-error.ts';
import type { DrillResult } from '../../shared/model/drill.ts';
import type { Failure } from '../../shared/model/failure.ts';
import type { PlanId, VaultId } from '../../shared/model/ids.ts';
import type { RestorePoint } from '../../shared/model/restore-point.ts';
import type { Evidence } from '../../shared/model/run.ts';
import { runDrill } from '../engine/drill/run-drill.ts';
import { addHold, listHolds } from '../engine/retention/holds.ts';
import type { PointIndex } from '../engine/vault/point-index.ts';
import type { Vault } from '../engine/vault/vault.ts';
import { chooseScope } from './choose-scope.ts';
import type { Engine } from './engine.ts';
import { findPoint, type WantedPoint } from './find-point.ts';
import { findUnscanned } from './find-unscanned.ts';
import { learnPoints } from './learn-points.ts';
import { listPoints } from './list-points.ts';
import { findProvedPoints } from './proved-points.ts';
import { recordRun, type JobContext } from './record-run.ts';
import { restoreToolsOf } from './restore-tools-of.ts';
import { scratchPlaceOf } from './scratch-place.ts';
import { recordSeen } from './sight-vault.ts';
import { changeVault } from './use-vault.ts';

export interface DrillJobRequest {
  readonly place: string;
  readonly wanted: WantedPoint;
  /** Null: every source. */
  readonly only: string | null;
  readonly planId: PlanId | null;
  readonly expectedVault: VaultId | null;
}

export interface DrillReport extends DrillResult {
  /** Null when everything is proved. */
  readonly failure: Failure | null;
  /** Names of sources whose test is no proof: their pages were not all read since a log told what had changed. */
  readonly unscanned: readonly string[];
}

/** Never throws for a test that is not passed. */
export async function drillJob(
  engine: Engine,
  request: DrillJobRequest,
  context: JobContext,
): Promise<DrillReport> {
  const { place, planId, expectedVault, wanted } = request;
  const subject = { kind: 'drill', place, planId, expectedVault } as const;
  return recordRun(engine, subject, context, async (run) => {
    const { vault } = await engine.vaults.open(run.located, run.signal);
    await learnPoints(engine, vault, place, run.signal);
    const { point, index } = await findPoint(engine, vault, wanted);
    run.note({ point: point.id });
    const scope = await chooseScope(engine, vault, point, request.only);
    const unscanned = await findUnscanned(engine, vault, index.live, point);
    const result = await runDrill({
      tools: await restoreToolsOf(engine, run),
      from: { vault, point, notes: index.notes },
      source: scope.kind === 'everything' ? null : scope.source,
      scratchFolder: scratchPlaceOf(engine),
    });
    const failure = failureOfDrill(result);
    run.note({
      bytesRead: result.sources.reduce((sum, { bytes }) => sum + bytes, 0),
      problems: result.sources.flatMap(({ failure: found, name }) =>
        found === null ? [] : [{ failure: found, source: name }],
      ),
      evidence: evidenceOf(point, result, unscanned, engine.clock.nowMs()),
    });
    await recordSeen(engine, run.located);
    if (result.outcome === 'damaged-source') {
      await holdLastGood(engine, vault, index, point, run.signal);
    }
    const tested = result.sources.filter(({ source }) => unscanned.has(source));
    return { ...result, failure, unscanned: tested.map(({ name }) => name) };
  });
}

function failureOfDrill({ outcome, point, sources }: DrillResult): Failure | null {
  if (outcome === 'proved' || outcome === 'bytes-only') return null;
  const worst = sources.find((source) => source.outcome === outcome);
  const reason = worst?.failure;
  const words = reason === undefined || reason === null ? '' : describe(reason);
  const detail = [worst?.name, outcome, words].filter((part) => part !== '').join(': ');
  return { code: 'drill-failed', point, detail };
}

function describe(failure: Failure): string {
  return 'detail' in failure ? `${failure.code} ${failure.detail}` : failure.code;
}

/** A passed test of what was not scanned vouches for nothing; one that failed counts in any case. Page files are always scanned. */
function evidenceOf(
  point: RestorePoint,
  { sources }: DrillResult,
  unscanned: ReadonlySet<string>,
  atMs: number,
): readonly Evidence[] {
  return sources.flatMap(({ source, outcome, recoveryMs }): Evidence[] => {
    const at = { source, point: point.id, atMs };
    const takenAtMs =
      point.sources.find(({ id }) => id === source)?.capturedAtMs ?? point.takenAt.ms;
    const drill = { kind: 'drill', ...at, outcome, recoveryMs: Math.round(recoveryMs) } as const;
    if (outcome === 'damaged-copy')
      return [drill, { kind: 'damage', ...at, takenAtMs, what: 'copy' }];
    if (outcome === 'damaged-source') {
      return [drill, { kind: 'damage', ...at, takenAtMs, what: 'source' }];
    }
    return outcome === 'proved' && unscanned.has(source) ? [] : [drill];
  });
}

const HOLD_REASON = 'the last good restore point before damaged data was found';

/** What came before the damage must not go by the keep rules while nobody has looked at it. */
async function holdLastGood(
  engine: Engine,
  vault: Vault,
  index: PointIndex,
  damaged: RestorePoint,
  signal: AbortSignal,
): Promise<void> {
  const { points } = await listPoints(engine, vault, signal);
  const older = points.map(({ point }) => point).filter((point) => isOlder(point, damaged));
  const proved = findProvedPoints(engine.history(), vault.id, older);
  const last = older.find(({ id }) => proved.has(id)) ?? older[0];
  const ref = index.live.find(({ id }) => id === last?.id);
  if (ref === undefined) return;
  if (listHolds(index.notes).some((hold) => hold.points.includes(ref.id))) return;
  try {
    await changeVault(engine, vault, 'hold', signal, async (lease) =>
      addHold(vault, lease, [ref], HOLD_REASON),
    );
  } catch (error) {
    if (!(error instanceof BackupError) || signal.aborted) throw error;
    engine.notify({ kind: 'damage-not-noted', failure: error.failure });
  }
}

function isOlder(one: RestorePoint, other: RestorePoint): boolean {
  return one.epoch < other.epoch || (one.epoch === other.epoch && one.counter < other.counter);
}
