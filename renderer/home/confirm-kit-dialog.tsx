// Somebody shows to have the recovery key by typing all of it, long after it was made.
import {
  Dialog,
  DialogSurface,
  Field,
  Link,
  makeStyles,
  Text,
  Textarea,
  tokens,
} from '@fluentui/react-components';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Plan } from '../../shared/model/plan.ts';
import { useOrder } from '../bridge/use-call.ts';
import { useNavigation } from '../route.ts';
import { FormDialogBody } from '../ui/form-dialog-body.tsx';
import { SecretFailure, useSecretError } from '../ui/secret-error.tsx';

const useStyles = makeStyles({
  lost: { alignSelf: 'flex-start' },
  key: { fontFamily: tokens.fontFamilyMonospace },
});

interface ConfirmKitDialogProps {
  readonly plan: Plan;
  readonly onClose: () => void;
}

export function ConfirmKitDialog({ plan, onClose }: ConfirmKitDialogProps) {
  const styles = useStyles();
  const { t } = useTranslation('home');
  const { go } = useNavigation();
  const confirm = useOrder('confirmKit');
  const [key, setKey] = useState('');
  const ofSecret = useSecretError(confirm.error);
  const error = confirm.data?.isConfirmed === false ? t('kit.wrong') : ofSecret;
  const send = async (): Promise<void> => {
    const proof = { kind: 'key', recoveryKey: key.trim() } as const;
    const { isConfirmed } = await confirm.mutateAsync({ plan: plan.id, proof });
    if (isConfirmed) onClose();
  };
  return (
    <Dialog open onOpenChange={onClose}>
      <DialogSurface>
        <FormDialogBody
          title={t('kit.title', { plan: plan.name })}
          submit={t('kit.submit')}
          isReady={key.trim() !== '' && !confirm.isPending}
          onSubmit={() => void send().catch(() => undefined)}
          onCancel={onClose}
        >
          <Text>{t('kit.text')}</Text>
          <Field label={t('kit.key')} {...(error === null ? {} : { validationMessage: error })}>
            <Textarea
              className={styles.key}
              autoFocus
              autoComplete="off"
              spellCheck={false}
              value={key}
              onChange={(_, { value }) => {
                confirm.reset();
                setKey(value);
              }}
            />
          </Field>
          <Link
            as="button"
            type="button"
            className={styles.lost}
            onClick={() => go({ kind: 'settings' })}
          >
            {t('kit.lost')}
          </Link>
          <SecretFailure error={confirm.error} />
        </FormDialogBody>
      </DialogSurface>
    </Dialog>
  );
}
