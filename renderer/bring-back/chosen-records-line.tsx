// How many records are chosen, in which tables, and a way to choose none of them.
import { Button, makeStyles, Text, tokens } from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import { useLocale } from '../use-locale.ts';
import { countRecords } from './bring-back-flow.ts';
import type { StepProps } from './step-props.ts';

const useStyles = makeStyles({
  line: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: `0 ${tokens.spacingHorizontalM}`,
    minHeight: '32px',
  },
  where: { color: tokens.colorNeutralForeground2, overflowWrap: 'anywhere' },
});

export function ChosenRecordsLine({ flow, change }: StepProps) {
  const styles = useStyles();
  const { t } = useTranslation('bringBack');
  const number = new Intl.NumberFormat(useLocale());
  const count = countRecords(flow.records);
  const where = Object.entries(flow.records).map(([table, keys]) =>
    t('records.chosenIn', { number: number.format(keys.length), table }),
  );
  return (
    <div className={styles.line}>
      <Text weight="semibold" role="status">
        {count === 0 ? t('records.chosenNone') : t('records.chosen', { count })}
      </Text>
      {count > 0 && (
        <>
          <Text className={styles.where}>{where.join(' · ')}</Text>
          <Button size="small" appearance="subtle" onClick={() => change({ kind: 'no-records' })}>
            {t('records.clear')}
          </Button>
        </>
      )}
    </div>
  );
}
