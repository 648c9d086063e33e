// What is under way for a plan, with its progress and a way to stop it.
import { Button, makeStyles, Subtitle2, Text, tokens } from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import { JobProgress } from '../ui/job-progress.tsx';
import type { PlanOrders } from './use-plan-orders.ts';
import { cardStyle } from '../ui/card-style.ts';

const useStyles = makeStyles({
  card: {
    display: 'flex',
    flexDirection: 'column',
    gap: tokens.spacingVerticalS,
    padding: tokens.spacingHorizontalL,
    ...cardStyle,
  },
  row: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    justifyContent: 'space-between',
    gap: tokens.spacingHorizontalM,
  },
  hint: { color: tokens.colorNeutralForeground2 },
});

interface RunningJobsProps {
  readonly orders: PlanOrders;
  readonly heading: 'h2' | 'h3';
}

export function RunningJobs({ orders, heading }: RunningJobsProps) {
  const styles = useStyles();
  const { t } = useTranslation('home');
  const common = useTranslation().t;
  return orders.jobs.map((job) => {
    const kind = common(`job.${job.kind}`);
    return (
      <section key={job.id} className={styles.card}>
        <div className={styles.row}>
          <Subtitle2 as={heading}>
            {job.state === 'waiting' ? t('job.waiting', { kind }) : t('job.running', { kind })}
          </Subtitle2>
          <Button
            disabled={job.state === 'stopping'}
            aria-label={t('job.cancelWhat', { kind })}
            onClick={() => orders.cancel(job)}
          >
            {t('job.cancel')}
          </Button>
        </div>
        <JobProgress job={job} />
        <Text className={styles.hint}>{t('job.canClose')}</Text>
      </section>
    );
  });
}
