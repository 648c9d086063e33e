// Moments and days of restore points in the wall time of this computer, by the language. Formats are kept: making one is slow.
import type { Locale } from '../../shared/text/locale.ts';
import { dayOf } from './timeline-days.ts';

const clock = { timeStyle: 'short', hourCycle: 'h23' } as const;
const formats = new Map<string, Intl.DateTimeFormat>();

/** The zone of this computer. */
export const zoneHere = (): string => new Intl.DateTimeFormat().resolvedOptions().timeZone;

/** Such as "18:00": 24 hours, as schedules and Home have it. */
export const formatTime = (atMs: number, zone: string, locale: Locale): string =>
  formatOf(locale, { ...clock, timeZone: zone }).format(atMs);

/** Such as "Nov 21, 2026, 18:00". */
export const formatWhen = (atMs: number, zone: string, locale: Locale): string =>
  formatOf(locale, { dateStyle: 'medium', ...clock, timeZone: zone }).format(atMs);

/** The time alone where it was today. */
export function formatSince(atMs: number, nowMs: number, zone: string, locale: Locale): string {
  const isToday = dayOf(atMs, zone) === dayOf(nowMs, zone);
  return isToday ? formatTime(atMs, zone, locale) : formatWhen(atMs, zone, locale);
}

/** Such as "Saturday, November 21, 2026" for `2026-11-21`. */
export const formatDay = (day: string, locale: Locale): string =>
  formatOf(locale, { dateStyle: 'full', timeZone: 'UTC' }).format(Date.parse(day));

function formatOf(locale: Locale, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${locale} ${JSON.stringify(options)}`;
  const known = formats.get(key);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat(locale, options);
  formats.set(key, made);
  return made;
}
