// Carries out a plan now, at every place of it that is here, one after the other; each is a run of its own on record.
// Promise: a place that fails holds no other up, and is told. A member of a set that is away is no failure while another
// member has got the copy.
import { BackupError } from '../../shared/model/backup-error.ts';
import { placeGroups, type PlaceGroup } from '../../shared/model/place-groups.ts';
import type { Place } from '../../shared/model/place.ts';
import type { Plan } from '../../shared/model/plan.ts';
import type { Engine } from './engine.ts';
import { isAwayCode } from './is-away-code.ts';
import { locateVault } from './locate-vault.ts';
import type { JobContext } from './record-run.ts';
import { runPlanPlace, type PlanRunReport } from './run-plan-place.ts';

/** The first place's run; `others` are those of further places. */
export interface PlanRunsReport extends PlanRunReport {
  readonly others: readonly PlanRunReport[];
}

interface Options {
  readonly forceScan: boolean;
}

/** Throws what prevented the backup at any place, after all others had their turn; plan-invalid when there is no place. */
export async function runPlanJob(
  engine: Engine,
  plan: Plan,
  context: JobContext,
  options: Options = { forceScan: false },
): Promise<PlanRunsReport> {
  const reports: PlanRunReport[] = [];
  const failures: unknown[] = [];
  for (const group of placeGroups(plan.places)) {
    const done = await runGroup(engine, plan, group, context, options);
    reports.push(...done.reports);
    failures.push(...done.failures);
  }
  if (failures.length > 0) throw failures[0];
  const [first, ...others] = reports;
  if (first !== undefined) return { ...first, others };
  throw new BackupError({ code: 'plan-invalid', plan: plan.name, detail: 'it names no place' });
}

interface Done {
  readonly reports: readonly PlanRunReport[];
  readonly failures: readonly unknown[];
}

async function runGroup(
  engine: Engine,
  plan: Plan,
  group: PlaceGroup,
  context: JobContext,
  options: Options,
): Promise<Done> {
  const reports: PlanRunReport[] = [];
  const failures: unknown[] = [];
  for (const place of await placesToUse(engine, group, context)) {
    try {
      reports.push(await runPlanPlace(engine, plan, place, context, options));
    } catch (error) {
      if (context.signal.aborted || !(error instanceof BackupError)) throw error;
      failures.push(error);
    }
  }
  // Pulled out in between: another member's turn.
  const isExcused = group.set !== null && reports.length > 0;
  return { reports, failures: isExcused ? failures.filter((error) => !isAway(error)) : failures };
}

/** Of a set those that are here; when none is, its first, whose run says so. */
async function placesToUse(
  engine: Engine,
  { set, places }: PlaceGroup,
  { signal }: JobContext,
): Promise<readonly Place[]> {
  if (set === null || places.length === 1) return places;
  const here: Place[] = [];
  for (const place of places) {
    try {
      await locateVault(place.path, engine, place.vaultId, signal);
      here.push(place);
    } catch (error) {
      if (!isAway(error)) here.push(place);
    }
  }
  return here.length === 0 ? places.slice(0, 1) : here;
}

const isAway = (error: unknown): boolean =>
  error instanceof BackupError && isAwayCode(error.failure.code);
