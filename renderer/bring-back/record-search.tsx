// Records of a restore point, searched by any text, with what became of them since. What is chosen stays chosen over
// searches, pages and tables.
import {
  Button,
  Caption1,
  Field,
  makeStyles,
  Select,
  Spinner,
  Switch,
  Text,
  tokens,
} from '@fluentui/react-components';
import { ChevronLeft20Regular, ChevronRight20Regular } from '@fluentui/react-icons';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { RowSearchPage, RowSession } from '../../shared/model/bring-back.ts';
import { failureIn } from '../bridge/client.ts';
import { useAsk } from '../bridge/use-call.ts';
import { useLocale } from '../use-locale.ts';
import { ChosenRecordsLine } from './chosen-records-line.tsx';
import { ChooseAllFound } from './choose-all-found.tsx';
import { RecordTable } from './record-table.tsx';
import { RowSessionFailed } from './row-session-failed.tsx';
import { SearchInput } from './search-input.tsx';
import type { StepProps } from './step-props.ts';
import type { RowSessionUse } from './use-row-session.ts';
import { useSettled } from './use-settled.ts';

export const PAGE_ROWS = 25;

const useStyles = makeStyles({
  box: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalM },
  filters: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'flex-end',
    gap: `${tokens.spacingVerticalS} ${tokens.spacingHorizontalL}`,
  },
  table: { flexGrow: 1, flexBasis: '10em', maxWidth: '18em' },
  text: { flexGrow: 2, flexBasis: '14em' },
  pager: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: tokens.spacingHorizontalS,
  },
});

interface RecordSearchProps extends StepProps {
  readonly rowSession: RowSessionUse;
}

export function RecordSearch({ flow, change, rowSession }: RecordSearchProps) {
  const { t } = useTranslation('bringBack');
  const { rows, reopen } = rowSession;
  switch (rows.kind) {
    case 'opening':
      return <Spinner label={t('records.opening')} />;
    case 'failed':
      return <RowSessionFailed flow={flow} failure={rows.failure} onAgain={reopen} />;
    case 'open':
      return <Search flow={flow} change={change} session={rows.session} onReopen={reopen} />;
  }
}

interface SearchProps extends StepProps {
  readonly session: RowSession;
  readonly onReopen: () => void;
}

function Search({ flow, change, session, onReopen }: SearchProps) {
  const styles = useStyles();
  const { t } = useTranslation('bringBack');
  const [typed, setTyped] = useState('');
  const [onlyDifferent, setOnlyDifferent] = useState(true);
  const [offset, setOffset] = useState(0);
  const search = useSettled(typed.trim());
  const table = flow.table ?? session.tables[0]?.table ?? '';
  const query = { session: session.session, table, search, onlyDifferent } as const;
  const found = useAsk(
    'searchRows',
    { ...query, offset, limit: PAGE_ROWS },
    { enabled: table !== '', keepsPrevious: true },
  );
  const anew = (set: () => void): void => {
    setOffset(0);
    set();
  };
  return (
    <div className={styles.box}>
      <div className={styles.filters}>
        <TableSelect
          className={styles.table}
          tables={session.tables}
          table={table}
          onTable={(chosen) => anew(() => change({ kind: 'table', table: chosen }))}
        />
        <SearchInput
          className={styles.text}
          label={t('records.search')}
          placeholder={t('records.searchHint')}
          value={typed}
          onSearch={(text) => anew(() => setTyped(text))}
        />
        <Switch
          label={t('records.onlyDifferent')}
          checked={onlyDifferent}
          onChange={(_, { checked }) => anew(() => setOnlyDifferent(checked))}
        />
      </div>
      {found.error !== null && (
        <RowSessionFailed flow={flow} failure={failureIn(found.error)} onAgain={onReopen} />
      )}
      {found.isPending && found.error === null && <Spinner size="small" />}
      {found.data !== undefined && found.error === null && (
        <>
          <Results page={found.data} flow={flow} change={change} isFiltered={search !== ''} />
          <Pager page={found.data} offset={offset} onOffset={setOffset} />
          <ChooseAllFound
            query={query}
            total={found.data.totalRows}
            onFound={(keys) => change({ kind: 'records', table, keys, areChosen: true })}
          />
        </>
      )}
      <ChosenRecordsLine flow={flow} change={change} />
    </div>
  );
}

interface TableSelectProps {
  readonly className: string | undefined;
  readonly tables: RowSession['tables'];
  readonly table: string;
  readonly onTable: (table: string) => void;
}

function TableSelect({ className = '', tables, table, onTable }: TableSelectProps) {
  const { t } = useTranslation('bringBack');
  const number = new Intl.NumberFormat(useLocale());
  return (
    <Field className={className} label={t('what.whichTable')}>
      <Select value={table} onChange={(_, { value }) => onTable(value)}>
        {tables.map((one) => (
          <option key={one.table} value={one.table}>
            {t('what.tableRows', {
              count: one.rows,
              table: one.table,
              rows: number.format(one.rows),
            })}
          </option>
        ))}
      </Select>
    </Field>
  );
}

interface ResultsProps extends StepProps {
  readonly page: RowSearchPage;
  readonly isFiltered: boolean;
}

function Results({ page, flow, change, isFiltered }: ResultsProps) {
  const { t } = useTranslation('bringBack');
  if (page.rows.length === 0) {
    return <Text role="status">{t(isFiltered ? 'records.none' : 'records.noneDifferent')}</Text>;
  }
  return (
    <RecordTable
      page={page}
      chosen={flow.records[page.table] ?? []}
      onChoose={(keys, areChosen) =>
        change({ kind: 'records', table: page.table, keys, areChosen })
      }
    />
  );
}

interface PagerProps {
  readonly page: RowSearchPage;
  readonly offset: number;
  readonly onOffset: (offset: number) => void;
}

function Pager({ page, offset, onOffset }: PagerProps) {
  const styles = useStyles();
  const { t } = useTranslation('bringBack');
  const number = new Intl.NumberFormat(useLocale());
  if (page.totalRows === 0) return null;
  const end = Math.min(offset + page.rows.length, page.totalRows);
  return (
    <div className={styles.pager}>
      <Button
        icon={<ChevronLeft20Regular />}
        aria-label={t('records.before')}
        disabled={offset === 0}
        onClick={() => onOffset(Math.max(0, offset - PAGE_ROWS))}
      />
      <Caption1 role="status">
        {t('records.page', {
          from: number.format(offset + 1),
          to: number.format(end),
          total: number.format(page.totalRows),
        })}
      </Caption1>
      <Button
        icon={<ChevronRight20Regular />}
        aria-label={t('records.after')}
        disabled={end >= page.totalRows}
        onClick={() => onOffset(offset + PAGE_ROWS)}
      />
    </div>
  );
}
