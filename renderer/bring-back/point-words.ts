// The label of a restore point in words: what had changed when it was made.
import type { TFunction } from 'i18next';
import type { Locale } from '../../shared/text/locale.ts';
import type { TimelinePoint } from '../../shared/model/timeline.ts';
import { joinWords } from './join-words.ts';
import { changesOf, type PointChange } from './point-changes.ts';

type Words = TFunction<'bringBack'>;

/** Such as "-412 contacts, +37 activities". */
export function pointLabel(point: TimelinePoint, t: Words, locale: Locale): string {
  const words = changesOf(point).map((change) => changeWords(change, t, locale));
  return joinWords(words, locale);
}

function changeWords(change: PointChange, t: Words, locale: Locale): string {
  switch (change.kind) {
    case 'rows': {
      const signed = new Intl.NumberFormat(locale, { signDisplay: 'exceptZero' });
      return t('when.rows', { by: signed.format(change.by), table: change.table });
    }
    case 'table-gone': {
      const rows = new Intl.NumberFormat(locale).format(change.rows);
      return t('when.tableGone', { count: change.rows, table: change.table, rows });
    }
    case 'more-tables':
      return t('when.moreTables', { count: change.count });
    case 'nothing':
      return t('when.nothing');
    case 'not-counted':
      return t('when.notCounted');
  }
}
