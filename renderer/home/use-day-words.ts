// A day of the strip in words, such as "Nov 20, 2026: backed up, 2 backups".
import { useTranslation } from 'react-i18next';
import type { DayMark } from '../../shared/model/overview.ts';
import { useLocale } from '../use-locale.ts';

export function useDayWords(): (mark: DayMark) => string {
  const { t } = useTranslation('home');
  const locale = useLocale();
  return ({ day, state, backups, failures }) => {
    const words = {
      day: dayName(day, locale),
      state: t(`days.state.${state}`),
      backups: t('days.backupCount', { count: backups }),
    };
    if (failures === 0) return t('days.mark', words);
    return t('days.markFailures', {
      ...words,
      failures: t('days.failureCount', { count: failures }),
    });
  };
}

/** `2026-11-21` as people write it; the day is a name already, no zone may move it. */
export function dayName(day: string, locale: string): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone: 'UTC' }).format(
    Date.parse(`${day}T12:00:00Z`),
  );
}
