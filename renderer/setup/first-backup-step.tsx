// Step 5: the plan to look over, the first backup with live progress, and the first restore test at once.
import {
  Button,
  makeStyles,
  MessageBar,
  MessageBarBody,
  MessageBarTitle,
  Subtitle2,
  Text,
  tokens,
} from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import type { CallOutput } from '../../shared/ipc/contract.ts';
import { formatBytes } from '../../shared/text/bytes.ts';
import { formatDuration } from '../../shared/text/durations.ts';
import { formatSchedule } from '../../shared/text/schedule-words.ts';
import { failureIn } from '../bridge/client.ts';
import { useJobs } from '../bridge/use-jobs.ts';
import { useNavigation } from '../route.ts';
import { FailurePanel } from '../ui/failure-panel.tsx';
import { JobProgress } from '../ui/job-progress.tsx';
import { useLocale } from '../use-locale.ts';
import { useFirstBackup } from './use-first-backup.ts';
import { useSetupDraft } from './setup-draft-context.tsx';

const useStyles = makeStyles({
  section: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalM },
  facts: {
    display: 'grid',
    gridTemplateColumns: 'max-content 1fr',
    gap: `${tokens.spacingVerticalS} ${tokens.spacingHorizontalL}`,
    margin: 0,
  },
  term: { color: tokens.colorNeutralForeground2 },
  fact: { margin: 0, overflowWrap: 'anywhere' },
  start: { alignSelf: 'flex-start' },
});

export function FirstBackupStep() {
  const styles = useStyles();
  const { t } = useTranslation('setup');
  const first = useFirstBackup();
  const job = useJobs().find(({ planId }) => planId === first.plan);
  return (
    <>
      <Review />
      <section className={styles.section} aria-live="polite">
        {first.state === 'before' && job === undefined && (
          <Button appearance="primary" size="large" className={styles.start} onClick={first.begin}>
            {t('firstBackup.start')}
          </Button>
        )}
        {(first.state === 'backing-up' || first.state === 'testing' || job !== undefined) && (
          <>
            <Subtitle2 as="h2">
              {first.state === 'testing' || job?.kind === 'drill'
                ? t('firstBackup.testing')
                : t('firstBackup.backingUp')}
            </Subtitle2>
            {job !== undefined && <JobProgress job={job} />}
            <Text>{t('firstBackup.canClose')}</Text>
          </>
        )}
        {first.error !== null && <Failed error={first.error} onAgain={first.begin} />}
        {first.backup !== null && first.drill !== null && (
          <Done backup={first.backup} drill={first.drill} />
        )}
      </section>
    </>
  );
}

function Failed({ error, onAgain }: { readonly error: Error; readonly onAgain: () => void }) {
  const common = useTranslation().t;
  const again = <Button onClick={onAgain}>{common('action.tryAgain')}</Button>;
  return <FailurePanel failure={failureIn(error)} action={again} />;
}

function Review() {
  const styles = useStyles();
  const { t } = useTranslation('setup');
  const locale = useLocale();
  const { protection } = useSetupDraft().draft;
  if (protection === null) return null;
  const { plan } = protection;
  const rows = [
    [t('firstBackup.what'), plan.sources.map(({ path }) => path).join('\n')],
    [t('firstBackup.where'), plan.places.map(({ path }) => path).join('\n')],
    [t('firstBackup.when'), formatSchedule(plan.schedule, locale)],
  ] as const;
  return (
    <section className={styles.section}>
      <Subtitle2 as="h2">{plan.name}</Subtitle2>
      <dl className={styles.facts}>
        {rows.map(([term, fact]) => (
          <div key={term} style={{ display: 'contents' }}>
            <dt className={styles.term}>{term}</dt>
            <dd className={styles.fact}>{fact}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

interface DoneProps {
  readonly backup: CallOutput<'runPlan'>;
  readonly drill: CallOutput<'drill'>;
}

function Done({ backup, drill }: DoneProps) {
  const styles = useStyles();
  const { t } = useTranslation('setup');
  const locale = useLocale();
  const { go } = useNavigation();
  const { change } = useSetupDraft();
  const figures = new Intl.NumberFormat(locale);
  const sum = (what: 'rows' | 'tables'): number =>
    drill.sources.reduce((total, source) => total + source[what], 0);
  const counted = (what: 'rows' | 'tables'): string =>
    t(`firstBackup.${what}`, { count: sum(what), number: figures.format(sum(what)) });
  const time = formatDuration(drill.recoveryMs, locale);
  const isOpened = drill.outcome === 'proved';
  const home = (): void => {
    change({ kind: 'begin-anew' });
    go({ kind: 'home' });
  };
  const leave = (
    <Button appearance="primary" className={styles.start} onClick={home}>
      {t('firstBackup.home')}
    </Button>
  );
  if (drill.failure !== null) return <FailurePanel failure={drill.failure} action={leave} />;
  return (
    <>
      <MessageBar intent="success" layout="multiline">
        <MessageBarBody>
          <MessageBarTitle>
            {t(isOpened ? 'firstBackup.done' : 'firstBackup.doneBytes')}
          </MessageBarTitle>
          {t('firstBackup.backedUp', {
            read: formatBytes(backup.bytesRead, locale),
            stored: formatBytes(backup.bytesStored, locale),
            time: formatDuration(backup.durationMs, locale),
          })}
        </MessageBarBody>
      </MessageBar>
      <Text>
        {!isOpened
          ? t('firstBackup.provedBytes', { time })
          : sum('tables') === 0
            ? t('firstBackup.provedFiles', { time })
            : t('firstBackup.proved', {
                rows: counted('rows'),
                tables: counted('tables'),
                time,
              })}
      </Text>
      {leave}
    </>
  );
}
