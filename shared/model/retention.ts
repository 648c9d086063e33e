// Which restore points stay and which may go: one pure function over the points of one copy, with every reason.
// Promise: it never removes in doubt, never the newest, the newest proved or the newest full of a source, and nothing
// that a hold names. It only decides; removing is the business of `forget`.
import type { PointId, SourceId } from './ids.ts';
import type { KeepRules } from './keep-rules.ts';
import { compareSequence, type BackupKind, type Sequence } from './restore-point.ts';
import { wallClockAt } from './wall-clock.ts';

/** A restore point as far as keeping it is concerned. */
export interface RetentionPoint extends Sequence {
  readonly id: PointId;
  readonly kind: BackupKind;
  readonly takenAtMs: number;
  /** The time is not to be trusted: such a point is kept and fills no rule. */
  readonly isDoubtful: boolean;
  /** Known damage: kept, since it may be healed, and it fills no rule, so that a good one stays instead. */
  readonly isDamaged: boolean;
  /** Read back and restore-tested. */
  readonly isProved: boolean;
  /** The sources that lie in it whole; the rules are applied to each of them. */
  readonly sources: readonly SourceId[];
}

/** Why nothing may be removed at all for now. */
export type Doubt = 'clock-jump' | 'anomaly' | 'unreachable';

/** Points that must stay, or a doubt under which all stay. */
export type Hold =
  | { readonly kind: 'points'; readonly points: readonly PointId[]; readonly reason: string }
  | { readonly kind: 'all'; readonly doubt: Doubt };

export type Bucket = 'hourly' | 'daily' | 'weekly' | 'monthly' | 'yearly';

/** One member of the union for each code. */
type Coded<Code extends string, Facts = unknown> = Code extends string
  ? { readonly code: Code } & Facts
  : never;

export type KeepReason =
  | Coded<'newest' | 'newest-proved' | 'newest-full' | 'doubtful-time' | 'damaged' | 'no-rule'>
  | Coded<'hold', { readonly reason: string }>
  | Coded<'in-doubt', { readonly doubt: Doubt }>
  | Coded<'last', { readonly nth: number }>
  | Coded<'within'>
  /** The newest of this hour, day, ISO week, month or year, in local wall time. */
  | Coded<Bucket, { readonly bucket: string; readonly nth: number }>;

export interface RetentionPlan {
  /** Newest first. */
  readonly keep: readonly { readonly id: PointId; readonly reasons: readonly KeepReason[] }[];
  readonly remove: readonly { readonly id: PointId }[];
}

/** A time further ahead of `now` than this is doubtful. */
export const AHEAD_TOLERANCE_MS = 5 * 60_000;

const buckets: readonly Bucket[] = ['hourly', 'daily', 'weekly', 'monthly', 'yearly'];

/** Decides over all points of one copy; calendar buckets are those of wall time in `zone`. Throws RangeError for an unknown zone. */
export function planRetention(
  points: readonly RetentionPoint[],
  rules: KeepRules,
  holds: readonly Hold[],
  nowMs: number,
  zone: string,
): RetentionPlan {
  const newestFirst = [...points].sort((a, b) => compareSequence(b, a) || (a.id < b.id ? 1 : -1));
  const reasons = new Map<PointId, KeepReason[]>(newestFirst.map(({ id }) => [id, []]));
  const keep = (id: PointId, reason: KeepReason): void => {
    const own = reasons.get(id);
    if (own?.some((known) => isSame(known, reason)) === false) own.push(reason);
  };
  keepHeld(newestFirst, holds, keep);
  for (const point of newestFirst) {
    if (isTimeDoubtful(point, nowMs)) keep(point.id, { code: 'doubtful-time' });
    if (point.isDamaged) keep(point.id, { code: 'damaged' });
    if (!hasRule(rules)) keep(point.id, { code: 'no-rule' });
  }
  for (const ofSource of bySource(newestFirst)) {
    keepNewest(ofSource, keep);
    const counted = ofSource.filter((point) => !point.isDamaged && !isTimeDoubtful(point, nowMs));
    applyRules(counted, rules, zone, keep);
  }
  return {
    keep: newestFirst
      .map(({ id }) => ({ id, reasons: reasons.get(id) ?? [] }))
      .filter((point) => point.reasons.length > 0),
    remove: newestFirst.filter(({ id }) => reasons.get(id)?.length === 0).map(({ id }) => ({ id })),
  };
}

type Keep = (id: PointId, reason: KeepReason) => void;

function keepHeld(points: readonly RetentionPoint[], holds: readonly Hold[], keep: Keep): void {
  for (const hold of holds) {
    if (hold.kind === 'points') {
      for (const id of hold.points) keep(id, { code: 'hold', reason: hold.reason });
    } else {
      for (const { id } of points) keep(id, { code: 'in-doubt', doubt: hold.doubt });
    }
  }
}

/** What a restore would start from: these stay whatever the rules say. */
function keepNewest(newestFirst: readonly RetentionPoint[], keep: Keep): void {
  const good = newestFirst.filter((point) => !point.isDamaged);
  const kept = [
    [good[0], 'newest'],
    [good.find((point) => point.isProved), 'newest-proved'],
    [good.find((point) => point.kind === 'full'), 'newest-full'],
  ] as const;
  for (const [point, code] of kept) if (point !== undefined) keep(point.id, { code });
}

function applyRules(
  newestFirst: readonly RetentionPoint[],
  rules: KeepRules,
  zone: string,
  keep: Keep,
): void {
  newestFirst.slice(0, rules.last ?? 0).forEach(({ id }, index) => {
    keep(id, { code: 'last', nth: index + 1 });
  });
  keepWithin(newestFirst, rules.withinMs, keep);
  for (const code of buckets) {
    const seen = new Set<string>();
    for (const { id, takenAtMs } of newestFirst) {
      if (seen.size >= (rules[code] ?? 0)) break;
      const bucket = bucketOf(takenAtMs, code, zone);
      if (seen.has(bucket)) continue;
      seen.add(bucket);
      keep(id, { code, bucket, nth: seen.size });
    }
  }
}

/** Counted from the newest point, not from now: a computer that was off for a year loses nothing by that. */
function keepWithin(
  newestFirst: readonly RetentionPoint[],
  withinMs: number | null,
  keep: Keep,
): void {
  if (withinMs === null) return;
  const newestMs = Math.max(...newestFirst.map((point) => point.takenAtMs));
  for (const { id, takenAtMs } of newestFirst) {
    if (newestMs - takenAtMs <= withinMs) keep(id, { code: 'within' });
  }
}

/** The bucket's name; an hour that comes twice when the clocks go back is two. */
function bucketOf(atMs: number, bucket: Bucket, zone: string): string {
  const { year, month, day, hour, offsetMinutes } = wallClockAt(atMs, zone);
  const date = `${four(year)}-${two(month)}-${two(day)}`;
  switch (bucket) {
    case 'hourly':
      return `${date} ${two(hour)}h ${offsetMinutes >= 0 ? '+' : '-'}${Math.abs(offsetMinutes)}`;
    case 'daily':
      return date;
    case 'weekly':
      return isoWeekOf(year, month, day);
    case 'monthly':
      return date.slice(0, -3);
    case 'yearly':
      return four(year);
  }
}

/** ISO 8601: weeks begin on Monday and belong to the year of their Thursday. */
function isoWeekOf(year: number, month: number, day: number): string {
  const date = new Date(Date.UTC(year, month - 1, day));
  const weekday = date.getUTCDay() || 7;
  const thursdayMs = date.setUTCDate(date.getUTCDate() + 4 - weekday);
  const weekYear = date.getUTCFullYear();
  const dayOfYear = (thursdayMs - Date.UTC(weekYear, 0, 1)) / 86_400_000;
  return `${four(weekYear)}-W${two(Math.floor(dayOfYear / 7) + 1)}`;
}

/** The points of each source; those that hold none whole form a group of their own. */
function bySource(points: readonly RetentionPoint[]): RetentionPoint[][] {
  const groups = new Map<string, RetentionPoint[]>();
  for (const point of points) {
    for (const source of point.sources.length > 0 ? new Set(point.sources) : ['none']) {
      const group = groups.get(source) ?? [];
      group.push(point);
      groups.set(source, group);
    }
  }
  return [...groups.values()];
}

function isSame(a: KeepReason, b: KeepReason): boolean {
  if (a.code !== b.code) return false;
  // The same point may be another source's third day where it is this one's second.
  if ('bucket' in a && 'bucket' in b) return a.bucket === b.bucket;
  if ('reason' in a && 'reason' in b) return a.reason === b.reason;
  if ('doubt' in a && 'doubt' in b) return a.doubt === b.doubt;
  return true;
}

const isTimeDoubtful = (point: RetentionPoint, nowMs: number): boolean =>
  point.isDoubtful || point.takenAtMs > nowMs + AHEAD_TOLERANCE_MS;
const hasRule = (rules: KeepRules): boolean => Object.values(rules).some((rule) => rule !== null);
const two = (value: number): string => String(value).padStart(2, '0');
const four = (value: number): string => String(value).padStart(4, '0');
