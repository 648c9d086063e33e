// When a plan is due: a preset, or times and days, or a steady interval. The value is a sound schedule at every moment.
import { Field, makeStyles, Radio, RadioGroup, tokens } from '@fluentui/react-components';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schedule } from '../../shared/model/schedule.ts';
import { PresetChoice } from './preset-choice.tsx';
import { IntervalEditor } from './interval-editor.tsx';
import { TimesEditor } from './times-editor.tsx';
import {
  schedulePresetOf,
  scheduleOfPreset,
  type SchedulePreset,
  zoneHere,
} from './schedule-presets.ts';

const useStyles = makeStyles({
  box: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalM },
  custom: {
    display: 'flex',
    flexDirection: 'column',
    gap: tokens.spacingVerticalM,
    paddingInlineStart: tokens.spacingHorizontalXXL,
  },
});

const presets = ['hourly', 'twice-a-day', 'custom'] as const satisfies readonly SchedulePreset[];

interface ScheduleEditorProps {
  readonly value: Schedule;
  readonly onChange: (value: Schedule) => void;
}

export function ScheduleEditor({ value, onChange }: ScheduleEditorProps) {
  const styles = useStyles();
  const { t } = useTranslation();
  const [isCustom, setCustom] = useState(false);
  const chosen = isCustom ? 'custom' : schedulePresetOf(value);
  const choose = (preset: SchedulePreset): void => {
    setCustom(preset === 'custom');
    if (preset !== 'custom') onChange(scheduleOfPreset(preset, zoneHere()));
  };
  return (
    <div className={styles.box}>
      <PresetChoice
        label={t('schedule.label')}
        presets={presets.map((preset) => ({
          value: preset,
          title: t(`schedule.preset.${preset}.title`),
          hint: t(`schedule.preset.${preset}.hint`),
        }))}
        value={chosen}
        onChange={choose}
      />
      {chosen === 'custom' && (
        <div className={styles.custom}>
          <CustomSchedule
            value={value}
            onChange={(own) => {
              // It stays open where what is typed happens to be a preset: sixty minutes on the way to sixty-five.
              setCustom(true);
              onChange(own);
            }}
          />
        </div>
      )}
    </div>
  );
}

function CustomSchedule({ value, onChange }: ScheduleEditorProps) {
  const { t } = useTranslation();
  const change = (kind: string): void => {
    if (kind === value.kind) return;
    onChange(scheduleOfPreset(kind === 'interval' ? 'hourly' : 'twice-a-day', zoneHere()));
  };
  return (
    <>
      <Field label={t('schedule.kind')}>
        <RadioGroup
          layout="horizontal-stacked"
          value={value.kind}
          onChange={(_, data) => change(data.value)}
        >
          <Radio value="times" label={t('schedule.times')} />
          <Radio value="interval" label={t('schedule.interval')} />
        </RadioGroup>
      </Field>
      {value.kind === 'times' ? (
        <TimesEditor value={value} onChange={onChange} />
      ) : (
        <IntervalEditor everyMs={value.everyMs} onChange={onChange} />
      )}
    </>
  );
}
