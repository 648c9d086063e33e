// A restore under way or ended: waiting for the file, progress, failure, evidence. The same after one click and after all steps.
import {
  Button,
  makeStyles,
  MessageBar,
  MessageBarBody,
  Spinner,
  Text,
} from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import type { Job } from '../../shared/model/job.ts';
import { failureIn } from '../bridge/client.ts';
import { useOrder } from '../bridge/use-call.ts';
import { useJobs } from '../bridge/use-jobs.ts';
import { useNavigation } from '../route.ts';
import { FailurePanel } from '../ui/failure-panel.tsx';
import { JobProgress } from '../ui/job-progress.tsx';
import { Page } from '../ui/page.tsx';
import type { CarryOut } from './carry-out.ts';
import { useHolderWords } from './check-step.tsx';
import { PageTitle } from './page-title.tsx';
import { ResultView } from './result-view.tsx';
import type { CarryOutUse } from './use-carry-out.ts';

const useStyles = makeStyles({
  holders: { margin: 0, padding: 0, listStyleType: 'none', overflowWrap: 'anywhere' },
  spinner: { justifyContent: 'flex-start' },
});

interface CarryOutViewProps {
  readonly of: CarryOutUse;
  /** Back to the checks, or to the confirmation. */
  readonly onBack: () => void;
}

export function CarryOutView({ of: { state, reset }, onBack }: CarryOutViewProps) {
  const { t } = useTranslation('bringBack');
  const job = useRestoreJob(state);
  const back = (): void => {
    reset();
    onBack();
  };
  return (
    <Page footer={<Footer state={state} job={job} onBack={back} />}>
      <PageTitle title={t(titleOf(state))} state={state.kind} />
      <Body state={state} job={job} />
    </Page>
  );
}

function useRestoreJob(state: CarryOut): Job | undefined {
  const jobs = useJobs();
  if (state.kind !== 'running') return undefined;
  return jobs.find(({ kind, planId }) => kind === 'restore' && planId === state.request.plan);
}

function titleOf(state: CarryOut) {
  switch (state.kind) {
    case 'waiting':
      return 'free.title';
    case 'failed':
      return 'run.failed';
    case 'done':
      return state.request.where.kind === 'folder' ? 'run.foldersTitle' : 'run.restoredTitle';
    case 'idle':
    case 'running':
      return 'run.title';
  }
}

interface StateProps {
  readonly state: CarryOut;
  readonly job: Job | undefined;
}

function Body({ state, job }: StateProps) {
  const { t } = useTranslation('bringBack');
  switch (state.kind) {
    case 'idle':
      return null;
    case 'waiting':
      return <Waiting state={state} />;
    case 'running':
      return (
        <>
          {job === undefined ? <Spinner /> : <JobProgress job={job} />}
          <Text>{t('run.canLeave')}</Text>
        </>
      );
    case 'failed':
      return <FailurePanel failure={state.failure} />;
    case 'done':
      return <ResultView result={state.result} />;
  }
}

function Waiting({ state }: { readonly state: Extract<CarryOut, { kind: 'waiting' }> }) {
  const styles = useStyles();
  const { t } = useTranslation('bringBack');
  const words = useHolderWords();
  return (
    <>
      <MessageBar intent="warning" layout="multiline">
        <MessageBarBody>
          <ul className={styles.holders}>
            {state.holders.map((holder) => (
              <li key={holder.path}>
                <Text weight="semibold">{words(holder)}</Text> {holder.path}
              </li>
            ))}
          </ul>
        </MessageBarBody>
      </MessageBar>
      <Text>{t('free.text')}</Text>
      {state.failure !== null && <FailurePanel failure={state.failure} />}
      <Spinner
        className={styles.spinner}
        size="small"
        labelPosition="after"
        label={t('free.waiting')}
      />
    </>
  );
}

interface FooterProps extends StateProps {
  readonly onBack: () => void;
}

function Footer({ state, job, onBack }: FooterProps) {
  const { t } = useTranslation('bringBack');
  const common = useTranslation().t;
  const { go } = useNavigation();
  const home = (): void => go({ kind: 'home' });
  switch (state.kind) {
    case 'idle':
      return null;
    case 'waiting':
      return <Button onClick={onBack}>{common('action.cancel')}</Button>;
    case 'running':
      return (
        <>
          <CancelButton job={job} />
          <Button onClick={home}>{t('home')}</Button>
        </>
      );
    case 'failed':
      return (
        <>
          <Button onClick={home}>{t('home')}</Button>
          <Button appearance="primary" onClick={onBack}>
            {t('run.backToChecks')}
          </Button>
        </>
      );
    case 'done':
      return (
        <Button appearance="primary" onClick={home}>
          {t('home')}
        </Button>
      );
  }
}

function CancelButton({ job }: { readonly job: Job | undefined }) {
  const common = useTranslation().t;
  const cancel = useOrder('cancelJob');
  return (
    <>
      {cancel.error !== null && <FailurePanel failure={failureIn(cancel.error)} />}
      <Button
        disabled={job === undefined || job.state === 'stopping' || cancel.isPending}
        onClick={() => {
          if (job !== undefined) cancel.mutate({ job: job.id });
        }}
      >
        {common('action.cancel')}
      </Button>
    </>
  );
}
