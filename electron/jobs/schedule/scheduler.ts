// Starts what is due. It looks every 30 seconds on the clocks that it is given and depends on no power event; what is
// due is decided in plan-due-work.ts, what was decided is stored before it is forgotten.
// Promise: no fault of one plan, and no file that cannot be read, stops the looking.
import type { Clock } from '../../../shared/model/clock.ts';
import type { PlanId } from '../../../shared/model/ids.ts';
import type { JobOrigin } from '../../../shared/model/job.ts';
import type { Plan } from '../../../shared/model/plan.ts';
import type { Settings } from '../../../shared/model/settings.ts';
import { planAt } from '../plan-at.ts';
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
import type { ProbeAnswer, ProbePlan } from './probe-plan.ts';
import { isBatteryLow, isQuiet, type Power } from './quiet-hours.ts';
import type { ScheduleMemory } from './schedule-file.ts';
import { groupUnits, memberUnits, placeUnits, type ScheduleUnit } from './schedule-units.ts';
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
  /** `paths`: runs at these places only; null: all of the plan. */
  runsOf(plan: Plan, nowMs: number, paths: readonly string[] | null): PlanRuns;
  drillStateOf(plan: Plan, nowMs: number): DrillState;
  /** Work of the plan waits or runs; null: any work. */
  isBusy(plan: PlanId | null): boolean;
  /** Asked, as the two after it, with one place at a time. */
  readonly probe: ProbePlan;
  backUp(plan: Plan, origin: JobOrigin, signal: AbortSignal): Promise<BackupOutcome>;
  drill(plan: Plan, signal: AbortSignal): Promise<void>;
  /** A look at the plan's one place: connects nothing, asks nobody. */
  isHere(plan: Plan): Promise<boolean>;
  /** Says it when no disk that takes turns was seen for long. */
  remindOfSets(plan: Plan, nowMs: number): void;
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

  const remember = async (key: string, next: PlanMemory): Promise<void> => {
    if (!isSame(memory.of(key), next)) await memory.store(key, next);
  };

  const begin = (plan: Plan, work: () => Promise<void>): void => {
    const done = work()
      .catch((error: unknown) => ports.sayTrouble(error))
      .finally(() => working.delete(plan.id));
    working.set(plan.id, done);
  };

  /** Each place that is here, one after the other; null: told to stop. */
  const probeAll = async (plan: Plan): Promise<Probed | null> => {
    const { signal } = stopping;
    const here: Plan[] = [];
    let answer: ProbeAnswer = 'away';
    for (const place of plan.places.length === 0 ? [null] : plan.places) {
      const at = place === null ? plan : planAt(plan, place);
      const told = await ports.probe(at, signal);
      if (heldAtMs !== null || signal.aborted) return null;
      if (told === 'here') here.push(at);
      if (told === 'key') answer = 'key';
    }
    return { here, answer: here.length > 0 ? 'here' : answer };
  };

  const backUp = async ({ key, plan }: ScheduleUnit, due: DueBackup): Promise<void> => {
    const probed = await probeAll(plan);
    if (probed === null) return;
    const { here, answer } = probed;
    ports.sayKey(plan, answer === 'key');
    const before = memory.of(key);
    const isAwayNews = answer === 'away' && isLongAway(before) && !before.isAwaySaid;
    // The run of a place that stays away fails, and so stands in the history, once.
    const toUse = isAwayNews ? firstPlace(plan) : here;
    const none = answer === 'key' ? 'key' : 'away';
    const outcome = toUse.length === 0 ? none : await backUpEach(toUse, due.origin);
    const after = afterBackup(memory.of(key), due.slotMs, outcome, clock.nowMs());
    await remember(key, isAwayNews && outcome === 'away' ? said(after) : after);
  };

  /** Done when one place has the copy: what another one lacks, it catches up by itself. */
  const backUpEach = async (plans: readonly Plan[], origin: JobOrigin): Promise<BackupOutcome> => {
    const outcomes: BackupOutcome[] = [];
    for (const plan of plans) {
      const outcome = await ports.backUp(plan, origin, stopping.signal);
      outcomes.push(outcome);
      if (outcome === 'given-up' || outcome === 'interrupted') break;
    }
    return worthMost.find((outcome) => outcomes.includes(outcome)) ?? 'failed';
  };

  const drill = async ({ key, plan }: ScheduleUnit): Promise<void> => {
    const { signal } = stopping;
    const answer = await ports.probe(plan, signal);
    if (heldAtMs !== null || signal.aborted) return;
    const nowMs = clock.nowMs();
    const isHere = answer === 'here';
    const drillTriedAtMs = isHere ? nowMs : nowMs - DRILL_TRY_EVERY_MS + DRILL_AWAY_WAIT_MS;
    // Stored before it begins: a test that ends the process is not begun again at once.
    await remember(key, { ...memory.of(key), drillTriedAtMs });
    if (isHere) await ports.drill(plan, signal);
  };

  const alarm = (plan: Plan, dues: readonly DueWork[]): void => {
    const slots = dues.map((due) => due.overdueSlotMs).filter((slot) => slot !== null);
    const overdueSlotMs = slots.length === 0 ? null : Math.min(...slots);
    if (overdueSlotMs === null) ports.sayOverdue(plan, null);
    if (overdueSlotMs === null || !dues.every(({ mayAlarm }) => mayAlarm)) {
      overdueSince.delete(plan.id);
      return;
    }
    const sinceMs = overdueSince.get(plan.id) ?? clock.monotonicMs();
    overdueSince.set(plan.id, sinceMs);
    if (clock.monotonicMs() - sinceMs >= OVERDUE_CHANCE_MS) ports.sayOverdue(plan, overdueSlotMs);
  };

  const dueOf = (unit: ScheduleUnit, moment: Moment): DueWork => {
    const { plan, key, paths } = unit;
    const known = memory.of(key);
    return planDueWork(
      {
        plan,
        slots: slotsAt(plan, moment.nowMs),
        memory: isNudged ? withoutWaiting(known) : known,
        runs: ports.runsOf(plan, moment.nowMs, paths),
        drill: ports.drillStateOf(plan, moment.nowMs),
        isBusy: working.has(plan.id) || ports.isBusy(plan.id),
      },
      // Of several plans one begins its test; the others look again when it is over.
      { ...moment, isIdle: moment.isIdle && working.size === 0 },
    );
  };

  /** Members of a set that are here and behind, where the set itself has nothing to do. */
  const findBehind = async (group: ScheduleUnit, moment: Moment): Promise<readonly DueUnit[]> => {
    const behind: DueUnit[] = [];
    for (const unit of memberUnits(group)) {
      const due = dueOf(unit, moment);
      if (!working.has(unit.plan.id)) await remember(unit.key, due.memory);
      if (due.backup === null || !(await ports.isHere(unit.plan))) continue;
      behind.push({ unit, backup: { ...due.backup, origin: 'catch-up' } });
    }
    return behind;
  };

  const findDrill = async (plan: Plan, moment: Moment): Promise<ScheduleUnit | null> => {
    for (const unit of placeUnits(plan)) {
      if (!dueOf(unit, moment).isDrillDue) continue;
      if (!unit.isMemberOfSet || (await ports.isHere(unit.plan))) return unit;
    }
    return null;
  };

  const look = async (plan: Plan, moment: Moment): Promise<void> => {
    const groups = groupUnits(plan).map((unit) => ({ unit, due: dueOf(unit, moment) }));
    if (!working.has(plan.id)) {
      for (const { unit, due } of groups) await remember(unit.key, due.memory);
    }
    alarm(
      plan,
      groups.map(({ due }) => due),
    );
    ports.remindOfSets(plan, moment.nowMs);
    const work: DueUnit[] = [];
    for (const { unit, due } of groups) {
      if (due.backup === null) work.push(...(await findBehind(unit, moment)));
      else work.push({ unit, backup: due.backup });
    }
    const toTest = work.length > 0 ? null : await findDrill(plan, moment);
    if (toTest !== null) begin(plan, async () => drill(toTest));
    if (work.length === 0) return;
    begin(plan, async () => {
      for (const { unit, backup } of work) await backUp(unit, backup);
    });
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

type DueBackup = NonNullable<DueWork['backup']>;

interface DueUnit {
  readonly unit: ScheduleUnit;
  readonly backup: DueBackup;
}

interface Probed {
  readonly here: readonly Plan[];
  readonly answer: ProbeAnswer;
}

/** Of several places' outcomes the first of these is the unit's. */
const worthMost: readonly BackupOutcome[] = [
  'done',
  'given-up',
  'interrupted',
  'failed',
  'key',
  'away',
];

function firstPlace(plan: Plan): readonly Plan[] {
  const [first] = plan.places;
  return first === undefined ? [plan] : [planAt(plan, first)];
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
