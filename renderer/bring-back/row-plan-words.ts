// What bringing records back will do and what is to be known about it, one sentence each. A kind of warning without words
// does not compile.
import type { TFunction } from 'i18next';
import type { RowRestoreWarning, TableRestore } from '../../shared/model/row-restore.ts';
import type { Locale } from '../../shared/text/locale.ts';
import { joinWords } from './join-words.ts';

type Words = TFunction<'bringBack'>;

const parts = ['missing', 'changed', 'children', 'parents', 'relinked', 'removed'] as const;

/** Empty when no table has anything to do. */
export function rowPlanWords(
  tables: readonly TableRestore[],
  t: Words,
  locale: Locale,
): readonly string[] {
  const number = new Intl.NumberFormat(locale);
  return tables.flatMap((table) =>
    parts
      .filter((part) => table[part] > 0)
      .map((part) =>
        t(`rowPlan.${part}`, {
          count: table[part],
          rows: number.format(table[part]),
          table: table.table,
        }),
      ),
  );
}

export function warningWords(warning: RowRestoreWarning, t: Words, locale: Locale): string {
  const number = new Intl.NumberFormat(locale);
  switch (warning.kind) {
    case 'schema-differs':
      return t('warning.schemaDiffers', { table: warning.table, detail: warning.detail });
    case 'triggers-held':
      return t('warning.triggersHeld', { names: joinWords(warning.triggers, locale) });
    case 'search-index-rebuilt':
      return t('warning.searchIndexRebuilt', { names: joinWords(warning.indexes, locale) });
    case 'dangling':
      return t('warning.dangling', {
        count: warning.rows,
        rows: number.format(warning.rows),
        table: warning.table,
        parent: warning.parent,
      });
    case 'key-taken':
      return t('warning.keyTaken', {
        count: warning.rows,
        rows: number.format(warning.rows),
        table: warning.table,
      });
    case 'row-numbers':
      return t('warning.rowNumbers', { table: warning.table });
  }
}
