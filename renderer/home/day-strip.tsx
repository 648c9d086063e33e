// The last 30 days, one mark for each: a shape and a colour. The pointer and the arrow keys tell about a day, and so does a
// table, for everybody.
import {
  Button,
  Caption1,
  makeStyles,
  mergeClasses,
  Subtitle2,
  tokens,
  Tooltip,
} from '@fluentui/react-components';
import {
  CheckmarkCircle20Filled,
  CircleSmall20Filled,
  DismissSquare20Filled,
  SubtractCircle20Filled,
  Warning20Filled,
} from '@fluentui/react-icons';
import { useRef, useState, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { DayMark, DayState } from '../../shared/model/overview.ts';
import { DayTable } from './day-table.tsx';
import { useDayWords } from './use-day-words.ts';
import { cardStyle } from '../ui/card-style.ts';

const icons = {
  ok: CheckmarkCircle20Filled,
  problems: Warning20Filled,
  failed: DismissSquare20Filled,
  missed: SubtractCircle20Filled,
  none: CircleSmall20Filled,
} as const satisfies Record<DayState, unknown>;

const useStyles = makeStyles({
  section: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalS },
  head: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    justifyContent: 'space-between',
    gap: tokens.spacingHorizontalS,
  },
  box: {
    padding: tokens.spacingHorizontalL,
    ...cardStyle,
  },
  strip: {
    display: 'grid',
    gridTemplateColumns: 'repeat(30, 1fr)',
    '@media (max-width: 760px)': { gridTemplateColumns: 'repeat(15, 1fr)' },
  },
  mark: {
    display: 'flex',
    justifyContent: 'center',
    alignItems: 'center',
    height: '28px',
    borderRadius: tokens.borderRadiusSmall,
  },
  ends: {
    display: 'flex',
    justifyContent: 'space-between',
    color: tokens.colorNeutralForeground3,
  },
  ok: { color: tokens.colorStatusSuccessForeground1 },
  problems: { color: tokens.colorStatusWarningForeground3 },
  failed: { color: tokens.colorStatusDangerForeground1 },
  missed: { color: tokens.colorNeutralForeground3 },
  none: { color: tokens.colorNeutralForegroundDisabled },
});

interface DayStripProps {
  readonly days: readonly DayMark[];
  readonly heading: 'h2' | 'h3';
}

export function DayStrip({ days, heading }: DayStripProps) {
  const styles = useStyles();
  const { t } = useTranslation('home');
  const [isTable, setTable] = useState(false);
  return (
    <section className={styles.section}>
      <div className={styles.head}>
        <Subtitle2 as={heading}>{t('days.title')}</Subtitle2>
        <Button
          appearance="subtle"
          size="small"
          aria-expanded={isTable}
          onClick={() => setTable(!isTable)}
        >
          {isTable ? t('days.hideTable') : t('days.showTable')}
        </Button>
      </div>
      <div className={styles.box}>{isTable ? <DayTable days={days} /> : <Marks days={days} />}</div>
    </section>
  );
}

function Marks({ days }: { readonly days: readonly DayMark[] }) {
  const styles = useStyles();
  const { t } = useTranslation('home');
  const sayDay = useDayWords();
  const strip = useRef<HTMLDivElement>(null);
  // The newest day is the one that people look for.
  const [at, setAt] = useState(days.length - 1);
  const move = (event: KeyboardEvent): void => {
    const next = nextMark(event.key, at, days.length);
    if (next === null) return;
    event.preventDefault();
    setAt(next);
    strip.current?.querySelectorAll<HTMLElement>('[role="img"]').item(next).focus();
  };
  return (
    <>
      <div
        ref={strip}
        className={styles.strip}
        role="group"
        aria-label={`${t('days.title')}. ${t('days.hint')}`}
        onKeyDown={move}
      >
        {days.map((day, index) => {
          const Icon = icons[day.state];
          return (
            <Tooltip key={day.day} content={sayDay(day)} relationship="label">
              <div
                role="img"
                tabIndex={index === at ? 0 : -1}
                className={mergeClasses(styles.mark, styles[day.state])}
                onFocus={() => setAt(index)}
              >
                <Icon aria-hidden />
              </div>
            </Tooltip>
          );
        })}
      </div>
      <div className={styles.ends} aria-hidden>
        <Caption1>{t('days.ago')}</Caption1>
        <Caption1>{t('days.now')}</Caption1>
      </div>
    </>
  );
}

/** Where a key leads among `count` marks; null: nowhere. */
export function nextMark(key: string, at: number, count: number): number | null {
  const next = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: count - 1 }[key];
  return next === undefined || next < 0 || next >= count ? null : next;
}
