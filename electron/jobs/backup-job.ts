// A backup as users know it: the restore point is made, then read back from the place. Both are one run on record.
import type { ActionRecord } from '../../shared/model/actions.ts';
import { failureOf, hasCode } from '../../shared/model/backup-error.ts';
import type { Problem } from '../../shared/model/failure.ts';
import type { PlanId, SourceId, VaultId } from '../../shared/model/ids.ts';
import type { Plan } from '../../shared/model/plan.ts';
import { createProgressMeter } from '../../shared/model/progress-meter.ts';
import type { BackupKind, RestorePoint } from '../../shared/model/restore-point.ts';
import type { Evidence } from '../../shared/model/run.ts';
import type { BackupResult, PhaseTime } from '../engine/backup/backup-request.ts';
import { runBackup } from '../engine/backup/run-backup.ts';
import type { SourceHost } from '../engine/sources/source-host.ts';
import { provePoint } from '../engine/verify/prove-point.ts';
import type { Vault } from '../engine/vault/vault.ts';
import { evidenceOfPoint } from '../history/rebuild-from-points.ts';
import { aroundBackup } from './actions/around-backup.ts';
import { dropDoubtedEvidence } from './drop-doubted-evidence.ts';
import type { Engine } from './engine.ts';
import { finishInterruptedRestores } from './finish-interrupted-restores.ts';
import { learnPoints } from './learn-points.ts';
import { recordRun, type JobContext, type RunBody } from './record-run.ts';
import { recordSeen } from './sight-vault.ts';
import { testQuietCopies } from './test-quiet-copies.ts';

export interface BackupJobRequest {
  readonly place: string;
  /** `id` and `name` null: those of the newest restore point's source with this path. */
  readonly sources: readonly {
    readonly path: string;
    readonly id: SourceId | null;
    readonly name: string | null;
  }[];
  readonly kind: BackupKind | 'auto';
  /** Reads every page even where the write-ahead log would tell. */
  readonly forceScan: boolean;
  /** Reads back what was written; false leaves the copy unproved. */
  readonly readBack: boolean;
  readonly planId: PlanId | null;
  /** Its commands are run around the backup; left out: none. */
  readonly plan?: Plan;
  /** The vault that must lie at the place; null: any. */
  readonly expectedVault: VaultId | null;
}

export interface BackupReport {
  readonly point: RestorePoint;
  readonly fullReason: BackupResult['fullReason'];
  readonly phases: readonly PhaseTime[];
  readonly durationMs: number;
  readonly healedPages: number;
  /** The plan's commands around it. */
  readonly actions: readonly ActionRecord[];
  /** Bytes that were read back from the place; null when that was not asked for. */
  readonly provedBytes: number | null;
  /** The restore point's, and what restore tests of copies without SQLite's locks found. */
  readonly problems: readonly Problem[];
}

/** `found`: the restore point's problems, and those of the plan's commands. */
type Made = Omit<BackupReport, 'durationMs' | 'problems'> & { readonly found: readonly Problem[] };

/** Throws what prevented it; problems of single sources are in the report. */
export async function backupJob(
  engine: Engine,
  request: BackupJobRequest,
  context: JobContext,
): Promise<BackupReport> {
  const { place, planId, expectedVault } = request;
  const startedMs = engine.clock.monotonicMs();
  const { found: ownProblems, ...report } = await recordRun(
    engine,
    { kind: 'backup', place, planId, expectedVault },
    context,
    async (run) => backUpAndProve(engine, request, run),
  );
  const { point } = report;
  const found = request.readBack
    ? await testQuietCopies(engine, { place, planId, expectedVault, point }, context)
    : [];
  const problems = [...ownProblems, ...found];
  return { ...report, problems, durationMs: engine.clock.monotonicMs() - startedMs };
}

async function backUpAndProve(
  engine: Engine,
  request: BackupJobRequest,
  run: RunBody,
): Promise<Made> {
  const startedMs = engine.clock.monotonicMs();
  // Opening the vault waits for scrypt: threads start meanwhile.
  engine.pool.warmUp();
  const opening = engine.host();
  opening.catch(() => undefined); // thrown where it is waited for
  const { vault } = await engine.vaults.open(run.located, run.signal);
  await learnPoints(engine, vault, request.place, run.signal);
  const unlockMs = engine.clock.monotonicMs() - startedMs;
  const actionProblems: Problem[] = [];
  const onProblem = (problem: Problem): void => {
    actionProblems.push(problem);
    run.note({ problems: actionProblems });
  };
  const actions: ActionRecord[] = [];
  const onRecord = (record: ActionRecord): void => void actions.push(record);
  const bracket = { id: run.id, place: request.place, signal: run.signal, onProblem, onRecord };
  const made = await aroundBackup(engine, request.plan ?? null, bracket, {
    make: async () => makePoint(engine, request, run, { vault, opening }),
    isWhole: ({ point: { problems } }) => problems.length === 0,
  });
  const { point } = made;
  const found = [...point.problems, ...actionProblems];
  const copies = evidenceOfPoint(point);
  run.note({
    point: point.id,
    bytesRead: point.written.readBytes,
    bytesStored: point.written.bytes,
    problems: found,
    evidence: copies,
  });
  await dropDoubtedEvidence(engine, vault, point, run.signal);
  await recordSeen(engine, run.located);
  if (made.foreignKitFiles.length > 0) {
    engine.notify({ kind: 'kit-replaced', files: made.foreignKitFiles });
  }
  const provingMs = engine.clock.monotonicMs();
  const provedBytes = request.readBack
    ? await prove(engine, vault, made, run, { copies, found })
    : null;
  const proveMs = engine.clock.monotonicMs() - provingMs;
  return {
    point,
    fullReason: made.fullReason,
    phases: [...withUnlocking(made.phases, unlockMs), { phase: 'prove', ms: proveMs }],
    healedPages: made.healedPages,
    provedBytes,
    actions,
    found,
  };
}

async function makePoint(
  engine: Engine,
  request: BackupJobRequest,
  run: RunBody,
  { vault, opening }: { readonly vault: Vault; readonly opening: Promise<SourceHost> },
): Promise<BackupResult> {
  await finishInterruptedRestores(
    engine,
    request.sources.map(({ path }) => path),
  );
  return runBackup({
    vault,
    host: await opening,
    pool: engine.pool,
    owner: engine.owner,
    sources: request.sources,
    kind: request.kind,
    planId: request.planId,
    app: engine.app,
    cacheFolder: engine.cacheFolder(vault.id),
    forceScan: request.forceScan,
    onProgress: run.onProgress,
    report: engine.vaults.report,
    signal: run.signal,
  });
}

/** Opening the vault belongs to the phase of that name. */
function withUnlocking(phases: readonly PhaseTime[], unlockMs: number): readonly PhaseTime[] {
  return phases.map((time) => (time.phase === 'open' ? { ...time, ms: time.ms + unlockMs } : time));
}

async function prove(
  engine: Engine,
  vault: Vault,
  { point, writtenLevels }: BackupResult,
  run: RunBody,
  { copies, found }: { readonly copies: readonly Evidence[]; readonly found: readonly Problem[] },
): Promise<number> {
  const meter = createProgressMeter(engine.clock, run.onProgress);
  meter.start('prove', point.written.bytes, vault.storage.location);
  const { pool } = engine;
  const { signal } = run;
  const evidenceOf = (make: (copy: Evidence & { kind: 'copy' }) => Evidence): Evidence[] => [
    ...copies,
    ...copies.filter((item) => item.kind === 'copy').map(make),
  ];
  const atMs = engine.clock.nowMs();
  try {
    const onBytes = meter.add;
    const bytes = await provePoint({ vault, pool, point, writtenLevels, onBytes, signal });
    run.note({ evidence: evidenceOf((copy) => ({ ...copy, kind: 'read-back', atMs })) });
    meter.finish();
    return bytes;
  } catch (error) {
    if (hasCode(error, 'point-damaged')) {
      const problems = [...found, { failure: failureOf(error) }];
      const evidence = evidenceOf((copy) => ({ ...copy, kind: 'damage', atMs, what: 'copy' }));
      run.note({ problems, evidence });
    }
    throw error;
  }
}
