// One day of the timeline: a heading that opens it, and its restore points. A closed day renders none of them, so that
// thousands cost nothing.
import {
  Button,
  makeStyles,
  mergeClasses,
  Radio,
  RadioGroup,
  Text,
  tokens,
} from '@fluentui/react-components';
import { ChevronDown20Regular, ChevronRight20Regular } from '@fluentui/react-icons';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import type { PointId } from '../../shared/model/ids.ts';
import type { TimelinePoint } from '../../shared/model/timeline.ts';
import { useLocale } from '../use-locale.ts';
import { PointMarks } from './point-marks.tsx';
import { pointLabel } from './point-words.ts';
import { isSelectable, type TimelineDay } from './timeline-days.ts';
import { formatTime } from './when-words.ts';
import { cardStyle } from '../ui/card-style.ts';

const useStyles = makeStyles({
  heading: { margin: 0, display: 'flex' },
  open: { justifyContent: 'flex-start', flexGrow: 1, textAlign: 'start', minWidth: 0 },
  count: { color: tokens.colorNeutralForeground2, fontWeight: tokens.fontWeightRegular },
  title: { display: 'flex', flexWrap: 'wrap', columnGap: tokens.spacingHorizontalM },
  points: {
    alignItems: 'stretch',
    ...cardStyle,
    overflow: 'hidden',
  },
  point: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    justifyContent: 'space-between',
    gap: tokens.spacingHorizontalS,
    paddingInline: tokens.spacingHorizontalS,
    '& + &': { borderTop: `1px solid ${tokens.colorNeutralStroke2}` },
  },
  chosen: { backgroundColor: tokens.colorNeutralBackground1Selected },
  radio: { flexGrow: 1, flexBasis: '18em', minWidth: 0 },
  label: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalXXS },
  line: {
    display: 'flex',
    flexWrap: 'wrap',
    columnGap: tokens.spacingHorizontalM,
    overflowWrap: 'anywhere',
  },
  time: { minWidth: '5em' },
});

interface TimelineDayGroupProps {
  readonly day: TimelineDay;
  readonly title: string;
  readonly zone: string;
  readonly isOpen: boolean;
  readonly onToggle: () => void;
  /** Shared by all days, so that the arrow keys go from one to the next. */
  readonly name: string;
  readonly chosen: PointId | null;
  readonly onChoose: (point: PointId) => void;
  readonly onMeant: (point: PointId) => void;
}

export function TimelineDayGroup(props: TimelineDayGroupProps) {
  const { day, title, isOpen, onToggle, name, chosen, onChoose } = props;
  const styles = useStyles();
  const { t } = useTranslation('bringBack');
  const headingId = useId();
  return (
    <section>
      <h2 className={styles.heading}>
        <Button
          id={headingId}
          appearance="subtle"
          className={styles.open}
          icon={isOpen ? <ChevronDown20Regular /> : <ChevronRight20Regular />}
          aria-expanded={isOpen}
          onClick={onToggle}
        >
          <span className={styles.title}>
            <span>{title}</span>
            <span className={styles.count}>{t('when.points', { count: day.points.length })}</span>
          </span>
        </Button>
      </h2>
      {isOpen && (
        <RadioGroup
          aria-labelledby={headingId}
          name={name}
          className={styles.points}
          value={chosen ?? ''}
          onChange={(_, { value }) => {
            const point = day.points.find(({ id }) => id === value);
            if (point !== undefined) onChoose(point.id);
          }}
        >
          {day.points.map((point) => (
            <PointRow key={point.id} point={point} {...props} />
          ))}
        </RadioGroup>
      )}
    </section>
  );
}

interface PointRowProps {
  readonly point: TimelinePoint;
  readonly zone: string;
  readonly chosen: PointId | null;
  readonly onMeant: (point: PointId) => void;
}

function PointRow({ point, zone, chosen, onMeant }: PointRowProps) {
  const styles = useStyles();
  const { t } = useTranslation('bringBack');
  const locale = useLocale();
  const time = formatTime(point.takenAtMs, zone, locale);
  const changes = pointLabel(point, t, locale);
  return (
    <div className={mergeClasses(styles.point, point.id === chosen && styles.chosen)}>
      <Radio
        className={styles.radio}
        value={point.id}
        disabled={!isSelectable(point)}
        label={
          <span className={styles.label}>
            <span className={styles.line}>
              <Text weight="semibold" className={styles.time}>
                {time}
              </Text>
              <Text>{changes}</Text>
            </span>
            <PointMarks point={point} />
          </span>
        }
      />
      {point.isAfterLoss && (
        <Button
          size="small"
          aria-label={t('when.meantLabel', { time, changes })}
          onClick={() => onMeant(point.id)}
        >
          {t('when.meant')}
        </Button>
      )}
    </div>
  );
}
