// One of several, each on a card with its own sentence. Native radio buttons: arrow keys, Tab and screen readers work as usual.
import {
  Caption1,
  makeStyles,
  mergeClasses,
  Radio,
  RadioGroup,
  Text,
  tokens,
} from '@fluentui/react-components';
import type { ReactNode } from 'react';
import { cardStyle } from '../ui/card-style.ts';

const useStyles = makeStyles({
  list: { alignItems: 'stretch', gap: tokens.spacingVerticalS },
  card: {
    ...cardStyle,
    ':hover': { backgroundColor: tokens.colorNeutralBackground1Hover },
  },
  chosen: {
    border: `1px solid ${tokens.colorBrandStroke1}`,
    boxShadow: `inset 0 0 0 1px ${tokens.colorBrandStroke1}`,
  },
  radio: { width: '100%', boxSizing: 'border-box', padding: tokens.spacingVerticalXS },
  label: { display: 'flex', alignItems: 'center', gap: tokens.spacingHorizontalM, minWidth: 0 },
  words: { display: 'flex', flexDirection: 'column', minWidth: 0, overflowWrap: 'anywhere' },
  hint: { color: tokens.colorNeutralForeground2 },
  icon: { display: 'flex', color: tokens.colorBrandForeground1 },
});

export interface Choice<V extends string> {
  readonly value: V;
  readonly title: string;
  readonly hint?: string;
  readonly icon?: ReactNode;
}

interface ChoiceListProps<V extends string> {
  /** What is being chosen, for who cannot see the heading above. */
  readonly label: string;
  readonly value: V | null;
  readonly choices: readonly Choice<V>[];
  readonly onChoose: (value: V) => void;
}

export function ChoiceList<V extends string>({
  label,
  value,
  choices,
  onChoose,
}: ChoiceListProps<V>) {
  const styles = useStyles();
  return (
    <RadioGroup
      aria-label={label}
      className={styles.list}
      value={value ?? ''}
      onChange={(_, data) => {
        const chosen = choices.find((choice) => choice.value === data.value);
        if (chosen !== undefined) onChoose(chosen.value);
      }}
    >
      {choices.map((choice) => (
        <div
          key={choice.value}
          className={mergeClasses(styles.card, choice.value === value && styles.chosen)}
        >
          <Radio
            className={styles.radio}
            value={choice.value}
            label={<ChoiceLabel choice={choice} />}
          />
        </div>
      ))}
    </RadioGroup>
  );
}

function ChoiceLabel<V extends string>({ choice }: { readonly choice: Choice<V> }) {
  const styles = useStyles();
  return (
    <span className={styles.label}>
      {choice.icon !== undefined && (
        <span className={styles.icon} aria-hidden>
          {choice.icon}
        </span>
      )}
      <span className={styles.words}>
        <Text weight="semibold">{choice.title}</Text>
        {choice.hint !== undefined && <Caption1 className={styles.hint}>{choice.hint}</Caption1>}
      </span>
    </span>
  );
}
