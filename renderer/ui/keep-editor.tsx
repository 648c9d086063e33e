// How long restore points are kept: a preset with a sentence that says what it means, or numbers of one's own.
import { Body1, makeStyles, tokens } from '@fluentui/react-components';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { KeepRules } from '../../shared/model/keep-rules.ts';
import { useLocale } from '../use-locale.ts';
import { keepPresetOf, keepRulesOfPreset, type KeepPreset } from './keep-presets.ts';
import { NumberField } from './number-field.tsx';
import { PresetChoice } from './preset-choice.tsx';

const DAY_MS = 86_400_000;

const useStyles = makeStyles({
  box: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalM },
  custom: {
    display: 'grid',
    gridTemplateColumns: 'repeat(auto-fill, minmax(min(14em, 100%), 1fr))',
    gap: tokens.spacingHorizontalM,
    paddingInlineStart: tokens.spacingHorizontalXXL,
  },
  sentence: { gridColumn: '1 / -1', color: tokens.colorNeutralForeground2 },
});

const presets = [
  'month',
  'short',
  'long',
  'everything',
  'custom',
] as const satisfies readonly KeepPreset[];

interface KeepEditorProps {
  readonly value: KeepRules;
  readonly onChange: (value: KeepRules) => void;
}

export function KeepEditor({ value, onChange }: KeepEditorProps) {
  const styles = useStyles();
  const { t } = useTranslation();
  const [isCustom, setCustom] = useState(false);
  const chosen = isCustom ? 'custom' : keepPresetOf(value);
  const choose = (preset: KeepPreset): void => {
    setCustom(preset === 'custom');
    if (preset !== 'custom') onChange(keepRulesOfPreset(preset));
  };
  return (
    <div className={styles.box}>
      <PresetChoice
        label={t('keep.label')}
        presets={presets.map((preset) => ({
          value: preset,
          title: t(`keep.preset.${preset}.title`),
          hint: t(`keep.preset.${preset}.hint`),
        }))}
        value={chosen}
        onChange={choose}
      />
      {chosen === 'custom' && <CustomRules value={value} onChange={onChange} />}
    </div>
  );
}

const counted = ['hourly', 'daily', 'weekly', 'monthly', 'yearly', 'last'] as const;

function CustomRules({ value, onChange }: KeepEditorProps) {
  const styles = useStyles();
  const { t } = useTranslation();
  return (
    <div className={styles.custom}>
      {counted.map((rule) => (
        <NumberField
          key={rule}
          label={t(`keep.rule.${rule}`)}
          value={value[rule]}
          min={1}
          max={100_000}
          isOptional
          onChange={(number) => onChange({ ...value, [rule]: number })}
        />
      ))}
      <NumberField
        label={t('keep.rule.within')}
        value={value.withinMs === null ? null : value.withinMs / DAY_MS}
        min={1}
        max={36_500}
        isOptional
        onChange={(days) => onChange({ ...value, withinMs: days === null ? null : days * DAY_MS })}
      />
      <Body1 className={styles.sentence} aria-live="polite">
        {useKeepSentence(value)}
      </Body1>
    </div>
  );
}

/** What the rules mean, such as "You can go back to each of the last 14 days, and …". */
export function useKeepSentence(rules: KeepRules): string {
  const { t } = useTranslation();
  const locale = useLocale();
  const parts = [
    ...counted.map((rule) => ({ key: rule, count: rules[rule] })),
    { key: 'within' as const, count: rules.withinMs === null ? null : rules.withinMs / DAY_MS },
  ].flatMap(({ key, count }) => (count === null ? [] : [t(`keep.means.${key}`, { count })]));
  if (parts.length === 0) return t('keep.meansAll');
  const list = new Intl.ListFormat(locale, { type: 'conjunction' }).format(parts);
  return t('keep.means.sentence', { list });
}
