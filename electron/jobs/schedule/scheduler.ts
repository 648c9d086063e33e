// Starts what is due. It looks every 30 seconds on the clocks that it is given and depends on no power event; what is
// due is decided in plan-due-work.ts, what was decided is stored before it is forgotten.
// Promise: no fault of one plan, and no file that cannot be read, stops the looking.
import type { Clock } from '../../../shared/model/clock.ts';
import type { PlanId } from '../../../shared/model/ids.ts';
import type { JobOrigin } from '../../../shared/model/job.ts';
import type { Plan } from '../../../shared/model/plan.ts';
import type { Settings } from '../../../shared/model/settings.ts';
import { INTERRUPTION } from '../stop-reason.ts';
import { createClockWatch, TICK_MS } from './clock-watch.ts';
import {
  DRILL_TRY_EVERY_MS,
  planDueWork,
  type DrillState,
  type DueWork,
  type Moment,
  type PlanRuns,
} from './plan-due-work.ts';
import {
  afterBackup,
  AWAY_PROBES_UNTIL_SAID,
  type BackupOutcome,
  type PlanMemory,
} from './plan-memory.ts';
import type { ProbePlan } from './probe-plan.ts';
import { isBatteryLow, isQuiet, type Power } from './quiet-hours.ts';
import type { ScheduleMemory } from './schedule-file.ts';
import { createSlotsAt } from './slots-at.ts';

/** A slot is overdue for this long while the app is awake before it is said: waking up late is caught up in silence. */
const OVERDUE_CHANCE_MS = 15 * 60_000;
/** A restore test whose place is away is tried again sooner than one that failed. */
const DRILL_AWAY_WAIT_MS = 60 * 60_000;
/** The system said that it would sleep and did not: after this long awake, work goes on. */
const LONGEST_HOLD_MS = 5 * 60_000;

/** What it sees and what it can have done. */
export interface SchedulerPorts {
  readonly clock: Clock;
  readonly memory: ScheduleMemory;
  plans(): Promise<readonly Plan[]>;
  settings(): Promise<Settings>;
  runsOf(plan: Plan, nowMs: number): PlanRuns;
  drillStateOf(plan: Plan, nowMs: number): DrillState;
  /** Work of the plan waits or runs; null: any work. */
  isBusy(plan: PlanId | null): boolean;
  readonly probe: ProbePlan;
  backUp(plan: Plan, origin: JobOrigin, signal: AbortSignal): Promise<BackupOutcome>;
  drill(plan: Plan, signal: AbortSignal): Promise<void>;
  /** Null: not overdue any more. */
  sayOverdue(plan: Plan, slotMs: number | null): void;
  sayKey(plan: Plan, isNeeded: boolean): void;
  /** Once a week, when all is fine. */
  sayWeekly(plans: readonly Plan[]): Promise<void>;
  sayTrouble(error: unknown): void;
  /** The door that `suspend` holds may open again. */
  release(): void;
}

export interface Scheduler {
  /** Looks every 30 seconds until it is stopped. */
  start(): void;
  /** One look. Resolves when all that is due has begun. */
  tick(): Promise<void>;
  /** Resolves when what it began has ended. */
  settled(): Promise<void>;
  setPower(power: Power): void;
  /** Nothing starts any more. */
  hold(): void;
  /** Work may start again, after settling. */
  wake(): void;
  /** What waits for a place or a passphrase is tried at the next look. */
  nudge(): void;
  forget(plan: PlanId): Promise<void>;
  stop(): Promise<void>;
}

/** Does nothing until it is started or told to look. */
export function createScheduler(ports: SchedulerPorts): Scheduler {
  const { clock, memory } = ports;
  const stopping = new AbortController();
  const watch = createClockWatch(clock);
  const slotsAt = createSlotsAt();
  const working = new Map<PlanId, Promise<void>>();
  const overdueSince = new Map<PlanId, number>();
  let power: Power = { onBattery: false, percent: null };
  let heldAtMs: number | null = null;
  let isNudged = false;
  let looping: Promise<void> | null = null;

  const release = (): void => {
    heldAtMs = null;
    watch.settle();
    ports.release();
  };

  const readMoment = async (): Promise<Moment> => {
    const { quietHours, batteryAtLeastPercent } = await ports.settings();
    const nowMs = clock.nowMs();
    return {
      nowMs,
      isSettled: heldAtMs === null && watch.isSettled(),
      isQuiet: isQuiet(quietHours, clock.zone(), nowMs),
      isBatteryLow: isBatteryLow(batteryAtLeastPercent, power),
      isIdle: working.size === 0 && !ports.isBusy(null),
    };
  };

  const remember = async (plan: PlanId, next: PlanMemory): Promise<void> => {
    if (!isSame(memory.of(plan), next)) await memory.store(plan, next);
  };

  const begin = (plan: Plan, work: () => Promise<void>): void => {
    const done = work()
      .catch((error: unknown) => ports.sayTrouble(error))
      .finally(() => working.delete(plan.id));
    working.set(plan.id, done);
  };

  const backUp = async (plan: Plan, due: NonNullable<DueWork['backup']>): Promise<void> => {
    const { signal } = stopping;
    const answer = await ports.probe(plan, signal);
    if (heldAtMs !== null || signal.aborted) return;
    ports.sayKey(plan, answer === 'key');
    const before = memory.of(plan.id);
    const isAwayNews = answer === 'away' && isLongAway(before) && !before.isAwaySaid;
    // The run of a place that stays away fails, and so stands in the history, once.
    const outcome =
      answer === 'here' || isAwayNews ? await ports.backUp(plan, due.origin, signal) : answer;
    const after = afterBackup(memory.of(plan.id), due.slotMs, outcome, clock.nowMs());
    await remember(plan.id, isAwayNews && outcome === 'away' ? said(after) : after);
  };

  const drill = async (plan: Plan): Promise<void> => {
    const { signal } = stopping;
    const answer = await ports.probe(plan, signal);
    if (heldAtMs !== null || signal.aborted) return;
    const nowMs = clock.nowMs();
    const isHere = answer === 'here';
    const drillTriedAtMs = isHere ? nowMs : nowMs - DRILL_TRY_EVERY_MS + DRILL_AWAY_WAIT_MS;
    // Stored before it begins: a test that ends the process is not begun again at once.
    await remember(plan.id, { ...memory.of(plan.id), drillTriedAtMs });
    if (isHere) await ports.drill(plan, signal);
  };

  const alarm = (plan: Plan, { overdueSlotMs, mayAlarm }: DueWork): void => {
    if (overdueSlotMs === null) ports.sayOverdue(plan, null);
    if (overdueSlotMs === null || !mayAlarm) {
      overdueSince.delete(plan.id);
      return;
    }
    const sinceMs = overdueSince.get(plan.id) ?? clock.monotonicMs();
    overdueSince.set(plan.id, sinceMs);
    if (clock.monotonicMs() - sinceMs >= OVERDUE_CHANCE_MS) ports.sayOverdue(plan, overdueSlotMs);
  };

  const look = async (plan: Plan, moment: Moment): Promise<void> => {
    const { nowMs } = moment;
    const known = memory.of(plan.id);
    const due = planDueWork(
      {
        plan,
        slots: slotsAt(plan, nowMs),
        memory: isNudged ? withoutWaiting(known) : known,
        runs: ports.runsOf(plan, nowMs),
        drill: ports.drillStateOf(plan, nowMs),
        isBusy: working.has(plan.id) || ports.isBusy(plan.id),
      },
      // Of several plans one begins its test; the others look again when it is over.
      { ...moment, isIdle: moment.isIdle && working.size === 0 },
    );
    const { backup } = due;
    if (!working.has(plan.id)) await remember(plan.id, due.memory);
    alarm(plan, due);
    if (backup !== null) begin(plan, async () => backUp(plan, backup));
    else if (due.isDrillDue) begin(plan, async () => drill(plan));
  };

  const tick = async (): Promise<void> => {
    if (watch.look()) overdueSince.clear();
    if (heldAtMs !== null && clock.monotonicMs() - heldAtMs > LONGEST_HOLD_MS) release();
    const moment = await readMoment();
    const plans = await ports.plans();
    for (const plan of plans) {
      await look(plan, moment).catch((error: unknown) => ports.sayTrouble(error));
    }
    await ports.sayWeekly(plans);
    isNudged = false;
  };

  const loop = async (): Promise<void> => {
    const { signal } = stopping;
    while (!signal.aborted) {
      await clock.sleep(TICK_MS, signal).catch(() => undefined);
      if (!signal.aborted) await tick().catch((error: unknown) => ports.sayTrouble(error));
    }
  };

  return {
    start: () => void (looping ??= loop()),
    tick,
    settled: async () => void (await Promise.all(working.values())),
    setPower: (told) => void (power = told),
    hold: () => void (heldAtMs = clock.monotonicMs()),
    wake: release,
    nudge: () => void (isNudged = true),
    async forget(plan) {
      overdueSince.delete(plan);
      await memory.store(plan, null);
    },
    async stop() {
      stopping.abort(INTERRUPTION);
      await looping;
      await Promise.all(working.values());
    },
  };
}

const isLongAway = ({ retry }: PlanMemory): boolean =>
  retry?.cause === 'away' && retry.tries >= AWAY_PROBES_UNTIL_SAID;
const said = (memory: PlanMemory): PlanMemory => ({ ...memory, isAwaySaid: true });

/** A failed backup goes on waiting: nothing has changed for it. */
function withoutWaiting(memory: PlanMemory): PlanMemory {
  return memory.retry === null || memory.retry.cause === 'failed'
    ? memory
    : { ...memory, retry: null };
}

function isSame(one: PlanMemory, other: PlanMemory): boolean {
  return one === other || JSON.stringify(one) === JSON.stringify(other);
}
