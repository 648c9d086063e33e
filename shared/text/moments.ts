// Moments for people, in local wall time and the order that sorts.
import { wallClockAt } from '../model/wall-clock.ts';

/** Such as "2026-11-21 18:30:05". */
export function formatMoment(atMs: number, zone: string): string {
  const { year, month, day, hour, minute, second } = wallClockAt(atMs, zone);
  const date = [String(year).padStart(4, '0'), two(month), two(day)].join('-');
  return `${date} ${[two(hour), two(minute), two(second)].join(':')}`;
}

const two = (value: number): string => String(value).padStart(2, '0');
