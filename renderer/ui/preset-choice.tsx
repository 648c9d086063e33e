// One of a few presets, each with a sentence that says what it means.
import {
  Caption1,
  Field,
  makeStyles,
  mergeClasses,
  Radio,
  RadioGroup,
  Text,
  tokens,
} from '@fluentui/react-components';
import { cardStyle } from './card-style.ts';

const useStyles = makeStyles({
  group: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalS },
  card: {
    width: '100%',
    boxSizing: 'border-box',
    paddingInline: tokens.spacingHorizontalS,
    ...cardStyle,
  },
  chosen: {
    border: `1px solid ${tokens.colorCompoundBrandStroke}`,
    backgroundColor: tokens.colorNeutralBackground1Selected,
  },
  words: { display: 'flex', flexDirection: 'column' },
  hint: { color: tokens.colorNeutralForeground2 },
});

export interface Preset<V extends string> {
  readonly value: V;
  readonly title: string;
  readonly hint: string;
}

interface PresetChoiceProps<V extends string> {
  readonly label: string;
  readonly presets: readonly Preset<V>[];
  readonly value: V;
  readonly onChange: (value: V) => void;
}

export function PresetChoice<V extends string>(props: PresetChoiceProps<V>) {
  const styles = useStyles();
  const { label, presets, value, onChange } = props;
  return (
    <Field label={label}>
      <RadioGroup
        className={styles.group}
        value={value}
        // The values are those of `presets`.
        onChange={(_, chosen) => onChange(chosen.value as V)}
      >
        {presets.map((preset) => (
          <Radio
            key={preset.value}
            value={preset.value}
            className={mergeClasses(styles.card, preset.value === value && styles.chosen)}
            label={
              <span className={styles.words}>
                <Text weight="semibold">{preset.title}</Text>
                <Caption1 className={styles.hint}>{preset.hint}</Caption1>
              </span>
            }
          />
        ))}
      </RadioGroup>
    </Field>
  );
}
