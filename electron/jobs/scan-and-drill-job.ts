// A restore test that can count as proof: what was captured by the write-ahead log since the last scan is scanned first,
// in a backup of its own, and that one is tested. Where it cannot be scanned now, the test goes on without being proof.
import { lstat } from 'node:fs/promises';
import { BackupError } from '../../shared/model/backup-error.ts';
import type { Plan } from '../../shared/model/plan.ts';
import type { RestorePoint } from '../../shared/model/restore-point.ts';
import { backupJob } from './backup-job.ts';
import { chooseScope } from './choose-scope.ts';
import { drillJob, type DrillJobRequest, type DrillReport } from './drill-job.ts';
import type { Engine } from './engine.ts';
import { listAllPlans } from './find-plan.ts';
import { findPoint } from './find-point.ts';
import { findUnscanned } from './find-unscanned.ts';
import { vaultAtPlan } from './plan-place.ts';
import type { JobContext } from './record-run.ts';
import { planAt } from './plan-at.ts';
import { runPlanJob } from './run-plan-job.ts';
import type { PlanRunReport } from './run-plan-place.ts';
import { useVault } from './use-vault.ts';

export interface PlanDrillReport extends DrillReport {
  /** The backup that was made first; null: none was needed, or it failed, as the history says. */
  readonly scan: PlanRunReport | null;
}

/** Of the newest point of a plan at its first place; see `planAt` for another. Throws plan-invalid when the plan has no place. */
export async function drillPlanJob(
  engine: Engine,
  plan: Plan,
  context: JobContext,
): Promise<PlanDrillReport> {
  const at = { ...vaultAtPlan(plan), planId: plan.id };
  const request = { ...at, wanted: { kind: 'latest' }, only: null } as const;
  const scan = await unlessFailed(async () =>
    (await findPointToScan(engine, request, context)) === null
      ? null
      : runPlanJob(engine, firstPlace(plan), context, { forceScan: true }),
  );
  return { ...(await drillJob(engine, testing(scan, request), context)), scan };
}

/** Of any point. Only the newest one can be scanned anew: by its plan, or where all that it holds lies on this computer. */
export async function scanAndDrillJob(
  engine: Engine,
  request: DrillJobRequest,
  context: JobContext,
): Promise<DrillReport> {
  if (request.wanted.kind !== 'latest') return drillJob(engine, request, context);
  const scan = await unlessFailed(async () => {
    const point = await findPointToScan(engine, request, context);
    return point === null ? null : scanAgain(engine, request, point, context);
  });
  return drillJob(engine, testing(scan, request), context);
}

function firstPlace(plan: Plan): Plan {
  const [first] = plan.places;
  return first === undefined ? plan : planAt(plan, first);
}

type Scan = { readonly point: RestorePoint } | null;

const testing = (scan: Scan, request: DrillJobRequest): DrillJobRequest =>
  scan === null ? request : { ...request, wanted: { kind: 'id', id: scan.point.id } };

/** Whatever stops it here stops the test as well, or is on record as a failed backup. */
async function unlessFailed<T>(work: () => Promise<T | null>): Promise<T | null> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof BackupError)) throw error;
    return null;
  }
}

async function findPointToScan(
  engine: Engine,
  { place, expectedVault, wanted, only }: DrillJobRequest,
  context: JobContext,
): Promise<RestorePoint | null> {
  return useVault(engine, { place, expectedVault }, context, async ({ vault }) => {
    const { point, index } = await findPoint(engine, vault, wanted);
    const scope = await chooseScope(engine, vault, point, only);
    const unscanned = await findUnscanned(engine, vault, index.live, point);
    const isInDoubt =
      scope.kind === 'everything' ? unscanned.size > 0 : unscanned.has(scope.source);
    return isInDoubt ? point : null;
  });
}

async function scanAgain(
  engine: Engine,
  { place, expectedVault }: DrillJobRequest,
  point: RestorePoint,
  context: JobContext,
): Promise<Scan> {
  const plan = (await listAllPlans(engine)).find(({ id }) => id === point.planId);
  const own = plan?.places.find(({ path }) => path === place);
  if (plan !== undefined && own !== undefined) {
    return runPlanJob(engine, planAt(plan, own), context, { forceScan: true });
  }
  if (point.host !== engine.owner.host || !(await areThere(point))) return null;
  const sources = point.sources.map(({ id, name, path }) => ({ id, name, path }));
  const how = { kind: 'auto', forceScan: true, readBack: true } as const;
  const request = { place, expectedVault, planId: point.planId, sources, ...how };
  return backupJob(engine, request, context);
}

async function areThere({ sources }: RestorePoint): Promise<boolean> {
  const looks = sources.map(async ({ path }) =>
    lstat(path)
      .then(() => true)
      .catch(() => false),
  );
  return (await Promise.all(looks)).every(Boolean);
}
