// Spans of time for people. Two units at most; what is shown never rounds up to a span that has not passed.
import type { Locale } from './locale.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Two clocks of one office may differ by this much without anything being wrong. */
const CLOCK_SKEW_MS = 5 * MINUTE;

type Unit = 'day' | 'hour' | 'minute' | 'second';

const unitWords: Record<Locale, Record<Unit, (count: string) => string>> = {
  en: {
    day: (count) => (count === '1' ? '1 day' : `${count} days`),
    hour: (count) => `${count} h`,
    minute: (count) => `${count} min`,
    second: (count) => `${count} s`,
  },
  'zh-CN': {
    day: (count) => `${count} 天`,
    hour: (count) => `${count} 小时`,
    minute: (count) => `${count} 分`,
    second: (count) => `${count} 秒`,
  },
};

/** A length of time such as "0.8 s", "3 min 40 s", "2 h 5 min" or "3 days 4 h"; negative counts as zero. */
export function formatDuration(ms: number, locale: Locale): string {
  const words = unitWords[locale];
  const span = Math.max(0, ms);
  if (span < 10 * SECOND) return words.second(tenths(span, locale));
  if (span < MINUTE) return words.second(String(Math.floor(span / SECOND)));
  if (span < HOUR) return twoUnits(span, MINUTE, words.minute, SECOND, words.second);
  if (span < DAY) return twoUnits(span, HOUR, words.hour, MINUTE, words.minute);
  return twoUnits(span, DAY, words.day, HOUR, words.hour);
}

/** How long ago, such as "just now", "12 minutes ago" or "3 days ago"; a time that lies ahead is called so. */
export function formatAge(ageMs: number, locale: Locale): string {
  if (ageMs < -CLOCK_SKEW_MS) {
    return locale === 'en' ? 'dated in the future' : '日期在将来';
  }
  if (ageMs < MINUTE) return locale === 'en' ? 'just now' : '刚刚';
  const [size, unit] =
    ageMs < HOUR
      ? ([MINUTE, 'minute'] as const)
      : ageMs < 2 * DAY
        ? ([HOUR, 'hour'] as const)
        : ([DAY, 'day'] as const);
  const words = new Intl.RelativeTimeFormat(locale, { numeric: 'always' });
  return words.format(-Math.floor(ageMs / size), unit);
}

function tenths(ms: number, locale: Locale): string {
  const floored = Math.floor(ms / 100) / 10;
  return new Intl.NumberFormat(locale, { maximumFractionDigits: 1 }).format(floored);
}

function twoUnits(
  ms: number,
  large: number,
  largeWord: (count: string) => string,
  small: number,
  smallWord: (count: string) => string,
): string {
  const rest = Math.floor((ms % large) / small);
  const first = largeWord(String(Math.floor(ms / large)));
  return rest === 0 ? first : `${first} ${smallWord(String(rest))}`;
}
