// Copies that cannot be opened because the passphrase is not at hand: it is asked for here, and the work goes on. Every
// other failure is shown as it is.
import { Button, Checkbox, makeStyles, Text, tokens } from '@fluentui/react-components';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Failure } from '../../shared/model/failure.ts';
import type { PlanId } from '../../shared/model/ids.ts';
import { failureIn } from '../bridge/client.ts';
import { useOrder } from '../bridge/use-call.ts';
import { FailurePanel } from '../ui/failure-panel.tsx';
import { SecretField } from '../ui/secret-field.tsx';
import { Section } from './section.tsx';

const useStyles = makeStyles({
  form: {
    display: 'flex',
    flexDirection: 'column',
    gap: tokens.spacingVerticalM,
    alignItems: 'flex-start',
  },
  field: { width: '100%', maxWidth: '480px' },
});

interface UnlockOrFailureProps {
  readonly failure: Failure;
  readonly plan: PlanId;
  /** Asks anew what failed. */
  readonly onAgain: () => void;
}

export function UnlockOrFailure({ failure, plan, onAgain }: UnlockOrFailureProps) {
  const common = useTranslation().t;
  if (failure.code === 'key-needed' || failure.code === 'key-wrong') {
    return <UnlockForm plan={plan} onOpen={onAgain} />;
  }
  return (
    <FailurePanel
      failure={failure}
      action={<Button onClick={onAgain}>{common('action.tryAgain')}</Button>}
    />
  );
}

function UnlockForm({ plan, onOpen }: { readonly plan: PlanId; readonly onOpen: () => void }) {
  const styles = useStyles();
  const { t } = useTranslation('bringBack');
  const [secret, setSecret] = useState('');
  const [remember, setRemember] = useState(true);
  const unlock = useOrder('unlock');
  return (
    <Section title={t('unlock.title')}>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          unlock.mutate({ plan, secret, remember }, { onSuccess: onOpen });
        }}
      >
        <Text>{t('unlock.text')}</Text>
        <SecretField
          className={styles.field}
          label={t('unlock.secret')}
          value={secret}
          onChange={setSecret}
        />
        <Checkbox
          label={t('unlock.remember')}
          checked={remember}
          onChange={(_, { checked }) => setRemember(checked === true)}
        />
        {unlock.error !== null && <FailurePanel failure={failureIn(unlock.error)} />}
        <Button type="submit" disabled={secret.trim() === '' || unlock.isPending}>
          {t('unlock.open')}
        </Button>
      </form>
    </Section>
  );
}
