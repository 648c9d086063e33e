// What of the history is shown: by kind, by result, by plan.
import { Field, makeStyles, Select, tokens } from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import type { PlanId } from '../../shared/model/ids.ts';
import type { Plan } from '../../shared/model/plan.ts';
import { runEnds, runKinds, type RunEndState, type RunKind } from '../../shared/model/run.ts';

/** Null: all of them. */
export interface RunFilter {
  readonly kind: RunKind | null;
  readonly state: RunEndState | null;
  readonly plan: PlanId | null;
}

export const everyRun: RunFilter = { kind: null, state: null, plan: null };

const useStyles = makeStyles({
  row: {
    display: 'grid',
    gridTemplateColumns: 'repeat(auto-fit, minmax(min(11em, 100%), 1fr))',
    gap: tokens.spacingHorizontalM,
  },
  // An own width of a select is that of its longest option.
  select: { minWidth: 0, '& > select': { minWidth: 0, textOverflow: 'ellipsis' } },
});

interface HistoryFiltersProps {
  readonly value: RunFilter;
  readonly plans: readonly Plan[];
  readonly onChange: (value: RunFilter) => void;
}

export function HistoryFilters({ value, plans, onChange }: HistoryFiltersProps) {
  const styles = useStyles();
  const { t } = useTranslation('history');
  return (
    <div className={styles.row} role="group" aria-label={t('filters')}>
      <Choice
        name="kind"
        value={value.kind}
        options={runKinds.map((kind) => [kind, t(`kind.${kind}`)])}
        onChange={(kind) => onChange({ ...value, kind })}
      />
      <Choice
        name="state"
        value={value.state}
        options={runEnds.map((state) => [state, t(`state.${state}`)])}
        onChange={(state) => onChange({ ...value, state })}
      />
      <Choice
        name="plan"
        value={value.plan}
        options={plans.map(({ id, name }) => [id, name])}
        onChange={(plan) => onChange({ ...value, plan })}
      />
    </div>
  );
}

interface ChoiceProps<V extends string> {
  readonly name: keyof RunFilter;
  readonly value: V | null;
  readonly options: readonly (readonly [value: V, label: string])[];
  readonly onChange: (value: V | null) => void;
}

function Choice<V extends string>({ name, value, options, onChange }: ChoiceProps<V>) {
  const styles = useStyles();
  const { t } = useTranslation('history');
  const choose = (text: string): void =>
    onChange(options.find(([option]) => option === text)?.[0] ?? null);
  return (
    <Field label={t(`filter.${name}`)}>
      <Select
        className={styles.select}
        value={value ?? ''}
        onChange={(_, data) => choose(data.value)}
      >
        <option value="">{t(`all.${name}`)}</option>
        {options.map(([option, label]) => (
          <option key={option} value={option}>
            {label}
          </option>
        ))}
      </Select>
    </Field>
  );
}
