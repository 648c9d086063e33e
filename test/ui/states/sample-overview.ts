// Plans as Home tells about them: their light, their evidence, their places and days.
import type { Job } from '../../../shared/model/job.ts';
import type { JobId, PlanId, RunId, SourceId } from '../../../shared/model/ids.ts';
import type {
  DayMark,
  DayState,
  OpenUndo,
  Overview,
  PlaceOverview,
  PlanOverview,
} from '../../../shared/model/overview.ts';
import type { PlanStatus, StatusReason } from '../../../shared/model/status-reason.ts';
import { SCREEN_NOW_MS } from '../screen-state.ts';
import { crmPath, planId, pointId, samplePlan, sourceId, vaultPath } from './sample-answers.ts';

const MINUTE_MS = 60_000;
export const DAY_MS = 1440 * MINUTE_MS;

const days = (states: readonly DayState[]): readonly DayMark[] =>
  states.map((state, index) => ({
    day: new Date(SCREEN_NOW_MS - (states.length - 1 - index) * DAY_MS).toISOString().slice(0, 10),
    state,
    backups: { ok: 2, problems: 2, failed: 0, missed: 0, none: 0 }[state],
    failures: state === 'failed' ? 2 : 0,
  }));

/** The plan's only place. */
export const placeHere: PlaceOverview = {
  path: vaultPath,
  name: null,
  set: null,
  isHere: true,
  unplug: null,
  seenAtMs: SCREEN_NOW_MS,
  freeBytes: 731e9,
  totalBytes: 1e12,
};

/** Two disks that take turns, one of them in a drawer. */
export const disksInTurn: readonly PlaceOverview[] = [
  { ...placeHere, name: 'blue', set: 'Disks', unplug: 'safe' },
  {
    ...placeHere,
    path: 'F:\\Holdfast\\kunden',
    name: 'red',
    set: 'Disks',
    isHere: false,
    seenAtMs: SCREEN_NOW_MS - 6 * DAY_MS,
  },
];

const goodDays = Array.from({ length: 30 }, (_, index): DayState => {
  if (index % 7 === 0 || index % 7 === 6) return 'none';
  return index === 9 ? 'problems' : 'ok';
});
export const mixedDays = days(
  goodDays.map((state, index) => {
    if (index === 16 || index === 17) return 'missed';
    return index > 26 ? 'failed' : state;
  }),
);

const proved = [
  {
    source: sourceId,
    place: vaultPath,
    point: pointId,
    takenAtMs: SCREEN_NOW_MS - 12 * MINUTE_MS,
    ageMs: 12 * MINUTE_MS,
  },
] as const;

/** Green, with all its evidence. */
export const protectedPlan: PlanOverview = {
  plan: samplePlan,
  status: { kind: 'protected', reasons: [], proved },
  sources: [
    {
      id: sourceId,
      name: 'kunden',
      path: crmPath,
      newestCopyAtMs: SCREEN_NOW_MS - 12 * MINUTE_MS,
      newestProvedAtMs: SCREEN_NOW_MS - 12 * MINUTE_MS,
      lastProvedDrillAtMs: Date.UTC(2026, 10, 21, 1, 14),
      recoveryMs: 220_000,
    },
  ],
  places: [placeHere],
  nextSlotMs: Date.UTC(2026, 10, 21, 11, 30),
  overdueSinceMs: null,
  lastRun: null,
  days: days(goodDays),
};

/** The same plan with another light. */
export function planWith(
  kind: PlanStatus['kind'],
  reasons: readonly StatusReason[],
  more: Partial<PlanOverview> = {},
): PlanOverview {
  return { ...protectedPlan, status: { kind, reasons, proved }, ...more };
}

/** The same overview as that of another plan. */
export function renamed(overview: PlanOverview, name: string, digit: string): PlanOverview {
  const id = digit.repeat(32) as PlanId;
  return { ...overview, plan: { ...overview.plan, id, name } };
}

export const overviewOf = (
  plans: readonly PlanOverview[],
  undos: readonly OpenUndo[] = [],
): Overview => ({ nowMs: SCREEN_NOW_MS, plans, undos });

export const pair = { source: sourceId, place: vaultPath } as const;

export const openUndo: OpenUndo = {
  run: '6'.repeat(32) as RunId,
  target: crmPath,
  restoredAtMs: SCREEN_NOW_MS - 40 * MINUTE_MS,
  kind: 'file',
  keptUntilMs: SCREEN_NOW_MS + 7 * DAY_MS,
  planId,
};

export const runningBackup: Job = {
  id: '5'.repeat(32) as JobId,
  kind: 'backup',
  planId,
  planName: samplePlan.name,
  origin: 'user',
  state: 'running',
  startedAtMs: SCREEN_NOW_MS - 3000,
  progress: {
    phase: 'read',
    bytesDone: 412_000_000,
    bytesTotal: 1_074_671_616,
    bytesPerSecond: 210_000_000,
    secondsLeft: 3,
    subject: 'kunden.db',
  },
};

export const otherSource = '7'.repeat(32) as SourceId;
