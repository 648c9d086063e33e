// Everything below the light of one plan: what holds it up, what runs, its data, its places and its last days.
import { Button, makeStyles, Subtitle2, Text, tokens } from '@fluentui/react-components';
import { CalendarClock20Regular } from '@fluentui/react-icons';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Failure } from '../../shared/model/failure.ts';
import type { PlanOverview } from '../../shared/model/overview.ts';
import type { Plan } from '../../shared/model/plan.ts';
import { formatSchedule } from '../../shared/text/schedule-words.ts';
import { FailurePanel } from '../ui/failure-panel.tsx';
import { UnlockDialog } from '../ui/unlock-dialog.tsx';
import { useMomentWords } from '../ui/use-moment-words.ts';
import { useLocale } from '../use-locale.ts';
import { DayStrip } from './day-strip.tsx';
import { PlaceList } from './place-list.tsx';
import { PlanBanners } from './plan-banners.tsx';
import { PlanMenu } from './plan-menu.tsx';
import { RunningJobs } from './running-jobs.tsx';
import { SourceList } from './source-list.tsx';
import type { PlanOrders } from './use-plan-orders.ts';
import { actionFor } from './reason-action.ts';

const useStyles = makeStyles({
  section: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalS },
  row: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: tokens.spacingHorizontalS,
  },
  buttons: { display: 'flex', gap: tokens.spacingHorizontalS },
  next: {
    display: 'flex',
    alignItems: 'center',
    gap: tokens.spacingHorizontalS,
    marginInlineEnd: 'auto',
    color: tokens.colorNeutralForeground2,
  },
});

export interface PlanDetailsProps {
  readonly overview: PlanOverview;
  readonly orders: PlanOrders;
  readonly nowMs: number;
}

interface PlanDetailsBodyProps extends PlanDetailsProps {
  /** Below the heading of a card they are one level deeper. */
  readonly headings: 'h2' | 'h3';
}

export function PlanDetails({ overview, orders, nowMs, headings }: PlanDetailsBodyProps) {
  const styles = useStyles();
  const { t } = useTranslation('home');
  return (
    <>
      <PlanBanners overview={overview} orders={orders} nowMs={nowMs} />
      {orders.failure !== null && (
        <RunFailure failure={orders.failure} orders={orders} plan={overview.plan} />
      )}
      <RunningJobs orders={orders} heading={headings} />
      <PlanButtons overview={overview} orders={orders} nowMs={nowMs} />
      <section className={styles.section}>
        <Subtitle2 as={headings}>{t('data')}</Subtitle2>
        <SourceList sources={overview.sources} nowMs={nowMs} />
      </section>
      <section className={styles.section}>
        <Subtitle2 as={headings}>{t('places')}</Subtitle2>
        <PlaceList places={overview.places} nowMs={nowMs} />
      </section>
      <DayStrip days={overview.days} heading={headings} />
    </>
  );
}

interface RunFailureProps {
  readonly failure: Failure;
  readonly orders: PlanOrders;
  readonly plan: Plan;
}

function RunFailure({ failure, orders, plan }: RunFailureProps) {
  const { t } = useTranslation('home');
  const common = useTranslation().t;
  const [isAsking, setAsking] = useState(false);
  const again = orders.isRunFailed ? (
    <Button onClick={orders.again}>{common('action.tryAgain')}</Button>
  ) : undefined;
  const unlock = <Button onClick={() => setAsking(true)}>{t('action.unlock')}</Button>;
  return (
    <>
      <FailurePanel failure={failure} action={failure.code === 'key-needed' ? unlock : again} />
      {isAsking && <UnlockDialog plan={plan} onClose={() => setAsking(false)} />}
    </>
  );
}

function PlanButtons({ overview, orders, nowMs }: PlanDetailsProps) {
  const styles = useStyles();
  const { t } = useTranslation('home');
  // The light offers it already.
  const offered = actionFor(overview)?.kind;
  return (
    <div className={styles.row}>
      <NextSlot overview={overview} nowMs={nowMs} />
      <div className={styles.buttons}>
        {offered !== 'back-up' && (
          <Button disabled={orders.isBusy} onClick={orders.backUp}>
            {t('action.backUpNow')}
          </Button>
        )}
        {offered !== 'restore-test' && (
          <Button disabled={orders.isBusy} onClick={orders.test}>
            {t('action.restoreTest')}
          </Button>
        )}
        <PlanMenu overview={overview} orders={orders} nowMs={nowMs} />
      </div>
    </div>
  );
}

function NextSlot({
  overview: { plan, nextSlotMs },
  nowMs,
}: Pick<PlanDetailsProps, 'overview' | 'nowMs'>) {
  const styles = useStyles();
  const { t } = useTranslation('home');
  const moment = useMomentWords(nowMs);
  const schedule = formatSchedule(plan.schedule, useLocale());
  return (
    <div className={styles.next}>
      <CalendarClock20Regular aria-hidden />
      <Text>
        {nextSlotMs === null ? schedule : t('nextSlot', { moment: moment(nextSlotMs), schedule })}
      </Text>
    </div>
  );
}
