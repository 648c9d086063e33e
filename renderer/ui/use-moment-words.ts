// Moments as people say them: "today 02:14", "yesterday 18:00", else the date. In this computer's zone.
import { useTranslation } from 'react-i18next';
import type { Locale } from '../../shared/text/locale.ts';
import { useLocale } from '../use-locale.ts';

/** A function from a moment to its words, seen from `nowMs`. */
export function useMomentWords(nowMs: number): (atMs: number) => string {
  const { t } = useTranslation();
  const locale = useLocale();
  return (atMs) => {
    const time = timeOf(atMs, locale);
    const day = nearDay(atMs, nowMs);
    return day === null
      ? t('moment.date', { date: dateOf(atMs, locale), time })
      : t(`moment.${day}`, { time });
  };
}

/** Which day it is, seen from `nowMs`, by the calendar of this computer; null when it is further away. */
export function nearDay(atMs: number, nowMs: number): 'yesterday' | 'today' | 'tomorrow' | null {
  const names = ['yesterday', 'today', 'tomorrow'] as const;
  return names.find((_, index) => isSameDay(atMs, addDays(nowMs, index - 1))) ?? null;
}

/** 24 hours, as schedules have it. */
export function timeOf(atMs: number, locale: Locale): string {
  return new Intl.DateTimeFormat(locale, {
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).format(atMs);
}

export function dateOf(atMs: number, locale: Locale): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'medium' }).format(atMs);
}

function isSameDay(aMs: number, bMs: number): boolean {
  return new Date(aMs).toDateString() === new Date(bMs).toDateString();
}

/** By the calendar: a day of the change of clocks is not 24 hours long. */
export function addDays(atMs: number, days: number): number {
  const date = new Date(atMs);
  date.setDate(date.getDate() + days);
  return date.getTime();
}
