// A page of records: as they were then, what became of each, and for changed ones the present value beside the old.
import {
  Badge,
  Caption1,
  Checkbox,
  makeStyles,
  mergeClasses,
  Table,
  TableBody,
  TableCell,
  TableHeader,
  TableHeaderCell,
  TableRow,
  tokens,
  type BadgeProps,
} from '@fluentui/react-components';
import {
  CheckmarkCircle16Regular,
  DismissCircle16Filled,
  Edit16Filled,
} from '@fluentui/react-icons';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { RowSearchPage, RowState } from '../../shared/model/bring-back.ts';
import { cardStyle } from '../ui/card-style.ts';

const useStyles = makeStyles({
  frame: {
    overflowX: 'auto',
    ...cardStyle,
  },
  table: { tableLayout: 'auto', width: 'max-content', minWidth: '100%' },
  choice: { width: '40px', paddingInline: 0 },
  cell: {
    height: 'auto',
    maxWidth: '18em',
    paddingBlock: tokens.spacingVerticalXS,
    overflowWrap: 'anywhere',
    verticalAlign: 'top',
  },
  center: { verticalAlign: 'middle' },
  value: { display: 'block' },
  before: { fontWeight: tokens.fontWeightSemibold },
  now: { display: 'block', color: tokens.colorNeutralForeground2 },
  empty: { color: tokens.colorNeutralForeground3, fontStyle: 'italic' },
});

interface RecordTableProps {
  readonly page: RowSearchPage;
  /** Keys of this table. */
  readonly chosen: readonly string[];
  readonly onChoose: (keys: readonly string[], areChosen: boolean) => void;
}

export function RecordTable({ page, chosen, onChoose }: RecordTableProps) {
  const styles = useStyles();
  const { t } = useTranslation('bringBack');
  const keys = page.rows.map(({ key }) => key);
  const onPage = keys.filter((key) => chosen.includes(key)).length;
  const all = onPage === 0 ? false : onPage === keys.length ? true : 'mixed';
  const label = t('records.table', { table: page.table });
  return (
    <div className={styles.frame} role="region" aria-label={label} tabIndex={0} data-wide="">
      <Table className={styles.table} size="small" aria-label={label}>
        <TableHeader>
          <TableRow>
            <TableHeaderCell className={styles.choice}>
              <Checkbox
                aria-label={t('records.choosePage')}
                checked={all}
                onChange={() => onChoose(keys, all !== true)}
              />
            </TableHeaderCell>
            <TableHeaderCell>{t('records.state')}</TableHeaderCell>
            {page.columns.map((column) => (
              <TableHeaderCell key={column}>{column}</TableHeaderCell>
            ))}
          </TableRow>
        </TableHeader>
        <TableBody>
          {page.rows.map(({ key, values }, index) => (
            <TableRow key={key}>
              <TableCell className={mergeClasses(styles.choice, styles.center)}>
                <Checkbox
                  aria-label={t('records.choose', { key })}
                  checked={chosen.includes(key)}
                  onChange={(_, { checked }) => onChoose([key], checked === true)}
                />
              </TableCell>
              <TableCell className={mergeClasses(styles.cell, styles.center)}>
                <StateBadge state={page.states[index] ?? 'same'} />
              </TableCell>
              {values.map((value, column) => (
                <TableCell key={column} className={mergeClasses(styles.cell, styles.center)}>
                  <ThenAndNow then={value} now={page.now[index]?.[column]} />
                </TableCell>
              ))}
            </TableRow>
          ))}
        </TableBody>
      </Table>
    </div>
  );
}

interface ThenAndNowProps {
  readonly then: string | null;
  /** Undefined: the record is missing now, or the same. */
  readonly now: string | null | undefined;
}

function ThenAndNow({ then, now }: ThenAndNowProps) {
  const styles = useStyles();
  const { t } = useTranslation('bringBack');
  const differs = now !== undefined && now !== then;
  return (
    <>
      <span className={mergeClasses(styles.value, differs && styles.before)}>
        {then === null || then === '' ? (
          <span className={styles.empty}>{differs ? t('records.empty') : ''}</span>
        ) : (
          then
        )}
      </span>
      {differs && (
        <Caption1 className={styles.now}>
          {t('records.now', { value: now === null || now === '' ? t('records.empty') : now })}
        </Caption1>
      )}
    </>
  );
}

const looks = {
  missing: { icon: <DismissCircle16Filled />, color: 'danger' },
  changed: { icon: <Edit16Filled />, color: 'warning' },
  same: { icon: <CheckmarkCircle16Regular />, color: 'informative' },
} as const satisfies Record<
  RowState,
  { readonly icon: ReactElement; readonly color: NonNullable<BadgeProps['color']> }
>;

function StateBadge({ state }: { readonly state: RowState }) {
  const { t } = useTranslation('bringBack');
  const { icon, color } = looks[state];
  return (
    <Badge appearance="tint" color={color} icon={icon}>
      {t(`records.${state}`)}
    </Badge>
  );
}
