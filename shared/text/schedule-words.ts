// A schedule in words.
import type { Schedule } from '../model/schedule.ts';
import { formatDuration } from './durations.ts';
import type { Locale } from './locale.ts';

/** Such as "every 2 h" or "Mon, Tue 12:30, 18:00". */
export function formatSchedule(schedule: Schedule, locale: Locale): string {
  if (schedule.kind === 'interval') {
    const every = formatDuration(schedule.everyMs, locale);
    return locale === 'en' ? `every ${every}` : `每 ${every}`;
  }
  const separator = locale === 'en' ? ', ' : '、';
  const times = schedule.timesOfDay.join(separator);
  if (schedule.days.length === 7) return locale === 'en' ? `daily ${times}` : `每天 ${times}`;
  return `${schedule.days.map((day) => dayName(day, locale)).join(separator)} ${times}`;
}

/** ISO days: Monday is 1. */
function dayName(day: number, locale: Locale): string {
  const format = new Intl.DateTimeFormat(locale, { weekday: 'short', timeZone: 'UTC' });
  // The first of January 2024 was a Monday.
  return format.format(Date.UTC(2024, 0, day));
}
