// Step 4: what opens the copies. At its end the vault is made, and the recovery key shown once and confirmed.
import { Checkbox, MessageBar, MessageBarBody, Spinner, Text } from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import { failureIn } from '../bridge/client.ts';
import { FailurePanel } from '../ui/failure-panel.tsx';
import { RecoveryKitView } from '../ui/recovery-kit.tsx';
import { PassphraseChoice } from './passphrase-choice.tsx';
import { useSetupDraft } from './setup-draft-context.tsx';
import type { Protecting } from './use-protect.ts';

export function ProtectionStep({ protect }: { readonly protect: Protecting }) {
  const { t } = useTranslation('setup');
  const { draft, change } = useSetupDraft();
  const { protection } = draft;
  if (protection !== null) {
    return (
      <>
        {draft.remember && !protection.isRemembered && (
          <MessageBar intent="warning" layout="multiline">
            <MessageBarBody>{t('protection.notRemembered')}</MessageBarBody>
          </MessageBar>
        )}
        <RecoveryKitView
          kit={protection.kit}
          isConfirmed={draft.isKitConfirmed}
          onConfirmed={() => change({ kind: 'kit-confirmed' })}
        />
      </>
    );
  }
  return (
    <>
      <Text>{t('protection.intro')}</Text>
      <PassphraseChoice />
      <Checkbox
        label={t('protection.remember')}
        checked={draft.remember}
        onChange={(_, { checked }) => change({ kind: 'set', part: { remember: checked === true } })}
      />
      {protect.isPending && <Spinner labelPosition="after" label={t('protection.creating')} />}
      {protect.error !== null && <FailurePanel failure={failureIn(protect.error)} />}
    </>
  );
}
