// What will differ, one sentence each. The largest come first; the rest is one click away, never left out.
import { Button, makeStyles, tokens } from '@fluentui/react-components';
import type { TFunction } from 'i18next';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { SourceComparison } from '../../shared/model/comparison.ts';
import type { Locale } from '../../shared/text/locale.ts';
import { useLocale } from '../use-locale.ts';
import { joinWords } from './join-words.ts';
import { differencesOf, type Difference } from './differences.ts';

const SHOWN_AT_FIRST = 8;

const useStyles = makeStyles({
  list: {
    display: 'flex',
    flexDirection: 'column',
    gap: tokens.spacingVerticalXXS,
    margin: 0,
    paddingInlineStart: tokens.spacingHorizontalXL,
    overflowWrap: 'anywhere',
  },
  more: { alignSelf: 'flex-start' },
});

/** How the differences are meant. */
export interface DifferenceView {
  readonly into: 'in-place' | 'folder';
  /** When the restore point was taken, in words. */
  readonly since: string;
  readonly canUndo: boolean;
}

interface DifferenceListProps extends DifferenceView {
  readonly comparison: SourceComparison;
}

export function DifferenceList({ comparison, ...view }: DifferenceListProps) {
  const { t } = useTranslation('bringBack');
  const locale = useLocale();
  const words = differencesOf(comparison).map((one) => differenceWords(one, view, t, locale));
  return <Sentences of={words} />;
}

/** Sentences as a list; many of them are folded. */
export function Sentences({ of }: { readonly of: readonly string[] }) {
  const styles = useStyles();
  const { t } = useTranslation('bringBack');
  const [isAll, setAll] = useState(false);
  const shown = isAll ? of : of.slice(0, SHOWN_AT_FIRST);
  const rest = of.length - shown.length;
  return (
    <>
      <ul className={styles.list}>
        {shown.map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
      {rest > 0 && (
        <Button
          className={styles.more}
          size="small"
          appearance="subtle"
          onClick={() => setAll(true)}
        >
          {t('differ.showMore', { count: rest })}
        </Button>
      )}
    </>
  );
}

/** One difference as a sentence. */
export function differenceWords(
  one: Difference,
  { into, since, canUndo }: DifferenceView,
  t: TFunction<'bringBack'>,
  locale: Locale,
): string {
  const isFolder = into === 'folder';
  const number = new Intl.NumberFormat(locale);
  const facts = (of: { readonly table: string; readonly rows: number }) => ({
    count: of.rows,
    rows: number.format(of.rows),
    table: of.table,
    since,
  });
  switch (one.kind) {
    case 'nothing':
      return t('differ.nothing');
    case 'come-back':
      return t(isFolder ? 'differFolder.comeBack' : 'differ.comeBack', facts(one));
    case 'go':
      if (isFolder) return t('differFolder.go', facts(one));
      return t(canUndo ? 'differ.go' : 'differ.goNoUndo', facts(one));
    case 'as-before':
      return t(isFolder ? 'differFolder.asBefore' : 'differ.asBefore', facts(one));
    case 'table-comes-back':
      return t(isFolder ? 'differFolder.tableComesBack' : 'differ.tableComesBack', facts(one));
    case 'table-goes':
      return t(isFolder ? 'differFolder.tableGoes' : 'differ.tableGoes', facts(one));
    case 'more':
      return t('differ.more', facts(one));
    case 'fewer':
      return t('differ.fewer', facts(one));
    case 'columns':
      return t('differ.columns', { table: one.table, names: joinWords(one.columns, locale) });
    case 'structure':
      return t('differ.structure', { names: joinWords(one.names, locale) });
    case 'files-come-back':
      return t(isFolder ? 'differFolder.filesComeBack' : 'differ.filesComeBack', {
        count: one.files,
      });
    case 'files-go':
      return t(isFolder ? 'differFolder.filesGo' : 'differ.filesGo', { count: one.files });
    case 'files-as-before':
      return t(isFolder ? 'differFolder.filesAsBefore' : 'differ.filesAsBefore', {
        count: one.files,
      });
    case 'same-counts':
      return t('differ.sameCounts');
    case 'cannot-tell':
      return t('differ.cannotTell');
  }
}
