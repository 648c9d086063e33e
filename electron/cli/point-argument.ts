// `latest`, the beginning of an id, or a moment, as they are typed.
import { BackupError } from '../../shared/model/backup-error.ts';
import type { Clock } from '../../shared/model/clock.ts';
import { instantOf } from '../../shared/model/wall-clock.ts';
import type { WantedPoint } from '../jobs/find-point.ts';

const ID = /^[0-9a-f]{4,32}$/u;
/** `2026-11-21`, `2026-11-21 18:30`, `2026-11-21T18:30:00`, the last two also with `Z` or an offset. */
const MOMENT =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.\d{1,3})?)?(Z|[+-]\d{2}:?\d{2})?)?$/u;

/** Throws usage for anything else. */
export function parsePoint(text: string, clock: Clock): WantedPoint {
  if (text === 'latest') return { kind: 'latest' };
  const lower = text.toLowerCase();
  if (ID.test(lower)) return { kind: 'id', id: lower };
  if (MOMENT.test(text)) return { kind: 'before', atMs: parseMoment(text, clock) };
  const detail = `${text} is neither latest, nor the id of a restore point, nor a moment such as 2026-11-21T18:30`;
  throw new BackupError({ code: 'usage', detail });
}

/** Local wall time unless it says otherwise; a day alone means its end. Throws usage. */
export function parseMoment(text: string, clock: Clock): number {
  const [, year, month, day, hour, minute, second, zone] = MOMENT.exec(text) ?? [];
  if (year === undefined || month === undefined || day === undefined) throw notAMoment(text);
  if (zone !== undefined) {
    const atMs = Date.parse(text.replace(' ', 'T'));
    if (Number.isNaN(atMs)) throw notAMoment(text);
    return atMs;
  }
  const isWholeDay = hour === undefined;
  const wall = {
    year: Number(year),
    month: Number(month),
    day: Number(day),
    hour: isWholeDay ? 23 : Number(hour),
    minute: isWholeDay ? 59 : Number(minute),
  };
  if (!isOnCalendar(wall)) throw notAMoment(text);
  const seconds = isWholeDay ? 59.999 : Number(second ?? 0);
  return instantOf(wall, clock.zone()) + seconds * 1000;
}

function isOnCalendar(wall: {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
}): boolean {
  const date = new Date(Date.UTC(wall.year, wall.month - 1, wall.day));
  const isDay = date.getUTCMonth() === wall.month - 1 && date.getUTCDate() === wall.day;
  return isDay && wall.hour < 24 && wall.minute < 60;
}

function notAMoment(text: string): BackupError {
  const detail = `${text} is no moment such as 2026-11-21T18:30`;
  return new BackupError({ code: 'usage', detail });
}
