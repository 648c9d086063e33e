// The ways to change what opens a plan's copies.
import { Button, makeStyles, Text, tokens } from '@fluentui/react-components';
import { Key20Regular, ShieldKeyhole20Regular } from '@fluentui/react-icons';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Plan } from '../../shared/model/plan.ts';
import { PassphraseDialog } from './passphrase-dialog.tsx';
import { RecoveryKeyDialog } from './recovery-key-dialog.tsx';

const useStyles = makeStyles({
  box: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalS },
  row: { display: 'flex', flexWrap: 'wrap', gap: tokens.spacingHorizontalM },
});

export function PlanSecrets({ plan }: { readonly plan: Plan }) {
  const styles = useStyles();
  const { t } = useTranslation('settings');
  const [dialog, setDialog] = useState<'passphrase' | 'recovery-key' | null>(null);
  const close = (): void => setDialog(null);
  return (
    <div className={styles.box}>
      <Text weight="semibold">{t('plans.secrets')}</Text>
      <div className={styles.row}>
        <Button icon={<Key20Regular />} onClick={() => setDialog('passphrase')}>
          {t('plans.passphrase')}
        </Button>
        <Button icon={<ShieldKeyhole20Regular />} onClick={() => setDialog('recovery-key')}>
          {t('plans.recoveryKey')}
        </Button>
      </div>
      {dialog === 'passphrase' && <PassphraseDialog plan={plan} onClose={close} />}
      {dialog === 'recovery-key' && <RecoveryKeyDialog plan={plan} onClose={close} />}
    </div>
  );
}
