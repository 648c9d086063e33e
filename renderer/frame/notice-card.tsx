// One notice in words, with the way to where it leads and the way to be rid of it.
import {
  Button,
  Caption1,
  makeStyles,
  mergeClasses,
  Text,
  tokens,
} from '@fluentui/react-components';
import { CheckmarkCircle20Filled, Info20Filled, Warning20Filled } from '@fluentui/react-icons';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AppNotice } from '../../shared/model/app-notice.ts';
import { appNoticeWords } from '../../shared/text/app-notice-words.ts';
import { useMomentWords } from '../ui/use-moment-words.ts';
import { zoneHere } from '../ui/schedule-presets.ts';
import { useLocale } from '../use-locale.ts';

const useStyles = makeStyles({
  card: {
    display: 'flex',
    gap: tokens.spacingHorizontalM,
    padding: tokens.spacingHorizontalM,
    border: `1px solid ${tokens.colorNeutralStroke2}`,
    borderRadius: tokens.borderRadiusLarge,
  },
  words: {
    display: 'flex',
    flexDirection: 'column',
    gap: tokens.spacingVerticalXS,
    minWidth: 0,
    overflowWrap: 'anywhere',
  },
  time: { color: tokens.colorNeutralForeground2 },
  row: { display: 'flex', flexWrap: 'wrap', gap: tokens.spacingHorizontalS },
  icon: { flexShrink: 0 },
  warning: { color: tokens.colorStatusWarningForeground3 },
  good: { color: tokens.colorStatusSuccessForeground1 },
  info: { color: tokens.colorBrandForeground1 },
});

interface NoticeCardProps {
  readonly notice: AppNotice;
  readonly onOpen: () => void;
  readonly onDismiss: () => void;
}

export function NoticeCard({ notice, onOpen, onDismiss }: NoticeCardProps) {
  const styles = useStyles();
  const { t } = useTranslation();
  const { title, body } = appNoticeWords(notice.fact, useLocale(), zoneHere());
  const [nowMs] = useState(() => Date.now());
  const moment = useMomentWords(nowMs);
  return (
    <li className={styles.card}>
      <NoticeIcon kind={notice.fact.kind} />
      <div className={styles.words}>
        <Text weight="semibold">{title}</Text>
        <Text>{body}</Text>
        <Caption1 className={styles.time}>{moment(notice.atMs)}</Caption1>
        <div className={styles.row}>
          <Button
            size="small"
            aria-label={`${t(`nav.open.${notice.opens}`)}: ${title}`}
            onClick={onOpen}
          >
            {t(`nav.open.${notice.opens}`)}
          </Button>
          <Button
            size="small"
            appearance="subtle"
            aria-label={`${t('nav.dismiss')}: ${title}`}
            onClick={onDismiss}
          >
            {t('nav.dismiss')}
          </Button>
        </div>
      </div>
    </li>
  );
}

function NoticeIcon({ kind }: { readonly kind: AppNotice['fact']['kind'] }) {
  const styles = useStyles();
  if (kind === 'all-fine') {
    return (
      <CheckmarkCircle20Filled aria-hidden className={mergeClasses(styles.icon, styles.good)} />
    );
  }
  return kind === 'said' ? (
    <Info20Filled aria-hidden className={mergeClasses(styles.icon, styles.info)} />
  ) : (
    <Warning20Filled aria-hidden className={mergeClasses(styles.icon, styles.warning)} />
  );
}
