// The password of a network share, typed anew after its server refused the one that was kept. It is tried at once; where
// the share is connected meanwhile it cannot be, and that is said before the backup.
import { Dialog, DialogSurface, Text } from '@fluentui/react-components';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { PlanOverview } from '../../shared/model/overview.ts';
import { failureWords } from '../../shared/text/failure-words.ts';
import { placeText } from '../../shared/text/place-text.ts';
import { failureIn } from '../bridge/client.ts';
import { useOrder } from '../bridge/use-call.ts';
import { FailurePanel } from '../ui/failure-panel.tsx';
import { FormDialogBody } from '../ui/form-dialog-body.tsx';
import { SecretField } from '../ui/secret-field.tsx';
import { useLocale } from '../use-locale.ts';

interface SharePasswordDialogProps {
  readonly overview: Pick<PlanOverview, 'plan' | 'places'>;
  /** The share opened with it, or is open. */
  readonly onGiven: () => void;
  readonly onClose: () => void;
}

export function SharePasswordDialog({ overview, onGiven, onClose }: SharePasswordDialogProps) {
  const { t } = useTranslation('home');
  const locale = useLocale();
  const order = useOrder('giveSharePassword');
  const [password, setPassword] = useState('');
  const failure = order.error === null ? null : failureIn(order.error);
  const isUntried = order.data?.isTried === false;
  const isRefused = failure?.code === 'share-refused';
  const send = async (): Promise<void> => {
    const { isTried } = await order.mutateAsync({ plan: overview.plan.id, password });
    if (isTried) onGiven();
  };
  return (
    <Dialog open onOpenChange={onClose}>
      <DialogSurface>
        <FormDialogBody
          title={t('share.title')}
          submit={t(isUntried ? 'share.backUp' : 'share.submit')}
          isReady={password !== '' && !order.isPending}
          onSubmit={() => (isUntried ? onGiven() : void send().catch(() => undefined))}
          onCancel={onClose}
        >
          <Text>{t('share.text', { place: placeText(overview.places[0]?.path ?? '') })}</Text>
          <SecretField
            label={t('share.password')}
            autoFocus
            error={isRefused ? failureWords(failure, locale).cause : null}
            value={password}
            onChange={(typed) => {
              order.reset();
              setPassword(typed);
            }}
          />
          {isUntried && <Text role="status">{t('share.untried')}</Text>}
          {failure !== null && !isRefused && <FailurePanel failure={failure} />}
        </FormDialogBody>
      </DialogSurface>
    </Dialog>
  );
}
