// A new recovery key: asked for with the passphrase, shown once, saved, and confirmed by typing two groups of it again.
import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  Field,
  Input,
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
import { RecoveryKitView } from '../ui/recovery-kit.tsx';
import { SecretFailure, useSecretError } from '../ui/secret-error.tsx';

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
  const styles = useStyles();
  const { t } = useTranslation('settings');
  const common = useTranslation().t;
  const [current, setCurrent] = useState('');
  const error = useSecretError(order.error);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        order.mutate({ plan: plan.id, current });
      }}
    >
      <DialogBody>
        <DialogTitle>{t('recoveryKey.title', { plan: plan.name })}</DialogTitle>
        <DialogContent className={styles.content}>
          <Text>{t('recoveryKey.text')}</Text>
          <Field
            label={t('recoveryKey.current')}
            {...(error === null ? {} : { validationMessage: error })}
          >
            <Input
              type="password"
              autoComplete="off"
              value={current}
              onChange={(_, { value }) => {
                order.reset();
                setCurrent(value);
              }}
            />
          </Field>
          <SecretFailure error={order.error} />
        </DialogContent>
        <DialogActions>
          <Button onClick={onClose}>{common('action.cancel')}</Button>
          <Button type="submit" appearance="primary" disabled={current === '' || order.isPending}>
            {t('recoveryKey.submit')}
          </Button>
        </DialogActions>
      </DialogBody>
    </form>
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
