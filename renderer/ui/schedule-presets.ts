// The schedules that are offered by name, and which of them a schedule is. Pure but for the zone of this computer.
import type { Schedule } from '../../shared/model/schedule.ts';

export type SchedulePreset = 'hourly' | 'twice-a-day' | 'custom';

const HOUR_MS = 3_600_000;
const everyDay = [1, 2, 3, 4, 5, 6, 7] as const;
const twiceADay = ['12:30', '18:00'] as const;

export function scheduleOfPreset(
  preset: Exclude<SchedulePreset, 'custom'>,
  zone: string,
): Schedule {
  return preset === 'hourly'
    ? { kind: 'interval', everyMs: HOUR_MS }
    : { kind: 'times', timesOfDay: twiceADay, days: everyDay, zone };
}

export function schedulePresetOf(schedule: Schedule): SchedulePreset {
  if (schedule.kind === 'interval') return schedule.everyMs === HOUR_MS ? 'hourly' : 'custom';
  const isTwiceADay =
    schedule.days.length === everyDay.length && schedule.timesOfDay.join() === twiceADay.join();
  return isTwiceADay ? 'twice-a-day' : 'custom';
}

/** The IANA name of this computer's time zone. */
export function zoneHere(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}
