// Local wall time and instants, by the zone data of the JavaScript engine. Pure: zone and time come in.
// Around a change of the clocks: a time that does not exist is moved ahead by the gap, of a doubled one the first counts.

/** A moment as a clock on the wall in `zone` shows it. */
export interface WallClock {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  /** Minutes east of UTC at that moment. */
  readonly offsetMinutes: number;
}

export interface WallTimeOfDay {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
}

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const formats = new Map<string, Intl.DateTimeFormat>();

/** True when `zone` is a zone that this engine knows. */
export function isZone(zone: string): boolean {
  try {
    formatOf(zone);
    return true;
  } catch {
    return false;
  }
}

/** What the wall clock in `zone` shows at `atMs`. Throws RangeError for an unknown zone. */
export function wallClockAt(atMs: number, zone: string): WallClock {
  const parts = new Map(
    formatOf(zone)
      .formatToParts(atMs)
      .map(({ type, value }) => [type, value]),
  );
  const field = (type: Intl.DateTimeFormatPartTypes): number => Number(parts.get(type));
  const shown = {
    year: parts.get('era') === 'BC' ? 1 - field('year') : field('year'),
    month: field('month'),
    day: field('day'),
    hour: field('hour'),
    minute: field('minute'),
    second: field('second'),
  };
  const asUtcMs = utcMs(shown) + shown.second * 1000;
  const wholeSecondsMs = Math.floor(atMs / 1000) * 1000;
  return { ...shown, offsetMinutes: (asUtcMs - wholeSecondsMs) / MINUTE_MS };
}

/** The instant at which the wall clock in `zone` shows `wall`; days beyond the month's end count on. */
export function instantOf(wall: WallTimeOfDay, zone: string): number {
  const asUtcMs = utcMs(wall);
  const offsetAt = (ms: number): number => wallClockAt(ms, zone).offsetMinutes * MINUTE_MS;
  // A day to either side lies beyond any single change, so these are all offsets that can hold at `wall`.
  const before = asUtcMs - offsetAt(asUtcMs - DAY_MS);
  const after = asUtcMs - offsetAt(asUtcMs + DAY_MS);
  const candidates = [before, after].filter((ms) => ms + offsetAt(ms) === asUtcMs);
  return candidates.length > 0 ? Math.min(...candidates) : before;
}

function utcMs({ year, month, day, hour, minute }: WallTimeOfDay): number {
  return Date.UTC(year, month - 1, day, hour, minute);
}

function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    era: 'short',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  formats.set(zone, made);
  return made;
}
