// The backup plans, each to be opened and changed. A single one is open from the start.
import { Body1, Button } from '@fluentui/react-components';
import { Add20Regular } from '@fluentui/react-icons';
import { useTranslation } from 'react-i18next';
import { useAsk } from '../bridge/use-call.ts';
import { useNavigation } from '../route.ts';
import { Answer } from '../ui/answer.tsx';
import { PlanSettings } from './plan-settings.tsx';
import { SettingsSection } from './settings-section.tsx';

export function PlanSettingsList() {
  const { t } = useTranslation('settings');
  const { go } = useNavigation();
  return (
    <SettingsSection title={t('plans.title')}>
      <Answer of={useAsk('overview', {})}>
        {({ plans, nowMs }) => (
          <>
            {plans.length === 0 && <Body1>{t('plans.none')}</Body1>}
            {plans.map(({ plan }) => (
              <PlanSettings
                key={plan.id}
                plan={plan}
                nowMs={nowMs}
                isOpenAtFirst={plans.length === 1}
              />
            ))}
          </>
        )}
      </Answer>
      <div>
        <Button icon={<Add20Regular />} onClick={() => go({ kind: 'setup' })}>
          {t('plans.add')}
        </Button>
      </div>
    </SettingsSection>
  );
}
