// Why a light is not green, worst first, in sentences.
import { Link, makeStyles, Text, tokens } from '@fluentui/react-components';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { PlanOverview } from '../../shared/model/overview.ts';
import { reasonSetting, reasonWords } from '../../shared/text/status-words.ts';
import { useLocale } from '../use-locale.ts';

/** Several sources at one place tend to have the same reason. */
const SHOWN = 3;

const useStyles = makeStyles({
  list: {
    display: 'flex',
    flexDirection: 'column',
    gap: tokens.spacingVerticalXS,
    margin: 0,
    padding: 0,
    listStyleType: 'none',
    overflowWrap: 'anywhere',
  },
  next: { color: tokens.colorNeutralForeground2 },
  more: { alignSelf: 'flex-start' },
});

interface ReasonListProps {
  readonly overview: PlanOverview;
  readonly nowMs: number;
}

export function ReasonList({ overview: { plan, status }, nowMs }: ReasonListProps) {
  const styles = useStyles();
  const { t } = useTranslation('home');
  const locale = useLocale();
  const [isAll, setAll] = useState(false);
  const setting = reasonSetting(plan, nowMs);
  const { reasons } = status;
  const hidden = isAll ? 0 : Math.max(0, reasons.length - SHOWN);
  return (
    <ul className={styles.list} aria-label={t('reasons')}>
      {reasons.slice(0, reasons.length - hidden).map((reason, index) => {
        const { sentence, nextStep } = reasonWords(reason, locale, setting);
        return (
          // Two reasons may say the same of different sources; their order is their identity.
          <li key={index}>
            <Text weight={index === 0 ? 'semibold' : 'regular'}>{sentence}</Text>{' '}
            <Text className={styles.next}>{nextStep}</Text>
          </li>
        );
      })}
      {hidden > 0 && (
        <li>
          <Link as="button" className={styles.more} onClick={() => setAll(true)}>
            {t('moreReasons', { count: hidden })}
          </Link>
        </li>
      )}
    </ul>
  );
}
