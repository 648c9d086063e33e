// Somebody shows to have the recovery key by typing all of it, long after it was made.
import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
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
import { SecretFailure, useSecretError } from '../ui/secret-error.tsx';

const useStyles = makeStyles({
  content: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalM },
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
  const common = useTranslation().t;
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
        <form
          onSubmit={(event) => {
            event.preventDefault();
            void send().catch(() => undefined);
          }}
        >
          <DialogBody>
            <DialogTitle>{t('kit.title', { plan: plan.name })}</DialogTitle>
            <DialogContent className={styles.content}>
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
            </DialogContent>
            <DialogActions>
              <Button onClick={onClose}>{common('action.cancel')}</Button>
              <Button
                type="submit"
                appearance="primary"
                disabled={key.trim() === '' || confirm.isPending}
              >
                {t('kit.submit')}
              </Button>
            </DialogActions>
          </DialogBody>
        </form>
      </DialogSurface>
    </Dialog>
  );
}
