// Step 2: the restore points of the plan by day, newest first. A few days are there at first; older ones come on demand.
import { Button, Field, Input, makeStyles, Text, tokens } from '@fluentui/react-components';
import { useEffect, useId, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { PlanId, PointId } from '../../shared/model/ids.ts';
import type { Timeline } from '../../shared/model/timeline.ts';
import { failureIn } from '../bridge/client.ts';
import { useAsk, useOrder } from '../bridge/use-call.ts';
import { FailurePanel } from '../ui/failure-panel.tsx';
import { Answer } from '../ui/answer.tsx';
import { useLocale } from '../use-locale.ts';
import { Section } from './section.tsx';
import type { StepProps } from './step-props.ts';
import { TimelineDayGroup } from './timeline-day-group.tsx';
import {
  dayOf,
  daysUpTo,
  groupByDay,
  nearestDay,
  preselect,
  type TimelineDay,
} from './timeline-days.ts';
import { UnlockOrFailure } from './unlock-form.tsx';
import { formatDay, zoneHere } from './when-words.ts';

const DAYS_AT_FIRST = 7;
const DAYS_MORE = 30;
const DAY_MS = 86_400_000;

const useStyles = makeStyles({
  days: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalS },
  jump: { maxWidth: '20em' },
  more: { alignSelf: 'flex-start' },
});

interface TimelineStepProps extends StepProps {
  readonly plan: PlanId;
}

export function TimelineStep({ plan, flow, change }: TimelineStepProps) {
  const { t } = useTranslation('bringBack');
  const timeline = useAsk('timeline', { plan });
  const proposed = timeline.data === undefined ? null : preselect(timeline.data, flow.happening);
  useEffect(() => {
    if (flow.point === null && proposed !== null) change({ kind: 'point', point: proposed });
  }, [flow.point, proposed, change]);
  if (timeline.data === undefined && timeline.error !== null) {
    return (
      <UnlockOrFailure
        plan={plan}
        failure={failureIn(timeline.error)}
        onAgain={() => void timeline.refetch()}
      />
    );
  }
  return (
    <Answer of={timeline}>
      {(value) =>
        value.points.length === 0 ? (
          <Section title={t('when.empty')}>
            <Text>{t('when.emptyText')}</Text>
          </Section>
        ) : (
          <>
            <Text>{t(proposed === null ? 'when.introNone' : 'when.intro')}</Text>
            <Days
              timeline={value}
              flow={flow}
              change={change}
              onStale={() => void timeline.refetch()}
            />
          </>
        )
      }
    </Answer>
  );
}

interface DaysProps extends StepProps {
  readonly timeline: Timeline;
  readonly onStale: () => void;
}

function Days({ timeline, flow, change, onStale }: DaysProps) {
  const styles = useStyles();
  const { t } = useTranslation('bringBack');
  const zone = zoneHere();
  const name = useId();
  const days = useMemo(() => groupByDay(timeline.points, zone), [timeline, zone]);
  const [shown, setShown] = useState(DAYS_AT_FIRST);
  const [opened, setOpened] = useState<ReadonlyMap<string, boolean>>(new Map());
  const meant = useOrder('acknowledgeLoss');
  const title = useDayTitle(zone);
  const visible = days.slice(0, Math.max(shown, daysUpTo(days, flow.point)));
  const rest = days.length - visible.length;
  const holdsChosen = (day: TimelineDay): boolean => day.points.some(({ id }) => id === flow.point);
  const isOpen = (day: TimelineDay, index: number): boolean =>
    opened.get(day.day) ?? (index === 0 || holdsChosen(day));
  const open = (wanted: readonly string[], isWide: boolean): void =>
    setOpened((before) => new Map([...before, ...wanted.map((day) => [day, isWide] as const)]));
  const choose = (point: PointId): void => {
    // The day that was left stays as it is: nothing may move under the pointer.
    open(
      visible.filter((day, index) => isOpen(day, index)).map(({ day }) => day),
      true,
    );
    change({ kind: 'point', point });
  };
  const openDay = (wanted: string): void => {
    const found = days.findIndex(({ day }) => day === nearestDay(days, wanted));
    const day = days[found];
    if (day === undefined) return;
    setShown((before) => Math.max(before, found + 1));
    open([day.day], true);
  };
  return (
    <div className={styles.days}>
      {days.length > DAYS_AT_FIRST && <Jump days={days} onDay={openDay} />}
      {meant.error !== null && <FailurePanel failure={failureIn(meant.error)} />}
      {visible.map((day, index) => (
        <TimelineDayGroup
          key={day.day}
          day={day}
          title={title(day.day)}
          zone={zone}
          isOpen={isOpen(day, index)}
          onToggle={() => open([day.day], !isOpen(day, index))}
          name={name}
          chosen={flow.point}
          onChoose={choose}
          onMeant={(point) => meant.mutate({ plan: timeline.plan, point }, { onSuccess: onStale })}
        />
      ))}
      {rest > 0 && (
        <Button className={styles.more} onClick={() => setShown(visible.length + DAYS_MORE)}>
          {t('when.earlier', { count: Math.min(rest, DAYS_MORE) })}
        </Button>
      )}
    </div>
  );
}

interface JumpProps {
  readonly days: readonly TimelineDay[];
  readonly onDay: (day: string) => void;
}

/** The way to a day far back without opening all between. */
function Jump({ days, onDay }: JumpProps) {
  const styles = useStyles();
  const { t } = useTranslation('bringBack');
  const locale = useLocale();
  const first = days.at(-1)?.day ?? '';
  const last = days[0]?.day ?? '';
  const total = days.reduce((sum, { points }) => sum + points.length, 0);
  return (
    <Field
      className={styles.jump}
      label={t('when.jump')}
      hint={t('when.jumpHint', {
        total: new Intl.NumberFormat(locale).format(total),
        first: formatDay(first, locale),
      })}
    >
      <Input
        type="date"
        min={first}
        max={last}
        onChange={(_, { value }) => {
          if (value !== '') onDay(value);
        }}
      />
    </Field>
  );
}

function useDayTitle(zone: string): (day: string) => string {
  const { t } = useTranslation('bringBack');
  const locale = useLocale();
  const [nowMs] = useState(() => Date.now());
  const today = dayOf(nowMs, zone);
  const yesterday = dayOf(nowMs - DAY_MS, zone);
  return (day) => {
    const words = formatDay(day, locale);
    if (day === today) return t('when.today', { day: words });
    return day === yesterday ? t('when.yesterday', { day: words }) : words;
  };
}
