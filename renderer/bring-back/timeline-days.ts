// Restore points by the days on which they were made, and the one that is chosen at first. Pure; zone and points come in.
import type { PointId } from '../../shared/model/ids.ts';
import type { Timeline, TimelinePoint } from '../../shared/model/timeline.ts';
import { wallClockAt } from '../../shared/model/wall-clock.ts';
import type { Happening } from './bring-back-flow.ts';

export interface TimelineDay {
  /** `2026-11-21` in the zone. */
  readonly day: string;
  /** Newest first. */
  readonly points: readonly TimelinePoint[];
}

/** Days newest first, each with its points in the order of the timeline. */
export function groupByDay(points: readonly TimelinePoint[], zone: string): readonly TimelineDay[] {
  const days = new Map<string, TimelinePoint[]>();
  for (const point of points) {
    const day = dayOf(point.takenAtMs, zone);
    const known = days.get(day);
    if (known === undefined) days.set(day, [point]);
    else known.push(point);
  }
  return [...days]
    .map(([day, ofDay]) => ({ day, points: ofDay }))
    .toSorted((a, b) => (a.day < b.day ? 1 : -1));
}

export function dayOf(atMs: number, zone: string): string {
  const { year, month, day } = wallClockAt(atMs, zone);
  return [String(year).padStart(4, '0'), two(month), two(day)].join('-');
}

const two = (value: number): string => String(value).padStart(2, '0');

/** A point that can be brought back at all. */
export const isSelectable = (point: TimelinePoint): boolean => !point.isDamaged;

/**
 * The point that is chosen before anybody chose: the newest good one. For a CRM that does not open, a copy that was
 * taken of a damaged file is passed over, and one that was proved to open again is preferred to one that was not.
 */
export function preselect(timeline: Timeline, happening: Happening | null): PointId | null {
  if (happening !== 'crm-broken') return timeline.preselected;
  const good = timeline.points.filter(
    (point) =>
      isSelectable(point) &&
      !point.isAfterLoss &&
      !point.isSafetyPoint &&
      point.sources.every(({ label }) => label !== 'damaged-source'),
  );
  return (good.find(({ isProved }) => isProved) ?? good[0])?.id ?? timeline.preselected;
}

/** How many days must be open to show the day of `point`, counted from the newest; 0: it is not in the list. */
export function daysUpTo(days: readonly TimelineDay[], point: PointId | null): number {
  return days.findIndex(({ points }) => points.some(({ id }) => id === point)) + 1;
}

/** The day itself, or the next older one that has points; null: all are younger. */
export function nearestDay(days: readonly TimelineDay[], wanted: string): string | null {
  return days.find(({ day }) => day <= wanted)?.day ?? null;
}
