// What became of each of the last days: one mark a day, in the plan's own zone. Pure.
// A day whose slots no backup met counts as missed even when the next day caught up: on that day there was no copy.
import type { DayMark, DayState } from './overview.ts';
import type { Plan } from './plan.ts';
import { nextSlotMs } from './schedule.ts';
import { SLOT_GRACE_MS } from './plan-status.ts';
import { instantOf, wallClockAt } from './wall-clock.ts';

export const MARKED_DAYS = 30;

/** One day by the wall clock; 23 or 25 hours long when the clocks change. */
export interface CalendarDay {
  /** `2026-11-21`. */
  readonly day: string;
  readonly fromMs: number;
  /** The first moment of the next day. */
  readonly untilMs: number;
}

/** What the history holds of one day's backups, by when they started. */
export interface DayBackups {
  readonly ok: number;
  readonly partial: number;
  /** Failed or interrupted; a person's own cancelling is none. */
  readonly failed: number;
  /** Start of the last one that made a copy or is still at it, up to `SLOT_GRACE_MS` after the day's end; null: none. */
  readonly lastGoodAtMs: number | null;
}

/** The zone that a plan's days are told in: its own, else this computer's. */
export function zoneOfPlan({ schedule }: Pick<Plan, 'schedule'>, ownZone: string): string {
  return schedule.kind === 'times' ? schedule.zone : ownZone;
}

/** The last days up to today, oldest first. */
export function lastDays(nowMs: number, zone: string, count: number = MARKED_DAYS): CalendarDay[] {
  const { year, month, day } = wallClockAt(nowMs, zone);
  const starts = Array.from({ length: count + 1 }, (_, index) => {
    const date = new Date(Date.UTC(year, month - 1, day - count + 1 + index));
    return { date, fromMs: startOf(date, zone) };
  });
  return starts.slice(0, -1).map(({ date, fromMs }, index) => ({
    day: date.toISOString().slice(0, 10),
    fromMs,
    untilMs: starts[index + 1]?.fromMs ?? fromMs,
  }));
}

/** The mark of one day as it stands at `nowMs`. */
export function markDay(
  { schedule, createdAtMs }: Pick<Plan, 'schedule' | 'createdAtMs'>,
  { day, fromMs, untilMs }: CalendarDay,
  backups: DayBackups,
  nowMs: number,
): DayMark {
  const slotMs = nextSlotMs(schedule, createdAtMs, fromMs - 1);
  const isDue = slotMs < untilMs && slotMs + SLOT_GRACE_MS <= nowMs;
  const isMet = backups.lastGoodAtMs !== null && backups.lastGoodAtMs >= slotMs;
  return {
    day,
    state: stateOf(backups, isDue && !isMet),
    backups: backups.ok + backups.partial,
    failures: backups.failed,
  };
}

function stateOf({ ok, partial, failed }: DayBackups, isMissed: boolean): DayState {
  if (failed > 0 && (isMissed || ok + partial === 0)) return 'failed';
  if (isMissed) return 'missed';
  if (failed + partial > 0) return 'problems';
  return ok > 0 ? 'ok' : 'none';
}

function startOf(date: Date, zone: string): number {
  const [year, month, day] = [date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate()];
  return instantOf({ year, month, day, hour: 0, minute: 0 }, zone);
}
