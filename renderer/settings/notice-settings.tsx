// Which notices appear on the desktop.
import { Field, Switch } from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import type { Settings } from '../../shared/model/settings.ts';
import { SettingsSection } from './settings-section.tsx';
import { useChangeSettings } from './use-change-settings.ts';

export function NoticeSettings({ settings: { notices } }: { readonly settings: Settings }) {
  const { t } = useTranslation('settings');
  const { change, saving } = useChangeSettings();
  return (
    <SettingsSection title={t('notices.title')} saving={saving}>
      <Field hint={t('notices.problemsHint')}>
        <Switch
          label={t('notices.problems')}
          checked={notices.problems}
          onChange={(_, { checked }) => change({ notices: { ...notices, problems: checked } })}
        />
      </Field>
      <Switch
        label={t('notices.weekly')}
        checked={notices.weekly}
        onChange={(_, { checked }) => change({ notices: { ...notices, weekly: checked } })}
      />
    </SettingsSection>
  );
}
