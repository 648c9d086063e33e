// Language, appearance, and the start at sign-in.
import { Field, makeStyles, Select, Switch, tokens } from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import type { Settings } from '../../shared/model/settings.ts';
import { useAsk } from '../bridge/use-call.ts';
import { SettingsSection } from './settings-section.tsx';
import { useChangeSettings } from './use-change-settings.ts';

const languages = ['system', 'en', 'zh-CN'] as const;
const themes = ['system', 'light', 'dark'] as const;

const useStyles = makeStyles({
  row: {
    display: 'grid',
    gridTemplateColumns: 'repeat(auto-fit, minmax(min(14em, 100%), 1fr))',
    gap: tokens.spacingHorizontalL,
  },
});

export function GeneralSettings({ settings }: { readonly settings: Settings }) {
  const styles = useStyles();
  const { t } = useTranslation('settings');
  const { change, saving } = useChangeSettings();
  return (
    <SettingsSection title={t('general.title')} saving={saving}>
      <div className={styles.row}>
        <Field label={t('general.language')}>
          <Select
            value={settings.language}
            onChange={(_, { value }) => change({ language: value as Settings['language'] })}
          >
            {languages.map((language) => (
              <option key={language} value={language}>
                {t(`general.languages.${language}`)}
              </option>
            ))}
          </Select>
        </Field>
        <Field label={t('general.theme')}>
          <Select
            value={settings.theme}
            onChange={(_, { value }) => change({ theme: value as Settings['theme'] })}
          >
            {themes.map((theme) => (
              <option key={theme} value={theme}>
                {t(`general.themes.${theme}`)}
              </option>
            ))}
          </Select>
        </Field>
      </div>
      <SignInStart
        isOn={settings.startAtSignIn}
        onChange={(startAtSignIn) => change({ startAtSignIn })}
      />
    </SettingsSection>
  );
}

interface SignInStartProps {
  readonly isOn: boolean;
  readonly onChange: (isOn: boolean) => void;
}

function SignInStart({ isOn, onChange }: SignInStartProps) {
  const { t } = useTranslation('settings');
  const state = useAsk('shellInfo', {}).data?.signInStart;
  const isWarning = state === 'switched-off-by-system' || state === 'off';
  return (
    <Field
      hint={t('general.signInHint')}
      {...(state === undefined
        ? {}
        : {
            validationState: isWarning ? ('warning' as const) : ('none' as const),
            validationMessage: t(`general.signInState.${state}`),
          })}
    >
      <Switch
        label={t('general.signIn')}
        checked={isOn}
        onChange={(_, { checked }) => onChange(checked)}
      />
    </Field>
  );
}
