// When scheduled work waits: in quiet hours, and on a battery that runs low.
import { Field, Input, makeStyles, Switch, tokens } from '@fluentui/react-components';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Settings } from '../../shared/model/settings.ts';
import { NumberField } from '../ui/number-field.tsx';
import { SettingsSection } from './settings-section.tsx';
import { useChangeSettings } from './use-change-settings.ts';

type QuietHours = NonNullable<Settings['quietHours']>;

/** What is offered when they are switched on: the busiest hours of an office. */
const usualQuietHours: QuietHours = { from: '09:00', to: '11:00' };
const usualPercent = 20;

const useStyles = makeStyles({
  group: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalS },
  details: {
    display: 'flex',
    flexWrap: 'wrap',
    gap: tokens.spacingHorizontalL,
    paddingInlineStart: tokens.spacingHorizontalXXXL,
  },
});

export function WorkSettings({ settings }: { readonly settings: Settings }) {
  const styles = useStyles();
  const { t } = useTranslation('settings');
  const { change, saving } = useChangeSettings();
  const { quietHours, batteryAtLeastPercent: percent } = settings;
  return (
    <SettingsSection title={t('work.title')} saving={saving}>
      <div className={styles.group}>
        <Field hint={t('work.quietHint')}>
          <Switch
            label={t('work.quiet')}
            checked={quietHours !== null}
            onChange={(_, { checked }) => change({ quietHours: checked ? usualQuietHours : null })}
          />
        </Field>
        {quietHours !== null && (
          <QuietHoursFields
            value={quietHours}
            onChange={(hours) => change({ quietHours: hours })}
          />
        )}
      </div>
      <div className={styles.group}>
        <Field hint={t('work.batteryHint')}>
          <Switch
            label={t('work.battery')}
            checked={percent !== null}
            onChange={(_, { checked }) =>
              change({ batteryAtLeastPercent: checked ? usualPercent : null })
            }
          />
        </Field>
        {percent !== null && (
          <div className={styles.details}>
            <NumberField
              label={t('work.percent')}
              value={percent}
              min={0}
              max={100}
              unit="%"
              onChange={(number) => change({ batteryAtLeastPercent: number ?? percent })}
            />
          </div>
        )}
      </div>
    </SettingsSection>
  );
}

interface QuietHoursFieldsProps {
  readonly value: QuietHours;
  readonly onChange: (value: QuietHours) => void;
}

function QuietHoursFields({ value, onChange }: QuietHoursFieldsProps) {
  const styles = useStyles();
  const { t } = useTranslation('settings');
  const [typed, setTyped] = useState(value);
  const isSame = typed.from === typed.to;
  const set = (part: Partial<QuietHours>): void => {
    const next = { ...typed, ...part };
    setTyped(next);
    // Half a time is none; the same time twice would mean all day or never.
    if (next.from !== '' && next.to !== '' && next.from !== next.to) onChange(next);
  };
  return (
    <div className={styles.details}>
      <Field label={t('work.from')}>
        <Input
          type="time"
          value={typed.from}
          onChange={(_, data) => set({ from: data.value.slice(0, 'HH:MM'.length) })}
        />
      </Field>
      <Field label={t('work.to')} {...(isSame ? { validationMessage: t('work.same') } : {})}>
        <Input
          type="time"
          value={typed.to}
          onChange={(_, data) => set({ to: data.value.slice(0, 'HH:MM'.length) })}
        />
      </Field>
    </div>
  );
}
