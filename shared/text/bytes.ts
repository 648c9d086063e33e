// Sizes for people. One kilobyte is 1,024 bytes, as Windows shows it, so that figures agree with the file manager
// that most users look at.
import type { Locale } from './locale.ts';

const units = ['KB', 'MB', 'GB', 'TB', 'PB'] as const;
const byteWord: Record<Locale, (text: string, isOne: boolean) => string> = {
  en: (text, isOne) => `${text} ${isOne ? 'byte' : 'bytes'}`,
  'zh-CN': (text) => `${text} 字节`,
};

/** A size such as "512 bytes", "11.3 MB" or "429 MB": three or four digits, never "1,024 KB". */
export function formatBytes(bytes: number, locale: Locale): string {
  const whole = Math.round(bytes);
  if (Math.abs(whole) < 1024) return byteWord[locale](number(whole, 0, locale), whole === 1);
  let value = whole / 1024;
  let unit = 0;
  while (Math.abs(rounded(value)) >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${number(value, digitsOf(value), locale)} ${units[unit]}`;
}

/** A speed such as "84.2 MB/s". */
export function formatSpeed(bytesPerSecond: number, locale: Locale): string {
  const perSecond = locale === 'en' ? '/s' : '/秒';
  return `${formatBytes(bytesPerSecond, locale)}${perSecond}`;
}

// What is shown decides the unit: 1,023.96 KB would be shown as 1,024 KB.
const rounded = (value: number): number => Number(value.toFixed(digitsOf(value)));
const digitsOf = (value: number): number => (Math.abs(value) < 99.95 ? 1 : 0);

function number(value: number, digits: number, locale: Locale): string {
  return new Intl.NumberFormat(locale, {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(value);
}
