// A new passphrase for a plan's copies: the present one, the new one twice, and how hard it is to guess.
import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  makeStyles,
  MessageBar,
  MessageBarBody,
  Text,
  tokens,
} from '@fluentui/react-components';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Plan } from '../../shared/model/plan.ts';
import { useOrder } from '../bridge/use-call.ts';
import { SHORTEST_PASSPHRASE } from '../setup/setup-draft.ts';
import { FormDialogBody } from '../ui/form-dialog-body.tsx';
import { PassphraseStrength } from '../ui/passphrase-strength.tsx';
import { SecretFailure, useSecretError } from '../ui/secret-error.tsx';
import { SecretField } from '../ui/secret-field.tsx';

const useStyles = makeStyles({
  content: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalM },
});

interface PassphraseDialogProps {
  readonly plan: Plan;
  readonly onClose: () => void;
}

export function PassphraseDialog({ plan, onClose }: PassphraseDialogProps) {
  const order = useOrder('changePassphrase');
  return (
    <Dialog open modalType="alert" onOpenChange={onClose}>
      <DialogSurface>
        {order.data === undefined ? (
          <PassphraseForm plan={plan} order={order} onClose={onClose} />
        ) : (
          <Changed isRemembered={order.data.isRemembered} onClose={onClose} />
        )}
      </DialogSurface>
    </Dialog>
  );
}

interface ChangedProps {
  readonly isRemembered: boolean;
  readonly onClose: () => void;
}

function Changed({ isRemembered, onClose }: ChangedProps) {
  const styles = useStyles();
  const { t } = useTranslation('settings');
  const common = useTranslation().t;
  return (
    <DialogBody>
      <DialogTitle>{t('passphrase.done')}</DialogTitle>
      <DialogContent className={styles.content}>
        <Text>{t('passphrase.doneText')}</Text>
        {!isRemembered && (
          <MessageBar intent="warning" layout="multiline">
            <MessageBarBody>{t('passphrase.notRemembered')}</MessageBarBody>
          </MessageBar>
        )}
      </DialogContent>
      <DialogActions>
        <Button appearance="primary" onClick={onClose}>
          {common('action.close')}
        </Button>
      </DialogActions>
    </DialogBody>
  );
}

interface Typed {
  readonly current: string;
  readonly next: string;
  readonly again: string;
}

interface PassphraseFormProps extends PassphraseDialogProps {
  readonly order: ReturnType<typeof useOrder<'changePassphrase'>>;
}

function PassphraseForm({ plan, order, onClose }: PassphraseFormProps) {
  const { t } = useTranslation('settings');
  const [typed, setTyped] = useState<Typed>({ current: '', next: '', again: '' });
  const { current, next, again } = typed;
  const isShort = [...next].length < SHORTEST_PASSPHRASE;
  const isReady = current !== '' && !isShort && next === again && !order.isPending;
  const errors: Record<keyof Typed, string | null> = {
    current: useSecretError(order.error),
    next: next !== '' && isShort ? t('passphrase.short', { count: SHORTEST_PASSPHRASE }) : null,
    again: again !== '' && again !== next ? t('passphrase.differs') : null,
  };
  const field = (name: keyof Typed) => (
    <SecretField
      label={t(`passphrase.${name}`)}
      isNew={name !== 'current'}
      error={errors[name]}
      value={typed[name]}
      onChange={(value) => {
        order.reset();
        setTyped({ ...typed, [name]: value });
      }}
    />
  );
  return (
    <FormDialogBody
      title={t('passphrase.title', { plan: plan.name })}
      submit={t('passphrase.submit')}
      isReady={isReady}
      onSubmit={() => order.mutate({ plan: plan.id, current, next })}
      onCancel={onClose}
    >
      <Text>{t('passphrase.text')}</Text>
      {field('current')}
      {field('next')}
      <PassphraseStrength passphrase={next} />
      {field('again')}
      <SecretFailure error={order.error} />
    </FormDialogBody>
  );
}
