// What a person sets, for the whole app and for each plan. Everything is saved at once, and said to be.
import { Body1, Title2 } from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import { useAsk } from '../bridge/use-call.ts';
import { Answer } from '../ui/answer.tsx';
import { Page } from '../ui/page.tsx';
import { GeneralSettings } from './general-settings.tsx';
import { NoticeSettings } from './notice-settings.tsx';
import { PlanSettingsList } from './plan-settings-list.tsx';
import { SettingsSection } from './settings-section.tsx';
import { WorkSettings } from './work-settings.tsx';

export function SettingsScreen() {
  const { t } = useTranslation('settings');
  const settings = useAsk('settings', {});
  return (
    <Page>
      <Title2 as="h1">{t('title')}</Title2>
      <Answer of={settings}>
        {(value) => (
          <>
            <GeneralSettings settings={value} />
            <WorkSettings settings={value} />
            <NoticeSettings settings={value} />
          </>
        )}
      </Answer>
      <PlanSettingsList />
      <About />
    </Page>
  );
}

function About() {
  const { t } = useTranslation('settings');
  const version = useAsk('shellInfo', {}).data?.version;
  return (
    <SettingsSection title={t('about.title')}>
      {version !== undefined && <Body1>{t('about.version', { version })}</Body1>}
      <Body1>{t('about.text')}</Body1>
    </SettingsSection>
  );
}
