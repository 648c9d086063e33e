// Chooses everything that a search found, page by page: 412 deleted contacts are one click, not seventeen pages.
import { Button, makeStyles, Spinner } from '@fluentui/react-components';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CallRequest } from '../../shared/ipc/contract.ts';
import type { Failure } from '../../shared/model/failure.ts';
import { failureIn, type Client } from '../bridge/client.ts';
import { useClient } from '../bridge/client-context.ts';
import { FailurePanel } from '../ui/failure-panel.tsx';
import { useLocale } from '../use-locale.ts';
import { MOST_RECORDS } from './bring-back-flow.ts';

const AT_ONCE = 200;

const useStyles = makeStyles({ button: { alignSelf: 'flex-start' } });

type Query = Omit<CallRequest<'searchRows'>, 'offset' | 'limit'>;

interface ChooseAllFoundProps {
  readonly query: Query;
  readonly total: number;
  readonly onFound: (keys: readonly string[]) => void;
}

type Choosing =
  | { readonly kind: 'idle' }
  | { readonly kind: 'under-way'; readonly done: number }
  | { readonly kind: 'too-many' }
  | { readonly kind: 'failed'; readonly failure: Failure };

export function ChooseAllFound({ query, total, onFound }: ChooseAllFoundProps) {
  const styles = useStyles();
  const { t } = useTranslation('bringBack');
  const number = new Intl.NumberFormat(useLocale());
  const client = useClient();
  const [state, setState] = useState<Choosing>({ kind: 'idle' });
  const isGone = useIsGone();
  if (total === 0) return null;
  const begin = async (): Promise<void> => {
    if (total > MOST_RECORDS) return setState({ kind: 'too-many' });
    try {
      const keys = await keysOf(client, query, (done) => {
        if (!isGone()) setState({ kind: 'under-way', done });
      });
      if (isGone()) return undefined;
      onFound(keys);
      return setState({ kind: 'idle' });
    } catch (error) {
      return setState({ kind: 'failed', failure: failureIn(error) });
    }
  };
  if (state.kind === 'under-way') {
    const words = { done: number.format(state.done), total: number.format(total) };
    return <Spinner size="tiny" labelPosition="after" label={t('records.choosing', words)} />;
  }
  return (
    <>
      <Button className={styles.button} size="small" onClick={() => void begin()}>
        {t('records.chooseAll', { total: number.format(total) })}
      </Button>
      {state.kind === 'too-many' && (
        <span role="alert">{t('records.tooMany', { most: number.format(MOST_RECORDS) })}</span>
      )}
      {state.kind === 'failed' && <FailurePanel failure={state.failure} />}
    </>
  );
}

async function keysOf(
  client: Client,
  query: Query,
  report: (done: number) => void,
): Promise<readonly string[]> {
  const keys: string[] = [];
  report(0);
  for (let isMore = true; isMore;) {
    const page = await client.call('searchRows', {
      ...query,
      offset: keys.length,
      limit: AT_ONCE,
    });
    keys.push(...page.rows.map(({ key }) => key));
    isMore = page.rows.length > 0 && keys.length < Math.min(page.totalRows, MOST_RECORDS);
    report(keys.length);
  }
  return keys;
}

function useIsGone(): () => boolean {
  const gone = useRef(false);
  useEffect(() => {
    gone.current = false;
    return () => void (gone.current = true);
  }, []);
  return () => gone.current;
}
