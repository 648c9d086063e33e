// The scheduler's hands: plans, history, job board and notices of the real app.
import { BackupError, hasCode } from '../../../shared/model/backup-error.ts';
import type { Plan } from '../../../shared/model/plan.ts';
import { readPlan } from '../../plans/plan-files.ts';
import type { Engine } from '../engine.ts';
import { listAllPlans } from '../find-plan.ts';
import { isAwayCode } from '../is-away-code.ts';
import { isHere } from '../is-here.ts';
import type { JobBoard } from '../job-board.ts';
import { closeDeadRuns } from '../open-job-history.ts';
import type { JobContext } from '../record-run.ts';
import type { RunNews } from '../run-news.ts';
import { runPlanJob } from '../run-plan-job.ts';
import { sayLosses } from '../say-losses.ts';
import { drillPlanJob } from '../scan-and-drill-job.ts';
import type { SettingsFile } from '../settings-file.ts';
import { endOfRun } from '../stop-reason.ts';
import { vaultOf } from '../vault-of.ts';
import { createWeeklyLine, weeklyPartsOf } from '../weekly-line.ts';
import type { DrillState, PlanRuns } from './plan-due-work.ts';
import type { BackupOutcome } from './plan-memory.ts';
import { createProbe } from './probe-plan.ts';
import { remindOfSets } from './remind-of-sets.ts';
import { readDrillState, readPlanRuns } from './schedule-facts.ts';
import type { ScheduleMemory } from './schedule-file.ts';
import type { SchedulerPorts } from './scheduler.ts';

export interface PortParts {
  readonly engine: Engine;
  readonly board: JobBoard;
  readonly settings: SettingsFile;
  readonly news: RunNews;
  readonly memory: ScheduleMemory;
}

const unknownRuns: PlanRuns = {
  metAtMs: null,
  givenUpAtMs: null,
  isRunning: false,
  interruptions: 0,
  interruptedAtMs: null,
  // What the history says of the time counts for nothing.
  isClockBack: true,
};
const noDrills: DrillState = { oldestCopyAtMs: null, passedAtMs: null };

/** Starts nothing. */
export function createSchedulerPorts(parts: PortParts): SchedulerPorts {
  const { engine, board, settings, news, memory } = parts;
  const weekly = createWeeklyLine(weeklyPartsOf(engine, news));
  /** The history is disposable: when it cannot be read, the scheduler goes by its own memory. */
  const orWithoutHistory = <T>(read: () => T, instead: T): T => {
    try {
      return read();
    } catch (error) {
      engine.notify({ kind: 'history-not-kept', detail: String(error) });
      return instead;
    }
  };
  return {
    clock: engine.clock,
    memory,
    plans: async () => listAllPlans(engine),
    settings: settings.read,
    runsOf: (plan, nowMs, paths) =>
      orWithoutHistory(() => planRuns(engine, plan, nowMs, paths), unknownRuns),
    drillStateOf: (plan, nowMs) =>
      orWithoutHistory(() => readDrillState(engine.history(), plan, nowMs), noDrills),
    isBusy: (plan) => board.list().some(({ planId }) => plan === null || planId === plan),
    probe: createProbe(engine),
    isHere: async (plan) => {
      const [place] = plan.places;
      return place !== undefined && isHere(engine, place);
    },
    remindOfSets(plan, nowMs) {
      orWithoutHistory(() => remindOfSets(engine.history(), news, plan, nowMs), undefined);
    },
    async backUp(plan, origin, signal) {
      const job = { kind: 'backup', plan, origin, vault: await laneOf(engine, plan) } as const;
      const work = async (context: JobContext): Promise<BackupOutcome> =>
        backUp(engine, news, plan, context);
      // Stopped while it waited: by a person, or because the app ends.
      const unstarted = (): BackupOutcome => (signal.aborted ? 'interrupted' : 'given-up');
      return board.add(job, { signal, onProgress: () => undefined }, work).catch(unstarted);
    },
    async drill(plan, signal) {
      const vault = await laneOf(engine, plan);
      const job = { kind: 'drill', plan, origin: 'schedule', vault } as const;
      const work = async (context: JobContext): Promise<void> => {
        const { scan } = await drillPlanJob(engine, plan, context);
        if (scan !== null) sayLosses(news, plan, scan);
      };
      // What went wrong is on record, and said by the news of the run.
      await board.add(job, { signal, onProgress: () => undefined }, work).catch(ignoreRecorded);
    },
    sayOverdue(plan, slotMs) {
      if (slotMs === null) return news.drop(plan.id, ['overdue']);
      news.say({
        planId: plan.id,
        fact: { kind: 'overdue', plan: plan.name, slotMs },
        opens: 'home',
      });
    },
    sayKey(plan, isNeeded) {
      if (!isNeeded) return news.drop(plan.id, ['key-needed']);
      const fact = { kind: 'key-needed', plan: plan.name } as const;
      news.say({ planId: plan.id, fact, opens: 'home' });
    },
    sayWeekly: async (plans) => weekly.look(plans),
    sayTrouble(error) {
      const detail = error instanceof Error ? error.message : String(error);
      engine.notify({ kind: 'schedule-trouble', detail });
    },
    release: board.release,
  };
}

function planRuns(
  engine: Engine,
  plan: Plan,
  nowMs: number,
  paths: readonly string[] | null,
): ReturnType<SchedulerPorts['runsOf']> {
  const runs = readPlanRuns(engine.history(), plan, nowMs, paths);
  if (!runs.isRunning) return runs;
  // Another process may have died over it: then it is interrupted, and to be caught up.
  closeDeadRuns(engine.history(), engine.owner, nowMs);
  return readPlanRuns(engine.history(), plan, nowMs, paths);
}

/** All work of a plan has one lane, whichever of its places it is for. */
async function laneOf(engine: Engine, plan: Plan): Promise<ReturnType<typeof vaultOf>> {
  const stored = await readPlan(engine.dataFolder, plan.id).catch(() => null);
  return vaultOf(stored?.plan ?? plan);
}

/** The plan as it is stored now, at the places that were asked for. Null: they are none of it any more. */
function placesOf(current: Plan, { places }: Plan): Plan | null {
  if (current.places.length === 1) return current;
  const kept = current.places.filter((own) =>
    places.some(({ vaultId, path }) =>
      vaultId === null ? own.path === path : own.vaultId === vaultId,
    ),
  );
  return kept.length === 0 ? null : { ...current, places: kept };
}

async function backUp(
  engine: Engine,
  news: RunNews,
  plan: Plan,
  context: JobContext,
): Promise<BackupOutcome> {
  try {
    // It may have been changed while it waited.
    const { plan: current } = await readPlan(engine.dataFolder, plan.id);
    const asked = placesOf(current, plan);
    if (asked === null) return 'given-up';
    const report = await runPlanJob(engine, asked, context);
    for (const each of [report, ...report.others]) sayLosses(news, current, each);
    return 'done';
  } catch (error) {
    return outcomeOf(error, context.signal);
  }
}

function outcomeOf(error: unknown, signal: AbortSignal): BackupOutcome {
  const { state, thrown } = endOfRun(signal, error);
  if (state === 'interrupted') return 'interrupted';
  if (state === 'cancelled' || thrown.code === 'plan-missing') return 'given-up';
  if (thrown.code === 'key-needed' || thrown.code === 'key-wrong') return 'key';
  return isAwayCode(thrown.code) ? 'away' : 'failed';
}

function ignoreRecorded(error: unknown): void {
  if (!(error instanceof BackupError) || hasCode(error, 'unexpected')) throw error;
}
