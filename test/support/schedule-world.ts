/**
 * A computer for the scheduler: its clocks, its sleep, its power cuts, a history and a memory on disk that outlive the
 * process. Only backups are played; what decides and what is remembered is the real thing.
 */
import { createScheduler, type Scheduler } from '../../electron/jobs/schedule/scheduler.ts';
import type { PlanRuns } from '../../electron/jobs/schedule/plan-due-work.ts';
import {
  emptyMemory,
  type BackupOutcome,
  type PlanMemory,
} from '../../electron/jobs/schedule/plan-memory.ts';
import { TICK_MS } from '../../electron/jobs/schedule/clock-watch.ts';
import type { PlanId } from '../../shared/model/ids.ts';
import type { JobOrigin } from '../../shared/model/job.ts';
import { CLOCK_SKEW_MS } from '../../shared/model/plan-status.ts';
import type { Plan } from '../../shared/model/plan.ts';
import { defaultSettings, type Settings } from '../../shared/model/settings.ts';

export interface PlayedRun {
  readonly planId: PlanId;
  readonly origin: JobOrigin;
  readonly startedAtMs: number;
  readonly path: string;
  state: 'running' | 'ok' | 'failed' | 'cancelled' | 'interrupted';
  endedAtMs: number;
}

/** What happens to the next backups. `dies-...`: the process is gone at that moment. */
export type PlayedBackup =
  | BackupOutcome
  | 'dies-before-record'
  | 'dies-during-run'
  | 'dies-before-memory';

export interface ScheduleWorld {
  readonly runs: PlayedRun[];
  readonly said: { readonly overdue: Set<PlanId>; readonly key: Set<PlanId> };
  readonly drills: {
    readonly planId: PlanId;
    readonly atMs: number;
    readonly isPassed: boolean;
  }[];
  plans: readonly Plan[];
  settings: Settings;
  place: 'here' | 'away' | 'key';
  backup: PlayedBackup;
  isDrillPassed: boolean;
  /** Paths of places that are away, whatever `place` says. */
  readonly away: Set<string>;
  /** How many probes found the place as it is. */
  probes: number;
  scheduler: Scheduler;
  nowMs(): number;
  /** Ticks for so long. */
  awake(ms: number): Promise<void>;
  /** Until this wall time. */
  awakeUntil(wallMs: number): Promise<void>;
  /** Not a tick meanwhile; whether the monotonic clock goes on depends on the system. */
  asleep(ms: number, isMonotonicCounting?: boolean): void;
  /** The process ends now and comes back after `ms`. */
  off(ms: number): void;
  turnClock(byMs: number): void;
  /** A person's own backup, now. */
  userBackup(plan: Plan, state?: PlayedRun['state']): void;
}

export function createScheduleWorld(startMs: number, plans: readonly Plan[]): ScheduleWorld {
  let [wallMs, monotonicMs] = [startMs, 0];
  let life = 0;
  const disk = new Map<string, string>();
  const parsed = new Map<string, PlanMemory>();
  // Years have a million ticks: what the history says is worked out when it has changed.
  const facts = new Map<string, { version: number; atMs: number; runs: PlanRuns }>();
  let version = 0;

  const ports = (own: number): Parameters<typeof createScheduler>[0] => ({
    clock: {
      nowMs: () => wallMs,
      monotonicMs: () => monotonicMs,
      zone: () => 'UTC',
      offsetMinutes: () => 0,
      sleep: async () => Promise.reject(new Error('the test turns the clock')),
    },
    memory: {
      of: (plan) => readMemory(disk.get(plan), parsed),
      async store(plan, memory) {
        if (own !== life) return;
        if (memory === null) disk.delete(plan);
        else disk.set(plan, JSON.stringify(memory));
      },
    },
    plans: async () => world.plans,
    settings: async () => world.settings,
    runsOf(plan, nowMs, paths) {
      const key = `${plan.id} ${paths?.join() ?? ''}`;
      const known = facts.get(key);
      if (known?.version === version && nowMs >= known.atMs && !known.runs.isClockBack) {
        return known.runs;
      }
      const own =
        paths === null ? world.runs : world.runs.filter(({ path }) => paths.includes(path));
      const runs = runsOf(own, plan.id, nowMs);
      facts.set(key, { version, atMs: nowMs, runs });
      return runs;
    },
    drillStateOf: ({ id }) => ({
      oldestCopyAtMs: world.runs.find((run) => run.state === 'ok')?.startedAtMs ?? null,
      passedAtMs:
        world.drills.findLast((drill) => drill.planId === id && drill.isPassed)?.atMs ?? null,
    }),
    isBusy: () => false,
    async probe({ places: [place] }) {
      world.probes += 1;
      return place !== undefined && world.away.has(place.path) ? 'away' : world.place;
    },
    isHere: async ({ places: [place] }) =>
      world.place === 'here' && place !== undefined && !world.away.has(place.path),
    remindOfSets: () => undefined,
    async backUp({ id: planId, places: [place] }, origin) {
      const played = world.away.has(place?.path ?? '') ? 'away' : world.backup;
      if (played === 'dies-before-record') return die();
      const run: PlayedRun = {
        planId,
        origin,
        path: place?.path ?? '',
        startedAtMs: wallMs,
        state: 'running',
        endedAtMs: 0,
      };
      world.runs.push(run);
      version += 1;
      if (played === 'dies-during-run') return die();
      Object.assign(run, { state: stateOf[played], endedAtMs: wallMs });
      if (played === 'dies-before-memory') return die();
      return played;
    },
    async drill({ id: planId }) {
      world.drills.push({ planId, atMs: wallMs, isPassed: world.isDrillPassed });
    },
    sayWeekly: async () => undefined,
    sayOverdue: ({ id }, slotMs) => void world.said.overdue[slotMs === null ? 'delete' : 'add'](id),
    sayKey: ({ id }, isNeeded) => void world.said.key[isNeeded ? 'add' : 'delete'](id),
    sayTrouble(error) {
      throw error;
    },
    release: () => undefined,
  });

  /** From here on the process is gone: nothing that it still does reaches the disk. */
  const die = async (): Promise<never> => {
    life += 1;
    death.resolve();
    return new Promise<never>(() => undefined);
  };
  const restart = (): void => {
    life += 1;
    version += 1;
    for (const run of world.runs) {
      if (run.state === 'running') Object.assign(run, { state: 'interrupted', endedAtMs: wallMs });
    }
    bornAs = life;
    death = Promise.withResolvers<void>();
    world.scheduler = createScheduler(ports(life));
  };
  let bornAs = 0;
  let death = Promise.withResolvers<void>();

  const tick = async (): Promise<void> => {
    wallMs += TICK_MS;
    monotonicMs += TICK_MS;
    await world.scheduler.tick();
    await Promise.race([world.scheduler.settled(), death.promise]);
    if (bornAs !== life) restart();
  };

  const world: ScheduleWorld = {
    runs: [],
    said: { overdue: new Set(), key: new Set() },
    drills: [],
    plans,
    settings: defaultSettings,
    place: 'here',
    backup: 'done',
    isDrillPassed: true,
    probes: 0,
    away: new Set(),
    scheduler: createScheduler(ports(0)),
    nowMs: () => wallMs,
    async awake(ms) {
      for (let left = ms; left > 0; left -= TICK_MS) await tick();
    },
    async awakeUntil(untilMs) {
      while (world.nowMs() < untilMs) await tick();
    },
    asleep(ms, isMonotonicCounting = false) {
      wallMs += ms;
      if (isMonotonicCounting) monotonicMs += ms;
    },
    off(ms) {
      wallMs += ms;
      monotonicMs = 0;
      restart();
    },
    turnClock: (byMs) => void (wallMs += byMs),
    userBackup({ id: planId, places }, state = 'ok') {
      version += 1;
      const at = { startedAtMs: wallMs, endedAtMs: wallMs };
      const paths = places.map(({ path }) => path).filter((path) => !world.away.has(path));
      for (const path of paths) world.runs.push({ planId, origin: 'user', path, state, ...at });
    },
  };
  return world;
}

const stateOf: Readonly<
  Record<Exclude<PlayedBackup, 'dies-before-record' | 'dies-during-run'>, PlayedRun['state']>
> = {
  done: 'ok',
  'given-up': 'cancelled',
  interrupted: 'interrupted',
  failed: 'failed',
  away: 'failed',
  key: 'failed',
  'dies-before-memory': 'ok',
};

function readMemory(text: string | undefined, parsed: Map<string, PlanMemory>): PlanMemory {
  if (text === undefined) return emptyMemory;
  const known = parsed.get(text) ?? (JSON.parse(text) as PlanMemory);
  parsed.set(text, known);
  return known;
}

/** As schedule-facts.ts reads it from the real history; the newest are looked at first, so that years go by quickly. */
function runsOf(runs: readonly PlayedRun[], planId: PlanId, nowMs: number): PlanRuns {
  const aheadMs = nowMs + CLOCK_SKEW_MS;
  const newestFirst = runs
    .slice(-200)
    .filter((run) => run.planId === planId)
    .sort((a, b) => b.startedAtMs - a.startedAtMs);
  const seen = newestFirst.filter(({ startedAtMs }) => startedAtMs < aheadMs);
  const timeOf = (state: PlayedRun['state']): number | null =>
    seen.find((run) => run.state === state)?.startedAtMs ?? null;
  const others = seen.findIndex(({ state }) => state !== 'interrupted');
  return {
    metAtMs: timeOf('ok'),
    givenUpAtMs: timeOf('cancelled'),
    isRunning: seen.some(({ state }) => state === 'running'),
    interruptions: others === -1 ? seen.length : others,
    interruptedAtMs: seen[0]?.endedAtMs ?? null,
    isClockBack: seen.length < newestFirst.length,
  };
}
