// Everything that was done, newest first, page by page: ten thousand runs open as fast as ten.
import { Body1, Button, makeStyles, Spinner, Title2 } from '@fluentui/react-components';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { RunId } from '../../shared/model/ids.ts';
import { failureIn } from '../bridge/client.ts';
import { useAsk } from '../bridge/use-call.ts';
import { FailurePanel } from '../ui/failure-panel.tsx';
import { Page } from '../ui/page.tsx';
import { everyRun, HistoryFilters, type RunFilter } from './history-filters.tsx';
import { RunDetails } from './run-details.tsx';
import { RunRow } from './run-row.tsx';
import { useRuns } from './use-runs.ts';
import { cardStyle } from '../ui/card-style.ts';

/** How far a run that was asked for is looked for by itself, in pages. */
const SEARCHED_PAGES = 10;

const useStyles = makeStyles({
  list: {
    display: 'flex',
    flexDirection: 'column',
    margin: 0,
    padding: 0,
    listStyleType: 'none',
    ...cardStyle,
    overflow: 'hidden',
  },
  more: { alignSelf: 'center' },
});

/** `run`: asked for from elsewhere; it is opened. */
export function HistoryScreen({ run: wanted }: { readonly run: RunId | null }) {
  const { t } = useTranslation('history');
  const [filter, setFilter] = useState<RunFilter>(everyRun);
  const [chosen, setChosen] = useState(wanted);
  const plans = useAsk('overview', {}).data?.plans.map(({ plan }) => plan) ?? [];
  const found = useRuns(filter);
  const details = found.runs.find(({ id }) => id === chosen);
  useSearch(chosen !== null && details === undefined, found);
  const nameOf = (id: string | null): string | null =>
    plans.find((plan) => plan.id === id)?.name ?? null;
  return (
    <Page>
      <Title2 as="h1">{t('title')}</Title2>
      <HistoryFilters value={filter} plans={plans} onChange={setFilter} />
      <Found
        found={found}
        filter={filter}
        nameOf={nameOf}
        onFilter={setFilter}
        onOpen={setChosen}
      />
      {details !== undefined && (
        <RunDetails run={details} plan={nameOf(details.planId)} onClose={() => setChosen(null)} />
      )}
    </Page>
  );
}

type Found = ReturnType<typeof useRuns>;

/** Goes through older pages for a run that was asked for. */
function useSearch(isMissing: boolean, { pages, canLoadMore, loadMore }: Found): void {
  const goesOn = isMissing && canLoadMore && pages < SEARCHED_PAGES;
  useEffect(() => {
    if (goesOn) loadMore();
  }, [goesOn, pages, loadMore]);
}

interface FoundProps {
  readonly found: Found;
  readonly filter: RunFilter;
  readonly nameOf: (plan: string | null) => string | null;
  readonly onFilter: (filter: RunFilter) => void;
  readonly onOpen: (run: RunId) => void;
}

function Found({ found, filter, nameOf, onFilter, onOpen }: FoundProps) {
  const styles = useStyles();
  const { t } = useTranslation('history');
  const common = useTranslation().t;
  const [nowMs] = useState(() => Date.now());
  const { runs, error, isLoading } = found;
  if (error !== null) {
    const again = <Button onClick={found.tryAgain}>{common('action.tryAgain')}</Button>;
    return <FailurePanel failure={failureIn(error)} action={again} />;
  }
  if (isLoading) return <Spinner label={common('state.loading')} />;
  if (runs.length === 0) {
    const isAll = Object.values(filter).every((part) => part === null);
    if (isAll) return <Body1>{t('empty')}</Body1>;
    return (
      <>
        <Body1>{t('emptyFiltered')}</Body1>
        <Button className={styles.more} onClick={() => onFilter(everyRun)}>
          {t('showAll')}
        </Button>
      </>
    );
  }
  return (
    <>
      <ul className={styles.list} aria-label={t('list')}>
        {runs.map((run) => (
          <RunRow key={run.id} run={run} plan={nameOf(run.planId)} nowMs={nowMs} onOpen={onOpen} />
        ))}
      </ul>
      {found.canLoadMore && (
        <Button className={styles.more} disabled={found.isLoadingMore} onClick={found.loadMore}>
          {t('loadMore')}
        </Button>
      )}
    </>
  );
}
