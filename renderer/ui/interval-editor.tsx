// A steady interval: every so many minutes, hours or days.
import { Field, makeStyles, Select, tokens } from '@fluentui/react-components';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schedule } from '../../shared/model/schedule.ts';
import { NumberField } from './number-field.tsx';

const MINUTE_MS = 60_000;
const units = { minutes: MINUTE_MS, hours: 60 * MINUTE_MS, days: 1440 * MINUTE_MS } as const;
type Unit = keyof typeof units;
/** A year is the longest that a schedule may have. */
const LONGEST_MS = 366 * units.days;

const useStyles = makeStyles({
  row: { display: 'flex', flexWrap: 'wrap', gap: tokens.spacingHorizontalM },
});

interface IntervalEditorProps {
  readonly everyMs: number;
  readonly onChange: (value: Schedule) => void;
}

export function IntervalEditor({ everyMs, onChange }: IntervalEditorProps) {
  const styles = useStyles();
  const { t } = useTranslation();
  // Sixty minutes that somebody types must not become an hour under their fingers.
  const [chosen, setChosen] = useState<Unit | null>(null);
  const { count, unit } = splitInterval(everyMs, chosen);
  const set = (newCount: number, newUnit: Unit): void => {
    setChosen(newUnit);
    onChange({ kind: 'interval', everyMs: Math.min(LONGEST_MS, newCount * units[newUnit]) });
  };
  return (
    <div className={styles.row}>
      <NumberField
        // Another unit has another range; half-typed text does not go over.
        key={unit}
        label={t('schedule.every')}
        value={count}
        min={1}
        max={Math.floor(LONGEST_MS / units[unit])}
        onChange={(number) => set(number ?? count, unit)}
      />
      <Field label={t('schedule.unit.label')}>
        <Select value={unit} onChange={(_, { value }) => set(count, value as Unit)}>
          <option value="minutes">{t('schedule.unit.minutes')}</option>
          <option value="hours">{t('schedule.unit.hours')}</option>
          <option value="days">{t('schedule.unit.days')}</option>
        </Select>
      </Field>
    </div>
  );
}

/** In the `chosen` unit, or else in the largest one, that it is a whole number of. */
export function splitInterval(
  everyMs: number,
  chosen: Unit | null = null,
): { readonly count: number; readonly unit: Unit } {
  const wanted = chosen === null ? [] : [chosen];
  const fits = [...wanted, 'days' as const, 'hours' as const].find(
    (unit) => everyMs % units[unit] === 0,
  );
  const unit = fits ?? 'minutes';
  return { count: Math.round(everyMs / units[unit]), unit };
}
