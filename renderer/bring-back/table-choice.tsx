// A whole table of the restore point, and what becomes of the rows that were added since.
import { Field, makeStyles, Select, Spinner } from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import type { TimelinePoint } from '../../shared/model/timeline.ts';
import { useLocale } from '../use-locale.ts';
import { ChoiceList } from './choice-list.tsx';
import { RowSessionFailed } from './row-session-failed.tsx';
import { Section } from './section.tsx';
import type { StepProps } from './step-props.ts';
import type { RowSessionUse } from './use-row-session.ts';

const useStyles = makeStyles({ field: { maxWidth: '30em' } });

interface TableChoiceProps extends StepProps {
  readonly point: TimelinePoint;
  /** Only asked where the tables were not counted at the backup. */
  readonly rowSession: RowSessionUse;
}

export function TableChoice({ flow, change, point, rowSession }: TableChoiceProps) {
  const styles = useStyles();
  const { t } = useTranslation('bringBack');
  const number = new Intl.NumberFormat(useLocale());
  const counted = point.sources.find(({ id }) => id === flow.source)?.counts ?? null;
  if (counted === null && rowSession.rows.kind !== 'open') {
    return rowSession.rows.kind === 'failed' ? (
      <RowSessionFailed flow={flow} failure={rowSession.rows.failure} onAgain={rowSession.reopen} />
    ) : (
      <Spinner label={t('records.opening')} />
    );
  }
  const tables = counted ?? (rowSession.rows.kind === 'open' ? rowSession.rows.session.tables : []);
  return (
    <>
      <Field className={styles.field} label={t('what.whichTable')}>
        <Select
          value={flow.table ?? ''}
          onChange={(_, { value }) => change({ kind: 'table', table: value })}
        >
          <option value="" disabled>
            {t('what.chooseTable')}
          </option>
          {tables.map(({ table, rows }) => (
            <option key={table} value={table}>
              {t('what.tableRows', { count: rows, table, rows: number.format(rows) })}
            </option>
          ))}
        </Select>
      </Field>
      <Section title={t('what.addedSince')}>
        <ChoiceList
          label={t('what.addedSince')}
          value={flow.addedSince}
          choices={[
            { value: 'keep', title: t('what.keepAdded'), hint: t('what.keepAddedHint') },
            { value: 'remove', title: t('what.removeAdded'), hint: t('what.removeAddedHint') },
          ]}
          onChoose={(addedSince) => change({ kind: 'added-since', addedSince })}
        />
      </Section>
    </>
  );
}
