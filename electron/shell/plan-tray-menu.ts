// What the tray shows: a state (a shape of its own), a text, and a menu, from what is known of the plans and the work
// under way. Pure; drawn by tray.ts. Never shows more than the worst of all plans allows.
import type { Job } from '../../shared/model/job.ts';
import type { PlanId } from '../../shared/model/ids.ts';
import type { Overview, PlanOverview } from '../../shared/model/overview.ts';
import { isPaused } from '../../shared/model/plan.ts';
import type { StatusKind } from '../../shared/model/status-reason.ts';
import { instantOf, wallClockAt } from '../../shared/model/wall-clock.ts';
import { formatAge } from '../../shared/text/durations.ts';
import type { Locale } from '../../shared/text/locale.ts';
import { formatMoment } from '../../shared/text/moments.ts';
import { reasonWords, statusTitle } from '../../shared/text/status-words.ts';
import { trayWords } from '../../shared/text/tray-words.ts';

export type PauseLength = 'hour' | 'tomorrow';

export type TrayAction =
  | { readonly kind: 'back-up'; readonly plan: PlanId }
  | { readonly kind: 'bring-back'; readonly plan: PlanId | null }
  | { readonly kind: 'one-click'; readonly plan: PlanId | null }
  | { readonly kind: 'pause'; readonly length: PauseLength }
  | { readonly kind: 'resume' | 'open' | 'quit' };

export type TrayItem =
  | { readonly kind: 'line'; readonly text: string }
  | { readonly kind: 'separator' }
  | { readonly kind: 'action'; readonly text: string; readonly action: TrayAction }
  /** Nothing to act on. */
  | { readonly kind: 'disabled'; readonly text: string }
  | { readonly kind: 'choice'; readonly text: string; readonly items: readonly TrayItem[] };

export interface TrayPlan {
  readonly state: StatusKind;
  readonly toolTip: string;
  readonly items: readonly TrayItem[];
}

export interface TraySetting {
  readonly locale: Locale;
  readonly zone: string;
  readonly nowMs: number;
}

/** Windows cuts off what is longer. */
const LONGEST_TOOL_TIP = 127;
const LONGEST_LINE = 90;

const badness: readonly StatusKind[] = ['protected', 'attention', 'not-protected'];

/** `overview` null: nothing is known, the agent is starting. */
export function planTrayMenu(
  overview: Overview | null,
  jobs: readonly Job[],
  setting: TraySetting,
): TrayPlan {
  const words = trayWords[setting.locale];
  const plans = overview?.plans ?? [];
  const lines = linesOf(overview, jobs, setting);
  const separator = { kind: 'separator' } as const;
  const action = (text: string, act: TrayAction): TrayItem => ({
    kind: 'action',
    text,
    action: act,
  });
  return {
    state: overview === null ? 'attention' : worstOf(plans),
    toolTip: cut(`Holdfast: ${lines.join('\n')}`, LONGEST_TOOL_TIP),
    items: [
      ...lines.map((text) => ({ kind: 'line' as const, text })),
      separator,
      backUpItem(words.backUpNow, plans, jobs),
      ...(plans.length === 0
        ? [{ kind: 'disabled' as const, text: words.bringBack }]
        : [
            action(words.bringBack, { kind: 'bring-back', plan: onlyPlan(plans) }),
            action(words.oneClick, { kind: 'one-click', plan: onlyPlan(plans) }),
          ]),
      separator,
      ...(plans.some((plan) => isRunning(plan, setting.nowMs))
        ? [
            action(words.pauseHour, { kind: 'pause', length: 'hour' }),
            action(words.pauseTomorrow, { kind: 'pause', length: 'tomorrow' }),
          ]
        : []),
      ...(plans.some((plan) => !isRunning(plan, setting.nowMs))
        ? [action(words.resume, { kind: 'resume' })]
        : []),
      ...(plans.length === 0 ? [] : [separator]),
      action(words.open, { kind: 'open' }),
      action(words.quit, { kind: 'quit' }),
    ],
  };
}

/** When a pause that begins now ends; "tomorrow" begins at midnight. */
export function pauseUntilMs(length: PauseLength, nowMs: number, zone: string): number {
  if (length === 'hour') return nowMs + 3_600_000;
  const { year, month, day } = wallClockAt(nowMs, zone);
  return instantOf({ year, month, day: day + 1, hour: 0, minute: 0 }, zone);
}

function linesOf(
  overview: Overview | null,
  jobs: readonly Job[],
  setting: TraySetting,
): readonly string[] {
  const words = trayWords[setting.locale];
  const work = jobs
    .filter((job) => job.state !== 'waiting')
    .map((job) => words.running(job.kind, job.planName));
  if (overview === null) return [words.starting];
  if (overview.plans.length === 0) return [words.noPlan, ...work];
  return [statusLine(overview.plans, setting), ...pauseLine(overview.plans, setting), ...work];
}

function statusLine(plans: readonly PlanOverview[], setting: TraySetting): string {
  const { locale, nowMs } = setting;
  const state = worstOf(plans);
  const title = statusTitle(state, locale);
  const worst = plans.find((plan) => plan.status.kind === state);
  const reason = worst?.status.reasons[0];
  if (worst === undefined || state === 'protected' || reason === undefined) {
    const age = oldestProvedMs(plans);
    if (age === null) return title;
    return `${title} · ${trayWords[locale].newestCopy(formatAge(nowMs - age, locale))}`;
  }
  const nameOf = (id: string): string =>
    worst.sources.find((source) => source.id === id)?.name ?? worst.plan.name;
  const { sentence } = reasonWords(reason, locale, { nowMs, nameOf });
  return cut(`${title} · ${sentence}`, LONGEST_LINE);
}

/** The newest proved copy of the source that is worst off; null: one has none. */
function oldestProvedMs(plans: readonly PlanOverview[]): number | null {
  const newest = plans.flatMap((plan) => plan.sources.map((source) => source.newestProvedAtMs));
  const known = newest.filter((atMs) => atMs !== null);
  return known.length === newest.length && known.length > 0 ? Math.min(...known) : null;
}

/** Said when nothing runs by itself; with the end of the pause that ends first. */
function pauseLine(plans: readonly PlanOverview[], { locale, zone, nowMs }: TraySetting): string[] {
  const words = trayWords[locale];
  if (plans.some((plan) => isRunning(plan, nowMs))) return [];
  const ends = plans.map((plan) => plan.plan.paused?.untilMs ?? null).filter((ms) => ms !== null);
  if (ends.length === 0) return [words.paused];
  return [words.pausedUntil(formatMoment(Math.min(...ends), zone).slice(0, -':00'.length))];
}

function backUpItem(text: string, plans: readonly PlanOverview[], jobs: readonly Job[]): TrayItem {
  const busy = new Set(jobs.filter((job) => job.kind === 'backup').map((job) => job.planId));
  const item = (label: string, { plan }: PlanOverview): TrayItem =>
    busy.has(plan.id)
      ? { kind: 'disabled', text: label }
      : { kind: 'action', text: label, action: { kind: 'back-up', plan: plan.id } };
  const [first, ...others] = plans;
  if (first === undefined) return { kind: 'disabled', text };
  if (others.length === 0) return item(text, first);
  return { kind: 'choice', text, items: plans.map((plan) => item(plan.plan.name, plan)) };
}

function worstOf(plans: readonly PlanOverview[]): StatusKind {
  const worst = Math.max(...plans.map((plan) => badness.indexOf(plan.status.kind)));
  return badness[worst] ?? 'not-protected';
}

const isRunning = ({ plan }: PlanOverview, nowMs: number): boolean => !isPaused(plan, nowMs);
const onlyPlan = (plans: readonly PlanOverview[]): PlanId | null =>
  plans.length === 1 ? (plans[0]?.plan.id ?? null) : null;
const cut = (text: string, most: number): string =>
  text.length <= most ? text : `${text.slice(0, most - 1).trimEnd()}…`;
