// A new recovery key: asked for with the passphrase, shown once, saved, and confirmed by typing two groups of it again.
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
import type { RecoveryKit } from '../../shared/model/setup.ts';
import { useOrder } from '../bridge/use-call.ts';
import { FormDialogBody } from '../ui/form-dialog-body.tsx';
import { RecoveryKitView } from '../ui/recovery-kit.tsx';
import { SecretFailure, useSecretError } from '../ui/secret-error.tsx';
import { SecretField } from '../ui/secret-field.tsx';

const useStyles = makeStyles({
  content: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalM },
});

interface RecoveryKeyDialogProps {
  readonly plan: Plan;
  readonly onClose: () => void;
}

export function RecoveryKeyDialog({ plan, onClose }: RecoveryKeyDialogProps) {
  const order = useOrder('newRecoveryKey');
  return (
    // Once the key is there, a click beside it must not take it away.
    <Dialog open modalType="alert">
      <DialogSurface>
        {order.data === undefined ? (
          <AskForKey plan={plan} order={order} onClose={onClose} />
        ) : (
          <NewKey plan={plan} kit={order.data} onClose={onClose} />
        )}
      </DialogSurface>
    </Dialog>
  );
}

interface AskForKeyProps extends RecoveryKeyDialogProps {
  readonly order: ReturnType<typeof useOrder<'newRecoveryKey'>>;
}

function AskForKey({ plan, order, onClose }: AskForKeyProps) {
  const { t } = useTranslation('settings');
  const [current, setCurrent] = useState('');
  const error = useSecretError(order.error);
  return (
    <FormDialogBody
      title={t('recoveryKey.title', { plan: plan.name })}
      submit={t('recoveryKey.submit')}
      isReady={current !== '' && !order.isPending}
      onSubmit={() => order.mutate({ plan: plan.id, current })}
      onCancel={onClose}
    >
      <Text>{t('recoveryKey.text')}</Text>
      <SecretField
        label={t('recoveryKey.current')}
        error={error}
        value={current}
        onChange={(value) => {
          order.reset();
          setCurrent(value);
        }}
      />
      <SecretFailure error={order.error} />
    </FormDialogBody>
  );
}

interface NewKeyProps extends RecoveryKeyDialogProps {
  readonly kit: RecoveryKit;
}

function NewKey({ plan, kit, onClose }: NewKeyProps) {
  const styles = useStyles();
  const { t } = useTranslation('settings');
  const [isConfirmed, setConfirmed] = useState(false);
  return (
    <DialogBody>
      <DialogTitle>{t('recoveryKey.title', { plan: plan.name })}</DialogTitle>
      <DialogContent className={styles.content}>
        <RecoveryKitView
          kit={kit}
          isConfirmed={isConfirmed}
          onConfirmed={() => setConfirmed(true)}
        />
        {!isConfirmed && (
          <MessageBar intent="warning" layout="multiline">
            <MessageBarBody>{t('recoveryKey.unconfirmed')}</MessageBarBody>
          </MessageBar>
        )}
      </DialogContent>
      <DialogActions>
        <Button appearance={isConfirmed ? 'primary' : 'subtle'} onClick={onClose}>
          {isConfirmed ? t('recoveryKey.done') : t('recoveryKey.leave')}
        </Button>
      </DialogActions>
    </DialogBody>
  );
}
