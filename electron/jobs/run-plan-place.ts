// Carries out a plan at one of its places: back up and read back, keep the vault's copy of the plan up to date, tidy up by its keep rules.
// A backup that went well stays so, whatever comes after it.
import { BackupError, failureOf, hasCode } from '../../shared/model/backup-error.ts';
import type { Place } from '../../shared/model/place.ts';
import type { Plan } from '../../shared/model/plan.ts';
import type { TableLoss } from '../../shared/model/table-losses.ts';
import { PRUNE_GRACE_MS } from '../engine/retention/plan-prune.ts';
import { notesOf } from '../engine/vault/notes.ts';
import { readPointIndex } from '../engine/vault/point-index.ts';
import type { Vault } from '../engine/vault/vault.ts';
import { backupJob, type BackupReport } from './backup-job.ts';
import { readPlan } from '../plans/plan-files.ts';
import { useDisk } from './disk-use.ts';
import type { Engine } from './engine.ts';
import { findNewLosses } from './find-new-losses.ts';
import { forgetJob } from './forget-job.ts';
import { renewAcknowledgementNote } from './acknowledgement-notes.ts';
import { planAt } from './plan-at.ts';
import { renewPlanNote } from './plan-jobs.ts';
import { pruneJob } from './prune-job.ts';
import type { JobContext } from './record-run.ts';
import { rememberVolume } from './remember-volume.ts';
import { useVault } from './use-vault.ts';

export interface PlanRunReport extends BackupReport {
  readonly planId: Plan['id'];
  /** As the plan has it. */
  readonly place: string;
  /** Restore points that went by the keep rules. */
  readonly forgotten: readonly string[];
  /** Tables that it was the first to see with far fewer rows, or without any. */
  readonly losses: readonly TableLoss[];
}

/** Throws what prevented the backup. */
export async function runPlanPlace(
  engine: Engine,
  plan: Plan,
  place: Place,
  context: JobContext,
  { forceScan }: { readonly forceScan: boolean },
): Promise<PlanRunReport> {
  await using _ = useDisk(engine, place);
  const at = { place: place.path, planId: plan.id, expectedVault: place.vaultId };
  const report = await backupJob(
    engine,
    { ...at, plan, sources: plan.sources, kind: 'auto', forceScan, readBack: true },
    context,
  );
  const losses = await lookForLosses(engine, planAt(plan, place), report, context);
  const forgotten = await tidyUp(engine, plan, at, report, context);
  return { ...report, planId: plan.id, place: place.path, forgotten, losses };
}

async function lookForLosses(
  engine: Engine,
  plan: Plan,
  { point }: BackupReport,
  context: JobContext,
): Promise<readonly TableLoss[]> {
  try {
    return await findNewLosses(engine, plan, point, context);
  } catch (error) {
    // The backup is done, and the list of points will say it again.
    if (!(error instanceof BackupError)) throw error;
    return [];
  }
}

/** As it is now: whoever chose to keep more while the backup ran is not tidied by the old rules. Null: it was deleted. */
async function readCurrent(engine: Engine, { id }: Plan): Promise<Plan | null> {
  try {
    return (await readPlan(engine.dataFolder, id)).plan;
  } catch (error) {
    if (hasCode(error, 'plan-missing')) return null;
    throw error;
  }
}

async function tidyUp(
  engine: Engine,
  planned: Plan,
  at: Pick<Parameters<typeof pruneJob>[1], 'place' | 'planId' | 'expectedVault'>,
  { problems }: BackupReport,
  context: JobContext,
): Promise<readonly string[]> {
  try {
    const current = await readCurrent(engine, planned);
    if (current === null) return [];
    const plan = await rememberVolume(engine, current, at.place);
    const isPruneDue = await useVault(engine, at, context, async ({ vault }) => {
      await renewPlanNote(engine, vault, plan, context);
      await renewAcknowledgementNote(engine, vault, plan.id, context);
      return hasOldCondemnation(engine, vault);
    });
    const hasRules = Object.values(plan.keep).some((rule) => rule !== null);
    // A backup with problems is a doubt: then nothing goes.
    if (!hasRules || problems.length > 0) return [];
    const zone = engine.clock.zone();
    const request = { ...at, rules: plan.keep, zone, isDryRun: false };
    const { remove } = await forgetJob(engine, request, context);
    if (isPruneDue || remove.length > 0) await pruneJob(engine, at, context);
    return remove.map(({ id }) => id);
  } catch (error) {
    // The backup is done: a cancellation now only ends the tidying.
    if (!(error instanceof BackupError)) throw error;
    if (!context.signal.aborted) {
      engine.notify({ kind: 'tidy-up-failed', plan: planned.name, failure: failureOf(error) });
    }
    return [];
  }
}

/** Condemned long enough ago to be removed now; before that there is nothing for `prune` to do. */
async function hasOldCondemnation(engine: Engine, vault: Vault): Promise<boolean> {
  const { notes } = await readPointIndex(vault, engine.vaults.report);
  const beforeMs = engine.clock.nowMs() - PRUNE_GRACE_MS;
  return notesOf(notes, 'condemn').some(({ content }) => content.atMs < beforeMs);
}
