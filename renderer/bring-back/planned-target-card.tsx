// One file or folder that would be written: where, how, and what will differ.
import {
  makeStyles,
  MessageBar,
  MessageBarBody,
  MessageBarTitle,
  Text,
  tokens,
} from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import type { PlannedTarget } from '../../shared/model/bring-back.ts';
import { formatBytes } from '../../shared/text/bytes.ts';
import { useLocale } from '../use-locale.ts';
import { DifferenceList, Sentences, type DifferenceView } from './difference-list.tsx';
import { joinWords } from './join-words.ts';
import { FactList, type Fact } from './fact-list.tsx';
import { rowPlanWords, warningWords } from './row-plan-words.ts';
import { TargetCard } from './target-card.tsx';

const useStyles = makeStyles({
  part: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalXS },
});

interface PlannedTargetCardProps extends DifferenceView {
  readonly target: PlannedTarget;
}

export function PlannedTargetCard({ target, ...view }: PlannedTargetCardProps) {
  const styles = useStyles();
  const { t } = useTranslation('bringBack');
  return (
    <TargetCard name={target.name}>
      <div className={styles.part}>
        <Text weight="semibold">
          {t(view.into === 'folder' ? 'check.differsFolder' : 'check.differs')}
        </Text>
        <WhatDiffers target={target} {...view} />
      </div>
      <RowNotes target={target} />
      <FactList facts={useTargetFacts(target)} />
    </TargetCard>
  );
}

function WhatDiffers({ target, ...view }: PlannedTargetCardProps) {
  const { t } = useTranslation('bringBack');
  const locale = useLocale();
  if (target.rows !== null) {
    const words = rowPlanWords(target.rows.tables, t, locale);
    return <Sentences of={words.length === 0 ? [t('rowPlan.nothing')] : words} />;
  }
  if (target.comparison === null) return <Text>{t('check.differsUnknown')}</Text>;
  return <DifferenceList comparison={target.comparison} {...view} />;
}

function RowNotes({ target: { rows } }: { readonly target: PlannedTarget }) {
  const { t } = useTranslation('bringBack');
  const locale = useLocale();
  if (rows === null) return null;
  return (
    <>
      {rows.clashes.map(({ table, key, columns, heldBy }) => (
        <MessageBar key={`${table}:${key}`} intent="error" layout="multiline">
          <MessageBarBody>
            <MessageBarTitle>{t('check.clash', { columns: columns.join(', ') })}</MessageBarTitle>
            {t('check.clashText', { table, key, heldBy })}
          </MessageBarBody>
        </MessageBar>
      ))}
      {rows.warnings.map((warning) => {
        const words = warningWords(warning, t, locale);
        return (
          <MessageBar key={words} intent="warning" layout="multiline">
            <MessageBarBody>{words}</MessageBarBody>
          </MessageBar>
        );
      })}
    </>
  );
}

const ways = {
  'through-sqlite': 'throughSqlite',
  swap: 'swap',
  'file-by-file': 'fileByFile',
  rows: 'rows',
} as const satisfies Record<NonNullable<PlannedTarget['way']>, string>;

function useTargetFacts(target: PlannedTarget): readonly Fact[] {
  const { t } = useTranslation('bringBack');
  const locale = useLocale();
  const { path, bytes, neededBytes, freeBytes, way, heldBy } = target;
  const needed = formatBytes(neededBytes, locale);
  const openIn =
    heldBy === null
      ? t('check.openInUnknown')
      : heldBy.length === 0
        ? t('check.openInNone')
        : joinWords(heldBy, locale);
  return [
    [t('check.to'), path],
    [t('check.size'), formatBytes(bytes, locale)],
    [
      t('check.room'),
      freeBytes === null
        ? t('check.roomUnknown', { needed })
        : t('check.roomFacts', { needed, free: formatBytes(freeBytes, locale) }),
    ],
    [t('check.how'), t(`check.way.${way === null ? 'folder' : ways[way]}`)],
    ...(way === null ? [] : [[t('check.openIn'), openIn] as const]),
  ];
}
