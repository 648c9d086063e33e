// An answer that is on its way, failed, or there: the three states of everything that is asked over the bridge.
import { Button, Spinner } from '@fluentui/react-components';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { failureIn } from '../bridge/client.ts';
import { FailurePanel } from './failure-panel.tsx';

interface AnswerProps<T> {
  readonly of: UseQueryResult<T>;
  readonly children: (value: T) => ReactNode;
}

/** What is known stays on the screen while it is asked anew. */
export function Answer<T>({ of, children }: AnswerProps<T>) {
  const { t } = useTranslation();
  if (of.data !== undefined) return <>{children(of.data)}</>;
  if (of.error !== null) {
    const again = <Button onClick={() => void of.refetch()}>{t('action.tryAgain')}</Button>;
    return <FailurePanel failure={failureIn(of.error)} action={again} />;
  }
  return <Spinner label={t('state.loading')} />;
}
