// The copy to choose records from could not be fetched, or is no longer open: why, and a way to fetch it again.
import { Button } from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import type { Failure } from '../../shared/model/failure.ts';
import { FailurePanel } from '../ui/failure-panel.tsx';
import type { BringBackFlow } from './bring-back-flow.ts';
import { UnlockOrFailure } from './unlock-form.tsx';

interface RowSessionFailedProps {
  readonly flow: BringBackFlow;
  readonly failure: Failure;
  readonly onAgain: () => void;
}

export function RowSessionFailed({ flow, failure, onAgain }: RowSessionFailedProps) {
  const { t } = useTranslation('bringBack');
  const isKey = failure.code === 'key-needed' || failure.code === 'key-wrong';
  if (isKey && flow.plan !== null) {
    return <UnlockOrFailure plan={flow.plan} failure={failure} onAgain={onAgain} />;
  }
  return (
    <FailurePanel
      failure={failure}
      action={<Button onClick={onAgain}>{t('records.reopen')}</Button>}
    />
  );
}
