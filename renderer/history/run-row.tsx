// One run in the list; a click opens its details.
import { Caption1, makeStyles, Text, tokens } from '@fluentui/react-components';
import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import type { RunId } from '../../shared/model/ids.ts';
import type { Run } from '../../shared/model/run.ts';
import { formatBytes } from '../../shared/text/bytes.ts';
import { formatDuration } from '../../shared/text/durations.ts';
import { useMomentWords } from '../ui/use-moment-words.ts';
import { useLocale } from '../use-locale.ts';
import { RunStateIcon } from './run-state-icon.tsx';

const useStyles = makeStyles({
  // Rows out of sight are not laid out: thousands of them stay quick.
  item: { contentVisibility: 'auto', containIntrinsicSize: 'auto 57px' },
  row: {
    display: 'grid',
    gridTemplateColumns: 'auto minmax(0, 1fr) auto',
    alignItems: 'center',
    columnGap: tokens.spacingHorizontalM,
    width: '100%',
    boxSizing: 'border-box',
    padding: `${tokens.spacingVerticalS} ${tokens.spacingHorizontalL}`,
    textAlign: 'start',
    fontFamily: 'inherit',
    color: tokens.colorNeutralForeground1,
    backgroundColor: 'transparent',
    border: 'none',
    borderBottom: `1px solid ${tokens.colorNeutralStroke2}`,
    cursor: 'pointer',
    outlineStyle: 'none',
    ':hover': { backgroundColor: tokens.colorNeutralBackground1Hover },
    ':focus-visible': { boxShadow: `inset 0 0 0 2px ${tokens.colorStrokeFocus2}` },
    // Forced colours take shadows away; what lies outside of a row is cut off.
    '@media (forced-colors: active)': {
      ':focus-visible': { outline: '2px solid Highlight', outlineOffset: '-2px' },
    },
  },
  words: { display: 'flex', flexDirection: 'column', minWidth: 0, overflowWrap: 'anywhere' },
  facts: { color: tokens.colorNeutralForeground2 },
  result: { display: 'flex', flexDirection: 'column', alignItems: 'flex-end', textAlign: 'end' },
});

interface RunRowProps {
  readonly run: Run;
  readonly plan: string | null;
  readonly nowMs: number;
  readonly onOpen: (run: RunId) => void;
}

export const RunRow = memo(function RunRow({ run, plan, nowMs, onOpen }: RunRowProps) {
  const styles = useStyles();
  const { t } = useTranslation('history');
  const locale = useLocale();
  const moment = useMomentWords(nowMs);
  const { kind, state, startedAtMs, endedAtMs, figures } = run;
  const size = figures.bytesStored > 0 ? formatBytes(figures.bytesStored, locale) : null;
  const took = endedAtMs === null ? null : formatDuration(endedAtMs - startedAtMs, locale);
  return (
    <li className={styles.item}>
      <button type="button" className={styles.row} onClick={() => onOpen(run.id)}>
        <RunStateIcon state={state} />
        <span className={styles.words}>
          <Text weight="semibold">{t(`kind.${kind}`)}</Text>
          <Caption1 className={styles.facts}>{plan ?? run.place ?? t('noPlan')}</Caption1>
        </span>
        <span className={styles.result}>
          <Text>{moment(startedAtMs)}</Text>
          <Caption1 className={styles.facts}>
            {[t(`state.${state}`), size, took].filter((fact) => fact !== null).join(' · ')}
          </Caption1>
        </span>
      </button>
    </li>
  );
});
