// Times of the day and days of the week. At least one of each stays.
import { Button, Checkbox, Field, Input, makeStyles, tokens } from '@fluentui/react-components';
import { Add20Regular, Dismiss16Regular } from '@fluentui/react-icons';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schedule } from '../../shared/model/schedule.ts';
import { useLocale } from '../use-locale.ts';

type Times = Extract<Schedule, { kind: 'times' }>;

const useStyles = makeStyles({
  row: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: tokens.spacingHorizontalS,
  },
});

interface TimesEditorProps {
  readonly value: Times;
  readonly onChange: (value: Times) => void;
}

export function TimesEditor({ value, onChange }: TimesEditorProps) {
  const styles = useStyles();
  const { t } = useTranslation();
  const locale = useLocale();
  const { timesOfDay, days } = value;
  const setTimes = (times: readonly string[]): void => onChange({ ...value, timesOfDay: times });
  return (
    <>
      <div className={styles.row} role="group" aria-label={t('schedule.timesOfDay')}>
        {timesOfDay.map((time) => (
          <Button
            key={time}
            shape="circular"
            icon={<Dismiss16Regular />}
            iconPosition="after"
            disabled={timesOfDay.length === 1}
            aria-label={t('schedule.removeTime', { time })}
            onClick={() => setTimes(timesOfDay.filter((other) => other !== time))}
          >
            {time}
          </Button>
        ))}
      </div>
      <AddTime onAdd={(time) => setTimes([...new Set([...timesOfDay, time])].sort())} />
      <div className={styles.row} role="group" aria-label={t('schedule.days')}>
        {[1, 2, 3, 4, 5, 6, 7].map((day) => (
          <Checkbox
            key={day}
            label={dayName(day, locale)}
            checked={days.includes(day)}
            disabled={days.length === 1 && days.includes(day)}
            onChange={() => onChange({ ...value, days: toggled(days, day) })}
          />
        ))}
      </div>
    </>
  );
}

function AddTime({ onAdd }: { readonly onAdd: (time: string) => void }) {
  const styles = useStyles();
  const { t } = useTranslation();
  const [time, setTime] = useState('');
  return (
    <Field label={t('schedule.newTime')}>
      <div className={styles.row}>
        <Input
          type="time"
          value={time}
          aria-label={t('schedule.newTime')}
          onChange={(_, data) => setTime(data.value)}
        />
        <Button
          icon={<Add20Regular />}
          disabled={time === ''}
          onClick={() => {
            // Some systems add seconds.
            onAdd(time.slice(0, 'HH:MM'.length));
            setTime('');
          }}
        >
          {t('schedule.addTime')}
        </Button>
      </div>
    </Field>
  );
}

function toggled(days: readonly number[], day: number): readonly number[] {
  return days.includes(day)
    ? days.filter((other) => other !== day)
    : [...days, day].sort((a, b) => a - b);
}

/** ISO days: Monday is 1, and so was the first of January 2024. */
function dayName(day: number, locale: string): string {
  const format = new Intl.DateTimeFormat(locale, { weekday: 'short', timeZone: 'UTC' });
  return format.format(Date.UTC(2024, 0, day));
}
