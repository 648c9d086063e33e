// Gives the agent a plan's passphrase or recovery key once.
import {
  Button,
  Checkbox,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  MessageBar,
  MessageBarBody,
  MessageBarTitle,
  Text,
} from '@fluentui/react-components';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { PlanId } from '../../shared/model/ids.ts';
import { useOrder } from '../bridge/use-call.ts';
import { FormDialogBody } from './form-dialog-body.tsx';
import { SecretFailure, useSecretError } from './secret-error.tsx';
import { SecretField } from './secret-field.tsx';

interface UnlockDialogProps {
  readonly plan: { readonly id: PlanId; readonly name: string };
  readonly onClose: () => void;
}

export function UnlockDialog({ plan, onClose }: UnlockDialogProps) {
  const { t } = useTranslation();
  const unlock = useOrder('unlock');
  const [remember, setRemember] = useState(true);
  const isForgotten = remember && unlock.data?.isRemembered === false;
  const send = async (secret: string): Promise<void> => {
    const { isRemembered } = await unlock.mutateAsync({ plan: plan.id, secret, remember });
    if (isRemembered || !remember) onClose();
  };
  return (
    <Dialog open onOpenChange={onClose}>
      <DialogSurface>
        {isForgotten ? (
          <DialogBody>
            <DialogTitle>{t('unlock.opened')}</DialogTitle>
            <DialogContent>
              <MessageBar intent="warning" layout="multiline">
                <MessageBarBody>
                  <MessageBarTitle>{t('unlock.opened')}</MessageBarTitle>
                  {t('unlock.notRemembered')}
                </MessageBarBody>
              </MessageBar>
            </DialogContent>
            <DialogActions>
              <Button appearance="primary" onClick={onClose}>
                {t('action.close')}
              </Button>
            </DialogActions>
          </DialogBody>
        ) : (
          <UnlockForm
            title={t('unlock.title', { plan: plan.name })}
            order={unlock}
            remember={remember}
            onRemember={setRemember}
            onSend={(secret) => void send(secret).catch(() => undefined)}
            onClose={onClose}
          />
        )}
      </DialogSurface>
    </Dialog>
  );
}

interface UnlockFormProps {
  readonly title: string;
  readonly order: ReturnType<typeof useOrder<'unlock'>>;
  readonly remember: boolean;
  readonly onRemember: (remember: boolean) => void;
  readonly onSend: (secret: string) => void;
  readonly onClose: () => void;
}

function UnlockForm({ title, order, remember, onRemember, onSend, onClose }: UnlockFormProps) {
  const { t } = useTranslation();
  const [secret, setSecret] = useState('');
  const error = useSecretError(order.error);
  return (
    <FormDialogBody
      title={title}
      submit={t('unlock.submit')}
      isReady={secret.trim() !== '' && !order.isPending}
      onSubmit={() => onSend(secret)}
      onCancel={onClose}
    >
      <Text>{t('unlock.text')}</Text>
      <SecretField
        label={t('unlock.secret')}
        autoFocus
        error={error}
        value={secret}
        onChange={(value) => {
          order.reset();
          setSecret(value);
        }}
      />
      <Checkbox
        label={t('unlock.remember')}
        checked={remember}
        onChange={(_, { checked }) => onRemember(checked === true)}
      />
      <SecretFailure error={order.error} />
    </FormDialogBody>
  );
}
