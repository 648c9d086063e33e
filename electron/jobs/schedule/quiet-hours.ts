// Whether scheduled work waits by the settings: quiet hours on the wall clock, and the battery. Pure.
import type { Settings } from '../../../shared/model/settings.ts';
import { wallClockAt } from '../../../shared/model/wall-clock.ts';

/** What the shell told of the computer's power; null percentage: not told. */
export interface Power {
  readonly onBattery: boolean;
  readonly percent: number | null;
}

/** True between `from` and `to` on the wall clock in `zone`, over midnight too; equal times are no quiet hours. */
export function isQuiet(quiet: Settings['quietHours'], zone: string, nowMs: number): boolean {
  if (quiet === null) return false;
  const { hour, minute } = wallClockAt(nowMs, zone);
  const [from, to, now] = [minuteOf(quiet.from), minuteOf(quiet.to), hour * 60 + minute];
  return from <= to ? from <= now && now < to : now >= from || now < to;
}

/** A battery of unknown charge holds nothing back. */
export function isBatteryLow(leastPercent: number | null, { onBattery, percent }: Power): boolean {
  return leastPercent !== null && onBattery && percent !== null && percent < leastPercent;
}

function minuteOf(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
}
